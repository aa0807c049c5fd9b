// What is left when brokers fail: how load moves to those that stay, by a model of what costs CPU and by the plain share.
import { METRICS } from '../facts/metric-catalogue.ts';
import type { SectionValue } from '../snapshot/schema.ts';
import { findHourly, findSeries, seriesQuantile, sumByTimestamp, type TrustedSeries, trustedPoints } from './series.ts';
import { mean, sum } from './statistics.ts';

/** Bytes a second, or any one unit for all three. */
export interface BrokerLoad {
  leaderIn: number;
  leaderOut: number;
  followerIn: number;
}

/** What a byte of each load costs in CPU, against the others: leader in, leader out, follower in. */
export type CpuWeights = readonly [leaderIn: number, leaderOut: number, followerIn: number];

/** Of Cruise Control's code: config/cruisecontrol.properties and model/ModelParameters of https://github.com/linkedin/cruise-control. */
export const CPU_WEIGHTS: CpuWeights = [0.7, 0.15, 0.15];

export interface AfterLoss {
  leaderMultiplier: number;
  followerMultiplier: number;
  /** Load after over load before; null without any load. */
  modelFactor: number | null;
  modelCpu: number | null;
}

export interface FailureHeadroom {
  /** `conservativeCpu`: all CPU moves with the leaders. */
  azLoss: AfterLoss & { conservativeCpu: number };
  brokerLoss: AfterLoss;
}

/**
 * CPU percent of a broker that stays after one availability zone, or one broker, is lost. Leaders and their clients spread over the
 * rest; replicas that are gone are not fetched again, so followers carry less where replicas cover the zones.
 * @param basePercent CPU of the broker without traffic
 */
export function failureHeadroom(broker: {
  cpuPercent: number;
  basePercent: number;
  brokers: number;
  azs: number;
  rf: number;
  load: BrokerLoad;
  weights?: CpuWeights;
}): FailureHeadroom {
  const { cpuPercent, azs, brokers } = broker;
  return {
    azLoss: { conservativeCpu: cpuPercent * shared(azs), ...afterLossOf(azs, broker) },
    brokerLoss: afterLossOf(brokers, broker),
  };
}

/** What leads on `parts` equal parts, after one is lost; the last one has none to hand over to. */
function shared(parts: number): number {
  return parts > 1 ? parts / (parts - 1) : Number.POSITIVE_INFINITY;
}

/** Followers that a partition has left, on average, when one of `parts` equal parts is lost. */
function followersLeft(rf: number, parts: number): number {
  return Math.max(0, rf - 1 - rf / parts);
}

function afterLossOf(parts: number, broker: Parameters<typeof failureHeadroom>[0]): AfterLoss {
  const { load, rf, cpuPercent, basePercent, weights = CPU_WEIGHTS } = broker;
  const leaderMultiplier = shared(parts);
  const followerMultiplier = rf > 1 && parts > 1 ? (followersLeft(rf, parts) / (rf - 1)) * leaderMultiplier : 0;
  const [leaderIn, leaderOut, followerIn] = weights;
  const leading = leaderIn * load.leaderIn + leaderOut * load.leaderOut;
  const following = followerIn * load.followerIn;
  const before = leading + following;
  // Nothing times an infinite share is nothing.
  const scaled = (part: number, factor: number) => (part === 0 ? 0 : part * factor);
  const modelFactor =
    before > 0 ? (scaled(leading, leaderMultiplier) + scaled(following, followerMultiplier)) / before : null;
  // A broker that idles below its base has no load to multiply.
  const busy = Math.max(0, cpuPercent - basePercent);
  const modelCpu = modelFactor === null ? null : Math.min(cpuPercent, basePercent) + scaled(busy, modelFactor);
  return { leaderMultiplier, followerMultiplier, modelFactor, modelCpu };
}

/** What a broker that stays sends: to clients, and to the followers that are left. Same unit as the load. */
export function sentAfterLoss({ leaderIn, leaderOut }: BrokerLoad, rf: number, parts: number): number {
  return (leaderOut + followersLeft(rf, parts) * leaderIn) * shared(parts);
}

export interface BrokerHeadroom extends FailureHeadroom {
  brokerId: string;
  /** p95 of CpuUser + CpuSystem over the window. */
  cpuPercent: number;
  basePercent: number;
  load: BrokerLoad;
  /** `estimated`: the level of monitoring gives no replication traffic; all brokers are taken to follow alike. */
  followerIn: 'measured' | 'estimated';
  /** The larger of the two model values; the conservative one where no load was measured. */
  worstCpu: number;
}

