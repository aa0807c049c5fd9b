// CloudWatch series made safe to judge: late points dropped, maintenance masked, gaps kept as gaps.
import type { MaskedInterval } from '../checks/check.ts';
import type { MetricSeries } from '../snapshot/metrics-section.ts';
import { type Point, TrustedSeries } from './trusted-series.ts';

export { findHourly, findSeries } from './find-series.ts';
export { asPercents, perMinute } from './scales.ts';
export { type Point, TrustedSeries } from './trusted-series.ts';

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

/**
 * The points of one series that may be judged. This is the one place that drops the latest periods (rules D1): collecting keeps what
 * CloudWatch answered, and what comes after judges only what this gives. Series and masks are taken as immutable: the same ones give
 * the same (shared) answer.
 */
export function trustedPoints(series: MetricSeries, options: TrustOptions = {}): TrustedSeries {
  const { masked = NOTHING_MASKED, dropLast = 2 } = options;
  const answers = trustedBefore.get(series) ?? [];
  const isSame = (other: readonly MaskedInterval[]) => other === masked || (other.length === 0 && masked.length === 0);
  const before = answers.find((each) => each.dropLast === dropLast && isSame(each.masked));
  if (before !== undefined) return before.answer;
  const answer = readPoints(series, masked, dropLast);
  trustedBefore.set(series, [...answers, { masked, dropLast, answer }]);
  return answer;
}

function readPoints(series: MetricSeries, masked: readonly MaskedInterval[], dropLast: number): TrustedSeries {
  const periodMs = series.periodSec * 1000;
  // Series of one metric may start inside a period; only aligned timestamps can be summed over brokers.
  const startMs = Math.floor(series.startMs / periodMs) * periodMs;
  const values = new Float64Array(Math.max(0, series.values.length - dropLast));
  for (let i = 0; i < values.length; i++) values[i] = series.values[i] ?? Number.NaN;
  let expected = values.length;
  const isUnjudged = new Uint8Array(masked.length === 0 ? 0 : values.length);
  for (const mask of masked) {
    const from = Math.max(0, Math.floor((mask.startMs - startMs) / periodMs));
    for (let i = from; i < values.length && startMs + i * periodMs < mask.endMs; i++) {
      if (isUnjudged[i] === 0) expected -= 1;
      isUnjudged[i] = 1;
      values[i] = Number.NaN;
    }
  }
  const { dimensions, periodSec } = series;
  return new TrustedSeries({ dimensions, periodSec, startMs, values, expected, silentSec: silentSecOf(series) });
}

/** From the newest point that CloudWatch has, whatever is masked, to the end of the window; all of it without any. */
function silentSecOf({ values, periodSec }: MetricSeries): number {
  return (values.length - 1 - values.findLastIndex((value) => value !== null)) * periodSec;
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
  return combined(list, silentAfterSec ?? Number.POSITIVE_INFINITY, 'sum');
}

/** Largest value per timestamp over those series that have one. */
export function maxByTimestamp(list: readonly TrustedSeries[]): TrustedSeries {
  return combined(list, 0, 'max');
}

interface Combined {
  list: readonly TrustedSeries[];
  toleratedGapSec: number;
  join: 'sum' | 'max';
  answer: TrustedSeries;
}

/** The answers by the first series: user and system CPU are one sum for a dozen who ask. */
const combinedBefore = new WeakMap<TrustedSeries, Combined[]>();

function combined(list: readonly TrustedSeries[], toleratedGapSec: number, join: Combined['join']): TrustedSeries {
  const [first] = list;
  if (first === undefined) return combine(list, toleratedGapSec, join);
  const answers = combinedBefore.get(first) ?? [];
  const before = answers.find(
    (each) =>
      each.join === join &&
      each.toleratedGapSec === toleratedGapSec &&
      each.list.length === list.length &&
      each.list.every((one, i) => one === list[i]),
  );
  if (before !== undefined) return before.answer;
  const answer = combine(list, toleratedGapSec, join);
  combinedBefore.set(first, [...answers, { list: [...list], toleratedGapSec, join, answer }]);
  return answer;
}

/** Minutes during which the condition held; only measured periods count. */
export function minutesWhere(series: TrustedSeries, condition: (value: number) => boolean): number {
  return (countWhere(series, condition) * series.periodSec) / 60;
}

