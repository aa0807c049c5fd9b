// A run over a built snapshot, for tests of KPIs: what the product derives from snapshot and policy, with the environment and goal chosen here.

import type { RunContext } from '../../lib/checks/check.ts';
import { runContextOf } from '../../lib/checks/run-context.ts';
import type { KpiReading } from '../../lib/kpis/kpi.ts';
import { KPIS } from '../../lib/kpis/registry.ts';
import { runKpis } from '../../lib/kpis/run-kpis.ts';
import { resolvePolicy } from '../../lib/policy/resolve-policy.ts';
import { STAND_INS } from '../../lib/policy/weights.ts';
import { CLUSTER_NAME, type SnapshotBuilder } from '../builders/a-snapshot.ts';

export function aRun(builder: SnapshotBuilder, fields: Partial<RunContext> = {}): RunContext {
  const policy = resolvePolicy({
    overrides: null,
    tags: null,
    clusterName: CLUSTER_NAME,
    cliEnvironment: fields.environment ?? 'production',
    cliGoal: fields.goal ?? 'balanced',
  });
  return {
    ...runContextOf(builder.build(), policy),
    lag: { allowedMessages: 100, allowedSeconds: 60, minSamples: 3, minSpanSec: 120 },
    ...fields,
  };
}

/** The result of one KPI by its name. */
export function kpi(name: string, builder: SnapshotBuilder, fields: Partial<RunContext> = {}) {
  const id = KPIS.find((each) => each.name === name)?.id ?? '';
  // With the one that it stands in for: their weights hang together.
  const wanted = KPIS.filter((each) => each.id === id || each.id === STAND_INS[id]?.whenMissing);
  const result = runKpis(builder.build().sections, aRun(builder, fields), wanted).find((each) => each.name === name);
  if (result === undefined) throw new Error(`no KPI ${name}`);
  return result;
}

/** Its reading; a value with its confidence is the usual question. */
export function reading(name: string, builder: SnapshotBuilder, fields: Partial<RunContext> = {}): KpiReading {
  return kpi(name, builder, fields).reading;
}
