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

/** Series of a section by metric and statistic: a dozen KPIs, checks and tables look for theirs among hundreds. Sections do not change. */
const indexed = new WeakMap<SectionValue<'metrics'>['series'], Map<string, MetricSeries[]>>();

function seriesOf({ series }: SectionValue<'metrics'>, { name, statistic }: MetricDefinition): MetricSeries[] {
  let index = indexed.get(series);
  if (index === undefined) {
    index = Map.groupBy(series, (each) => `${each.metric} ${each.statistic}`);
    indexed.set(series, index);
  }
  return index.get(`${name} ${statistic}`) ?? [];
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
  const wanted = Object.entries(dimensions);
  return seriesOf(metrics, definition).filter((series) => {
    if (Object.keys(series.dimensions).length !== definition.dimensions.length) return false;
    if (!definition.dimensions.every((name) => Object.hasOwn(series.dimensions, name))) return false;
    return wanted.every(([name, value]) => series.dimensions[name] === value);
  });
}

export interface TrustOptions {
  /** Minutes not to judge; a period that overlaps one is neither used nor expected. */
  masked?: readonly MaskedInterval[];
  /** Latest periods to drop: CloudWatch delivers them late. 0 where an unfinished period cannot mislead (a Maximum looked at for "now"). */
  dropLast?: number;
}

const NOTHING_MASKED: readonly MaskedInterval[] = [];

/** The last answers by series: KPIs, checks and tables trust the same points of the same series. */
const trustedBefore = new WeakMap<
  MetricSeries,
  { masked: readonly MaskedInterval[]; dropLast: number; answer: TrustedSeries }[]
>();

/** The points of one series that may be judged. Series and masks are taken as immutable: the same ones give the same (shared) answer. */
export function trustedPoints(series: MetricSeries, options: TrustOptions = {}): TrustedSeries {
  const { masked = NOTHING_MASKED, dropLast = 2 } = options;
  let answers = trustedBefore.get(series);
  if (answers === undefined) trustedBefore.set(series, (answers = []));
  const before = answers.find((each) => each.masked === masked && each.dropLast === dropLast);
  if (before !== undefined) return before.answer;
  const answer = readPoints(series, masked, dropLast);
  answers.push({ masked, dropLast, answer });
  return answer;
}

function readPoints(series: MetricSeries, masked: readonly MaskedInterval[], dropLast: number): TrustedSeries {
  const periodMs = series.periodSec * 1000;
  // Series of one metric may start inside a period; only aligned timestamps can be summed over brokers.
  const startMs = Math.floor(series.startMs / periodMs) * periodMs;
  const points: Point[] = [];
  let expected = 0;
  for (let i = 0; i < series.values.length - dropLast; i++) {
    const atMs = startMs + i * periodMs;
    if (masked.length > 0 && masked.some((mask) => mask.startMs < atMs + periodMs && mask.endMs > atMs)) continue;
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
  return combine(list, silentAfterSec ?? Number.POSITIVE_INFINITY, (a, b) => a + b);
}

/** Largest value per timestamp over those series that have one. */
export function maxByTimestamp(list: readonly TrustedSeries[]): TrustedSeries {
  return combine(list, 0, Math.max);
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
  join: (a: number, b: number) => number,
): TrustedSeries {
  const joined = new Map<number, number>();
  for (const { points } of list) {
    for (const { atMs, value } of points) {
      const sofar = joined.get(atMs);
      joined.set(atMs, sofar === undefined ? value : join(sofar, value));
    }
  }
  const times = [...joined.keys()].sort((a, b) => a - b);
  const spoiled = new Set(list.flatMap((one) => spoiledTimes(one, times, toleratedGapSec)));
  const points = times.filter((atMs) => !spoiled.has(atMs)).map((atMs) => ({ atMs, value: joined.get(atMs)! }));
  const expected = list.reduce((most, one) => Math.max(most, one.expected), 0);
  return trusted({}, list[0]?.periodSec ?? 60, points, expected);
}

/** Times at which the series has no point, in gaps too short to be tolerated. */
function spoiledTimes({ points, periodSec }: TrustedSeries, times: readonly number[], toleratedGapSec: number) {
  // Every point is one of the times: as many points as times leave no gap.
  if (points.length === times.length || toleratedGapSec === 0) return [];
  const spoiled: number[] = [];
  let next = 0;
  for (let from = 0; from < times.length; from++) {
    if (points[next]?.atMs === times[from]) {
      next += 1;
      continue;
    }
    const gapEndMs = points[next]?.atMs ?? Number.POSITIVE_INFINITY;
    let to = from;
    while (to < times.length && times[to]! < gapEndMs) to++;
    if ((to - from) * periodSec < toleratedGapSec) spoiled.push(...times.slice(from, to));
    from = to - 1;
  }
  return spoiled;
}

function trusted(
  dimensions: Readonly<Record<string, string>>,
  periodSec: number,
  points: readonly Point[],
  expected: number,
): TrustedSeries {
  return { dimensions, periodSec, points, expected, coverage: expected === 0 ? 0 : points.length / expected };
}