/** Measured periods in which the condition held. */
export function countWhere({ measured }: TrustedSeries, condition: (value: number) => boolean): number {
  let count = 0;
  for (let i = 0; i < measured.length; i++) if (condition(measured[i]!)) count += 1;
  return count;
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
  const { values } = series;
  return runsOf(series, (i) => !Number.isNaN(values[i]!) && condition(values[i]!));
}

/**
 * Unbroken stretches without a point, oldest first, masked ones left out: a gap is information. A broker's series breaks off while the
 * broker is down, and lag is published only while a group is stable or empty and has committed.
 */
export function gapsOf(series: TrustedSeries, masked: readonly MaskedInterval[] = NOTHING_MASKED): Run[] {
  const { values } = series;
  return runsOf(
    series,
    (i) =>
      Number.isNaN(values[i]!) &&
      !masked.some((mask) => mask.startMs < series.timeOf(i + 1) && mask.endMs > series.timeOf(i)),
  );
}

function runsOf(series: TrustedSeries, holds: (period: number) => boolean): Run[] {
  const { values, periodSec } = series;
  const runs: Run[] = [];
  for (let from = 0; from < values.length; from++) {
    let to = from;
    while (to < values.length && holds(to)) to++;
    if (to === from) continue;
    const periods = to - from;
    runs.push({ startMs: series.timeOf(from), endMs: series.timeOf(to), periods, minutes: (periods * periodSec) / 60 });
    from = to;
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
  return series.quantile(q);
}

export function latestPoint(series: TrustedSeries): Point | null {
  return series.latest;
}

/** Share of expected points that exist over several series, of which one that ends early has none; 0 when nothing was expected. */
export function joinedCoverage(list: readonly TrustedSeries[]): number {
  const expected = list.reduce((total, one) => total + one.expected, 0);
  const seen = list.reduce((total, one) => total + (one.endsEarly ? 0 : one.count), 0);
  return expected === 0 ? 0 : seen / expected;
}

/** Joins series of one period by timestamp; a series may be absent only inside a gap of its own that lasts `toleratedGapSec` or longer. */
function combine(list: readonly TrustedSeries[], toleratedGapSec: number, join: Combined['join']): TrustedSeries {
  const periodSec = list[0]?.periodSec ?? 60;
  const startMs = list.reduce((first, one) => Math.min(first, one.startMs), list[0]?.startMs ?? 0);
  const offsetOf = (one: TrustedSeries) => (one.startMs - startMs) / (periodSec * 1000);
  const length = list.reduce((longest, one) => Math.max(longest, offsetOf(one) + one.values.length), 0);
  // NaN where no series has a value.
  const joined = new Float64Array(length).fill(Number.NaN);
  for (const one of list) {
    if (one === list[0]) joined.set(one.values, offsetOf(one));
    else joinInto(joined.subarray(offsetOf(one)), one.values, join);
  }
  const values = joined.slice();
  for (const one of list) {
    for (const row of shortGaps(one, offsetOf(one), joined, toleratedGapSec / periodSec)) values[row] = Number.NaN;
  }
  const expected = list.reduce((most, one) => Math.max(most, one.expected), 0);
  // Where each is needed the first that falls silent ends it, else the last.
  const silences = list.map((one) => one.silentSec);
  const silentSec =
    list.length === 0
      ? 0
      : toleratedGapSec === Number.POSITIVE_INFINITY
        ? Math.max(...silences)
        : Math.min(...silences);
  return new TrustedSeries({ dimensions: {}, periodSec, startMs, values, expected, silentSec });
}

function joinInto(joined: Float64Array, values: Float64Array, join: Combined['join']): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) continue;
    const before = joined[i]!;
    if (Number.isNaN(before) || (join === 'max' && value > before)) joined[i] = value;
    else if (join === 'sum') joined[i] = before + value;
  }
}

/** Rows at which others have a value and this one has none, in gaps of fewer such rows than tolerated. */
function shortGaps(
  { values, count }: TrustedSeries,
  offset: number,
  joined: Float64Array,
  toleratedRows: number,
): number[] {
  if (toleratedRows === 0 || count === joined.length) return [];
  const short: number[] = [];
  let gap: number[] = [];
  for (let row = 0; row <= joined.length; row++) {
    const own = values[row - offset] ?? Number.NaN;
    if (row === joined.length || !Number.isNaN(own)) {
      if (gap.length < toleratedRows) short.push(...gap);
      gap = [];
    } else if (!Number.isNaN(joined[row]!)) {
      gap.push(row);
    }
  }
  return short;
}
