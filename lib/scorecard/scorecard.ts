// What the scorecard holds: scores that never hide missing knowledge.
import type { Category, KpiResult } from '../kpis/kpi.ts';

export interface CategoryScore {
  category: Category;
  /** Null when nothing is known or coverage is below what is shown (0.4). */
  score: number | null;
  /** 0..1: known weight over applicable weight. */
  coverage: number;
  weight: number;
}

export interface Cap {
  rule: string;
  /** Upper limit of the overall score. */
  max: number;
}

export interface Scorecard {
  /** Null when confidence is below 0.6. */
  score: number | null;
  /** The score before caps, null like `score`. */
  uncapped: number | null;
  /** 0..1 */
  confidence: number;
  /** All missing = 0 and all missing = 100. */
  bounds: { lower: number; upper: number };
  /** Caps that bit, lowest first. */
  caps: readonly Cap[];
  categories: readonly CategoryScore[];
  kpis: readonly KpiResult[];
}
