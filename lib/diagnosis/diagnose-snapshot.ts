// The four trees over one judged snapshot.
import { phaseShares, produceTimes } from '../analysis/request-times.ts';
import type { CheckResult, RunContext } from '../checks/check.ts';
import { CHECKS } from '../checks/registry.ts';
import { brokerSeries } from '../checks/shared/series.ts';
import type { Snapshot } from '../snapshot/schema.ts';
import { type Diagnosis, diagnose, type Judged, type Node, type Symptom } from './cause-tree.ts';
import { LAG } from './lag.ts';
import { LATENCY } from './latency.ts';
import { LOSS } from './loss.ts';
import { THROUGHPUT } from './throughput.ts';

export const TREES: Readonly<Record<Symptom, Node>> = {
  latency: LATENCY,
  throughput: THROUGHPUT,
  loss: LOSS,
  lag: LAG,
};

/** @param results of the same snapshot and run, one for every check */
export function diagnoseSnapshot(
  symptom: Symptom,
  snapshot: Snapshot,
  results: readonly CheckResult[],
  run: RunContext,
): Diagnosis {
  const byId = new Map(results.map((result) => [result.checkId, result]));
  const judged: Judged = {
    check(id) {
      const result = byId.get(id);
      if (result === undefined) throw new RangeError(`no result of ${id}`);
      return isHidden(result, run) ? { ...result, status: 'no-data' } : result;
    },
    // AWS runs the brokers of Serverless; those outside MSK have owners who can look.
    isAwsAffair: (id) => run.clusterKind === 'serverless' && isHidden(byId.get(id)!, run),
    slowestPhase: slowestPhaseOf(snapshot, run),
  };
  return diagnose(symptom, TREES[symptom], judged);
}

/**
 * Outside provisioned MSK a check that does not apply is one that nobody can answer: the brokers of Serverless and the load of a plain
 * Kafka cluster are not shown, and what is not seen rules nothing out.
 */
function isHidden({ checkId, status }: CheckResult, { clusterKind }: RunContext): boolean {
  if (status !== 'not-applicable' || (clusterKind !== 'serverless' && clusterKind !== 'kafka')) return false;
  return CHECKS.some(({ id, appliesTo }) => id === checkId && !appliesTo.includes(clusterKind));
}

function slowestPhaseOf({ sections: { metrics } }: Snapshot, run: RunContext): Judged['slowestPhase'] {
  if (metrics?.ok !== true) return null;
  const read = (definition: Parameters<typeof brokerSeries>[1]) => brokerSeries(metrics.value, definition, run);
  const [slowest] = produceTimes(read).brokers;
  const shares = slowest === undefined ? null : phaseShares('produce', slowest.brokerId, slowest.series, read);
  return shares?.toSorted((a, b) => b.sharePercent - a.sharePercent)[0] ?? null;
}
