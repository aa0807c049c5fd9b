// What the brokers' own figures say of a cluster: error rate, size of requests, tail latency and where it comes from. Percentiles of
// several brokers have no common percentile: the worst broker speaks for the cluster.
import {
  type FigureName,
  type LatencyStatistic,
  type MonitoredRequest,
  OPEN_MONITORING_REQUESTS,
  REQUEST_PHASES,
  type RequestPhase,
} from '../snapshot/open-monitoring-figures.ts';
import type { MonitoredBroker, OpenMonitoring } from '../snapshot/open-monitoring-section.ts';

/** A figure of the cluster, and on how many of its brokers it rests. */
export interface ClusterFigure {
  value: number;
  brokersRead: number;
  brokersTotal: number;
}

/**
 * Failed produce and fetch requests in percent of all of them, as Kafka counts both: once a partition in a request. Fetches of followers
 * count too. Null when no broker says all four, or when nothing was asked of those that do.
 * Source: BrokerTopicMetrics FailedProduce, FailedFetch, TotalProduce, TotalFetchRequestsPerSec, https://kafka.apache.org/documentation/#monitoring
 */
export function requestErrorPercent(monitoring: OpenMonitoring): ClusterFigure | null {
  return ratioOf(monitoring, 100, {
    part: [PRODUCE.failed, FETCH.failed],
    whole: [PRODUCE.all, FETCH.all],
  });
}

const PRODUCE = {
  request: 'produce',
  failed: 'failedProduceRequestsPerSec',
  all: 'totalProduceRequestsPerSec',
} as const;
const FETCH = { request: 'fetch', failed: 'failedFetchRequestsPerSec', all: 'totalFetchRequestsPerSec' } as const;

export interface RequestErrors extends ClusterFigure {
  request: string;
  /** Failed ones of all brokers that tell. */
  failedPerSec: number;
}

/**
 * `requestErrorPercent` of produce requests and of fetch requests apart, the worse one first: followers fetch every partition several times
 * a second, and failed produce requests are few among these. Empty where it is null; of a kind that nobody asked for there is no share.
 */
export function requestErrors({ brokers, ...rest }: OpenMonitoring): RequestErrors[] {
  const kinds = [PRODUCE, FETCH];
  const told = brokers.filter(({ figures }) =>
    kinds.every(({ failed, all }) => figures[failed] !== undefined && figures[all] !== undefined),
  );
  const shares = kinds.flatMap(({ request, failed, all }) => {
    const share = ratioOf({ ...rest, brokers: told }, 100, { part: [failed], whole: [all] });
    const failedPerSec = told.reduce((sum, { figures }) => sum + figures[failed]!, 0);
    return share === null ? [] : [{ ...share, request, failedPerSec, brokersTotal: brokers.length }];
  });
  return shares.sort((a, b) => b.value - a.value);
}

/**
 * Produce and fetch outcomes other than NONE in percent of all such outcomes. Wider than `requestErrorPercent`: Kafka does not count as
 * failed what it takes for the client's ordinary life, such as NOT_LEADER_OR_FOLLOWER or OFFSET_OUT_OF_RANGE.
 */
export function errorOutcomePercent({ brokers }: OpenMonitoring): ClusterFigure | null {
  const read = brokers.flatMap(({ errors }) => (errors === null ? [] : [errors]));
  const data = read.flat().filter(({ request }) => request === 'Produce' || request === 'Fetch');
  const all = data.reduce((sum, { perSec }) => sum + perSec, 0);
  const good = data.reduce((sum, { error, perSec }) => sum + (error === 'NONE' ? perSec : 0), 0);
  const share = quotient(all - good, all);
  return share === null ? null : { value: share * 100, brokersRead: read.length, brokersTotal: brokers.length };
}

/** Bytes that producers send by partition in a request: nearly a batch, because a request seldom holds two of one partition. */
export function bytesPerProduceRequest(monitoring: OpenMonitoring): ClusterFigure | null {
  return ratioOf(monitoring, 1, { part: ['bytesInPerSec'], whole: ['totalProduceRequestsPerSec'] });
}

/** Bytes that a consumer gets by fetch request, empty answers included. */
export function bytesPerConsumerFetch(monitoring: OpenMonitoring): ClusterFigure | null {
  return ratioOf(monitoring, 1, { part: ['bytesOutPerSec'], whole: ['fetchConsumerRequestsPerSec'] });
}

