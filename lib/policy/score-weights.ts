// The shape of what a score is weighed by; the numbers are in weights.ts.
import type { Category } from '../kpis/category.ts';

export type CategoryWeights = Readonly<Record<Category, number>>;

export interface Weights {
  /** They sum to 100. */
  categories: CategoryWeights;
  /** Multiplies a KPI's weight inside its category. */
  kpis: Readonly<Record<string, number>>;
}
