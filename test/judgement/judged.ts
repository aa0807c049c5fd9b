// Judges a whole fixture as a run would: environment and policy from its tags, no run before it.

import type { AnyCheck, CheckResult } from '../../lib/checks/check.ts';
import { CHECKS } from '../../lib/checks/registry.ts';
import { runChecks } from '../../lib/checks/run-checks.ts';
import { clusterIdentityOf, runContextOf } from '../../lib/checks/run-context.ts';
import { judge } from '../../lib/checkup.ts';
import { runKpis } from '../../lib/kpis/run-kpis.ts';
import type { Policy } from '../../lib/policy/policy.ts';
import { resolvePolicy } from '../../lib/policy/resolve-policy.ts';
import type { Report } from '../../lib/report/report.ts';
import { buildScorecard } from '../../lib/scorecard/score.ts';
import type { Scorecard } from '../../lib/scorecard/scorecard.ts';
import type { Snapshot } from '../../lib/snapshot/schema.ts';
import type { Fixture } from '../fixtures/clusters/fixture.ts';
import { HEALTHY } from '../fixtures/clusters/healthy.ts';
import { INCIDENTS } from '../fixtures/clusters/incidents.ts';
import { KINDS } from '../fixtures/clusters/kinds.ts';
import { TROUBLED } from '../fixtures/clusters/troubled.ts';

/** Every whole cluster by its name. */
export const FIXTURES: Readonly<Record<string, Fixture>> = { ...HEALTHY, ...KINDS, ...INCIDENTS, ...TROUBLED };

const REGISTERED: ReadonlySet<string> = new Set(CHECKS.map(({ id }) => id));

export function isRegistered(checkId: string): boolean {
  return REGISTERED.has(checkId);
}

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

/** The score alone, without the caps that checks put on it. */
export function scoreSnapshot(snapshot: Snapshot): Scorecard {
  const run = runContextOf(snapshot, policyOf(snapshot));
  return buildScorecard(runKpis(snapshot.sections, run), [], run);
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
