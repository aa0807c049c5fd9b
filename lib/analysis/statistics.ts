// Plain statistics. Nothing here knows Kafka or AWS; an empty input has no answer (null), never a zero.

export function sum(values: readonly number[] | Float64Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
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
  // Typed arrays sort by number, without a call for every comparison.
  return quantileOfOrdered(new Float64Array(values).sort(), q);
}

/** The same of values that are in ascending order already. */
export function quantileOfOrdered(ordered: Float64Array, q: number): number | null {
  if (ordered.length === 0) return null;
  const position = Math.min(Math.max(q, 0), 1) * (ordered.length - 1);
  const below = ordered[Math.floor(position)]!;
  const above = ordered[Math.ceil(position)]!;
  return below + (above - below) * (position - Math.floor(position));
}

/** The same, without ordering all of the values: they are left in another order. None is NaN. */
export function quantileIn(values: Float64Array, q: number): number | null {
  if (values.length === 0) return null;
  const position = Math.min(Math.max(q, 0), 1) * (values.length - 1);
  const rank = Math.floor(position);
  const below = select(values, rank);
  if (rank === position) return below;
  // What follows the rank is not below it.
  let above = values[rank + 1]!;
  for (let i = rank + 2; i < values.length; i++) if (values[i]! < above) above = values[i]!;
  return below + (above - below) * (position - rank);
}

/** The value of a rank (0 = lowest), moved to its place: lower ones before it, higher ones after (Hoare's FIND, 1961). */
function select(values: Float64Array, rank: number): number {
  let left = 0;
  let right = values.length - 1;
  while (left < right) {
    const pivot = values[(left + right) >> 1]!;
    let i = left;
    let j = right;
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i > j) break;
      const swapped = values[i]!;
      values[i++] = values[j]!;
      values[j--] = swapped;
    }
    if (rank <= j) right = j;
    else if (rank >= i) left = i;
    else break;
  }
  return values[rank]!;
}

export function median(values: readonly number[] | Float64Array): number | null {
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
  return ordered.length === 0 ? null : middle(ordered);
}

/** Median of ordered values. */
function middle(ordered: Float64Array): number {
  const half = ordered.length >> 1;
  return ordered.length % 2 === 1 ? ordered[half]! : (ordered[half - 1]! + ordered[half]!) / 2;
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
 * @param variance of S; `kendallVariance` leaves ties out of account
 */
export function mannKendall(
  ys: readonly number[] | Float64Array,
  variance: number = tiedKendallVariance(ys),
): TrendTest {
  const n = ys.length;
  let s = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) s += Math.sign(ys[j]! - ys[i]!);
  }
  if (variance <= 0) return { s, z: 0, pValue: 1 };
  const z = (s - Math.sign(s)) / Math.sqrt(variance);
  return { s, z, pValue: twoSidedP(z) };
}

/** Variance of Kendall's S over n values without a trend, all different. With ties it is too large, and a test with it too strict. */
export function kendallVariance(n: number): number {
  return (n * (n - 1) * (2 * n + 5)) / 18;
}

function tiedKendallVariance(ys: readonly number[] | Float64Array): number {
  return kendallVariance(ys.length) - sum(tieSizes(ys).map(kendallVariance));
}

/** How often each value occurs. */
export function tieSizes(values: readonly number[] | Float64Array): number[] {
  const ties = new Map<number, number>();
  for (const value of values) ties.set(value, (ties.get(value) ?? 0) + 1);
  return [...ties.values()];
}

/** Probability that a standard normal variable lies as far from 0 as z, on either side. */
export function twoSidedP(z: number): number {
  return Math.min(1, complementaryError(Math.abs(z) / Math.SQRT2));
}

export interface SlopeBand {
  slope: number;
  low: number;
  high: number;
}

/** 97.5 % quantile of the standard normal distribution. */
const Z_95 = 1.959964;

/**
 * Theil-Sen slope with Sen's 95 % band: the ordered pairwise slopes at ranks round((N - C)/2) and round((N + C)/2) + 1, where
 * C = 1.96 sqrt(var S) without ties (Sen 1968; the ranks of SciPy's theilslopes). Null when fewer than two different x are given.
 */
export function theilSenBand(xs: readonly number[], ys: readonly number[]): SlopeBand | null {
  const ordered = pairwiseSlopes(xs, ys).sort();
  if (ordered.length === 0) return null;
  const half = Z_95 * Math.sqrt(kendallVariance(ys.length));
  const at = (rank: number) => ordered[Math.min(Math.max(rank - 1, 0), ordered.length - 1)]!;
  return {
    slope: middle(ordered),
    low: at(Math.round((ordered.length - half) / 2)),
    high: at(Math.round((ordered.length + half) / 2) + 1),
  };
}

/** Least-squares slope; null when fewer than two different x are given. One outlier moves it: for contrast with `theilSen`. */
export function leastSquaresSlope(xs: readonly number[], ys: readonly number[]): number | null {
  const [x, y] = [mean(xs), mean(ys)];
  if (x === null || y === null) return null;
  const spread = sum(xs.map((each) => (each - x) ** 2));
  return spread === 0 ? null : sum(xs.map((each, i) => (each - x) * (ys[i]! - y))) / spread;
}

/** Median absolute deviation from the median; null for no values. */
export function medianDeviation(values: readonly number[]): number | null {
  const centre = median(values);
  return centre === null ? null : median(values.map((value) => Math.abs(value - centre)));
}

/** 1 over the 75 % quantile of the normal distribution: a MAD of 1 stands for a standard deviation of 1.4826. */
const MAD_TO_SIGMA = 0.6745;

/**
 * Robust z (Iglewicz and Hoaglin 1993): 0.6745 (value - centre) / spread. Without any spread every other value is infinitely far.
 * @param spread a MAD, usually with a floor under it
 */
export function robustZ(value: number, centre: number, spread: number): number {
  return value === centre ? 0 : (MAD_TO_SIGMA * (value - centre)) / spread;
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

/** (value - mean) / sample standard deviation; null without spread. One outlier hides the next from it: for contrast with `robustZ`. */
export function meanSdZ(values: readonly number[], value: number): number | null {
  const average = mean(values);
  if (average === null) return null;
  const variance = sum(values.map((each) => (each - average) ** 2)) / (values.length - 1);
  return variance > 0 ? (value - average) / Math.sqrt(variance) : null;
}
