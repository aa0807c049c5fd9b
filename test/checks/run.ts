// Runs one check, or all, over a built snapshot with the default policy: what every check test needs.
import type { CheckResult } from '../../lib/checks/check.ts';
import { clusterIdentityOf, runContextOf } from '../../lib/checks/run-context.ts';
import { CHECKS } from '../../lib/checks/registry.ts';
import { runChecks } from '../../lib/checks/run-checks.ts';
import type { Environment, Goal } from '../../lib/policy/environment.ts';
import { resolvePolicy } from '../../lib/policy/resolve-policy.ts';
import type { PolicyOverrides } from '../../lib/policy/schema.ts';
import type { CheckId } from '../../lib/policy/thresholds.ts';
import type { Snapshot } from '../../lib/snapshot/schema.ts';
import type { SnapshotBuilder } from '../builders/a-snapshot.ts';

export interface RunOptions {
  environment?: Environment;
  goal?: Goal;
  overrides?: PolicyOverrides;
}

export function runAll(source: SnapshotBuilder | Snapshot, options: RunOptions = {}): CheckResult[] {
  const snapshot = 'build' in source ? source.build() : source;
  const policy = resolvePolicy({
    overrides: options.overrides ?? null,
    tags: null,
    clusterName: 'orders',
    cliEnvironment: options.environment ?? 'production',
    cliGoal: options.goal ?? 'balanced',
  });
  const run = runContextOf(snapshot, policy);
  return runChecks({ snapshot, thresholds: policy.checks, run, clusterIdentity: clusterIdentityOf(snapshot) });
}

export function runCheck(id: CheckId, source: SnapshotBuilder | Snapshot, options: RunOptions = {}): CheckResult {
  return runAll(source, options)[CHECKS.findIndex((check) => check.id === id)]!;
}

/** What most cases compare: the verdict, and each finding's resource and severity. */
export function verdictOf(result: CheckResult) {
  return {
    status: result.status,
    findings: result.findings.map(({ resource, severity }) => `${severity} ${resource}`),
  };
}
