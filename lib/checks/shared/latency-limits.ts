// Good and bad latencies are the control points of the KPIs' curves: a check does not have a second opinion.
import { curveOf } from '../../policy/kpi-curves.ts';
import type { RunContext } from '../check.ts';

/** Milliseconds. K07: produce requests, K08: consumer fetches. */
export function latencyLimits(kpi: 'K07' | 'K08', { environment, goal }: RunContext): { good: number; bad: number } {
  const curve = curveOf(kpi, environment, goal);
  if (curve?.kind !== 'log-normal') throw new RangeError(`${kpi} has no log-normal curve`);
  return curve;
}
