// What a check is: one question about a snapshot, answered by a pure function. One file a check, one page of the same name.
import type { TopologySource } from '../analysis/msk-topology.ts';
import type { Environment, Goal } from '../policy/environment.ts';
import type { LagPolicy } from '../policy/lag-policy.ts';
import type { Objectives } from '../policy/objectives.ts';
import type { Weights } from '../policy/score-weights.ts';
import type { CheckId, CheckThresholds } from '../policy/thresholds/index.ts';
import type { Collected } from '../snapshot/collected.ts';
import type { SectionName, SectionValue } from '../snapshot/schema.ts';
import type { Command } from '../text/command.ts';
import type { Unit } from '../text/units.ts';

export const AREAS = [
  'availability',
  'performance',
  'consumers',
  'balance',
  'capacity',
  'broker-config',
  'topic-config',
  'clients',
  'security',
  'lifecycle',
  'cost',
] as const;
export type Area = (typeof AREAS)[number];

export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];
export type SeverityByEnvironment = Readonly<Record<Environment, Severity>>;

/** Kinds of target; `kafka` is a cluster reached by its bootstrap addresses without AWS, `unknown` an MSK cluster that could not be described. */
export type ClusterKind = 'provisioned-standard' | 'provisioned-express' | 'serverless' | 'kafka' | 'unknown';

export type Scope = 'cluster' | 'broker' | 'topic' | 'partition' | 'group';

/** One offending resource. Its identity is scope + resource; severity and numbers may change while the finding lives on. */
export interface FindingDraft {
  scope: Scope;
  /** Stable name of the resource: cluster name, broker id, topic, `topic-3`, group id, or `group/topic`. */
  resource: string;
  severity: Severity;
  measured: number | null;
  limit: number | null;
  unit: Unit;
  /** What is true at the time of the report, where `measured` tells of the whole window. Absent: the finding itself is of now. */
  now?: number;
  /** One short clause that says what is special about this one. */
  note?: string;
  /** 0..1: direct 1, one look instead of a series 0.5, proxy 0.6. */
  confidence: number;
}

export interface EvidenceColumn {
  key: string;
  label: string;
  as: Unit;
}

/** Proof behind a verdict: raw values with units, and how to get them again. */
export interface Evidence {
  title: string;
  columns: readonly EvidenceColumn[];
  /** Worst first. A null is shown as not measured. */
  rows: readonly Readonly<Record<string, string | number | null>>[];
  /** Where the numbers come from: source, statistic, period, window, completeness. */
  source: string;
  reproduce?: Command;
}

export interface MoneyLine {
  label: string;
  quantity: number;
  unit: string;
  usdPerUnit: number;
}

export type Impact =
  | { kind: 'none' }
  | { kind: 'unknown'; because: string }
  | { kind: 'saving' | 'added-cost'; lines: readonly MoneyLine[]; usdPerMonth: number };

/** `setting`: a dynamic change; the others by rising effort. */
export type Effort = 'setting' | 'rollingRestart' | 'clientChange' | 'migration';

export interface Recommendation {
  /** Begins with a verb, one sentence. */
  action: string;
  /** What else could explain the finding, to rule out before acting. */
  confirmFirst: string;
  commands: readonly Command[];
  risk: string;
  expectedEffect: string;
  /** What to look at afterwards. */
  verifyAfter: string;
  effort: Effort;
  /** What it mends is a loss of service that runs on until then: effort is no reason to do it later. */
  harmRunsOn?: true;
  /** Checks whose findings this one only sums up: theirs come first. */
  sumsUp?: readonly CheckId[];
  /** Checks that find the causes of what this one sees: as grave ones come first. */
  causedBy?: readonly CheckId[];
  /** Checks that find cheaper ways to the same end: from medium severity on, theirs come right before. */
  cheaperFirst?: readonly CheckId[];
  /** The check that tells more of the same deed: of two that are as grave and advise the same commands, its action stands for both. */
  toldBy?: CheckId;
  impact: Impact;
}

export type Outcome =
  | { kind: 'pass'; summary: string; evidence: readonly Evidence[] }
  | {
      kind: 'findings';
      /** Names the worst resource and its number against the limit. */
      summary: string;
      /** Worst first, ties by name. */
      findings: readonly [FindingDraft, ...FindingDraft[]];
      evidence: readonly Evidence[];
      recommendation: Recommendation;
      /** Set when part of the input was missing: findings that are absent today were then not looked for. */
      partial?: string;
    }
  | { kind: 'not-applicable' | 'no-data'; because: string };

