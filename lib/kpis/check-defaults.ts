// What a KPI shares with the check of the same question: its thresholds as they are without a policy file, so that there is one judgement.
import type { RunContext } from '../checks/check.ts';
import { thresholdValue } from '../policy/threshold.ts';
import { type CheckId, type CheckThresholds, THRESHOLD_TABLE } from '../policy/thresholds/index.ts';

/**
 * For the run's environment and goal. A user's own thresholds move checks, never scores, which must compare from cluster to cluster; but
 * what a cluster has to bear and what its owners call unused is theirs to say (K35, K36 read `run.checks`).
 */
export function checkDefaults<Id extends CheckId>(checkId: Id, { environment, goal }: RunContext): CheckThresholds[Id] {
  const slice = Object.entries(THRESHOLD_TABLE[checkId]);
  return Object.fromEntries(
    slice.map(([key, threshold]) => [key, thresholdValue(threshold, environment, goal)]),
  ) as CheckThresholds[Id];
}
