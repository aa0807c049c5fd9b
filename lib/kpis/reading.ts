// What several KPIs share: how missing sections become states, how thin series lower confidence, how a source is worded.
import {
  findSeries,
  joinedCoverage,
  type TrustedSeries,
  type TrustOptions,
  trustedPoints,
} from '../analysis/series.ts';
import type { RunContext } from '../checks/check.ts';
import type { MetricDefinition } from '../facts/metric-catalogue.ts';
import type { Collected, Missing, MissingReason } from '../snapshot/collected.ts';
import type { SectionValue } from '../snapshot/schema.ts';
import { formatQuantity } from '../text/units.ts';
import type { KpiReading, MissingState } from './kpi.ts';

/** One look where a series would be right. */
export const ONE_LOOK = 0.5;
/** A number that stands in for the one that is meant. */
export const PROXY = 0.6;
const THIN = 0.7;

/** Why Serverless has no answer, as the checks on replicas say it. */
export const REPLICAS_NOT_SHOWN = 'AWS keeps the replicas of MSK Serverless; their state is not shown';

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

export interface BrokerSeries {
  list: readonly TrustedSeries[];
  /** 0..1: over all expected brokers, those without any series included. */
  coverage: number;
}

/** Brokers that should publish metrics; 0 when nobody knows. */
export function expectedBrokerCount(nodes: Collected<SectionValue<'nodes'>>): number {
  return nodes.ok ? nodes.value.length : 0;
}

/** The series of a metric for all brokers. */
export function brokerSeries(
  metrics: SectionValue<'metrics'>,
  definition: MetricDefinition,
  expectedBrokers: number,
  options: TrustOptions,
): BrokerSeries {
  const list = findSeries(metrics, definition).map((series) => trustedPoints(series, options));
  const seen = list.length / Math.max(expectedBrokers, list.length, 1);
  return { list, coverage: joinedCoverage(list) * seen };
}

export function tooThin(definition: MetricDefinition, coverage: number): KpiReading {
  const share = formatQuantity(100 * coverage, 'percent');
  return noData(`CloudWatch has ${share} of the expected datapoints of ${definition.name}`);
}

/** `CloudWatch CpuUser, Average of 300 s, last 24 h, 98% of the datapoints`. */
export function metricSource(definition: MetricDefinition, coverage: number, run: RunContext): string {
  return [
    `CloudWatch ${definition.name}`,
    `${definition.statistic} of ${definition.periodSec} s`,
    `last ${formatQuantity(run.window.endMs - run.window.startMs, 'durationMs')}`,
    `${formatQuantity(100 * coverage, 'percent')} of the datapoints`,
  ].join(', ');
}

/** The item with the largest value, the first of equals. */
export function largest<T>(items: readonly T[], measure: (item: T) => number): T | null {
  return items.reduce<T | null>((best, item) => (best === null || measure(item) > measure(best) ? item : best), null);
}
