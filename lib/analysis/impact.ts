// Whether a metric was better or worse after a change than before it. "After", never "because of".
import { mean, median, quantile, sum, tieSizes, twoSidedP } from './statistics.ts';

export interface ImpactRule {
  /** A difference is chance with a p-value from here on. */
  alpha: number;
  /** Least |Cliff's delta| that matters: .147 small, .33 medium, .474 large (Romano et al. 2006). */
  minEffect: number;
  /** Relative change of traffic up to which before and after may be compared as they are. */
  trafficTolerance: number;
}

export interface BeforeAfter {
  /** Values of which lower is better, at the same hours of the week before and after, maintenance left out. */
  pre: readonly number[];
  post: readonly number[];
  /** Same unit on both sides; null when unknown. */
  trafficPre: number | null;
  trafficPost: number | null;
  /** Independent values among them (`effectiveCount`), where neighbours in time are alike; all by default. */
  effectivePre?: number;
  effectivePost?: number;
}

export type ImpactVerdict = 'improved' | 'regressed' | 'no change' | 'inconclusive';

export interface Impact {
  medianPre: number;
  medianPost: number;
  /** Share of pairs in which after lies higher less the share in which it lies lower: -1..1, negative = better. */
  cliffsDelta: number;
  /** Hodges-Lehmann: the median of all differences after - before. */
  hodgesLehmannShift: number;
  /** The smaller of the two U. */
  mannWhitneyU: number;
  /** Two-sided, by the normal approximation with corrections for ties and continuity. */
  pValue: number;
  /** 0.1 = 10 % more after; null when unknown. */
  trafficChange: number | null;
  /** Beyond the tolerance, or not known to be within it. */
  trafficChanged: boolean;
  verdict: ImpactVerdict;
}

/** Fewer independent values on either side prove nothing. */
const LEAST_VALUES = 8;

/** Null when one side has no values. */
export function impactOf(data: BeforeAfter, rule: ImpactRule): Impact | null {
  const { pre, post, trafficPre, trafficPost } = data;
  const test = rankTest(data);
  if (test === null) return null;
  const trafficChange =
    trafficPre === null || trafficPost === null || trafficPre <= 0 ? null : trafficPost / trafficPre - 1;
  const trafficChanged = trafficChange === null || Math.abs(trafficChange) > rule.trafficTolerance;
  return {
    medianPre: median(pre)!,
    medianPost: median(post)!,
    ...test,
    trafficChange,
    trafficChanged,
    verdict: verdictOf(data, test, trafficChanged, rule),
  };
}

interface RankTest {
  cliffsDelta: number;
  hodgesLehmannShift: number;
  mannWhitneyU: number;
  pValue: number;
}

/**
 * Mann and Whitney 1947. With fewer independent values than values, U shrinks with the number of pairs and its spread follows the
 * smaller numbers, which leaves Cliff's delta as it is.
 */
function rankTest({ pre, post, effectivePre, effectivePost }: BeforeAfter): RankTest | null {
  if (pre.length === 0 || post.length === 0) return null;
  const differences = new Float64Array(pre.length * post.length);
  let signs = 0;
  let at = 0;
  for (const before of pre) {
    for (const after of post) {
      signs += Math.sign(after - before);
      differences[at++] = after - before;
    }
  }
  const pairs = differences.length;
  const [n, m] = [effectivePre ?? pre.length, effectivePost ?? post.length];
  const total = pre.length + post.length;
  const ties = sum(tieSizes([...pre, ...post]).map((t) => t ** 3 - t)) / (total ** 3 - total);
  const spread = Math.sqrt(((n * m * (n + m + 1)) / 12) * (1 - ties));
  const distance = (Math.abs(signs / pairs) * n * m) / 2;
  return {
    cliffsDelta: signs / pairs,
    hodgesLehmannShift: quantile(differences, 0.5)!,
    mannWhitneyU: (pairs - Math.abs(signs)) / 2,
    pValue: spread > 0 ? twoSidedP(Math.max(0, distance - 0.5) / spread) : 1,
  };
}

function verdictOf(data: BeforeAfter, test: RankTest, trafficChanged: boolean, rule: ImpactRule): ImpactVerdict {
  const { pre, post, trafficPre, trafficPost } = data;
  if (Math.min(data.effectivePre ?? pre.length, data.effectivePost ?? post.length) < LEAST_VALUES)
    return 'inconclusive';
  const asItIs = verdictBy(test, rule);
  if (!trafficChanged) return asItIs;
  if (trafficPre === null || trafficPost === null || trafficPre <= 0 || trafficPost <= 0) return 'inconclusive';
  // With other traffic a metric may have moved with the load alone: only what holds by the MiB as well counts.
  const perMiB = rankTest({
    ...data,
    pre: pre.map((value) => value / trafficPre),
    post: post.map((value) => value / trafficPost),
  })!;
  return verdictBy(perMiB, rule) === asItIs ? asItIs : 'inconclusive';
}

function verdictBy({ cliffsDelta, pValue }: RankTest, { alpha, minEffect }: ImpactRule): ImpactVerdict {
  if (pValue >= alpha || Math.abs(cliffsDelta) < minEffect) return 'no change';
  return cliffsDelta < 0 ? 'improved' : 'regressed';
}

/**
 * How many independent values a series is worth when neighbours are alike: n (1 - r) / (1 + r) by its lag-1 autocorrelation r
 * (Bayley and Hammersley 1946). Never more than n; n where r cannot be told.
 * @param values in order of time
 */
export function effectiveCount(values: readonly number[]): number {
  const n = values.length;
  const average = mean(values) ?? 0;
  const variance = sum(values.map((value) => (value - average) ** 2));
  if (n < 3 || variance === 0) return n;
  const r = sum(values.slice(1).map((value, i) => (value - average) * (values[i]! - average))) / variance;
  return r <= 0 ? n : (n * (1 - r)) / (1 + r);
}

/**
 * Holm 1979: which of several tests still count when each had its chance to be lucky, in the order given.
 * @param alpha for all of them together
 */
export function holm(pValues: readonly number[], alpha: number): boolean[] {
  const ordered = [...pValues.entries()].sort(([, a], [, b]) => a - b);
  const firstFailed = ordered.findIndex(([, p], rank) => p > alpha / (pValues.length - rank));
  const passed = new Set(ordered.slice(0, firstFailed < 0 ? undefined : firstFailed).map(([index]) => index));
  return pValues.map((_, index) => passed.has(index));
}
