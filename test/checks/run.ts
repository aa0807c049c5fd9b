// Runs one check, or all, over a built snapshot with the default policy: what every check test needs.
import { expect, test } from 'vitest';
import type { CheckResult, CheckStatus } from '../../lib/checks/check.ts';
import { CHECKS } from '../../lib/checks/registry.ts';
import { runChecks } from '../../lib/checks/run-checks.ts';
import { clusterIdentityOf, runContextOf } from '../../lib/checks/run-context.ts';
import type { Environment, Goal } from '../../lib/policy/environment.ts';
import { resolvePolicy } from '../../lib/policy/resolve-policy.ts';
import type { PolicyOverrides } from '../../lib/policy/schema.ts';
import type { CheckId } from '../../lib/policy/thresholds/index.ts';
import type { Snapshot } from '../../lib/snapshot/schema.ts';
import type { SnapshotBuilder } from '../builders/a-snapshot.ts';

export interface RunOptions {
  environment?: Environment;
  goal?: Goal;
  overrides?: PolicyOverrides;
}

export function runAll(source: SnapshotBuilder | Snapshot, options: RunOptions = {}, checks = CHECKS): CheckResult[] {
  const snapshot = 'build' in source ? source.build() : source;
  const policy = resolvePolicy({
    overrides: options.overrides ?? null,
    tags: null,
    clusterName: 'orders',
    cliEnvironment: options.environment ?? 'production',
    cliGoal: options.goal ?? 'balanced',
  });
  const run = runContextOf(snapshot, policy);
  return runChecks({ snapshot, thresholds: policy.checks, run, clusterIdentity: clusterIdentityOf(snapshot), checks });
}

export function runCheck(id: CheckId, source: SnapshotBuilder | Snapshot, options: RunOptions = {}): CheckResult {
  return runAll(
    source,
    options,
    CHECKS.filter((check) => check.id === id),
  )[0]!;
}

/** What most cases compare: the verdict, and each finding's resource and severity. */
export function verdictOf(result: CheckResult) {
  return {
    status: result.status,
    findings: result.findings.map(({ resource, severity }) => `${severity} ${resource}`),
  };
}

/** [why, snapshot, status, ...findings as `severity resource`]. */
export type VerdictCase = readonly [why: string, source: SnapshotBuilder, status: CheckStatus, ...findings: string[]];

/** The table at the heart of a check's test: one row a reason. */
export function describeVerdicts(id: CheckId, cases: readonly VerdictCase[], options: RunOptions = {}): void {
  test.each(cases.map(([why, source, status, ...findings]) => ({ why, source, status, findings })))(
    '$why',
    ({ source, status, findings }) => {
      expect(verdictOf(runCheck(id, source, options))).toEqual({ status, findings });
    },
  );
}

export function describeSeverities(
  id: CheckId,
  source: () => SnapshotBuilder,
  expected: Readonly<Record<Environment, string>>,
): void {
  test.each(Object.entries(expected) as [Environment, string][])('severity in %s: %s', (environment, severity) => {
    expect(runCheck(id, source(), { environment }).findings.map((finding) => finding.severity)).toEqual([severity]);
  });
}
