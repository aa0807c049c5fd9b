// From judgements to the Report: everything ordered, worded and counted once, so that renderers only lay out.

import type { GroupStatus } from '../analysis/consumer-status.ts';
import { compareWithBill } from '../analysis/cost-against-bill.ts';
import { clusterFigures } from '../analysis/figures.ts';
import { type CheckResult, type CheckStatus, type RunContext, SEVERITIES, type Severity } from '../checks/check.ts';
import { type Comparison, compareRuns } from '../history/compare.ts';
import type { RunRecord } from '../history/history.ts';
import type { Policy } from '../policy/policy.ts';
import { type RankedFinding, rankedFindings } from '../scorecard/ranking.ts';
import type { Scorecard } from '../scorecard/scorecard.ts';
import type { Snapshot } from '../snapshot/schema.ts';
import type { Command } from '../text/command.ts';
import { clientSettingsOf } from './build/client-settings.ts';
import { clusterOf, sectionValue } from './build/cluster.ts';
import { gapsOf, levelGapsOf, partialSections, type Reads, readSections } from './build/gaps.ts';
import { actionsOf, headlineOf } from './build/next-steps.ts';
import { degradedLines, noticesOf, stateLine } from './build/notices.ts';
import { type OwnerOf, ownersOf } from './build/owners.ts';
import { missingPermissionsOf, withoutPermissions } from './build/permissions.ts';
import { runCostOf } from './build/run-cost.ts';
import { setupLines } from './build/setup.ts';
import { brokerRows, groupRows, topicRows } from './build/tables.ts';
import { waiverNotices, waiversOf } from './build/waivers.ts';
import {
  type Cost,
  type LevelGap,
  REPORT_SCHEMA_VERSION,
  type Report,
  type ReportBill,
  type Verdict,
} from './report.ts';
import type { ReportCheck, ReportFinding } from './report-findings.ts';

/** What the report says about a check beyond its result. */
export interface CheckCard extends Reads {
  why: string;
  references: readonly string[];
}

export interface ReportInputs {
  snapshot: Snapshot;
  policy: Policy;
  run: RunContext;
  runId: string;
  toolVersion: string;
  /** MSK uuid, Kafka cluster id or name: the same that made the finding ids. */
  clusterIdentity: string;
  /** The registries, for texts and for what a missing section hides. */
  checks: readonly CheckCard[];
  kpis: readonly Reads[];
  checkResults: readonly CheckResult[];
  scorecard: Scorecard;
  verdict: Verdict;
  previous: RunRecord | null;
  cost: Cost;
  /** Null when groups or offsets were not read. */
  groupStatuses: readonly GroupStatus[] | null;
  /** From outside the snapshot: an unreadable earlier run, a policy that was refused, a recorded demonstration. */
  notices?: readonly string[];
}

export function buildReport(inputs: ReportInputs): Report {
  const { snapshot, policy, run, runId, toolVersion, clusterIdentity, scorecard, verdict, checkResults } = inputs;
  const ranked = rankedFindings(checkResults);
  const comparison = compareRuns({
    previous: inputs.previous,
    takenAtMs: snapshot.takenAtMs,
    clusterIdentity,
    findings: ranked.map(({ finding }) => finding),
    waived: checkResults.flatMap(({ waived }) => waived),
    checkResults,
    toolVersion,
    policyFingerprint: policy.fingerprint,
  });
  const cluster = clusterOf(snapshot, run, clusterIdentity);
  const ownerOf = ownersOf(policy, cluster.owner);
  const findings = ranked.map((each) => reportFinding(each, comparison, snapshot.takenAtMs, ownerOf));
  const checks = orderedChecks(inputs, findings);
  const gaps = gapsOf({ ...inputs, kpiResults: scorecard.kpis });
  const counts = countBySeverity(findings);
  const read = readSections(inputs);
  const levelGaps = levelGapsOf(snapshot, cluster);
  const runCost = runCostOf(snapshot);
  const waivers = waiversOf(checkResults, policy.waivers, comparison, snapshot.takenAtMs);
  return {
    schemaVersion: REPORT_SCHEMA_VERSION,
    tool: { name: 'msk-checkup', version: toolVersion },
    runId,
    takenAtMs: snapshot.takenAtMs,
    window: run.window,
    cluster,
    environment: policy.environment,
    goal: policy.goal,
    verdict,
    headline: headlineOf({ verdict, counts, checks, findings, gaps, state: stateLine(snapshot)[0] ?? null }),
    counts,
    scorecard,
    actions: actionsOf(checks, findings),
    findings,
    checks,
    changes: comparison.changes,
    waivers,
    gaps,
    partlyRead: partialSections(snapshot, (section) => !read.has(section)).map(({ section, detail }) => ({
      section,
      detail: withoutPermissions(detail),
    })),
    missingPermissions: missingPermissionsOf(snapshot),
    levelGaps,
    degraded: degradedLines(snapshot, run, read),
    notices: [...(inputs.notices ?? []), ...waiverNotices(waivers), ...noticesOf(snapshot, policy)],
    cost: inputs.cost,
    bill: billOf(snapshot, inputs.cost),
    runCostUsd: runCost?.usd ?? null,
    runCost,
    brokers: brokerRows(snapshot, run),
    topics: topicRows(snapshot),
    groups: groupRows(snapshot, inputs.groupStatuses),
    figures: clusterFigures(snapshot, inputs.cost.complete ? inputs.cost.usdPerMonth : null),
    clientSettings: clientSettingsOf(findings, sectionValue(snapshot, 'kafkaGroups') ?? [], policy.goal.value),
    setup: setupLines(commandsOf(checks, levelGaps), cluster, sectionValue(snapshot, 'bootstrap')),
    policy: { fingerprint: policy.fingerprint, overrides: policy.overrides },
  };
}

