// Which curve scores each KPI, by environment and goal. good (90) and bad (50) are the control points: there is no second
// set of thresholds that could drift away from them. Null = the KPI is not judged in that environment.
import { type Curve, logNormal, piecewise } from '../kpis/curves.ts';
import type { Environment, Goal } from './environment.ts';

type ByEnvironment = Readonly<Record<Environment, Curve | null>>;
type ByGoal = Readonly<Record<Goal, readonly [good: number, bad: number]>>;

/** How much more latency and lag an environment tolerates. */
const PRODUCE_LATENCY_FACTOR: Readonly<Record<Environment, number>> = { production: 1, staging: 1.5, development: 3 };
const LAG_FACTOR: Readonly<Record<Environment, number>> = { production: 1, staging: 3, development: 10 };

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

const CURVES: Readonly<Record<string, ByEnvironment>> = {
  K02: { production: NONE_OR_NOTHING, staging: NONE_OR_NOTHING, development: NONE_OR_NOTHING },
  K03: {
    production: piecewise(0, 0.01, 0.5, 5),
    staging: piecewise(0, 0.1, 1, 10),
    development: piecewise(0, 1, 5, 30),
  },
  K04: { production: minutes(1, 10), staging: minutes(3, 30), development: minutes(10, 120) },
  K05: { production: piecewise(100, 99, 95, 80), staging: piecewise(100, 95, 80, 50), development: null },
  K18: {
    production: piecewise(100, 99, 95, 80),
    staging: piecewise(100, 95, 85, 60),
    development: piecewise(100, 85, 60, 20),
  },
  K20: {
    production: piecewise(0, 20, 50, 80),
    staging: piecewise(0, 30, 60, 90),
    development: piecewise(0, 50, 80, 100),
  },
  // Amazon MSK best practices: keep CpuUser + CpuSystem under 60 %, so that a broker's load fits on the others when it restarts.
  K26: {
    production: piecewise(40, 60, 70, 90),
    staging: piecewise(50, 65, 80, 95),
    development: piecewise(60, 75, 90, 100),
  },
  // Amazon MSK best practices: act when the data log disk reaches 85 %.
  K28: {
    production: piecewise(50, 70, 85, 95),
    staging: piecewise(60, 75, 88, 96),
    development: piecewise(70, 80, 92, 97),
  },
  K33: {
    production: piecewise(365, 180, 60, 0),
    staging: piecewise(270, 120, 30, 0),
    development: piecewise(180, 60, 0, -90),
  },
};

/** Curve of a KPI; null when the environment does not judge it. Throws for an id without a curve: every KPI of the registry has one. */
export function curveOf(kpiId: string, environment: Environment, goal: Goal): Curve | null {
  if (kpiId === 'K07') return scaled(PRODUCE_LATENCY_MS[goal], PRODUCE_LATENCY_FACTOR[environment]);
  if (kpiId === 'K16') return scaled(TIME_LAG_SEC[goal], LAG_FACTOR[environment]);
  if (kpiId === 'K17') return scaled([1000, 10_000], LAG_FACTOR[environment]);
  const byEnvironment = CURVES[kpiId];
  if (byEnvironment === undefined) throw new RangeError(`no curve for KPI ${kpiId}`);
  return byEnvironment[environment];
}

function scaled([good, bad]: readonly [number, number], factor: number): Curve {
  return logNormal(good * factor, bad * factor);
}
