// "Sustained": the one persistence rule of checks over a window.
import { countWhere, longestRun, type TrustedSeries } from './series.ts';

export interface Persistence {
  /** This many consecutive periods... */
  minSustainedPeriods: number;
  /** ...and this share of the periods that should have been measured. */
  minShareOfWindowPercent: number;
}

/**
 * Whether a condition held long enough to be no passing peak: in one unbroken stretch and in a share of the window. A gap ends a
 * stretch, and adds nothing to the share. Masked periods belong to neither.
 */
export function isSustained(
  series: TrustedSeries,
  condition: (value: number) => boolean,
  { minSustainedPeriods, minShareOfWindowPercent }: Persistence,
): boolean {
  const held = countWhere(series, condition);
  if (held === 0) return false;
  const longest = longestRun(series, condition)?.periods ?? 0;
  return longest >= minSustainedPeriods && 100 * held >= minShareOfWindowPercent * series.expected;
}