function billOf({ sections: { bill } }: Snapshot, cost: Cost): ReportBill | null {
  if (bill?.ok !== true) return null;
  const { startDate, endDate } = bill.value;
  return { ...compareWithBill(cost, bill.value), startDate, endDate, partial: bill.partial ?? null };
}

/** Every command of the report: what they rest on is told once. */
function commandsOf(checks: readonly ReportCheck[], levelGaps: readonly LevelGap[]): Command[] {
  return [
    ...checks.flatMap(({ recommendation, evidence }) => [
      ...(recommendation?.commands ?? []),
      ...evidence.flatMap(({ reproduce }) => reproduce ?? []),
    ]),
    ...levelGaps.flatMap(({ command }) => command ?? []),
  ];
}

function reportFinding(
  { finding, result, priority: rank }: RankedFinding,
  { lives }: Comparison,
  takenAtMs: number,
  ownerOf: OwnerOf,
): ReportFinding {
  const life = lives.get(finding.id);
  return {
    id: finding.id,
    checkId: finding.checkId,
    area: result.area,
    severity: finding.severity,
    scope: finding.scope,
    resource: finding.resource,
    title: result.title,
    measured: finding.measured,
    limit: finding.limit,
    unit: finding.unit,
    note: finding.note ?? null,
    confidence: finding.confidence,
    priority: rank,
    change: life?.change ?? null,
    firstSeenMs: life?.firstSeenMs ?? takenAtMs,
    owner: ownerOf(finding),
  };
}

const AFTER_FINDINGS: readonly CheckStatus[] = ['fail', 'warn', 'error', 'no-data', 'pass', 'not-applicable'];

/** Checks with findings in the order of their best finding, then the others by status, each in the order of the registry. */
function orderedChecks(inputs: ReportInputs, findings: readonly ReportFinding[]): ReportCheck[] {
  const cards = new Map(inputs.checks.map((card) => [card.id, card]));
  const position = new Map<string, number>();
  for (const [index, { checkId }] of findings.entries()) if (!position.has(checkId)) position.set(checkId, index);
  const place = (result: CheckResult) =>
    position.get(result.checkId) ?? findings.length + AFTER_FINDINGS.indexOf(result.status);
  return inputs.checkResults
    .toSorted((a, b) => place(a) - place(b))
    .map((result): ReportCheck => {
      const card = cards.get(result.checkId);
      return {
        checkId: result.checkId,
        area: result.area,
        status: result.status,
        title: result.title,
        summary: result.summary,
        why: card?.why ?? '',
        findingIds: result.findings.map(({ id }) => id),
        evidence: result.evidence,
        recommendation: result.recommendation,
        partial: result.partial,
        references: card?.references ?? [],
      };
    });
}

function countBySeverity(findings: readonly ReportFinding[]): Record<Severity, number> {
  const counts = Object.fromEntries(SEVERITIES.map((severity) => [severity, 0])) as Record<Severity, number>;
  for (const { severity } of findings) counts[severity] += 1;
  return counts;
}
