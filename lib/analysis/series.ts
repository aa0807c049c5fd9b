// CloudWatch series made safe to judge: late points dropped, maintenance masked, gaps kept as gaps.
import type { MaskedInterval } from '../checks/check.ts';
import type { MetricDefinition } from '../facts/metric-catalogue.ts';
import type { MetricSeries } from '../snapshot/aws-sections.ts';
import type { SectionValue } from '../snapshot/schema.ts';
import { quantile } from './statistics.ts';

export interface Point {
  /** Start of the period. */
  atMs: number;
  value: number;
}

/** Points fit to be judged, oldest first, and how many of those that should exist do. */
export interface TrustedSeries {
  dimensions: Readonly<Record<string, string>>;
  periodSec: number;
  points: readonly Point[];
  /** Periods that should have a point: all but the latest ones and the masked ones. */
  expected: number;
  /** 0..1: points over expected; 0 when nothing was expected. */
  coverage: number;
}

/**
 * All series of a metric: name, statistic and the exact set of dimension names must match the catalogue, so that a
 * broker's series is never taken for the cluster's. `dimensions` narrows by value, e.g. `{ 'Broker ID': '2' }`.
 */
export function findSeries(
  metrics: SectionValue<'metrics'>,
  definition: MetricDefinition,
  dimensions: Readonly<Record<string, string>> = {},
): MetricSeries[] {
  return metrics.series.filter((series) => {
    if (series.metric !== definition.name || series.statistic !== definition.statistic) return false;
    if (Object.keys(series.dimensions).length !== definition.dimensions.length) return false;
    if (!definition.dimensions.every((name) => name in series.dimensions)) return false;
    return Object.entries(dimensions).every(([name, value]) => series.dimensions[name] === value);
  });
}

export interface TrustOptions {
  /** Minutes not to judge; a period that overlaps one is neither used nor expected. */
  masked?: readonly MaskedInterval[];
  /** Latest periods to drop: CloudWatch delivers them late. 0 where an unfinished period cannot mislead (a Maximum looked at for "now"). */
  dropLast?: number;
}

/** The points of one series that may be judged. */
export function trustedPoints(series: MetricSeries, { masked = [], dropLast = 2 }: TrustOptions = {}): TrustedSeries {
  const periodMs = series.periodSec * 1000;
  // Series of one metric may start inside a period; only aligned timestamps can be summed over brokers.
  const startMs = Math.floor(series.startMs / periodMs) * periodMs;
  const points: Point[] = [];
  let expected = 0;
  for (let i = 0; i < series.values.length - dropLast; i++) {
    const atMs = startMs + i * periodMs;
    if (masked.some((mask) => mask.startMs < atMs + periodMs && mask.endMs > atMs)) continue;
    expected += 1;
    const value = series.values[i];
    if (value !== null && value !== undefined) points.push({ atMs, value });
  }
  return trusted(series.dimensions, series.periodSec, points, expected);
}

export interface SumOptions {
  /**
   * A member without points for this long, while others have them, is taken as silent (a dead broker) and adds nothing,
   * instead of making the sum invalid. Without it every gap invalidates the sum.
   */
  silentAfterSec?: number;
}

/** Sum per timestamp over series of the same period. Valid only where every series has a point, else the sum would dip at each gap. */
export function sumByTimestamp(list: readonly TrustedSeries[], { silentAfterSec }: SumOptions = {}): TrustedSeries {
  return combine(list, silentAfterSec ?? Number.POSITIVE_INFINITY, (values) => values.reduce((a, b) => a + b, 0));
}

/** Largest value per timestamp over those series that have one. */
export function maxByTimestamp(list: readonly TrustedSeries[]): TrustedSeries {
  return combine(list, 0, (values) => Math.max(...values));
}

/** Minutes during which the condition held; only measured periods count. */
export function minutesWhere(series: TrustedSeries, condition: (value: number) => boolean): number {
  return (series.points.filter((point) => condition(point.value)).length * series.periodSec) / 60;
}

export interface Run {
  startMs: number;
  /** End of the last period of the run. */
  endMs: number;
  periods: number;
  minutes: number;
}

/** Unbroken stretches during which the condition held, oldest first. A gap or a masked period ends a stretch. */
export function runsWhere(series: TrustedSeries, condition: (value: number) => boolean): Run[] {
  const periodMs = series.periodSec * 1000;
  const runs: Run[] = [];
  for (const point of series.points) {
    if (!condition(point.value)) continue;
    const last = runs.at(-1);
    if (last !== undefined && last.endMs === point.atMs) {
      last.endMs += periodMs;
      last.periods += 1;
      last.minutes = (last.periods * series.periodSec) / 60;
    } else {
      runs.push({ startMs: point.atMs, endMs: point.atMs + periodMs, periods: 1, minutes: series.periodSec / 60 });
    }
  }
  return runs;
}

/** The longest stretch of `runsWhere`, the earliest of equals; null when the condition never held. */
export function longestRun(series: TrustedSeries, condition: (value: number) => boolean): Run | null {
  return runsWhere(series, condition).reduce<Run | null>(
    (best, run) => (best === null || run.periods > best.periods ? run : best),
    null,
  );
}

export function seriesQuantile(series: TrustedSeries, q: number): number | null {
  return quantile(
    series.points.map((point) => point.value),
    q,
  );
}

export function latestPoint(series: TrustedSeries): Point | null {
  return series.points.at(-1) ?? null;
}

/** Share of expected points that exist over several series; 0 when nothing was expected. */
export function joinedCoverage(list: readonly TrustedSeries[]): number {
  const expected = list.reduce((total, one) => total + one.expected, 0);
  return expected === 0 ? 0 : list.reduce((total, one) => total + one.points.length, 0) / expected;
}

/** Joins series by timestamp; a series may be absent only inside a gap of its own that lasts `toleratedGapSec` or longer. */
function combine(
  list: readonly TrustedSeries[],
  toleratedGapSec: number,
  join: (values: readonly number[]) => number,
): TrustedSeries {
  const times = [...new Set(list.flatMap((one) => one.points.map((point) => point.atMs)))].sort((a, b) => a - b);
  const columns = list.map((one) => valuesWithGaps(one, times, toleratedGapSec));
  const points: Point[] = [];
  times.forEach((atMs, row) => {
    const cells = columns.map((column) => column[row]);
    if (cells.includes(undefined)) return;
    const values = cells.filter((cell): cell is number => typeof cell === 'number');
    points.push({ atMs, value: join(values) });
  });
  return trusted({}, list[0]?.periodSec ?? 60, points, Math.max(0, ...list.map((one) => one.expected)));
}

/** One cell per time: the value, null inside a tolerated gap, undefined inside a gap that spoils the sum. */
function valuesWithGaps(series: TrustedSeries, times: readonly number[], toleratedGapSec: number) {
  const byTime = new Map(series.points.map((point) => [point.atMs, point.value]));
  const cells: (number | null | undefined)[] = times.map((atMs) => byTime.get(atMs));
  for (let from = 0; from < cells.length; from++) {
    if (cells[from] !== undefined) continue;
    let to = from;
    while (to < cells.length && cells[to] === undefined) to++;
    if ((to - from) * series.periodSec >= toleratedGapSec) cells.fill(null, from, to);
    from = to;
  }
  return cells;
}

function trusted(
  dimensions: Readonly<Record<string, string>>,
  periodSec: number,
  points: readonly Point[],
  expected: number,
): TrustedSeries {
  return { dimensions, periodSec, points, expected, coverage: expected === 0 ? 0 : points.length / expected };
}
