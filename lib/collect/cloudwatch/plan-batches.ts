// The shape of a metric plan, and how queries become calls: one period and one aligned window a call, never more than one page.
import type { MetricDefinition, MonitoringLevel } from '../../facts/metric-catalogue.ts';

/** Limits of one GetMetricData call: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
export const MAX_QUERIES_PER_CALL = 500;
export const MAX_DATAPOINTS_PER_CALL = 100_800;

/** Epoch milliseconds, the end excluded. */
export interface TimeRange {
  startMs: number;
  endMs: number;
}

export interface MetricQuery {
  /** Unique over the whole plan; of the form that CloudWatch takes. */
  id: string;
  /** The name to ask for: a metric with two spellings has a query for each (see `otherNames` of the catalogue). */
  metric: string;
  statistic: MetricDefinition['statistic'];
  unit: string;
  dimensions: Record<string, string>;
}

/** The queries of one call: one period, one window aligned to it, never more than one page of answers. */
export interface MetricBatch {
  /** `history` fills hours that no earlier run has left. */
  purpose: 'day' | 'history';
  periodSec: number;
  startMs: number;
  endMs: number;
  pointsPerQuery: number;
  queries: MetricQuery[];
}

/** A metric that a KPI or a check wants and this cluster does not give. */
export interface UnavailableMetric {
  metric: string;
  /** Names of the dimensions it would come with: one metric may be had by broker and not by topic. */
  dimensions: readonly string[];
  /** `not-requested`: the monitoring level is not known (then with the level that gives it), or the budget did not hold the metric. */
  reason: 'not-enabled' | 'not-supported' | 'not-requested';
  /** The monitoring level that would give it; absent where none does. */
  level?: MonitoringLevel;
}

/** What the budget did not hold, most wanted first. */
export interface DroppedQueries {
  /** A metric's name for a row that was not asked for at all, else which list was cut. */
  what: 'pairs' | 'topics' | (string & {});
  /** Pairs or topics left out; of a metric its series. */
  count: number;
  metrics: number;
}

export interface MetricPlan {
  batches: MetricBatch[];
  unavailable: UnavailableMetric[];
  dropped: DroppedQueries[];
  /** The most metrics that a daily report of this many brokers may ask for. */
  budget: number;
  /** Pairs not asked for because CloudWatch publishes no lag metric under such a name. */
  unnameablePairCount: number;
}

/** Cuts the queries of one period into calls that fit one page each. */
export function batchesOf(
  purpose: MetricBatch['purpose'],
  periodSec: number,
  queries: readonly MetricQuery[],
  window: TimeRange,
): MetricBatch[] {
  const aligned = alignedWindow(periodSec, window);
  const size = Math.min(MAX_QUERIES_PER_CALL, Math.floor(MAX_DATAPOINTS_PER_CALL / aligned.pointsPerQuery));
  if (size < 1) throw new Error(`a window of ${aligned.pointsPerQuery} points does not fit one call`);
  const batches: MetricBatch[] = [];
  for (let from = 0; from < queries.length; from += size) {
    batches.push({ purpose, periodSec, ...aligned, queries: queries.slice(from, from + size) });
  }
  return batches;
}

/**
 * The whole periods that begin in the window, the last one holding its end: CloudWatch starts its periods at StartTime, so a window
 * that is not aligned would shift every point. A window that begins with an hour loses nothing of that hour at any period.
 */
function alignedWindow(periodSec: number, window: TimeRange): TimeRange & { pointsPerQuery: number } {
  const periodMs = periodSec * 1000;
  const endMs = Math.ceil(window.endMs / periodMs) * periodMs;
  const startMs = Math.min(Math.ceil(window.startMs / periodMs) * periodMs, endMs - periodMs);
  return { startMs, endMs, pointsPerQuery: (endMs - startMs) / periodMs };
}
