// What several KPIs share: how missing sections become states, how thin series lower confidence, how a source is worded.
import {
  findSeries,
  joinedCoverage,
  seriesQuantile,
  type TrustedSeries,
  type TrustOptions,
  trustedPoints,
} from '../analysis/series.ts';
import type { Inputs, RunContext } from '../checks/check.ts';
import { brokers } from '../checks/shared/wording.ts';
import type { MetricDefinition } from '../facts/metric-catalogue.ts';
import type { Collected, Missing, MissingReason } from '../snapshot/collected.ts';
import type { SectionValue } from '../snapshot/schema.ts';
import { formatQuantity } from '../text/units.ts';
import type { KpiReading, MissingState } from './kpi.ts';

/** One look where a series would be right. */
export const ONE_LOOK = 0.5;
/** A number that stands in for the one that is meant. */
export const PROXY = 0.6;
/** A part stands in for the whole. */
export const THIN = 0.7;

/** Why Serverless has no answer, as the checks on replicas say it. */
export const REPLICAS_NOT_SHOWN = 'AWS keeps the replicas of MSK Serverless; their state is not shown';

/** Why Express and Serverless have no volumes to look at. */
export const STORAGE_GROWS = 'storage grows by itself on this kind of cluster';

const STATE_OF: Readonly<Record<MissingReason, MissingState>> = {
  'not-enabled': 'level-not-enabled',
  'not-permitted': 'no-permission',
  unreachable: 'no-network',
  'timed-out': 'no-network',
  throttled: 'no-data',
  'not-supported': 'no-data',
  'not-requested': 'no-data',
  failed: 'no-data',
};

/** Reading of a KPI whose section is missing. */
export function missingFrom(section: Missing, what: string): KpiReading {
  return { state: STATE_OF[section.reason], because: `${what} not read (${section.reason}): ${section.detail}` };
}

export function noData(because: string): KpiReading {
  return { state: 'no-data', because };
}

export function notApplicable(because: string): KpiReading {
  return { state: 'not-applicable', because };
}

/** Of a number that only CloudWatch has: elsewhere nobody publishes it, so that it is not missing there. */
export function cannotBeMeasured(run: RunContext): KpiReading | null {
  return run.clusterKind === 'kafka'
    ? notApplicable('only CloudWatch measures this, which knows Amazon MSK alone')
    : null;
}

/** The value of a section that was read whole; null when it is missing or partial: a good score may not rest on a part. */
export function whole<T>(section: Collected<T>): T | null {
  return section.ok && section.partial === undefined ? section.value : null;
}

/** Factor on the confidence for the share of what should be known that is: null below 20 %, where the KPI is missing. */
export function coverageFactor(share: number): number | null {
  if (share < 0.2) return null;
  return share < 0.5 ? THIN : 1;
}

/** Sections in which the series of brokers are. */
export type BrokerInputs = Inputs<never, 'metrics' | 'nodes'>;

export interface BrokerSeries {
  list: readonly TrustedSeries[];
  byId: ReadonlyMap<string, TrustedSeries>;
  /** 0..1: over all expected brokers; those without any series, and those whose series ends early, have none. */
  coverage: number;
}

/** Series that may be judged, with what their completeness does to the confidence. */
export interface ReadBrokers extends BrokerSeries {
  factor: number;
}

/** The series of a metric for all brokers, however thin. */
export function brokerSeries(
  metrics: SectionValue<'metrics'>,
  definition: MetricDefinition,
  expected: readonly string[],
  options: TrustOptions,
): BrokerSeries {
  const list = findSeries(metrics, definition).map((series) => trustedPoints(series, options));
  const byId = new Map(list.map((series) => [brokerOf(series), series]));
  const all = new Set([...expected, ...byId.keys()]);
  return { list, byId, coverage: (joinedCoverage(list) * byId.size) / Math.max(all.size, 1) };
}

export function brokerOf(series: { dimensions: Readonly<Record<string, string>> }): string {
  return series.dimensions['Broker ID'] ?? '';
}

const named = new WeakMap<SectionValue<'metrics'>, ReadonlySet<string>>();

/** Brokers that should publish metrics: MSK's nodes, and whoever published any. */
export function expectedBrokers({ nodes, metrics }: BrokerInputs): string[] {
  const listed = nodes.ok ? nodes.value.map(({ brokerId }) => String(brokerId)) : [];
  if (!metrics.ok) return listed;
  const seen = named.get(metrics.value) ?? new Set(metrics.value.series.map(brokerOf).filter((id) => id !== ''));
  named.set(metrics.value, seen);
  return [...new Set([...listed, ...seen])];
}

/**
 * The series of a metric for all brokers, however thin; or why there is none. Every broker is asked for, and one that is silent has a
 * series without points: where the series itself is absent it was not looked at, and then it might be the worst.
 */
