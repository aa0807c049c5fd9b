// What brokers would move when a zone or a broker is lost, of what they may: the network of Standard brokers, the quotas of Express.
import { sentAfterLoss } from '../../analysis/headroom.ts';
import type { TrustedSeries } from '../../analysis/series.ts';
import { quantile } from '../../analysis/statistics.ts';
import { MIB } from '../../analysis/throughput-limits.ts';
import { brokerSizeOf, type Throughput } from '../../facts/broker-sizes.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { formatQuantity } from '../../text/units.ts';
import type { RunContext } from '../check.ts';
import { brokerSeries } from './series.ts';

/** Confidence where what followers take is not measured but modelled. */
export const MODELLED = 0.7;

const BYTES_PER_MB = 1e6;
const PEAK = 0.95;

export interface BytesUse {
  bytesPerSec: number;
  /** 0..1 of what the broker may move, more where it may not. */
  share: number;
  /** After the share. */
  note: string;
  confidence: number;
}

interface Shape {
  brokers: number;
  azs: number;
  /** Replication factor. */
  rf: number;
}
type Provisioned = Exclude<SectionValue<'cluster'>, { kind: 'serverless' }>;

/** What each broker would move at its peak after the loss, of what it may; empty where that is not known, or nobody would be left. */
export function bytesAfterLoss(
  metrics: SectionValue<'metrics'>,
  { instanceType }: Provisioned,
  shape: Shape,
  run: RunContext,
): ReadonlyMap<string, BytesUse> {
  const size = brokerSizeOf(instanceType);
  const bytesIn = brokerSeries(metrics, METRICS.bytesIn, run, { masked: false });
  const bytesOut = brokerSeries(metrics, METRICS.bytesOut, run, { masked: false });
  const ids = [...bytesOut.keys()].filter((id) => bytesIn.has(id));
  const of = (id: string) => [bytesIn.get(id)!, bytesOut.get(id)!] as const;
  if (size?.quota) return best(ids, (id) => quotaUses(...of(id), size.quota!.max, shape));
  const networkMiBPerSec = size?.networkMiBPerSec ?? null;
  return networkMiBPerSec === null
    ? new Map()
    : best(ids, (id) => networkUses(...of(id), networkMiBPerSec * MIB, shape));
}

function best(ids: readonly string[], usesOf: (id: string) => BytesUse[]): Map<string, BytesUse> {
  return new Map(
    ids.flatMap((id) => {
      const [most] = usesOf(id).sort((a, b) => b.share - a.share);
      return most === undefined ? [] : [[id, most] as const];
    }),
  );
}

function quotaUses(bytesIn: TrustedSeries, bytesOut: TrustedSeries, most: Throughput, { azs }: Shape): BytesUse[] {
  const ways = [
    ['in', bytesIn, most.inMBPerSec],
    ['out', bytesOut, most.outMBPerSec],
  ] as const;
  return ways.flatMap(([way, series, limitMBPerSec]) => {
    const busiest = series.quantile(PEAK);
    if (busiest === null || azs < 2) return [];
    const bytesPerSec = (busiest * azs) / (azs - 1);
    const note = `of the quota on bytes ${way}, at which Express throttles`;
    return [{ bytesPerSec, share: bytesPerSec / (limitMBPerSec * BYTES_PER_MB), note, confidence: 1 }];
  });
}

/** Bytes to clients and followers together, each time against what the network keeps up; the worse of a zone and a broker lost. */
function networkUses(
  bytesIn: TrustedSeries,
  bytesOut: TrustedSeries,
  limit: number,
  { azs, brokers, rf }: Shape,
): BytesUse[] {
  return [azs, brokers].flatMap((parts) => {
    if (parts < 2) return [];
    const sent = bytesOut.points.flatMap(({ atMs, value }) => {
      const leaderIn = bytesIn.at(atMs);
      return Number.isNaN(leaderIn) ? [] : [sentAfterLoss({ leaderIn, leaderOut: value, followerIn: 0 }, rf, parts)];
    });
    const bytesPerSec = quantile(sent, PEAK);
    if (bytesPerSec === null) return [];
    const note = `of the ${formatQuantity(limit, 'bytesPerSec')} that its network keeps up, sent to clients and followers`;
    return [{ bytesPerSec, share: bytesPerSec / limit, note, confidence: MODELLED }];
  });
}
