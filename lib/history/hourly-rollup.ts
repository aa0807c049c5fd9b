// A day's points rolled up into hours, as CloudWatch itself would have answered at a period of an hour: nothing is asked twice.
import { METRICS, type MetricDefinition } from '../facts/metric-catalogue.ts';
import type { MetricSeries } from '../snapshot/metrics-section.ts';

const HOUR_SEC = 3600;
export const HOUR_MS = HOUR_SEC * 1000;

const DEFINITIONS: readonly MetricDefinition[] = Object.values(METRICS);

/** Metrics of the catalogue that are kept by the hour, under whichever of their names. */
const HISTORY_METRICS: ReadonlySet<string> = new Set(
  DEFINITIONS.filter(({ history }) => history === true).flatMap(({ name, otherNames = [], statistic, dimensions }) =>
    [name, ...otherNames.map((other) => other.name)].map((each) => kindOf(each, statistic, dimensions)),
  ),
);

function kindOf(name: string, statistic: string, dimensions: readonly string[]): string {
  return JSON.stringify([name, statistic, ...[...dimensions].sort()]);
}

export function isHistoryMetric({ metric, statistic, dimensions }: MetricSeries): boolean {
  return HISTORY_METRICS.has(kindOf(metric, statistic, Object.keys(dimensions)));
}

/**
 * Series of whole hours from series of shorter periods: averages weighted by their points, the highest of maxima, the lowest of
 * minima, the sum of sums (`perMinute` of lib/analysis/scales.ts reads it by the minute, as it reads CloudWatch's own). An hour of which
 * the series holds only a part is left out, and so is one with an unread point; an hour without any point is null.
 */
export function rollUp(list: readonly MetricSeries[]): MetricSeries[] {
  return list.flatMap((series) => {
    const perHour = HOUR_SEC / series.periodSec;
    if (!Number.isInteger(perHour) || series.startMs % (series.periodSec * 1000) !== 0) return [];
    const firstHourMs = Math.ceil(series.startMs / HOUR_MS) * HOUR_MS;
    const from = (firstHourMs - series.startMs) / (series.periodSec * 1000);
    const hours = Math.floor((series.values.length - from) / perHour);
    if (hours < 1) return [];
    const values = Array.from({ length: hours }, (_, hour) =>
      join(series.values.slice(from + hour * perHour, from + (hour + 1) * perHour), series),
    );
    return [{ ...series, periodSec: HOUR_SEC, startMs: firstHourMs, values }];
  });
}

function join(points: readonly (number | null)[], { statistic, incomplete }: MetricSeries): number | null {
  const known = points.filter((point) => point !== null);
  if (known.length === 0 || (incomplete === true && known.length < points.length)) return null;
  if (statistic === 'Maximum') return Math.max(...known);
  if (statistic === 'Minimum') return Math.min(...known);
  const sum = known.reduce((a, b) => a + b);
  return statistic === 'Sum' ? sum : sum / known.length;
}
