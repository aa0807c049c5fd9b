// Judges a whole fixture as a run would: environment and policy from its tags, no run before it.

import type { AnyCheck, CheckResult } from '../../lib/checks/check.ts';
import { CHECKS } from '../../lib/checks/registry.ts';
import { runChecks } from '../../lib/checks/run-checks.ts';
import { clusterIdentityOf, runContextOf } from '../../lib/checks/run-context.ts';
import { judge } from '../../lib/checkup.ts';
import type { KpiResult } from '../../lib/kpis/kpi.ts';
import { KPIS } from '../../lib/kpis/registry.ts';
import { runKpis } from '../../lib/kpis/run-kpis.ts';
import type { Policy } from '../../lib/policy/policy.ts';
import { resolvePolicy } from '../../lib/policy/resolve-policy.ts';
import { STAND_INS } from '../../lib/policy/weights.ts';
import type { Report } from '../../lib/report/report.ts';
import { buildScorecard } from '../../lib/scorecard/score.ts';
import type { Scorecard } from '../../lib/scorecard/scorecard.ts';
import type { SectionName, Snapshot } from '../../lib/snapshot/schema.ts';
import type { Fixture } from '../fixtures/clusters/fixture.ts';
import { HEALTHY } from '../fixtures/clusters/healthy.ts';
import { INCIDENTS } from '../fixtures/clusters/incidents.ts';
import { KINDS } from '../fixtures/clusters/kinds.ts';
import { TROUBLED } from '../fixtures/clusters/troubled.ts';

/** Every whole cluster by its name. */
export const FIXTURES: Readonly<Record<string, Fixture>> = { ...HEALTHY, ...KINDS, ...INCIDENTS, ...TROUBLED };

/** What a run is besides the sections that a check or KPI declares: its kind, its maintenance, who tells the topology. */
export const CONTEXT: readonly SectionName[] = [
  'cluster',
  'operations',
  'kafkaTopics',
  'kafkaTopicConfigs',
  'kafkaBrokers',
];

const policies = new Map<string, Policy>();

/** Resolved once for each cluster: a thousand judgements of one cluster ask for it. */
function policyOf({ sections: { tags, cluster } }: Snapshot): Policy {
  const sources = { tags: tags?.ok ? tags.value : null, clusterName: cluster?.ok ? cluster.value.name : 'plain' };
  const key = JSON.stringify(sources);
  const policy = policies.get(key) ?? resolvePolicy({ overrides: null, ...sources });
  policies.set(key, policy);
  return policy;
}

export function judgeSnapshot(snapshot: Snapshot): Report {
  return judge({ snapshot, policy: policyOf(snapshot), previous: null, runId: 'manual-1', toolVersion: '0.0.0-test' });
}

/** The checks alone: a third of the work of a report. */
export function checkSnapshot(snapshot: Snapshot, checks: readonly AnyCheck[] = CHECKS): readonly CheckResult[] {
  const policy = policyOf(snapshot);
  const run = runContextOf(snapshot, policy);
  return runChecks({ snapshot, thresholds: policy.checks, run, clusterIdentity: clusterIdentityOf(snapshot), checks });
}

/**
 * The score alone, without the caps that checks put on it. KPIs that do not read `changed` keep what they were; without it all are read.
 */
export function scoreSnapshot(snapshot: Snapshot, changed?: SectionName, before: readonly KpiResult[] = []): Scorecard {
  const run = runContextOf(snapshot, policyOf(snapshot));
  const isKept = (id: string) =>
    changed !== undefined && before.some((kpi) => kpi.id === id) && !readersOf(changed).has(id);
  const kept = new Map(before.filter(({ id }) => isKept(id)).map((result) => [result.id, result]));
  const fresh = runKpis(
    snapshot.sections,
    run,
    KPIS.filter(({ id }) => !kept.has(id)),
  );
  const results = KPIS.map(({ id }) => kept.get(id) ?? fresh.find((result) => result.id === id)!);
  return buildScorecard(results, [], run);
}

/** Ids of the KPIs that may change with a section: those that read it, and those that stand in for one that does. */
function readersOf(section: SectionName): ReadonlySet<string> {
  const own = KPIS.filter(({ mayUse }) => CONTEXT.includes(section) || mayUse.includes(section)).map(({ id }) => id);
  const standIns = Object.entries(STAND_INS).flatMap(([id, { whenMissing }]) =>
    own.includes(whenMissing) || own.includes(id) ? [id, whenMissing] : [],
  );
  return new Set([...own, ...standIns]);
}

const reports = new Map<string, Report>();

/** The report on a fixture, made once. */
export function reportOn(name: string): Report {
  const known = reports.get(name);
  if (known !== undefined) return known;
  const report = judgeSnapshot(FIXTURES[name]!.snapshot());
  reports.set(name, report);
  return report;
}

/** `warn check-id: what it says`, for a failing test to be read without a debugger. */
export function troubles(
  { checks }: { checks: readonly Pick<CheckResult, 'checkId' | 'status' | 'summary'>[] },
  statuses: readonly string[] = ['warn', 'fail', 'error'],
): string[] {
  return checks
    .filter(({ status }) => statuses.includes(status))
    .map(({ status, checkId, summary }) => `${status} ${checkId}: ${summary}`);
}
