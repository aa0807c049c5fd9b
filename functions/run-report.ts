// One run of the report function, in reading order: found published already, or collected, judged, rendered, published.
import { clusterNameOf } from '../lib/checks/run-context.ts';
import { parseClusterArn } from '../lib/collect/msk/cluster-arn.ts';
import type { RunRecord } from '../lib/history/history.ts';
import { runRecordOf } from '../lib/history/record.ts';
import type { Policy, SamplingPolicy } from '../lib/policy/policy.ts';
import { resolvePolicy } from '../lib/policy/resolve-policy.ts';
import { dayInZone, type RunKeys, runKeys } from '../lib/publish/keys.ts';
import { loadPreviousRun } from '../lib/publish/previous-run.ts';
import {
  completeRun,
  findPublished,
  keepSnapshot,
  keptSnapshot,
  publishReport,
  type Send,
} from '../lib/publish/publish-report.ts';
import type { TopicMessage } from '../lib/publish/sns.ts';
import type { ObjectStore } from '../lib/publish/store.ts';
import type { Report } from '../lib/report/report.ts';
import { renderSnsMessage } from '../lib/report/sns-message.ts';
import { loadSnapshot } from '../lib/snapshot/load.ts';
import { redactSnapshot } from '../lib/snapshot/redact.ts';
import { saveSnapshot } from '../lib/snapshot/save.ts';
import type { Snapshot } from '../lib/snapshot/schema.ts';
import { TOOL_VERSION } from '../lib/version.ts';
import type { ReportRequest } from './report-event.ts';
import { loadStoredPolicy, type StoredPolicy } from './run-policy.ts';

/** The outside world of a run; a test stands in for each. */
export interface RunPorts {
  store: ObjectStore;
  collect(request: ReportRequest, sampling: SamplingPolicy): Promise<Snapshot>;
  publish(message: TopicMessage): Promise<string>;
  now(): number;
  /** Where a reader of the message finds an object of the bucket. */
  locationOf(key: string): string;
}

export interface RunOutcome {
  report: Report;
  keys: RunKeys;
  /** What a reader opens: report.html, or report.json where no HTML was wanted. */
  reportKey: string;
  /** False when an earlier attempt had published this run. */
  fresh: boolean;
  policyRejected: boolean;
}

/** One look at the offsets: an answer within 45 s; whether consumers move is then left open. */
const QUICK = { samples: 1, intervalSec: 1 };

export async function runReport(
  request: ReportRequest,
  settings: { policyKey: string | null; scheduleTimeZone: string },
  ports: RunPorts,
): Promise<RunOutcome> {
  const { accountId, name, region, uuid } = parseClusterArn(request.clusterArn);
  const dt = dayInZone(request.scheduledMs ?? ports.now(), settings.scheduleTimeZone);
  const keys = runKeys({ accountId, name, region, identity: uuid }, { id: request.runId, dt });
  const published = await findPublished(ports.store, keys);
  if (published !== null) return await resume(published, request, keys, ports);

  const stored = await loadStoredPolicy(ports.store, settings.policyKey);
  // Half of the bundle is the catalogue of checks: it is loaded while the cluster answers.
  const [snapshot, { judge, renderArtifacts }] = await Promise.all([
    snapshotOf(request, stored, keys, ports),
    import('../lib/checkup.ts'),
  ]);
  const previous = await loadPreviousRun(ports.store, keys.latest);
  if (previous.record?.runId === request.runId) return await yieldTo(request, keys, ports);
  const report = judge({
    snapshot,
    policy: policyOf(request, stored, snapshot),
    previous: previous.record,
    runId: request.runId,
    toolVersion: TOOL_VERSION,
    notices: [previous.notice, stored.rejected].filter((notice) => notice !== null),
  });
  const [json, html] = renderArtifacts(report, request.withHtml ? ['json', 'html'] : ['json']);
  const publication = {
    keys,
    html: html?.body ?? null,
    json: json?.body ?? '',
    latest: latestOf(report, previous.record, request),
  };
  const committed = await publishReport(ports.store, publication, sendOf(report, request, keys, ports));
  if (!committed) return await yieldTo(request, keys, ports);
  return { report, keys, reportKey: reportKeyOf(request, keys), fresh: true, policyRejected: stored.rejected !== null };
}

/** The snapshot of an earlier attempt at this run, else a new one. */
async function snapshotOf(
  request: ReportRequest,
  stored: StoredPolicy,
  keys: RunKeys,
  ports: RunPorts,
): Promise<Snapshot> {
  const kept = await keptSnapshot(ports.store, keys);
  if (kept !== null) return parseKept(kept, keys);
  const full = policyOf(request, stored, null).sampling;
  const taken = await ports.collect(request, request.sampling === 'quick' ? { ...full, ...QUICK } : full);
  return parseKept(
    await keepSnapshot(ports.store, keys, saveSnapshot(redactSnapshot(taken, { keepAccount: true }))),
    keys,
  );
}

function parseKept(text: string, keys: RunKeys): Snapshot {
  const loaded = loadSnapshot(text);
  if (!loaded.ok) throw new Error(`${keys.snapshot}: ${loaded.message}`);
  return loaded.snapshot;
}

function policyOf(request: ReportRequest, stored: StoredPolicy, snapshot: Snapshot | null): Policy {
  const tags = snapshot?.sections.tags;
  return resolvePolicy({
    overrides: stored.overrides,
    tags: tags?.ok === true ? tags.value : null,
    clusterName: snapshot === null ? '' : clusterNameOf(snapshot),
    cliEnvironment: request.environment,
    cliGoal: request.goal,
  });
}

function latestOf(report: Report, previous: RunRecord | null, request: ReportRequest) {
  if (!request.scheduled) return null;
  return { text: `${JSON.stringify(runRecordOf(report, previous))}\n`, takenAtMs: report.takenAtMs };
}

function sendOf(report: Report, request: ReportRequest, keys: RunKeys, ports: RunPorts): Send {
  if (!request.notify) return null;
  return async () => {
    const { subject, message, attributes } = renderSnsMessage(report, {
      location: ports.locationOf(reportKeyOf(request, keys)),
    });
    return await ports.publish({ subject, body: message, perProtocol: true, attributes });
  };
}

function reportKeyOf(request: ReportRequest, keys: RunKeys): string {
  return request.withHtml ? keys.html : keys.json;
}

/** A run that is published already: only what its first attempt did not come to is done. */
async function resume(json: string, request: ReportRequest, keys: RunKeys, ports: RunPorts): Promise<RunOutcome> {
  const report = JSON.parse(json) as Report;
  const previous = await loadPreviousRun(ports.store, keys.latest);
  const latest = previous.record?.runId === request.runId ? null : latestOf(report, previous.record, request);
  await completeRun(ports.store, { keys, latest }, sendOf(report, request, keys, ports));
  return { report, keys, reportKey: reportKeyOf(request, keys), fresh: false, policyRejected: false };
}

/** Another attempt committed this run a moment ago and is about to send its message. */
async function yieldTo(request: ReportRequest, keys: RunKeys, ports: RunPorts): Promise<RunOutcome> {
  const json = await findPublished(ports.store, keys);
  if (json === null) throw new Error(`run ${request.runId} was committed elsewhere, yet ${keys.json} is not there`);
  const report = JSON.parse(json) as Report;
  return { report, keys, reportKey: reportKeyOf(request, keys), fresh: false, policyRejected: false };
}
