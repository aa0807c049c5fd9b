// The last hours against the same hours of the weeks before.
import { knowsTheseHours, type RecentPeriod } from '../../analysis/baseline.ts';
import { gapsOf, type TrustedSeries } from '../../analysis/series.ts';
import type { Unit } from '../../text/units.ts';
import type { Evidence, RunContext } from '../check.ts';

/** Least spread, as a share of what is usual: a steady load has next to none. */
export const USUAL_SPREAD = 0.02;

/** From the first hour that was measured on: a young cluster has no hours before. */
export function hoursOfHistory({ values }: TrustedSeries): number {
  const first = values.findIndex((value) => !Number.isNaN(value));
  return first < 0 ? 0 : values.length - first;
}

/** Why an hourly series does not tell what is usual in its latest hours; null when it does. */
export function historyGap(
  series: TrustedSeries,
  { minHistoryHours, minCoveragePercent }: { minHistoryHours: number; minCoveragePercent: number },
  { maintenance }: RunContext,
): string | null {
  const hours = hoursOfHistory(series);
  if (hours < minHistoryHours) return `${hours} of the ${minHistoryHours} hours of history that are needed`;
  const firstMs = series.timeOf(series.values.length - hours);
  const unknown = gapsOf(series, maintenance).filter(({ startMs }) => startMs > firstMs);
  const missing = unknown.reduce((total, { periods }) => total + periods, 0);
  const covered = (100 * series.count) / (series.count + missing);
  return covered < minCoveragePercent || !knowsTheseHours(series) ? 'too few usable hours' : null;
}

export function usualTable(title: string, periods: readonly RecentPeriod[], as: Unit): Evidence {
  return {
    title,
    columns: [
      { key: 'hour', label: 'Hour from', as: 'epochMs' },
      { key: 'value', label: 'Measured', as },
      { key: 'usual', label: 'Usual at this hour', as },
      { key: 'change', label: 'Change', as: 'percent' },
    ],
    rows: periods.map(({ atMs, value, median, relChange }) => ({
      hour: atMs,
      value,
      usual: median,
      change: Number.isFinite(relChange) ? 100 * relChange : null,
    })),
    source: 'CloudWatch by the hour, against the median of the same hours of weekdays or weekends of the last weeks',
  };
}
