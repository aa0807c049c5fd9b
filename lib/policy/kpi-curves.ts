// Which curve scores each KPI, by environment and goal. good (90) and bad (50) are the control points: there is no second
// set of thresholds that could drift away from them. Null = the KPI is not judged in that environment.
import { type Curve, logNormal, piecewise } from '../kpis/curves.ts';
import type { Environment, Goal } from './environment.ts';

type ByEnvironment = Readonly<Record<Environment, Curve | null>>;
type ByGoal = Readonly<Record<Goal, readonly [good: number, bad: number]>>;

/** How much more latency and lag an environment tolerates. */
const LATENCY_FACTOR: Readonly<Record<Environment, number>> = { production: 1, staging: 1.5, development: 3 };
const LAG_FACTOR: Readonly<Record<Environment, number>> = { production: 1, staging: 3, development: 10 };

/** Milliseconds of broker work on a consumer's fetch, without the time that it waits for records. */
const FETCH_SERVICE_MS: ByGoal = {
  balanced: [10, 50],
  latency: [5, 20],
  throughput: [20, 100],
  durability: [10, 50],
  cost: [20, 100],
};

/** Milliseconds; includes the wait for all in-sync replicas. */
const PRODUCE_LATENCY_MS: ByGoal = {
  balanced: [25, 100],
  latency: [10, 25],
  throughput: [50, 250],
  durability: [30, 100],
  cost: [50, 250],
};

const TIME_LAG_SEC: ByGoal = {
  balanced: [60, 300],
  latency: [5, 60],
  throughput: [300, 1800],
  durability: [60, 300],
  cost: [300, 3600],
};

/** Bytes of a stored batch: what a good batch is depends on what the cluster is for. */
const BATCHES_FOR_ALL = steps([32_768, 16_384, 2_048, 256], 'log2');
const BATCHES_FOR_VOLUME = steps([65_536, 32_768, 8_192, 1_024], 'log2');
const BATCH_BYTES: Readonly<Record<Goal, Curve>> = {
  balanced: BATCHES_FOR_ALL,
  latency: steps([16_384, 4_096, 512, 128], 'log2'),
  throughput: BATCHES_FOR_VOLUME,
  durability: BATCHES_FOR_ALL,
  cost: BATCHES_FOR_VOLUME,
};

/** One offline partition is an outage for its readers and writers: there is no middle. */
const NONE_OR_NOTHING: Curve = {
  kind: 'piecewise',
  anchors: [
    [0, 100],
    [1, 0],
  ],
  axis: 'linear',
};

/** Minutes: 100 at none, 50 at `half`, 0 at `zero`. */
function minutes(half: number, zero: number): Curve {
  return {
    kind: 'piecewise',
    anchors: [
      [0, 100],
      [half, 50],
      [zero, 0],
    ],
    axis: 'linear',
  };
}

type Steps = readonly [at100: number, at90: number, at50: number, at0: number];

function steps([at100, at90, at50, at0]: Steps, axis: 'linear' | 'log2' = 'linear'): Curve {
  return { ...piecewise(at100, at90, at50, at0), axis } as Curve;
}

function by(production: Steps, staging: Steps, development: Steps | null): ByEnvironment {
  return {
    production: steps(production),
    staging: steps(staging),
    development: development === null ? null : steps(development),
  };
}

