// A run over a built snapshot, for tests of KPIs: what the product derives from snapshot and policy, with the environment and goal chosen here.

import { isOperationRunning, maintenanceIntervals } from '../../lib/analysis/maintenance.ts';
import { topologySourceOf } from '../../lib/analysis/msk-topology.ts';
import type { RunContext } from '../../lib/checks/check.ts';
import { clusterKindOf } from '../../lib/checks/run-context.ts';
import type { KpiReading } from '../../lib/kpis/kpi.ts';
import { runKpis } from '../../lib/kpis/run-kpis.ts';
import { CLUSTER_ARN, CLUSTER_NAME, type SnapshotBuilder } from '../builders/a-snapshot.ts';

export function aRun(builder: SnapshotBuilder, fields: Partial<RunContext> = {}): RunContext {
  const snapshot = builder.build();
  const cluster = snapshot.sections.cluster?.ok ? snapshot.sections.cluster.value : null;
  const operations = snapshot.sections.operations?.ok ? snapshot.sections.operations.value : null;
  return {
    takenAtMs: snapshot.takenAtMs,
    window: snapshot.window,
    environment: 'production',
    goal: 'balanced',
    clusterKind: clusterKindOf(snapshot),
    clusterName: CLUSTER_NAME,
    clusterArn: snapshot.target.kind === 'msk' ? CLUSTER_ARN : null,
    maintenance: maintenanceIntervals(operations, cluster, snapshot.takenAtMs),
    operationRunning: isOperationRunning(operations, cluster),
    topology: topologySourceOf(snapshot.sections),
    lag: { allowedMessages: 100, allowedSeconds: 60, minSamples: 3, minSpanSec: 120 },
    ...fields,
  };
}

/** The result of one KPI by its name. */
export function kpi(name: string, builder: SnapshotBuilder, fields: Partial<RunContext> = {}) {
  const result = runKpis(builder.build().sections, aRun(builder, fields)).find((each) => each.name === name);
  if (result === undefined) throw new Error(`no KPI ${name}`);
  return result;
}

/** Its reading; a value with its confidence is the usual question. */
export function reading(name: string, builder: SnapshotBuilder, fields: Partial<RunContext> = {}): KpiReading {
  return kpi(name, builder, fields).reading;
}
