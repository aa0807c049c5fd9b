// The hourly history that baselines, forecasts and sizing rest on: what no earlier run has left is asked for once, at 3600 s.
import { type HourlyHistory, hourlyKey } from '../../history/hourly.ts';
import {
  createBasket,
  type DimensionScope,
  ownDimensions,
  type TopicOnBrokers,
  topicDimensions,
} from './plan-basket.ts';
import { batchesOf, type MetricBatch, type MetricQuery, type TimeRange } from './plan-batches.ts';
import { wantedRows } from './plan-rows.ts';

const HOUR_MS = 3_600_000;
/** Four weeks: the baseline by hour and weekday. CloudWatch keeps hourly points for 455 days. */
export const MAX_HISTORY_DAYS = 28;

export interface HistoryPlanRequest extends DimensionScope {
  /** Topics whose traffic is compared with its past; absent: none. */
  topics?: readonly TopicOnBrokers[];
  /** Hours that are not stored yet, in any order; an hour that is not over yet is no part of it. */
  missing: readonly TimeRange[];
  /** What earlier runs have left: a series that has all missing hours is not asked for again. Absent: nothing. */
  stored?: HourlyHistory | undefined;
}

/**
 * Batches for the missing hours, none when nothing is missing. CloudWatch bills a metric once a request however many of its points
 * are asked for: gaps are therefore spanned by one window, from the first missing hour to the last, of at most 28 days. A broker that
 * was added lacks four weeks, and only its series are asked for.
 */
export function planHistory(request: HistoryPlanRequest): MetricBatch[] {
  const window = spanOf(request.missing);
  if (window === null) return [];
  const basket = createBasket(request, Number.POSITIVE_INFINITY, 'h');
  for (const row of wantedRows(request).filter((each) => each.history === true)) {
    const hourly = { ...row, periodSec: 3600 as const };
    const ofTopics = (request.topics ?? []).flatMap((topic) => topicDimensions(row, topic, request) ?? []);
    const all = ownDimensions(row, request) ?? ofTopics;
    basket.add(all.map((dimensions) => ({ row: hourly, dimensions })));
  }
  const hours = request.missing.flatMap(hoursOf).filter((hour) => hour >= window.startMs);
  const lacksHours = (query: MetricQuery) => {
    const own = request.stored?.get(hourlyKey(query))?.hours;
    return own === undefined || hours.some((hour) => own.get(hour) === undefined);
  };
  return basket
    .byPeriod()
    .flatMap(([periodSec, queries]) => batchesOf('history', periodSec, queries.filter(lacksHours), window));
}

/** Starts of the hours that a range touches. */
function hoursOf({ startMs, endMs }: TimeRange): number[] {
  const first = Math.floor(startMs / HOUR_MS) * HOUR_MS;
  return Array.from({ length: Math.max(0, Math.ceil((endMs - first) / HOUR_MS)) }, (_, i) => first + i * HOUR_MS);
}

/** Whole hours that hold all ranges; the oldest beyond 28 days are left out. */
function spanOf(missing: readonly TimeRange[]): TimeRange | null {
  const ranges = missing.filter(({ startMs, endMs }) => endMs > startMs);
  if (ranges.length === 0) return null;
  const endMs = Math.ceil(Math.max(...ranges.map((range) => range.endMs)) / HOUR_MS) * HOUR_MS;
  const firstMs = Math.floor(Math.min(...ranges.map((range) => range.startMs)) / HOUR_MS) * HOUR_MS;
  return { startMs: Math.max(firstMs, endMs - MAX_HISTORY_DAYS * 24 * HOUR_MS), endMs };
}
