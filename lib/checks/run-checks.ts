// Runs the checks over a snapshot. Takes care of what no check should have to: missing and partial sections, kinds of clusters,
// exceptions, identities, and advice that would hurt a cluster that is not settled. One result for every check, always.
import { findingId } from '../analysis/finding-id.ts';
import { withTopology } from '../analysis/msk-topology.ts';
import type { Waiver } from '../policy/objectives.ts';
import type { CheckThresholds } from '../policy/thresholds/index.ts';
import type { Collected, MissingReason } from '../snapshot/collected.ts';
import type { SectionName, Snapshot } from '../snapshot/schema.ts';
import { sectionInSentence } from '../snapshot/section-words.ts';
import { safeText } from '../text/sanitize.ts';
import type {
  AnyCheck,
  CheckResult,
  CheckStatus,
  ClusterKind,
  Finding,
  FindingDraft,
  Outcome,
  RunContext,
} from './check.ts';
import { CHECKS } from './registry.ts';
import { unsettledBecause, withFreshVersions, withholdUnsafe } from './shared/advice.ts';
import { worstSeverity } from './shared/severity.ts';
import { waive } from './waive.ts';

export interface RunChecksInputs {
  snapshot: Snapshot;
  thresholds: CheckThresholds;
  run: RunContext;
  /** MSK uuid, Kafka cluster id or name: what finding ids are made of. */
  clusterIdentity: string;
  /** Of the policy, those that have not expired. */
  waivers?: readonly Waiver[];
  checks?: readonly AnyCheck[];
}

export function runChecks({
  snapshot: collected,
  thresholds,
  run,
  clusterIdentity,
  waivers = [],
  checks = CHECKS,
}: RunChecksInputs): CheckResult[] {
  const judged = { ...collected, sections: withTopology(collected.sections) };
  const unsettled = unsettledBecause(judged, run);
  return checks.map((check) => {
    const snapshot = check.needsOwnMetadata === true ? collected : judged;
    const found = resultOf(check, judge(check, snapshot, thresholds, run), snapshot, clusterIdentity);
    const result = waive(found, check, waivers, (findings) => statusOf(findings, found.partial));
    const recommendation =
      result.recommendation && withFreshVersions(withholdUnsafe(result.recommendation, unsettled), run);
    return deepFreeze({ ...result, recommendation });
  });
}

type Judged = Outcome | { kind: 'error' | 'wrong-kind'; because: string };

const KIND_NAMES: Readonly<Record<ClusterKind, string>> = {
  'provisioned-standard': 'an MSK cluster with Standard brokers',
  'provisioned-express': 'an MSK cluster with Express brokers',
  serverless: 'an MSK Serverless cluster',
  kafka: 'a Kafka cluster outside MSK',
  unknown: 'a cluster of unknown kind',
};

/** After the name of a section, which may be one thing or many. */
const REASONS: Readonly<Record<MissingReason, string>> = {
  'not-enabled': 'would have to be enabled',
  'not-permitted': 'may not be read',
  unreachable: 'could not be reached',
  'timed-out': 'did not answer in time',
  throttled: 'could not be read for throttling',
  'not-supported': 'cannot be read here',
  'not-requested': 'had not been asked for',
  failed: 'could not be read',
};

function judge(check: AnyCheck, snapshot: Snapshot, thresholds: CheckThresholds, run: RunContext): Judged {
  if (!check.appliesTo.includes(run.clusterKind)) {
    // A cluster that could not be described may well be of a kind to which the check applies.
    if (run.clusterKind === 'unknown') return kindUnknown(snapshot);
    const because = check.notApplicable?.[run.clusterKind] ?? `Does not apply to ${KIND_NAMES[run.clusterKind]}.`;
    return { kind: 'wrong-kind', because };
  }
  const missing = check.needs.find((name) => !sectionOf(snapshot, name).ok);
  if (missing !== undefined) return { kind: 'no-data', because: `Not measured: ${why(missing, snapshot)}.` };
  const inputs = Object.fromEntries([
    ...check.needs.map((name) => [name, sectionValue(snapshot, name)]),
    ...check.mayUse.map((name) => [name, sectionOf(snapshot, name)]),
  ]);
  try {
    const outcome = check.evaluate(inputs as Parameters<AnyCheck['evaluate']>[0], thresholds[check.id], run);
    // That nothing was found says nothing where the question may not even apply.
    const isDecided = outcome.kind === 'findings' || outcome.kind === 'no-data';
    return isDecided || run.clusterKind !== 'unknown' || appliesToAll(check) ? outcome : kindUnknown(snapshot);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return {
      kind: 'error',
      because: `The check itself failed, which is a bug in MSK Checkup: ${safeText(message).slice(0, 300)}`,
    };
  }
}

