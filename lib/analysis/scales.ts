// One unit for what CloudWatch publishes in several: sums by the minute, fractions as percents, two names of one metric.
import type { MetricDefinition } from '../facts/metric-catalogue.ts';
import type { MetricSeries } from '../snapshot/metrics-section.ts';
import { TrustedSeries } from './trusted-series.ts';

/** Largest value that an idle share published as a fraction reaches: brokers report a little over 1 when they are idle (rules 0.3). */
const HIGHEST_FRACTION = 1.5;

/**
 * A Sum as the sum of its average minute, whatever the period: the number of connections where every network thread publishes its own
 * count each minute, and the rate per second where Serverless publishes one point a minute and partition.
 */
export function perMinute(series: TrustedSeries): TrustedSeries {
  return series.periodSec === 60 ? series : scaled(series, 60 / series.periodSec);
}

/**
 * Idle shares in percent. Labelled so, they come as fractions; which it is shows in the largest value of all brokers: the one busy
 * broker among them may stay below 1.5 %.
 */
export function asPercents(list: readonly TrustedSeries[]): TrustedSeries[] {
  const highest = list.reduce((most, one) => Math.max(most, one.highest ?? 0), 0);
  const factor = highest <= HIGHEST_FRACTION ? 100 : 1;
  return list.map((series) => capped(factor === 1 ? series : scaled(series, factor)));
}

/** Every value times the factor. */
export function scaled(series: TrustedSeries, factor: number): TrustedSeries {
  const before = scaledBefore.get(series);
  if (before?.factor === factor) return before.answer;
  const answer = mapped(series, (value) => value * factor);
  scaledBefore.set(series, { factor, answer });
  return answer;
}

/** The last answers: a unit has one factor, and many who ask. */
const scaledBefore = new WeakMap<TrustedSeries, { factor: number; answer: TrustedSeries }>();

function capped(series: TrustedSeries): TrustedSeries {
  return (series.highest ?? 0) <= 100 ? series : mapped(series, (value) => Math.min(100, value));
}

/** Every value changed alike; gaps stay gaps. */
export function mapped(series: TrustedSeries, change: (value: number, index: number) => number): TrustedSeries {
  const { dimensions, periodSec, startMs, expected, silentSec } = series;
  const values = new Float64Array(series.values.length);
  for (let i = 0; i < values.length; i++) values[i] = change(series.values[i]!, i);
  return new TrustedSeries({ dimensions, periodSec, startMs, values, expected, silentSec });
}

/** All names under which CloudWatch may publish the metric, today's first. */
export function namesOf({ name, otherNames = [] }: MetricDefinition): string[] {
  return [name, ...otherNames.map((other) => other.name)];
}

/**
 * Series of one metric under several names, one for each set of dimensions and under today's name: a cluster that was upgraded has the
 * first half of its day under the old name. Where two have a point, that of the earlier series in the list counts.
 */
export function mergeNames(today: string, list: readonly MetricSeries[]): MetricSeries[] {
  const byDimensions = Map.groupBy(list, dimensionsKey);
  return [...byDimensions.values()].map((same) => {
    const [first, ...others] = same as [MetricSeries, ...MetricSeries[]];
    return others.reduce(filled, { ...first, metric: today });
  });
}

function dimensionsKey({ dimensions, periodSec }: MetricSeries): string {
  const sorted = Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([periodSec, ...sorted.flat()]);
}

/** The first series with its gaps filled from the second, over the time of both. */
function filled(first: MetricSeries, second: MetricSeries): MetricSeries {
  const periodMs = first.periodSec * 1000;
  const startMs = Math.min(first.startMs, second.startMs);
  const endMs = Math.max(endOf(first), endOf(second));
  const at = (series: MetricSeries, timeMs: number) => series.values[Math.round((timeMs - series.startMs) / periodMs)];
  const values = Array.from({ length: Math.round((endMs - startMs) / periodMs) }, (_, index) => {
    const timeMs = startMs + index * periodMs;
    return at(first, timeMs) ?? at(second, timeMs) ?? null;
  });
  const isIncomplete = first.incomplete === true || second.incomplete === true;
  return { ...first, startMs, values, ...(isIncomplete ? { incomplete: true as const } : {}) };
}

function endOf({ startMs, values, periodSec }: MetricSeries): number {
  return startMs + values.length * periodSec * 1000;
}
