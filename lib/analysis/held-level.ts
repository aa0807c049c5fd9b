// The level that a load holds, where a peak of one period is nothing and a mean hides the busy hour.
import type { TrustedSeries } from './trusted-series.ts';

/** The highest value that the series kept up for so many minutes in a row; a gap ends a stretch. Null when no stretch is that long. */
export function heldLevel({ values, periodSec }: TrustedSeries, minutes: number): number | null {
  const periods = Math.max(1, Math.ceil((minutes * 60) / periodSec));
  let held: number | null = null;
  for (let end = periods; end <= values.length; end++) {
    let lowest = Number.POSITIVE_INFINITY;
    // A gap makes it NaN, which is higher than nothing.
    for (let i = end - periods; i < end; i++) lowest = Math.min(lowest, values[i]!);
    if (held === null ? !Number.isNaN(lowest) : lowest > held) held = lowest;
  }
  return held;
}
