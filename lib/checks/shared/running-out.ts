// When something that falls will be gone.
import { seriesQuantile, type TrustedSeries } from '../../analysis/series.ts';
import { mannKendall, theilSen } from '../../analysis/statistics.ts';
import { TREND_P_VALUE } from '../../analysis/trend.ts';

const RECENT_HOURS = 6;
/** Points of a trend: fewer tell nothing. */
const LEAST_POINTS = 12;

/**
 * Hours until the line through the last six hours reaches zero; null where it does not fall, falls by chance only, or falls so little
 * that it is noise of a hundredth of the usual level.
 */
export function hoursToZero(series: TrustedSeries): number | null {
  const last = series.latest;
  if (last === null) return null;
  const recent = series.points.filter(({ atMs }) => atMs > last.atMs - RECENT_HOURS * 3_600_000);
  const values = recent.map(({ value }) => value);
  if (recent.length < LEAST_POINTS || mannKendall(values).pValue >= TREND_P_VALUE) return null;
  const line = theilSen(
    recent.map(({ atMs }) => (atMs - last.atMs) / 3_600_000),
    values,
  );
  const noise = (seriesQuantile(series, 0.5) ?? 0) / 100 / RECENT_HOURS;
  if (line === null || line.slope >= -noise) return null;
  return Math.max(0, last.value / -line.slope);
}
