// How often a group commits, learned from its lag: it falls only when somebody commits.
import type { TrustedSeries } from '../../analysis/series.ts';
import { median } from '../../analysis/statistics.ts';

interface CommitRhythm {
  /** Median between two falls of the lag: at least the interval between two commits. */
  intervalSec: number;
  /** Start of the minute in which the lag fell last. */
  lastMs: number;
}

/** Fewer intervals are no rhythm. */
const LEAST_FALLS = 3;

/** Null when the lag did not fall often enough to tell. */
export function commitRhythm(series: TrustedSeries | null): CommitRhythm | null {
  if (series === null) return null;
  const { points } = series;
  const falls = points.flatMap(({ atMs, value }, i) => (i > 0 && value < points[i - 1]!.value ? [atMs] : []));
  const last = falls.at(-1);
  if (last === undefined || falls.length < LEAST_FALLS) return null;
  const gaps = falls.slice(1).map((atMs, i) => (atMs - falls[i]!) / 1000);
  return { intervalSec: median(gaps)!, lastMs: last };
}

/** When the lag was last seen to fall; null when it was not. */
export function lastFallMs(series: TrustedSeries | null): number | null {
  const points = series?.points ?? [];
  const at = points.findLastIndex(({ value }, i) => i > 0 && value < points[i - 1]!.value);
  return at < 0 ? null : points[at]!.atMs;
}