/** CPU without traffic where no quiet hour shows it: our judgement. */
const ASSUMED_BASE_PERCENT = 5;
const QUIET_SHARE = 0.05;

/**
 * Headroom of each broker that has CPU and traffic in the window, the worst first. Empty when none has: a caller that expects brokers
 * must hold the number against them.
 */
export function brokerHeadrooms(
  metrics: SectionValue<'metrics'>,
  shape: { brokers: number; azs: number; rf: number },
): BrokerHeadroom[] {
  const bytesIn = ratesByBroker(metrics, METRICS.bytesIn);
  const bytesOut = ratesByBroker(metrics, METRICS.bytesOut);
  const replicated = ratesByBroker(metrics, METRICS.replicationBytesIn);
  const evenFollowerIn = (sum([...bytesIn.values()]) * (shape.rf - 1)) / Math.max(1, shape.brokers);
  const headrooms = cpuByBroker(
    findSeries(metrics, METRICS.cpuUser),
    findSeries(metrics, METRICS.cpuSystem),
    2,
  ).flatMap(([brokerId, cpu]) => {
    const cpuPercent = seriesQuantile(cpu, 0.95);
    const leaderIn = bytesIn.get(brokerId);
    const leaderOut = bytesOut.get(brokerId);
    if (cpuPercent === null || leaderIn === undefined || leaderOut === undefined) return [];
    const measured = replicated.get(brokerId);
    const load = { leaderIn, leaderOut, followerIn: measured ?? evenFollowerIn };
    const basePercent = baseCpu(metrics, brokerId) ?? Math.min(cpuPercent, ASSUMED_BASE_PERCENT);
    const headroom = failureHeadroom({ ...shape, cpuPercent, basePercent, load });
    const { azLoss, brokerLoss } = headroom;
    return [
      {
        ...headroom,
        brokerId,
        cpuPercent,
        basePercent,
        load,
        followerIn: measured === undefined ? ('estimated' as const) : ('measured' as const),
        worstCpu: Math.max(azLoss.modelCpu ?? azLoss.conservativeCpu, brokerLoss.modelCpu ?? 0),
      },
    ];
  });
  return headrooms.sort((a, b) => b.worstCpu - a.worstCpu);
}

type Found = ReturnType<typeof findSeries>;

/** CpuUser plus CpuSystem of each broker that has both, where both have a point. */
export function cpuByBroker(user: Found, system: Found, dropLast: number): [brokerId: string, cpu: TrustedSeries][] {
  return user.flatMap((series) => {
    const brokerId = series.dimensions['Broker ID'] ?? '';
    const other = system.find((each) => each.dimensions['Broker ID'] === brokerId);
    if (other === undefined) return [];
    const both = [series, other].map((each) => trustedPoints(each, { dropLast }));
    return [[brokerId, sumByTimestamp(both)] as [string, TrustedSeries]];
  });
}

function ratesByBroker(metrics: SectionValue<'metrics'>, definition: typeof METRICS.bytesIn): Map<string, number> {
  return new Map(
    findSeries(metrics, definition).flatMap((series) => {
      const rate = mean(trustedPoints(series).measured);
      return rate === null ? [] : [[series.dimensions['Broker ID'] ?? '', rate] as const];
    }),
  );
}

/** Lowest hourly CPU while the broker took less than 5 % of its busiest hour; null when it never did. */
function baseCpu(metrics: SectionValue<'metrics'>, brokerId: string): number | null {
  const of = (definition: typeof METRICS.bytesIn) => findHourly(metrics, definition, { 'Broker ID': brokerId });
  const [traffic] = of(METRICS.bytesIn);
  const [found] = cpuByBroker(of(METRICS.cpuUser), of(METRICS.cpuSystem), 0);
  if (traffic === undefined || found === undefined) return null;
  const rates = trustedPoints(traffic, { dropLast: 0 });
  const quiet = new Set(
    rates.points.filter(({ value }) => value < QUIET_SHARE * (rates.highest ?? 0)).map(({ atMs }) => atMs),
  );
  const idle = found[1].points.filter(({ atMs }) => quiet.has(atMs)).map(({ value }) => value);
  return idle.length === 0 ? null : Math.min(...idle);
}