/** Milliseconds of the average garbage collection between the scrapes; null when there was none. */
export function meanGcPauseMs({ figures }: MonitoredBroker): number | null {
  return quotient(figures.gcTimeMsPerSec, figures.gcCollectionsPerSec);
}

export interface BrokerLatency {
  brokerId: number;
  ms: number;
}

/** The broker with the highest latency of this kind, the first of equals; null when none says it. */
export function worstLatency(
  monitoring: OpenMonitoring,
  request: MonitoredRequest,
  phase: RequestPhase | 'Total',
  statistic: LatencyStatistic,
): BrokerLatency | null {
  let worst: BrokerLatency | null = null;
  for (const { brokerId, figures } of monitoring.brokers) {
    const ms = figures[`${request}${phase}${statistic}Ms`];
    if (ms !== undefined && (worst === null || ms > worst.ms)) worst = { brokerId, ms };
  }
  return worst;
}

/** The p99 of every request and phase on its worst broker; what no broker says is left out. */
export function worstP99ByPhase(
  monitoring: OpenMonitoring,
): { request: MonitoredRequest; phase: RequestPhase | 'Total'; worst: BrokerLatency }[] {
  return OPEN_MONITORING_REQUESTS.flatMap((request) =>
    [...REQUEST_PHASES, 'Total' as const].flatMap((phase) => {
      const worst = worstLatency(monitoring, request, phase, 'P99');
      return worst === null ? [] : [{ request, phase, worst }];
    }),
  );
}

export interface LatencyParts {
  totalMs: number;
  phases: { phase: RequestPhase; ms: number; sharePercent: number }[];
  /** What the phases do not explain, below 0 when they say more than the total; each histogram samples on its own. */
  restMs: number;
}

/** Where the mean time of a request goes, in the order of the phases. Only means add up. Null when a part is not known or the total is 0. */
export function latencyParts({ figures }: MonitoredBroker, request: MonitoredRequest): LatencyParts | null {
  const totalMs = figures[`${request}TotalMeanMs`];
  if (totalMs === undefined || totalMs <= 0) return null;
  const phases: LatencyParts['phases'] = [];
  for (const phase of REQUEST_PHASES) {
    const ms = figures[`${request}${phase}MeanMs`];
    if (ms === undefined) return null;
    phases.push({ phase, ms, sharePercent: (ms / totalMs) * 100 });
  }
  return { totalMs, phases, restMs: totalMs - phases.reduce((sum, { ms }) => sum + ms, 0) };
}

/** Outcomes other than NONE over all brokers, most frequent first. Null when no broker says any. */
export function errorOutcomes(monitoring: OpenMonitoring): { request: string; error: string; perSec: number }[] | null {
  const told = monitoring.brokers.flatMap(({ errors }) => (errors === null ? [] : [errors]));
  if (told.length === 0) return null;
  const sums = new Map<string, { request: string; error: string; perSec: number }>();
  for (const { request, error, perSec } of told.flat()) {
    if (error === 'NONE') continue;
    const known = sums.get(`${request} ${error}`);
    sums.set(`${request} ${error}`, { request, error, perSec: (known?.perSec ?? 0) + perSec });
  }
  return [...sums.values()].sort(
    (a, b) => b.perSec - a.perSec || compare(a.request, b.request) || compare(a.error, b.error),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Sums over the brokers that say every figure of both sides, then one division: a quiet broker weighs as much as it is asked. */
function ratioOf(
  { brokers }: OpenMonitoring,
  scale: number,
  { part, whole }: { part: FigureName[]; whole: FigureName[] },
): ClusterFigure | null {
  const read = brokers.filter(({ figures }) => [...part, ...whole].every((name) => figures[name] !== undefined));
  const sum = (names: readonly FigureName[]): number =>
    read.reduce((total, { figures }) => names.reduce((subtotal, name) => subtotal + figures[name]!, total), 0);
  const value = quotient(sum(part), sum(whole));
  return value === null ? null : { value: value * scale, brokersRead: read.length, brokersTotal: brokers.length };
}

function quotient(part: number | undefined, whole: number | undefined): number | null {
  return part === undefined || whole === undefined || whole <= 0 ? null : part / whole;
}
