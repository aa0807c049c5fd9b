// KPI results to scores. Missing knowledge is never 0 or 100: it lowers coverage and confidence, which stand beside the score.
import { CATEGORIES, type Category, type KpiResult } from '../kpis/kpi.ts';
import type { CategoryWeights, Weights } from '../policy/score-weights.ts';
import { MIN_CATEGORY_COVERAGE, MIN_OVERALL_CONFIDENCE } from '../policy/weights.ts';
import type { Cap, CategoryScore, Scorecard } from './scorecard.ts';

/** One KPI as the aggregation sees it. */
export interface WeightedScore {
  /** Weight inside the category, after goal multipliers; 0 takes it out. */
  weight: number;
  /** 0..1: how much of the weight the measurement deserves. */
  confidence: number;
  /** 0..100, null when missing. */
  score: number | null;
}

export interface CategoryMean {
  score: number | null;
  /** 0..1: known weight over applicable weight; 0 when nothing applies. */
  coverage: number;
  /** False: no KPI of the category applies, so it leaves the overall score. */
  applies: boolean;
}

/** Weighted mean of what is known in one category. */
export function aggregateCategory(kpis: readonly WeightedScore[]): CategoryMean {
  const applicable = kpis.reduce((total, kpi) => total + kpi.weight, 0);
  let known = 0;
  let points = 0;
  for (const { weight, confidence, score } of kpis) {
    if (score === null) continue;
    known += weight * confidence;
    points += weight * confidence * score;
  }
  return {
    score: known > 0 ? points / known : null,
    coverage: applicable > 0 ? known / applicable : 0,
    applies: applicable > 0,
  };
}

export interface Overall {
  /** Null when nothing is known. */
  score: number | null;
  /** 0..1 */
  confidence: number;
  bounds: { lower: number; upper: number };
}

/**
 * Overall score: each category counts by weight times coverage, so that it equals the flat mean over what is known.
 * The bounds are what the score would be if everything missing were 0, or 100.
 */
export function aggregateOverall(
  categories: Readonly<Record<Category, CategoryMean>>,
  weights: CategoryWeights,
): Overall {
  let applicable = 0;
  let known = 0;
  let points = 0;
  for (const category of CATEGORIES) {
    const { score, coverage, applies } = categories[category];
    if (!applies) continue;
    applicable += weights[category];
    known += weights[category] * coverage;
    points += weights[category] * coverage * (score ?? 0);
  }
  if (applicable === 0) return { score: null, confidence: 0, bounds: { lower: 0, upper: 100 } };
  return {
    score: known > 0 ? points / known : null,
    confidence: known / applicable,
    bounds: { lower: points / applicable, upper: (points + 100 * (applicable - known)) / applicable },
  };
}

/** The score under its caps. */
export function capped(score: number, caps: readonly Cap[]): number {
  return Math.min(score, ...caps.map((cap) => cap.max));
}

/** The scorecard of a run. `caps` come from `capsFrom`, lowest first; only those below the score are kept in it. */
export function buildScorecard(
  kpis: readonly KpiResult[],
  caps: readonly Cap[],
  { weights }: { weights: Pick<Weights, 'categories'> },
): Scorecard {
  const means = Object.fromEntries(
    CATEGORIES.map((category) => [
      category,
      aggregateCategory(kpis.filter((kpi) => kpi.category === category).map(asWeightedScore)),
    ]),
  ) as Record<Category, CategoryMean>;
  const overall = aggregateOverall(means, weights.categories);
  const uncapped = overall.confidence >= MIN_OVERALL_CONFIDENCE ? overall.score : null;
  const reach = overall.score ?? overall.bounds.upper;
  return {
    score: uncapped === null ? null : capped(uncapped, caps),
    uncapped,
    confidence: overall.confidence,
    bounds: overall.bounds,
    caps: caps.filter((cap) => cap.max < reach),
    categories: CATEGORIES.map((category) => categoryScore(category, means[category], weights.categories)),
    kpis,
  };
}

function categoryScore(category: Category, mean: CategoryMean, weights: CategoryWeights): CategoryScore {
  return {
    category,
    score: mean.coverage >= MIN_CATEGORY_COVERAGE ? mean.score : null,
    coverage: mean.coverage,
    weight: mean.applies ? weights[category] : 0,
  };
}

/** A result carries its weight with the confidence already in it; the denominator needs the weight without. */
function asWeightedScore({ reading, score, weight }: KpiResult): WeightedScore {
  const confidence = reading.state === 'ok' ? reading.confidence : 1;
  return { weight: confidence > 0 ? weight / confidence : 0, confidence, score };
}
