// The facts of a run that are no snapshot section, taken from the snapshot and the policy: time is the snapshot's, never a clock's.

import { isOperationRunning, maintenanceIntervals } from '../analysis/maintenance.ts';
import { topologySourceOf } from '../analysis/msk-topology.ts';
import { plannedIntervals } from '../policy/objectives.ts';
import type { Policy } from '../policy/policy.ts';
import type { Snapshot } from '../snapshot/schema.ts';
import type { ClusterKind, RunContext } from './check.ts';

/** As far back as any baseline reaches. */
const BASELINE_MS = 28 * 86_400_000;

export function runContextOf(snapshot: Snapshot, policy: Policy): RunContext {
  const cluster = snapshot.sections.cluster?.ok ? snapshot.sections.cluster.value : null;
  const operations = snapshot.sections.operations?.ok ? snapshot.sections.operations.value : null;
  return {
    takenAtMs: snapshot.takenAtMs,
    window: snapshot.window,
    environment: policy.environment.value,
    goal: policy.goal.value,
    clusterKind: clusterKindOf(snapshot),
    clusterName: clusterNameOf(snapshot),
    clusterArn: snapshot.target.kind === 'msk' ? snapshot.target.clusterArn : null,
    maintenance: [
      ...maintenanceIntervals(operations, cluster, snapshot.takenAtMs),
      ...plannedIntervals(policy.planned, { startMs: snapshot.takenAtMs - BASELINE_MS, endMs: snapshot.takenAtMs }),
    ].sort((a, b) => a.startMs - b.startMs),
    operationRunning: isOperationRunning(operations, cluster),
    topology: topologySourceOf(snapshot.sections),
    lag: policy.lag,
    checks: policy.checks,
    weights: policy.weights,
    objectives: policy.objectives,
  };
}

export function clusterKindOf(snapshot: Snapshot): ClusterKind {
  if (snapshot.target.kind === 'kafka') return 'kafka';
  return snapshot.sections.cluster?.ok ? snapshot.sections.cluster.value.kind : 'unknown';
}

/** The name that people use: the described one, else the one inside the ARN, else the name given to the target. */
export function clusterNameOf(snapshot: Snapshot): string {
  if (snapshot.target.kind === 'kafka') return snapshot.target.name;
  const described = snapshot.sections.cluster;
  return described?.ok
    ? described.value.name
    : (snapshot.target.clusterArn.split('/')[1] ?? snapshot.target.clusterArn);
}

/** What finding ids are made of: the MSK uuid, else the Kafka cluster id, else the name. */
export function clusterIdentityOf(snapshot: Snapshot): string {
  if (snapshot.target.kind === 'msk') return snapshot.target.clusterArn.split('/')[2] ?? snapshot.target.clusterArn;
  const brokers = snapshot.sections.kafkaBrokers;
  return (brokers?.ok ? brokers.value.clusterId : null) ?? snapshot.target.name;
}
