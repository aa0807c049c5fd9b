// Series of CloudWatch as a snapshot holds them.
import type { MetricDefinition } from '../../lib/facts/metric-catalogue.ts';
import type { MetricSeries } from '../../lib/snapshot/metrics-section.ts';

export type Dimensions = Readonly<Record<string, string | number>>;
/** A constant, or one value per period. */
export type Values = number | readonly (number | null)[];

export function seriesOf(
  { name, statistic, unit, periodSec }: MetricDefinition,
  dimensions: Dimensions,
  values: Values,
  window: { startMs: number; endMs: number },
): MetricSeries {
  const periods = (window.endMs - window.startMs) / 1000 / periodSec;
  return {
    metric: name,
    statistic,
    unit,
    dimensions: stringValues(dimensions),
    periodSec,
    startMs: window.startMs,
    values: typeof values === 'number' ? Array.from({ length: periods }, () => values) : [...values],
  };
}

/** The series with one more, which takes the place of the one of the same metric and dimensions. */
export function withSeries(all: readonly MetricSeries[], made: MetricSeries): MetricSeries[] {
  const same = (each: MetricSeries) => each.metric === made.metric && sameDimensions(each.dimensions, made.dimensions);
  return [...all.filter((each) => !same(each)), made];
}

/** The series without those of a metric that have these dimensions, among others. */
export function withoutSeries(
  all: readonly MetricSeries[],
  definition: MetricDefinition,
  dimensions: Dimensions,
): MetricSeries[] {
  const wanted = Object.entries(stringValues(dimensions));
  return all.filter(
    (each) => each.metric !== definition.name || !wanted.every(([key, value]) => each.dimensions[key] === value),
  );
}

function stringValues(record: Dimensions): Record<string, string> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, String(value)]));
}

function sameDimensions(a: Record<string, string>, b: Record<string, string>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
