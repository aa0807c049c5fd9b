// CloudWatch series as checks need them: per broker, without masked minutes, and honest about what is not there.
import { findSeries, type TrustedSeries, type TrustOptions, trustedPoints } from '../../analysis/series.ts';
import type { ThroughputUse } from '../../analysis/throughput-limits.ts';
import type { MetricDefinition } from '../../facts/metric-catalogue.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { formatQuantity } from '../../text/units.ts';
import type { RunContext } from '../check.ts';
import { compareNames } from './severity.ts';
import { listed, windowHours } from './wording.ts';

type Metrics = SectionValue<'metrics'>;

export interface SeriesOptions {
  /** False for what also counts during maintenance (disk, data loss). */
  masked?: boolean;
  dropLast?: number;
}

/** The cluster's own series of a metric; null when CloudWatch has none. */
export function clusterSeries(
  metrics: Metrics,
  definition: MetricDefinition,
  run: RunContext,
  options: SeriesOptions = {},
) {
  const found = findSeries(metrics, definition)[0];
  return found === undefined ? null : trustedPoints(found, trust(run, options));
}

type Kept = ReturnType<typeof trust> & { answer: ReadonlyMap<string, TrustedSeries> };

/** The last answers by section and metric: a dozen checks look at the same series. Sections do not change. */
const keptByMetric = new WeakMap<Metrics, Map<MetricDefinition, Kept[]>>();

/** Series by broker id, in the order of the ids. */
export function brokerSeries(
  metrics: Metrics,
  definition: MetricDefinition,
  run: RunContext,
  options: SeriesOptions = {},
): ReadonlyMap<string, TrustedSeries> {
  const how = trust(run, options);
  const known = keptByMetric.get(metrics) ?? new Map<MetricDefinition, Kept[]>();
  keptByMetric.set(metrics, known);
  const kept = known.get(definition) ?? [];
  const before = kept.find(({ masked, dropLast }) => masked === how.masked && dropLast === how.dropLast);
  if (before !== undefined) return before.answer;
  const all = findSeries(metrics, definition).map((series) => trustedPoints(series, how));
  const byId = all.map((series) => [series.dimensions['Broker ID'] ?? '', series] as const);
  const answer = new Map(byId.sort(([a], [b]) => compareNames(a, b)));
  known.set(definition, [...kept, { ...how, answer }]);
  return answer;
}

/** One list for all: the trusted points of a series are kept by the list that masks them. */
const NOTHING_MASKED: RunContext['maintenance'] = [];

function trust(run: RunContext, { masked = true, dropLast }: SeriesOptions): TrustOptions {
  const mask = { masked: masked ? run.maintenance : NOTHING_MASKED };
  return dropLast === undefined ? mask : { ...mask, dropLast };
}

/** Brokers that should have series: MSK's nodes, else Kafka's brokers, else none known. */
export function expectedBrokers(
  nodes: Collected<SectionValue<'nodes'>> | null,
  kafkaBrokers: Collected<SectionValue<'kafkaBrokers'>> | null,
): string[] {
  if (nodes?.ok) return nodes.value.map((node) => String(node.brokerId));
  return kafkaBrokers?.ok ? kafkaBrokers.value.brokers.map((broker) => String(broker.id)) : [];
}

/**
 * Why clean series prove nothing: brokers without a series, with fewer datapoints than the policy asks for, or with none of late.
 * Null when every broker was seen well enough. A series of which nothing was expected (all masked) was not seen.
 */
export function coverageGap(
  byBroker: ReadonlyMap<string, TrustedSeries>,
  expected: readonly string[],
  metric: string,
  minCoveragePercent: number,
): string | null {
  if (byBroker.size === 0) return `CloudWatch has no datapoints of ${metric}`;
  const ids = [...new Set([...expected, ...byBroker.keys()])].sort(compareNames);
  const thin = ids.filter((id) => isThin(byBroker.get(id), minCoveragePercent));
  if (thin.length === 0) return null;
  const shares = thin.map((id) => `broker ${id}: ${percentSeen(byBroker.get(id))}`);
  return `too few usable datapoints of ${metric} (${listed(shares)})`;
}

/** `coverageGap` of one metric, which names the monitoring level that would give it where the cluster's does not. */
export function metricGap(
  metrics: Metrics,
  definition: MetricDefinition,
  byBroker: ReadonlyMap<string, TrustedSeries>,
  expected: readonly string[],
  minCoveragePercent: number,
): string | null {
  const absent = metrics.unavailable?.find(({ metric }) => metric === definition.name);
  if (byBroker.size > 0 || absent === undefined)
    return coverageGap(byBroker, expected, definition.name, minCoveragePercent);
  if (absent.reason === 'not-enabled') return `${definition.name} needs the monitoring level ${definition.level}`;
  return absent.reason === 'not-supported'
    ? `${definition.name} is not published for this cluster`
    : `${definition.name} was not asked for`;
}

/** Why the traffic of a Serverless cluster, told by topic, proves nothing; null when in and out were seen well enough. */
export function trafficGap(uses: readonly ThroughputUse[], minCoveragePercent: number): string | null {
  if (new Set(uses.map(({ dimension }) => dimension)).size < 2) return 'CloudWatch has no traffic in and out by topic';
  const silentSec = Math.max(...uses.map((use) => use.silentSec));
  if (silentSec > 0)
    return `CloudWatch has no traffic of any topic of the last ${formatQuantity(silentSec, 'durationSec')}`;
  const areThin = uses.some(({ coverage }) => coverage * 100 < minCoveragePercent);
  return areThin ? 'too few usable datapoints of BytesInPerSec and BytesOutPerSec' : null;
}

/** Whether a clean series proves nothing. What an older point proves stays proven: asked only where nothing was found. */
export function isThin(series: TrustedSeries | undefined | null, minCoveragePercent: number): boolean {
  return !series || series.count === 0 || series.endsEarly || series.coverage * 100 < minCoveragePercent;
}

/** `88%`, or `88% (none of the last 3 h)`. */
export function percentSeen(series: TrustedSeries | undefined | null): string {
  const share = formatQuantity((series?.coverage ?? 0) * 100, 'percent');
  if (!series?.endsEarly || series.count === 0) return share;
  return `${share} (none of the last ${formatQuantity(series.silentSec, 'durationSec')})`;
}

/** `CloudWatch LeaderCount, Average of 300 s, last 24 h, 98% of the datapoints`. */
export function seriesSource(definition: MetricDefinition, all: readonly TrustedSeries[], run: RunContext): string {
  const expected = all.reduce((total, series) => total + series.expected, 0);
  const seen = all.reduce((total, series) => total + series.count, 0);
  const share = formatQuantity(expected === 0 ? 0 : (100 * seen) / expected, 'percent');
  const hours = formatQuantity(windowHours(run) * 3600, 'durationSec');
  return `CloudWatch ${definition.name}, ${definition.statistic} of ${definition.periodSec} s, last ${hours}, ${share} of the datapoints`;
}