const CURVES = {
  K01: by([0, 0.05, 0.1, 1], [0, 0.2, 0.5, 3], [0, 1, 3, 10]),
  K02: { production: NONE_OR_NOTHING, staging: NONE_OR_NOTHING, development: NONE_OR_NOTHING },
  K03: by([0, 0.01, 0.5, 5], [0, 0.1, 1, 10], [0, 1, 5, 30]),
  K04: { production: minutes(1, 10), staging: minutes(3, 30), development: minutes(10, 120) },
  K05: by([100, 99, 95, 80], [100, 95, 80, 50], null),
  K06: by([100, 99, 95, 80], [100, 95, 80, 50], null),
  K07: (goal, environment) => scaled(PRODUCE_LATENCY_MS[goal], LATENCY_FACTOR[environment]),
  K08: (goal, environment) => scaled(FETCH_SERVICE_MS[goal], LATENCY_FACTOR[environment]),
  K09: by([50, 60, 80, 100], [60, 70, 90, 110], [60, 75, 95, 120]),
  K10: by([0, 0.5, 5, 30], [0, 1, 10, 40], [0, 5, 20, 60]),
  // Apache Kafka, operations: request handlers are ideally idle for more than 30 % of the time.
  K11: by([40, 70, 90, 100], [40, 70, 90, 100], [50, 80, 95, 100]),
  K12: by([40, 70, 90, 100], [40, 70, 90, 100], [50, 80, 95, 100]),
  K13: (goal) => BATCH_BYTES[goal],
  K14: (goal) => steps(goal === 'latency' ? [90, 70, 30, 0] : [100, 90, 50, 0]),
  K15: by([0, 0.1, 1, 5], [0, 0.5, 2, 10], [0, 1, 5, 20]),
  K16: (goal, environment) => scaled(TIME_LAG_SEC[goal], LAG_FACTOR[environment]),
  K17: (_goal, environment) => scaled([1000, 10_000], LAG_FACTOR[environment]),
  K18: by([100, 99, 95, 80], [100, 95, 85, 60], [100, 85, 60, 20]),
  K19: by([0, 1, 5, 20], [0, 2, 10, 30], [0, 5, 20, 50]),
  K20: by([0, 20, 50, 80], [0, 30, 60, 90], [0, 50, 80, 100]),
  K21: by([2, 1.5, 1.1, 1], [2, 1.3, 1.05, 0.9], null),
  K22: by([1, 1.2, 1.5, 2], [1, 1.3, 1.7, 2.5], [1, 1.5, 2, 3]),
  K23: by([1, 1.1, 1.25, 1.6], [1, 1.2, 1.5, 2], [1, 1.5, 2, 3]),
  K24: by([1.2, 1.5, 3, 10], [1.2, 1.5, 3, 10], [1.5, 2, 5, 20]),
  K25: by([50, 70, 100, 150], [60, 80, 110, 150], [70, 90, 120, 150]),
  // Amazon MSK best practices: keep CpuUser + CpuSystem under 60 %, so that a broker's load fits on the others when it restarts.
  K26: by([40, 60, 70, 90], [50, 65, 80, 95], [60, 75, 90, 100]),
  K27: by([60, 85, 100, 120], [70, 95, 110, 130], null),
  // Amazon MSK best practices: act when the data log disk reaches 85 %.
  K28: by([50, 70, 85, 95], [60, 75, 88, 96], [70, 80, 92, 97]),
  K29: by([90, 30, 7, 1], [60, 14, 4, 1], [30, 7, 2, 0.5]),
  K30: by([40, 60, 80, 100], [50, 70, 90, 100], [60, 80, 95, 100]),
  // Amazon MSK best practices: an alarm at 60 % of the heap after garbage collection.
  K31: by([40, 60, 80, 95], [40, 60, 80, 95], [50, 70, 90, 98]),
  K32: by([40, 60, 80, 100], [40, 60, 80, 100], [50, 75, 90, 100]),
  K33: by([365, 180, 60, 0], [270, 120, 30, 0], [180, 60, 0, -90]),
  K34: by([100, 95, 80, 50], [100, 90, 70, 40], [100, 80, 50, 20]),
  K35: by([0, 10, 30, 60], [0, 10, 30, 60], [0, 15, 40, 70]),
  K36: by([0, 5, 20, 50], [0, 10, 30, 60], [0, 20, 50, 80]),
} as const satisfies Readonly<Record<string, ByEnvironment | ((goal: Goal, environment: Environment) => Curve)>>;

export type KpiId = keyof typeof CURVES;
export const KPI_IDS = Object.keys(CURVES) as KpiId[];

/** Curve of a KPI; null when the environment does not judge it. Throws for an id without a curve: every KPI of the registry has one. */
export function curveOf(kpiId: string, environment: Environment, goal: Goal): Curve | null {
  const curve: ByEnvironment | ((goal: Goal, environment: Environment) => Curve) | undefined = CURVES[kpiId as KpiId];
  if (curve === undefined) throw new RangeError(`no curve for KPI ${kpiId}`);
  return typeof curve === 'function' ? curve(goal, environment) : curve[environment];
}

function scaled([good, bad]: readonly [number, number], factor: number): Curve {
  return logNormal(good * factor, bad * factor);
}
