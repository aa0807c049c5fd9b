// What changed since the previous run. A finding has a life: it is gone only when its check looked again and did not find it, twice.
import { type CheckResult, type Finding, SEVERITIES, type Severity } from '../checks/check.ts';
import type { ChangeState, Changes } from '../report/report-findings.ts';
import type { HistoricFinding, RunRecord } from './history.ts';

export interface Comparison {
  changes: Changes;
  /** By finding id: its state against the previous run, and when it was first seen. */
  lives: ReadonlyMap<string, { change: ChangeState | null; firstSeenMs: number }>;
}

export interface ComparisonInputs {
  previous: RunRecord | null;
  takenAtMs: number;
  clusterIdentity: string;
  /** In the order of the report. */
  findings: readonly Finding[];
  /** Found, and accepted by the policy: neither there nor gone. */
  waived: readonly Finding[];
  checkResults: readonly CheckResult[];
  toolVersion: string;
  policyFingerprint: string;
}

/** 0 is the worst. */
export function severityRank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}

/** Why a run that exists cannot be compared with; null when it can. */
function incomparable(previous: RunRecord, inputs: ComparisonInputs): string | null {
  if (previous.clusterIdentity !== inputs.clusterIdentity) {
    return 'The previous run was of another cluster with this name: nothing is compared.';
  }
  if (previous.takenAtMs > inputs.takenAtMs) return 'The stored run is later than this one: nothing is compared.';
  return null;
}

function causesOf(previous: RunRecord, inputs: ComparisonInputs): string[] {
  const causes: string[] = [];
  if (previous.toolVersion !== inputs.toolVersion) {
    causes.push(
      `The tool went from ${previous.toolVersion} to ${inputs.toolVersion}: checks may have come or changed.`,
    );
  }
  if (previous.policyFingerprint !== inputs.policyFingerprint) {
    causes.push(
      'The policy changed (thresholds, environment, goal or waivers): findings may have come or gone because of it.',
    );
  }
  return causes;
}

/** Why today's run says nothing about a finding of the previous one; null when its check looked everywhere. */
function notRecheckedBecause(result: CheckResult | undefined): string | null {
  if (result === undefined) return 'the check was not run';
  if (result.status === 'no-data') return result.summary;
  if (result.status === 'error') return 'the check itself failed';
  return result.partial;
}

function firstRun(inputs: ComparisonInputs, causes: readonly string[]): Comparison {
  return {
    changes: {
      previous: null,
      new: [],
      worse: [],
      persisting: [],
      clearing: [],
      resolved: [],
      notRechecked: [],
      causes,
    },
    lives: new Map(
      [...inputs.findings, ...inputs.waived].map((finding) => [
        finding.id,
        { change: null, firstSeenMs: inputs.takenAtMs },
      ]),
    ),
  };
}

/** Today's findings against the previous ones, by finding id alone: severity and numbers may change while a finding lives on. */
export function compareRuns(inputs: ComparisonInputs): Comparison {
  const { previous } = inputs;
  if (previous === null) return firstRun(inputs, []);
  const reason = incomparable(previous, inputs);
  if (reason !== null) return firstRun(inputs, [reason]);

  const earlier = new Map(previous.findings.map((finding) => [finding.id, finding]));
  const lookedBefore = new Set(
    previous.checks.filter(({ status }) => status !== 'no-data' && status !== 'error').map(({ checkId }) => checkId),
  );
  const changeOf = (finding: Finding): ChangeState | null => {
    const before = earlier.get(finding.id);
    if (before === undefined) return lookedBefore.has(finding.checkId) ? 'new' : null;
    return severityRank(finding.severity) < severityRank(before.severity) ? 'worse' : 'persisting';
  };
  const lives = new Map(
    [...inputs.findings, ...inputs.waived].map((finding) => [
      finding.id,
      { change: changeOf(finding), firstSeenMs: earlier.get(finding.id)?.firstSeenMs ?? inputs.takenAtMs },
    ]),
  );
  const idsThatAre = (state: ChangeState) =>
    inputs.findings.filter(({ id }) => lives.get(id)?.change === state).map(({ id }) => id);
  const gone = goneFindings(previous.findings, inputs);
  return {
    changes: {
      previous: { runId: previous.runId, takenAtMs: previous.takenAtMs, score: previous.score },
      new: idsThatAre('new'),
      worse: idsThatAre('worse'),
      persisting: idsThatAre('persisting'),
      clearing: gone.clearing,
      resolved: gone.resolved,
      notRechecked: gone.notRechecked,
      causes: causesOf(previous, inputs),
    },
    lives,
  };
}

function goneFindings(earlier: readonly HistoricFinding[], inputs: ComparisonInputs) {
  const today = new Set([...inputs.findings, ...inputs.waived].map(({ id }) => id));
  const results = new Map<string, CheckResult>(inputs.checkResults.map((result) => [result.checkId, result]));
  const clearing: Changes['clearing'][number][] = [];
  const resolved: Changes['resolved'][number][] = [];
  const notRechecked: Changes['notRechecked'][number][] = [];
  const worstFirst = [...earlier].sort(
    (a, b) => severityRank(a.severity) - severityRank(b.severity) || (a.id < b.id ? -1 : 1),
  );
  for (const finding of worstFirst) {
    if (today.has(finding.id)) continue;
    const { id, checkId, title, scope, resource, severity, goneSinceMs } = finding;
    const because = notRecheckedBecause(results.get(checkId));
    if (because === null) {
      (goneSinceMs === undefined ? clearing : resolved).push({ id, checkId, title, scope, resource, severity });
    } else {
      notRechecked.push({ id, checkId, title, scope, resource, severity, because });
    }
  }
  return { clearing, resolved, notRechecked };
}
