// Plain statistics. Nothing here knows Kafka or AWS; an empty input has no answer (null), never a zero.

export function sum(values: readonly number[] | Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

export function mean(values: readonly number[] | Float64Array): number | null {
  return values.length === 0 ? null : sum(values) / values.length;
}

/** Smallest-to-largest copy. */
export function sorted(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}

/**
 * Quantile by linear interpolation between order statistics (type 7 of Hyndman and Fan 1996; the default of R and NumPy).
 * @param q 0..1
 */
export function quantile(values: readonly number[] | Float64Array, q: number): number | null {
  if (values.length === 0) return null;
  // Typed arrays sort by number, without a call for every comparison.
  const ordered = new Float64Array(values).sort();
  const position = Math.min(Math.max(q, 0), 1) * (ordered.length - 1);
  const below = ordered[Math.floor(position)]!;
  const above = ordered[Math.ceil(position)]!;
  return below + (above - below) * (position - Math.floor(position));
}

export function median(values: readonly number[]): number | null {
  return quantile(values, 0.5);
}

/**
 * Smallest value at which the cumulative weight reaches the share `q` of all weight.
 * Items without weight do not count; null when nothing has weight.
 */
export function weightedQuantile(items: readonly { value: number; weight: number }[], q: number): number | null {
  const ordered = items.filter((item) => item.weight > 0).sort((a, b) => a.value - b.value);
  const total = sum(ordered.map((item) => item.weight));
  let reached = 0;
  for (const item of ordered) {
    reached += item.weight;
    // Sums of floats may fall a rounding error short of the share they stand for.
    if (reached >= q * total * (1 - 1e-12)) return item.value;
  }
  return null;
}

export interface Line {
  /** Units of y per unit of x. */
  slope: number;
  intercept: number;
}

/**
 * Theil-Sen line: the median of all pairwise slopes, and the median of y - slope x. Up to 29 % of outliers leave it in place.
 * Null when fewer than two different x are given. Quadratic: thin out more than a few hundred points first.
 */
export function theilSen(xs: readonly number[], ys: readonly number[]): Line | null {
  const slope = theilSenSlope(xs, ys);
  return slope === null ? null : { slope, intercept: median(ys.map((y, i) => y - slope * xs[i]!))! };
}

/** The slope of `theilSen` alone, without the second pass for the intercept. */
export function theilSenSlope(xs: readonly number[], ys: readonly number[]): number | null {
  if (xs.length !== ys.length) throw new RangeError('theilSen: xs and ys differ in length');
  const ordered = pairwiseSlopes(xs, ys).sort();
  if (ordered.length === 0) return null;
  const middle = ordered.length >> 1;
  return ordered.length % 2 === 1 ? ordered[middle]! : (ordered[middle - 1]! + ordered[middle]!) / 2;
}

function pairwiseSlopes(xs: readonly number[], ys: readonly number[]): Float64Array {
  // Typed arrays sort by number, without a call for every comparison.
  const slopes = new Float64Array((xs.length * (xs.length - 1)) / 2);
  let count = 0;
  for (let i = 0; i < xs.length; i++) {
    for (let j = i + 1; j < xs.length; j++) {
      const dx = xs[j]! - xs[i]!;
      if (dx !== 0) slopes[count++] = (ys[j]! - ys[i]!) / dx;
    }
  }
  return slopes.subarray(0, count);
}

export interface TrendTest {
  /** Rising pairs minus falling pairs. */
  s: number;
  z: number;
  /** Two-sided. */
  pValue: number;
}

/**
 * Mann-Kendall test for a monotone trend, with the variance corrected for ties and the usual continuity correction
 * (Mann 1945, Kendall 1975). A constant or shorter series than two has no trend: p = 1.
 */
export function mannKendall(ys: readonly number[] | Float64Array): TrendTest {
  const n = ys.length;
  let s = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) s += Math.sign(ys[j]! - ys[i]!);
  }
  const ties = new Map<number, number>();
  for (const y of ys) ties.set(y, (ties.get(y) ?? 0) + 1);
  const spread = (t: number) => (t * (t - 1) * (2 * t + 5)) / 18;
  const variance = spread(n) - sum([...ties.values()].map(spread));
  if (variance <= 0) return { s, z: 0, pValue: 1 };
  const z = (s - Math.sign(s)) / Math.sqrt(variance);
  return { s, z, pValue: Math.min(1, complementaryError(Math.abs(z) / Math.SQRT2)) };
}

/** erfc(x) for x >= 0 by a Chebyshev fit (Numerical Recipes, erfcc): relative error below 1.2e-7, so small p-values stay true. */
function complementaryError(x: number): number {
  const t = 1 / (1 + 0.5 * x);
  const coefficients = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223,
    0.17087277,
  ];
  const polynomial = coefficients.reduceRight((value, coefficient) => coefficient + t * value, 0);
  return t * Math.exp(-x * x + polynomial);
}
