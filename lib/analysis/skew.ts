// How unevenly a load lies on brokers or partitions.
import { mean, sorted } from './statistics.ts';

export interface SkewMeasures {
  mean: number;
  /** Population standard deviation over the mean. */
  cvPopulation: number;
  /** 0 = all equal, towards 1 = all on one. */
  gini: number;
  maxOverMean: number;
  /** 1 - mean/max: the share of the whole capacity that is unusable once the hottest one is full. */
  lostCapacity: number;
}

/** Null when there is nothing to compare: no values, or no load at all. Values are non-negative. */
export function skewMeasures(values: readonly number[]): SkewMeasures | null {
  const average = mean(values);
  if (average === null || average <= 0) return null;
  const n = values.length;
  const variance = mean(values.map((value) => (value - average) ** 2))!;
  // Over ordered values the sum of all |x_i - x_j| needs one pass instead of n squared.
  const ordered = sorted(values);
  const differences = ordered.reduce((total, value, i) => total + 2 * value * (2 * i - n + 1), 0);
  const largest = ordered[n - 1]!;
  return {
    mean: average,
    cvPopulation: Math.sqrt(variance) / average,
    gini: differences / (2 * n * n * average),
    maxOverMean: largest / average,
    lostCapacity: 1 - average / largest,
  };
}
