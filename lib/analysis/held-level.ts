// The level that a load holds, where a peak of one period is nothing and a mean hides the busy hour.
import { formatQuantity } from '../text/units.ts';
import type { TrustedSeries } from './trusted-series.ts';

/** The highest value that the series kept up for so many minutes in a row; a gap ends a stretch. Null when no stretch is that long. */
export function heldLevel({ values, periodSec }: TrustedSeries, minutes: number): number | null {
  const periods = Math.max(1, Math.ceil((minutes * 60) / periodSec));
  let held: number | null = null;
  // A stretch begins anew after each gap, and after each value that is no higher than what was held already.
  let from = 0;
  for (let end = 1; end <= values.length; end++) {
    const last = values[end - 1]!;
    if (Number.isNaN(last) || (held !== null && last <= held)) from = end;
    if (end - from < periods) continue;
    let lowest = last;
    for (let i = end - periods; i < end; i++) if (values[i]! < lowest) lowest = values[i]!;
    held = lowest;
  }
  return held;
}

/** Why a level is not known although there are points, after the resource. */
export function brokenUp(metric: string, minutes: number): string {
  return `has no ${formatQuantity(minutes, 'minutes')} of ${metric} without a gap`;
}
