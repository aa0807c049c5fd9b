// How much each category, KPI and severity counts, and which facts cap the whole score.
import type { Effort, Severity } from '../checks/check.ts';
import type { Category } from '../kpis/category.ts';
import type { Environment, Goal } from './environment.ts';
import { KPI_IDS } from './kpi-curves.ts';
import type { PolicyOverrides } from './schema.ts';
import type { CategoryWeights, Weights } from './score-weights.ts';

/** Of 100, before the environment's factor. */
const CATEGORY_WEIGHTS: Readonly<Record<Goal, CategoryWeights>> = {
  balanced: { availability: 25, performance: 20, consumers: 20, balance: 8, capacity: 15, security: 7, cost: 5 },
  latency: { availability: 20, performance: 30, consumers: 22, balance: 8, capacity: 13, security: 4, cost: 3 },
  throughput: { availability: 18, performance: 28, consumers: 18, balance: 12, capacity: 16, security: 4, cost: 4 },
  durability: { availability: 40, performance: 10, consumers: 18, balance: 6, capacity: 14, security: 9, cost: 3 },
  cost: { availability: 18, performance: 14, consumers: 14, balance: 8, capacity: 14, security: 6, cost: 26 },
};

/** Outside production availability counts less and cost more. */
const ENVIRONMENT_FACTORS: Readonly<Record<Environment, Partial<CategoryWeights>>> = {
  production: {},
  staging: { availability: 0.8, cost: 1.2 },
  development: { availability: 0.5, security: 0.7, cost: 1.5 },
};

/** Multiplies a KPI's weight inside its category; a KPI that is not named keeps its weight. */
const KPI_MULTIPLIERS: Readonly<Record<Goal, Readonly<Record<string, number>>>> = {
  balanced: {},
  latency: { K07: 1.5, K08: 1.5, K16: 1.5, K13: 0.5, K14: 0.5 },
  throughput: { K09: 1.5, K13: 1.5, K14: 1.3, K24: 1.3, K07: 0.6 },
  durability: { K05: 2, K03: 1.3, K06: 1.3, K20: 1.3, K27: 1.3 },
  cost: { K14: 2, K13: 1.3, K07: 0.6 },
};

/** A KPI that counts more when a better one is missing: messages say little beside time, but more than nothing. */
export const STAND_INS: Readonly<Record<string, { whenMissing: string; weight: number }>> = {
  K17: { whenMissing: 'K16', weight: 4 },
};

/** Category weights of a run; they sum to 100. */
export function categoryWeights(environment: Environment, goal: Goal): CategoryWeights {
  const factors = ENVIRONMENT_FACTORS[environment];
  const raw = Object.entries(CATEGORY_WEIGHTS[goal]).map(
    ([category, weight]) => [category, weight * (factors[category as Category] ?? 1)] as const,
  );
  return sumToHundred(Object.fromEntries(raw) as CategoryWeights);
}

function sumToHundred(weights: CategoryWeights): CategoryWeights {
  const total = Object.values(weights).reduce((all, weight) => all + weight, 0);
  const shares = Object.entries(weights).map(([category, weight]) => [category, (100 * weight) / total] as const);
  return Object.fromEntries(shares) as CategoryWeights;
}

/** What is sampled counts half where nobody tunes it. */
const HALF_IN_DEVELOPMENT = ['K13', 'K14'];

function kpiMultiplier(kpiId: string, environment: Environment, goal: Goal): number {
  const half = environment === 'development' && HALF_IN_DEVELOPMENT.includes(kpiId) ? 0.5 : 1;
  return half * (KPI_MULTIPLIERS[goal][kpiId] ?? 1);
}

/** The weights of a run, the user's own numbers in place of ours. */
export function resolveWeights(environment: Environment, goal: Goal, own: PolicyOverrides['weights'] = {}): Weights {
  const kpis = Object.fromEntries(KPI_IDS.map((id) => [id, own.kpis?.[id] ?? kpiMultiplier(id, environment, goal)]));
  return { categories: sumToHundred({ ...categoryWeights(environment, goal), ...own.categories }), kpis };
}

/** A score is shown only where enough is known. */
export const MIN_CATEGORY_COVERAGE = 0.4;
export const MIN_OVERALL_CONFIDENCE = 0.6;

/** Upper limits of the overall score while a fact holds; null = no cap in that environment. */
export const CAPS = {
  'offline-partitions-now': { production: 29, staging: 29, development: 60 },
  'under-min-isr-now': { production: 49, staging: 49, development: 49 },
  'disk-nearly-full-now': { production: 39, staging: 39, development: 39 },
  'public-unauthenticated': { production: 39, staging: 39, development: 39 },
  'records-lost': { production: 49, staging: 49, development: 49 },
  'version-past-end-of-support': { production: 69, staging: 79, development: null },
} as const satisfies Record<string, Readonly<Record<Environment, number | null>>>;
export type CapRule = keyof typeof CAPS;

/** Disk use, in percent, from which the cap applies: a full log directory stops its partitions. */
export const DISK_CAP_PERCENT = 95;

export interface RankingWeights {
  severity: Readonly<Record<Severity, number>>;
  effort: Readonly<Record<Effort, number>>;
}

/** What comes first among recommendations. */
export const RANKING: RankingWeights = {
  severity: { critical: 100, high: 60, medium: 30, low: 10, info: 1 },
  effort: { setting: 1, rollingRestart: 1.5, clientChange: 2.5, migration: 4 },
};
