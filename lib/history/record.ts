// The record of one run, written for the next, and read back with suspicion: a record that is not understood is no record.
import * as v from 'valibot';
import { SEVERITIES } from '../checks/check.ts';
import type { Report } from '../report/report.ts';
import { HISTORY_SCHEMA_VERSION, type HistoricFinding, type RunRecord } from './history.ts';

const epochMs = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** Keys that are not known are dropped: a later version of the same schema may add some. */
const runRecordSchema = v.object({
  schemaVersion: v.literal(HISTORY_SCHEMA_VERSION),
  runId: v.string(),
  takenAtMs: epochMs,
  toolVersion: v.string(),
  policyFingerprint: v.string(),
  clusterIdentity: v.string(),
  score: v.nullable(v.number()),
  checks: v.array(
    v.object({
      checkId: v.string(),
      status: v.picklist(['pass', 'warn', 'fail', 'not-applicable', 'no-data', 'error']),
    }),
  ),
  findings: v.array(
    v.object({
      id: v.string(),
      checkId: v.string(),
      severity: v.picklist(SEVERITIES),
      scope: v.picklist(['cluster', 'broker', 'topic', 'partition', 'group']),
      resource: v.string(),
      title: v.string(),
      measured: v.nullable(v.number()),
      firstSeenMs: epochMs,
      goneSinceMs: v.optional(epochMs),
    }),
  ),
});

/**
 * What this run leaves for the next.
 *
 * @param previous the run this one was compared with: findings that nobody looked for today, and those that are gone for the first time,
 *   live on in the new record
 */
export function runRecordOf(report: Report, previous: RunRecord | null): RunRecord {
  const checksOfToday = new Set<string>(report.checks.map(({ checkId }) => checkId));
  const notRechecked = new Set(report.changes.notRechecked.map(({ id }) => id));
  // A check that no longer exists will never look again: its findings were named once and are then forgotten.
  const earlier = previous?.findings ?? [];
  const carried = earlier.filter(({ id, checkId }) => notRechecked.has(id) && checksOfToday.has(checkId));
  const clearing = new Set(report.changes.clearing.map(({ id }) => id));
  const goneOnce = earlier
    .filter(({ id }) => clearing.has(id))
    .map((each) => ({ ...each, goneSinceMs: report.takenAtMs }));
  return {
    schemaVersion: HISTORY_SCHEMA_VERSION,
    runId: report.runId,
    takenAtMs: report.takenAtMs,
    toolVersion: report.tool.version,
    policyFingerprint: report.policy.fingerprint,
    clusterIdentity: report.cluster.identity,
    score: report.scorecard.score,
    checks: report.checks.map(({ checkId, status }) => ({ checkId, status })),
    // What is waived lives on: when its waiver ends it is no new finding.
    findings: [...report.findings.map(historic), ...report.waivers.waived.map(historic), ...carried, ...goneOnce],
  };
}

function historic(finding: HistoricFinding): HistoricFinding {
  const { id, checkId, severity, scope, resource, title, measured, firstSeenMs } = finding;
  return { id, checkId, severity, scope, resource, title, measured, firstSeenMs };
}

/** The record in a parsed JSON document, or none and the sentence for the report's notices. Never throws. */
export function readRunRecord(
  document: unknown,
): { record: RunRecord; notice: null } | { record: null; notice: string } {
  const parsed = v.safeParse(runRecordSchema, document);
  if (parsed.success) return { record: parsed.output, notice: null };
  const version = v.safeParse(v.object({ schemaVersion: v.number() }), document);
  const because =
    version.success && version.output.schemaVersion > HISTORY_SCHEMA_VERSION
      ? `it was written by a newer version (schema ${version.output.schemaVersion}, this one reads ${HISTORY_SCHEMA_VERSION})`
      : 'it is damaged or of an unknown shape';
  return { record: null, notice: `The previous run could not be used: ${because}. Nothing is compared today.` };
}