/** A minute range during which availability, ISR and latency are not judged (cluster operations, +-15 min). */
export interface MaskedInterval {
  startMs: number;
  endMs: number;
  because: string;
}

/** Facts about the run that are no snapshot section: time is an input. */
export interface RunContext {
  takenAtMs: number;
  window: { startMs: number; endMs: number };
  environment: Environment;
  goal: Goal;
  clusterKind: ClusterKind;
  /** The cluster's name as people call it. */
  clusterName: string;
  /** Null when the target is no MSK cluster. */
  clusterArn: string | null;
  maintenance: readonly MaskedInterval[];
  /** True while a cluster operation runs or the state is not ACTIVE: no restart or reassignment may then be advised. */
  operationRunning: boolean;
  /** Who told topics, partitions and ISR: in degraded mode it is not Kafka. */
  topology: TopologySource;
  lag: LagPolicy;
  /** The thresholds of all checks, for KPIs that ask what a check asks. */
  checks: CheckThresholds;
  weights: Weights;
  /** What the policy says of single topics and groups; look a name up with `forName`. */
  objectives: Objectives;
}

export type Inputs<N extends SectionName, O extends SectionName> = { readonly [K in N]: SectionValue<K> } & {
  readonly [K in O]: Collected<SectionValue<K>>;
};

export interface Check<
  Id extends CheckId = CheckId,
  N extends SectionName = SectionName,
  O extends SectionName = never,
> {
  id: Id;
  area: Area;
  /** Both are states, no verbs: "Every partition has a leader" / "Partitions without a leader". */
  title: { pass: string; fail: string };
  /** What goes wrong if it is ignored: one or two sentences. */
  why: string;
  /** Pages of kafka.apache.org, docs.aws.amazon.com or a KIP. */
  references: readonly string[];
  appliesTo: readonly ClusterKind[];
  /** Why it does not apply to a kind that `appliesTo` leaves out; without one a general sentence is shown. */
  notApplicable?: Partial<Readonly<Record<ClusterKind, string>>>;
  /** Sections without which there is no answer: the runner says no-data itself. */
  needs: readonly N[];
  /** Sections it can use; each arrives as Collected and may be missing. */
  mayUse: readonly O[];
  /** Declared sections whose missing part cannot change a pass; any other partial section turns a pass into no-data. */
  toleratesPartial?: readonly (N | O)[];
  /** Only Kafka's own metadata answers it: MSK's topic API does not stand in, since it does not tell which brokers are alive. */
  needsOwnMetadata?: true;
  evaluate(inputs: Inputs<N, O>, thresholds: CheckThresholds[Id], run: RunContext): Outcome;
}

/** Identity function that ties id, sections and thresholds together, so that reading an undeclared section does not compile. */
export function defineCheck<Id extends CheckId, const N extends SectionName, const O extends SectionName = never>(
  check: Check<Id, N, O>,
): Check<Id, N, O> {
  return check;
}

/** A check whose own sections and thresholds no longer matter: what the registry holds and the runner runs. */
export type AnyCheck = Check<CheckId, SectionName, SectionName>;

export type CheckStatus = 'pass' | 'warn' | 'fail' | 'not-applicable' | 'no-data' | 'error';

export interface Finding extends FindingDraft {
  /** `checkId:` + hash of cluster uuid, scope and resource. */
  id: string;
  checkId: CheckId;
}

export interface WaivedFinding extends Finding {
  /** Name of the waiver in the policy. */
  waiver: string;
}

/** What the runner made of one check. */
export interface CheckResult {
  checkId: CheckId;
  area: Area;
  title: string;
  status: CheckStatus;
  /** Verdict sentence, or the reason why there is none. */
  summary: string;
  findings: readonly Finding[];
  evidence: readonly Evidence[];
  recommendation: Recommendation | null;
  /** Found, and accepted by the policy: in neither verdict nor score. */
  waived: readonly WaivedFinding[];
  /** Why part of the question was not answered; null when all was looked at. */
  partial: string | null;
}
