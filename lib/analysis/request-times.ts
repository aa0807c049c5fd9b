// How long brokers take for requests (K07 produce, K08 consumer fetch) and which phase takes it. CloudWatch has means of five minutes: a
// slow single request does not show, and what a broker without traffic says does not count.
import { METRICS, type MetricDefinition } from '../facts/metric-catalogue.ts';
import { mapped } from './scales.ts';
import { sumByTimestamp } from './series.ts';
import { mean } from './statistics.ts';
import type { TrustedSeries } from './trusted-series.ts';

type ByBroker = ReadonlyMap<string, TrustedSeries>;
/** Reads the trusted series of a broker metric, by broker id. */
export type ReadBrokers = (definition: MetricDefinition) => ByBroker;

/** Mean time by broker, where it moved bytes, in milliseconds; p95 over the window. */
export interface RequestTimes {
  /** p95 over the window of the brokers' means weighted by their bytes; null without traffic. */
  clusterMs: number | null;
  /** The weighted means themselves. */
  cluster: TrustedSeries;
  /** Only brokers with traffic, slowest first. */
  brokers: readonly { brokerId: string; p95Ms: number; series: TrustedSeries }[];
}

/** K07: from receiving a produce request to its answer, waiting for replicas included. */
export function produceTimes(read: ReadBrokers): RequestTimes {
  return weighed(read(METRICS.produceTotalTimeMean), read(METRICS.bytesIn));
}

const FETCH_PHASES = [
  ['queue', METRICS.fetchConsumerRequestQueueTimeMean],
  ['local', METRICS.fetchConsumerLocalTimeMean],
  ['responseQueue', METRICS.fetchConsumerResponseQueueTimeMean],
  ['send', METRICS.fetchConsumerResponseSendTimeMean],
] as const;

const PRODUCE_PHASES = [
  ['queue', METRICS.produceRequestQueueTimeMean],
  ['local', METRICS.produceLocalTimeMean],
  ['responseQueue', METRICS.produceResponseQueueTimeMean],
  ['send', METRICS.produceResponseSendTimeMean],
] as const;

/** Time that the broker spends on consumer fetches, by broker: without the wait for data, which the total contains. */
export function fetchServiceSeries(read: ReadBrokers): Map<string, TrustedSeries> {
  const parts = FETCH_PHASES.map(([, definition]) => read(definition));
  return new Map(
    [...parts[0]!.keys()].flatMap((id) => {
      const own = parts.map((part) => part.get(id)).filter((series) => series !== undefined);
      return own.length === parts.length ? [[id, sumByTimestamp(own)] as const] : [];
    }),
  );
}

/** K08: service time of consumer fetches, weighted by bytes out. */
export function fetchTimes(read: ReadBrokers): RequestTimes {
  return weighed(fetchServiceSeries(read), read(METRICS.bytesOut));
}

function weighed(times: ByBroker, bytes: ByBroker): RequestTimes {
  const brokers: RequestTimes['brokers'][number][] = [];
  const products: TrustedSeries[] = [];
  const weights: TrustedSeries[] = [];
  for (const [brokerId, all] of times) {
    const { series, weight } = whereBusy(all, bytes.get(brokerId));
    weights.push(weight);
    products.push(mapped(weight, (value, i) => value * series.values[i]!));
    const p95Ms = series.quantile(0.95);
    if (p95Ms !== null) brokers.push({ brokerId, p95Ms, series });
  }
  const total = sumByTimestamp(weights, ANY);
  const cluster = mapped(sumByTimestamp(products, ANY), (value, i) => value / total.values[i]!);
  const clusterMs = cluster.quantile(0.95);
  return { clusterMs, cluster, brokers: brokers.sort((a, b) => b.p95Ms - a.p95Ms) };
}

/** A broker without traffic has no say at that time. */
const ANY = { silentAfterSec: 0 };

/** The series and its weights in the periods in which the broker moved bytes. */
function whereBusy(series: TrustedSeries, bytes: TrustedSeries | undefined) {
  const weightAt = (i: number) => bytes?.at(series.timeOf(i)) ?? 0;
  const busy = mapped(series, (value, i) => (weightAt(i) > 0 ? value : Number.NaN));
  return { series: busy, weight: mapped(busy, (value, i) => (Number.isNaN(value) ? value : weightAt(i))) };
}

export type PhaseName = 'queue' | 'local' | 'remote' | 'responseQueue' | 'send';

export interface PhaseShare {
  phase: PhaseName;
  ms: number;
  /** 0..100 of the total. */
  sharePercent: number;
}

/**
 * Where one broker's time goes while it is slower than usual (the slower half of its periods). CloudWatch has no remote time, the wait
 * for followers: for produce requests it is what the other phases leave of the total. Null when a phase is not published.
 */
export function phaseShares(
  request: 'produce' | 'fetch',
  brokerId: string,
  total: TrustedSeries,
  read: ReadBrokers,
): PhaseShare[] | null {
  const middle = total.quantile(0.5);
  if (middle === null) return null;
  const isSlow = (atMs: number) => total.at(atMs) >= middle;
  const meanMs = (series: TrustedSeries | undefined) =>
    mean(series?.values.filter((value, i) => !Number.isNaN(value) && isSlow(series.timeOf(i))) ?? []);
  const phases: { phase: PhaseName; ms: number }[] = [];
  for (const [phase, definition] of request === 'produce' ? PRODUCE_PHASES : FETCH_PHASES) {
    const ms = meanMs(read(definition).get(brokerId));
    if (ms === null) return null;
    phases.push({ phase, ms });
  }
  const totalMs = meanMs(total) ?? 0;
  if (totalMs <= 0) return null;
  const known = phases.reduce((sum, { ms }) => sum + ms, 0);
  if (request === 'produce') phases.splice(2, 0, { phase: 'remote', ms: Math.max(0, totalMs - known) });
  return phases.map(({ phase, ms }) => ({ phase, ms, sharePercent: (100 * ms) / totalMs }));
}
