// The whole product on one page: a snapshot is judged, scored, priced and compared with the run before; the report is rendered.
// Collecting comes before (lib/collect/collect-snapshot.ts), publishing after (lib/publish/); the command line and the Lambdas call these.
import { groupStatuses } from './analysis/consumer-status.ts';
import { monthlyCost } from './analysis/cost.ts';
import { CHECKS } from './checks/registry.ts';
import { runChecks } from './checks/run-checks.ts';
import { clusterIdentityOf, runContextOf } from './checks/run-context.ts';
import type { RunRecord } from './history/history.ts';
import { KPIS } from './kpis/registry.ts';
import { runKpis } from './kpis/run-kpis.ts';
import { hasExpired } from './policy/objectives.ts';
import type { Policy } from './policy/policy.ts';
import { buildReport } from './report/build-report.ts';
import { renderEmailText } from './report/email-text.ts';
import { renderHtml } from './report/html.ts';
import { renderJson } from './report/json.ts';
import type { Artifact, Report } from './report/report.ts';
import { capsFrom } from './scorecard/caps.ts';
import { buildScorecard } from './scorecard/score.ts';
import { overallVerdict } from './scorecard/verdict.ts';
import type { Snapshot } from './snapshot/schema.ts';

export interface JudgeInputs {
  snapshot: Snapshot;
  policy: Policy;
  /** What the run before left, or null. */
  previous: RunRecord | null;
  runId: string;
  toolVersion: string;
  /** From outside the snapshot: an unreadable earlier run, a policy that was refused, a recorded demonstration. */
  notices?: readonly string[];
}

/** Pure: the same inputs give the same report, byte for byte. */
export function judge({ snapshot, policy, previous, runId, toolVersion, notices }: JudgeInputs): Report {
  const run = runContextOf(snapshot, policy);
  const clusterIdentity = clusterIdentityOf(snapshot);
  const waivers = policy.waivers.filter((waiver) => !hasExpired(waiver, run.takenAtMs));
  const checkResults = runChecks({ snapshot, thresholds: policy.checks, run, clusterIdentity, waivers });
  const kpis = runKpis(snapshot.sections, run);
  const scorecard = buildScorecard(kpis, capsFrom(checkResults, run), run);
  return buildReport({
    snapshot,
    policy,
    run,
    runId,
    toolVersion,
    clusterIdentity,
    checks: CHECKS,
    kpis: KPIS,
    checkResults,
    scorecard,
    verdict: overallVerdict(checkResults, scorecard.confidence),
    previous,
    cost: monthlyCost(snapshot.sections.cluster, snapshot.sections.prices, snapshot.sections),
    groupStatuses: statusesOf(snapshot, policy),
    ...(notices === undefined ? {} : { notices }),
  });
}

function statusesOf({ sections, takenAtMs }: Snapshot, { lag }: Policy) {
  const { kafkaGroups, kafkaOffsets, kafkaSamples } = sections;
  if (!kafkaGroups?.ok || !kafkaOffsets?.ok) return null;
  const samples = kafkaSamples?.ok ? kafkaSamples.value : null;
  return groupStatuses({ groups: kafkaGroups.value, offsets: kafkaOffsets.value, samples, lag, takenAtMs });
}

/** Formats that are files; the terminal summary is a rendering of its own. */
export const ARTIFACT_FORMATS = ['html', 'email', 'json'] as const;
export type ArtifactFormat = (typeof ARTIFACT_FORMATS)[number];

const RENDERERS: Readonly<Record<ArtifactFormat, (report: Report) => Artifact>> = {
  html: renderHtml,
  email: renderEmailText,
  json: renderJson,
};

/** One artifact per format, in the order asked for. */
export function renderArtifacts(report: Report, formats: readonly ArtifactFormat[]): Artifact[] {
  return formats.map((format) => RENDERERS[format](report));
}
