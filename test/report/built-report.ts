// Builds a report of a snapshot and of check results that are drawn by hand.
import { groupStatuses } from '../../lib/analysis/consumer-status.ts';
import { findingId } from '../../lib/analysis/finding-id.ts';
import type { Area, CheckResult, Effort, Finding, Impact, Severity } from '../../lib/checks/check.ts';
import { clusterIdentityOf, runContextOf } from '../../lib/checks/run-context.ts';
import { resolvePolicy } from '../../lib/policy/resolve-policy.ts';
import type { CheckId } from '../../lib/policy/thresholds/index.ts';
import { buildReport, type ReportInputs } from '../../lib/report/build-report.ts';
import type { Snapshot } from '../../lib/snapshot/schema.ts';
import { CLUSTER_UUID } from '../builders/a-snapshot.ts';
import { aReport } from './a-report.ts';

interface Drawn {
  id: CheckId;
  area?: Area;
  effort?: Effort;
  impact?: Impact;
  findings: readonly (readonly [resource: string, severity: Severity])[];
  argv?: readonly (string | { variable: 'BOOTSTRAP' | 'CURRENT_VERSION' })[];
}

/** A check that failed with these findings. */
export function drawn({
  id,
  area = 'availability',
  effort = 'setting',
  impact = { kind: 'none' },
  findings,
  argv = ['true', id],
}: Drawn): CheckResult {
  return {
    checkId: id,
    area,
    title: `title of ${id}`,
    status: 'fail',
    summary: `summary of ${id}.`,
    findings: findings.map(
      ([resource, severity]): Finding => ({
        id: findingId(id, CLUSTER_UUID, 'topic', resource),
        checkId: id,
        scope: 'topic',
        resource,
        severity,
        measured: 1,
        limit: 0,
        unit: 'count',
        confidence: 1,
      }),
    ),
    evidence: [],
    recommendation: {
      action: `Mend ${id}.`,
      confirmFirst: 'nothing',
      commands: [{ purpose: 'mend', effect: 'change', argv }],
      risk: 'none',
      expectedEffect: 'good',
      verifyAfter: 'tomorrow',
      effort,
      impact,
    },
    waived: [],
    partial: null,
  };
}

/** A check without findings and advice. */
export function answered(id: CheckId, status: CheckResult['status'], over: Partial<CheckResult> = {}): CheckResult {
  return { ...drawn({ id, findings: [] }), status, recommendation: null, ...over };
}

export function build(snapshot: Snapshot, checkResults: readonly CheckResult[], over: Partial<ReportInputs> = {}) {
  const policy = resolvePolicy({ overrides: null, tags: null, clusterName: 'orders' });
  const run = runContextOf(snapshot, policy);
  const { kafkaGroups, kafkaOffsets, kafkaSamples } = snapshot.sections;
  return buildReport({
    snapshot,
    policy,
    run,
    runId: 'r1',
    toolVersion: '0.1.0',
    clusterIdentity: clusterIdentityOf(snapshot),
    checks: checkResults.map(({ checkId }) => ({
      id: checkId,
      needs: [],
      mayUse: ['metrics'],
      why: `why ${checkId}`,
      references: [],
    })),
    kpis: [{ id: 'K07', mayUse: ['metrics'] }],
    checkResults,
    scorecard: { ...aReport().scorecard, kpis: [] },
    verdict: 'fail',
    previous: null,
    cost: aReport().cost,
    groupStatuses:
      kafkaGroups?.ok && kafkaOffsets?.ok
        ? groupStatuses({
            groups: kafkaGroups.value,
            offsets: kafkaOffsets.value,
            samples: kafkaSamples?.ok ? kafkaSamples.value : null,
            lag: policy.lag,
            takenAtMs: snapshot.takenAtMs,
          })
        : null,
    ...over,
  });
}