function kindUnknown(snapshot: Snapshot): Outcome {
  return { kind: 'no-data', because: `The kind of cluster is unknown: ${why('cluster', snapshot)}.` };
}

/** Kinds that an MSK cluster may turn out to be. */
const MSK_KINDS: readonly ClusterKind[] = ['provisioned-standard', 'provisioned-express', 'serverless'];

function appliesToAll({ appliesTo }: AnyCheck): boolean {
  return MSK_KINDS.every((kind) => appliesTo.includes(kind));
}

function resultOf(check: AnyCheck, outcome: Judged, snapshot: Snapshot, clusterIdentity: string): CheckResult {
  const partial = partialOf(check, outcome, snapshot);
  const common = {
    checkId: check.id,
    area: check.area,
    findings: [],
    evidence: [],
    recommendation: null,
    waived: [],
    partial: null,
  };
  switch (outcome.kind) {
    case 'error':
    case 'no-data':
      return { ...common, title: check.title.pass, status: outcome.kind, summary: outcome.because };
    case 'wrong-kind':
      return { ...common, title: check.title.pass, status: 'not-applicable', summary: outcome.because };
    case 'not-applicable':
      // "There are no groups" is an answer only where all groups could be seen.
      if (partial !== null) {
        const summary = `${outcome.because} But part of it is missing: ${partial}.`;
        return { ...common, title: check.title.pass, status: 'no-data', summary, partial };
      }
      return { ...common, title: check.title.pass, status: 'not-applicable', summary: outcome.because };
    case 'pass':
      // Kept: what was seen. Not kept: the verdict, because the part that was not seen may say otherwise.
      if (partial !== null) {
        const summary = `Nothing found in what could be read, but part of it is missing: ${partial}.`;
        return { ...common, title: check.title.pass, status: 'no-data', summary, evidence: outcome.evidence, partial };
      }
      return {
        ...common,
        title: check.title.pass,
        status: 'pass',
        summary: outcome.summary,
        evidence: outcome.evidence,
      };
    case 'findings': {
      const status = statusOf(outcome.findings, partial);
      const findings = outcome.findings.map((draft): Finding => {
        return { ...draft, id: findingId(check.id, clusterIdentity, draft.scope, draft.resource), checkId: check.id };
      });
      const { summary, evidence, recommendation } = outcome;
      const title = status === 'warn' || status === 'fail' ? check.title.fail : check.title.pass;
      return { ...common, title, status, summary, findings, evidence, recommendation, partial };
    }
  }
}

function statusOf(findings: readonly FindingDraft[], partial: string | null): CheckStatus {
  const worst = worstSeverity(findings);
  if (worst === 'critical' || worst === 'high') return 'fail';
  if (worst === 'medium' || worst === 'low') return 'warn';
  return partial === null ? 'pass' : 'no-data';
}

/** What of the declared sections could not be read although the section itself was; null when all of it was. */
function partialOf(check: AnyCheck, outcome: Judged, snapshot: Snapshot): string | null {
  const names = [...check.needs, ...check.mayUse].filter((name) => !check.toleratesPartial?.includes(name));
  const parts = names.flatMap((name) => {
    const section = sectionOf(snapshot, name);
    return section.ok && section.partial !== undefined ? [section.partial] : [];
  });
  if (outcome.kind === 'findings' && outcome.partial !== undefined) parts.unshift(outcome.partial);
  return parts.length === 0 ? null : [...new Set(parts)].join('; ');
}

function sectionOf(snapshot: Snapshot, name: SectionName): Collected<unknown> {
  return snapshot.sections[name] ?? { ok: false, reason: 'not-requested', detail: 'not part of this run' };
}

function sectionValue(snapshot: Snapshot, name: SectionName): unknown {
  const section = sectionOf(snapshot, name);
  return section.ok ? section.value : undefined;
}

function why(name: SectionName, snapshot: Snapshot): string {
  const section = sectionOf(snapshot, name);
  return section.ok
    ? `${sectionInSentence(name)} says nothing`
    : `${sectionInSentence(name)} ${REASONS[section.reason]} (${section.reason}): ${section.detail}`;
}

/** A result is read by many and changed by nobody. */
function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const child of Object.values(value)) deepFreeze(child);
  return Object.freeze(value);
}