export function askedBrokers(
  inputs: BrokerInputs,
  definition: MetricDefinition,
  run: RunContext,
  options: TrustOptions = {},
): BrokerSeries | KpiReading {
  const { metrics } = inputs;
  if (run.clusterKind === 'serverless') return notApplicable('MSK Serverless has no brokers to look at');
  const unmeasurable = cannotBeMeasured(run);
  if (unmeasurable !== null) return unmeasurable;
  if (!metrics.ok) return missingFrom(metrics, 'CloudWatch metrics');
  const expected = expectedBrokers(inputs);
  const read = brokerSeries(metrics.value, definition, expected, options);
  if (read.byId.size === 0) return notPublished(metrics.value, definition);
  const absent = expected.filter((id) => !read.byId.has(id));
  return absent.length > 0 ? noData(`CloudWatch was not asked for ${definition.name} of ${brokers(absent)}`) : read;
}

/** `askedBrokers` with the factor of their completeness; or that they are too thin. */
export function readBrokers(
  inputs: BrokerInputs,
  definition: MetricDefinition,
  run: RunContext,
  options: TrustOptions = {},
): ReadBrokers | KpiReading {
  const read = askedBrokers(inputs, definition, run, options);
  if ('state' in read) return read;
  const factor = coverageFactor(read.coverage);
  return factor === null ? tooThin(definition, read.coverage) : { ...read, factor };
}

/** Several metrics of the same brokers, each as `readBrokers`; `factor` and `coverage` are the lowest. Or why one tells nothing. */
export function readBrokerMetrics(
  inputs: BrokerInputs,
  definitions: readonly MetricDefinition[],
  run: RunContext,
  options: TrustOptions = {},
):
  | { of: (definition: MetricDefinition) => ReadonlyMap<string, TrustedSeries>; factor: number; coverage: number }
  | KpiReading {
  const all = new Map<MetricDefinition, ReadBrokers>();
  for (const definition of definitions) {
    const read = readBrokers(inputs, definition, run, options);
    if ('state' in read) return read;
    all.set(definition, read);
  }
  const lowest = (key: 'factor' | 'coverage') => Math.min(...[...all.values()].map((read) => read[key]));
  return {
    of: (definition) => all.get(definition)?.byId ?? new Map(),
    factor: lowest('factor'),
    coverage: lowest('coverage'),
  };
}

/**
 * Whether CloudWatch, which was read, has the metric or should: then one look at the brokers does not stand in for its day, since what is
 * not there might have been the worst.
 */
export function shouldTell(
  metrics: Collected<SectionValue<'metrics'>>,
  definition: MetricDefinition,
  { clusterKind }: RunContext,
): boolean {
  if (!metrics.ok || metrics.value.unavailable?.some(({ metric }) => metric === definition.name)) return false;
  const { kinds }: { kinds: readonly string[] } = definition;
  return kinds.includes(clusterKind) || findSeries(metrics.value, definition).length > 0;
}

/** Why a metric has no series at all: what the monitoring level leaves out is missing, what the cluster does not have does not apply. */
export function notPublished(metrics: SectionValue<'metrics'>, { name, level }: MetricDefinition): KpiReading {
  const told = metrics.unavailable?.find(({ metric }) => metric === name)?.reason;
  if (told === 'not-enabled')
    return { state: 'level-not-enabled', because: `${name} needs the monitoring level ${level}` };
  if (told === 'not-supported') return notApplicable(`${name} is not published for this cluster`);
  return noData(told === undefined ? `CloudWatch has no ${name}` : `CloudWatch was not asked for ${name}`);
}

/** The broker whose quantile over the window is highest, the first of equals. */
export function worstBroker(
  byId: ReadonlyMap<string, TrustedSeries>,
  q: number,
): { brokerId: string; value: number } | null {
  const levels = [...byId].flatMap(([brokerId, series]) => {
    const value = seriesQuantile(series, q);
    return value === null ? [] : [{ brokerId, value }];
  });
  return largest(levels, ({ value }) => value);
}

export function tooThin(definition: MetricDefinition, coverage: number): KpiReading {
  if (coverage === 0) return noData(`CloudWatch has no recent datapoints of ${definition.name}`);
  const share = formatQuantity(100 * coverage, 'percent');
  return noData(`CloudWatch has ${share} of the expected datapoints of ${definition.name}`);
}

/** `CloudWatch CpuUser, Average of 300 s, last 24 h, 98% of the datapoints`; `name` where several metrics are one measure. */
export function metricSource(
  definition: MetricDefinition,
  coverage: number,
  run: RunContext,
  name: string = definition.name,
): string {
  return [
    `CloudWatch ${name}`,
    `${definition.statistic} of ${definition.periodSec} s`,
    `last ${formatQuantity(run.window.endMs - run.window.startMs, 'durationMs')}`,
    `${formatQuantity(100 * coverage, 'percent')} of the datapoints`,
  ].join(', ');
}

/** The item with the largest value, the first of equals. */
export function largest<T>(items: readonly T[], measure: (item: T) => number): T | null {
  return items.reduce<T | null>((best, item) => (best === null || measure(item) > measure(best) ? item : best), null);
}
