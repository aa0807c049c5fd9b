// The Report: everything a renderer may show, already ordered, worded and priced. Renderers see only this.
import type { Area, CheckStatus, ClusterKind, Effort, Evidence, Impact, Scope, Severity } from '../checks/check.ts';
import type { Chosen, Environment, Goal } from '../policy/environment.ts';
import type { CheckId } from '../policy/thresholds.ts';
import type { Scorecard } from '../scorecard/scorecard.ts';
import type { MissingReason } from '../snapshot/collected.ts';
import type { Command } from '../text/command.ts';
import type { Unit } from '../text/units.ts';

export const REPORT_SCHEMA_VERSION = 1;

export type Verdict = 'pass' | 'warn' | 'fail' | 'no-data';
export type ChangeState = 'new' | 'worse' | 'persisting';

export interface ReportFinding {
  id: string;
  checkId: CheckId;
  area: Area;
  severity: Severity;
  scope: Scope;
  resource: string;
  /** The check's failing title. */
  title: string;
  measured: number | null;
  limit: number | null;
  unit: Unit;
  note: string | null;
  confidence: number;
  /** rules.md D20; the findings of a report are ordered by it. */
  priority: number;
  /** Null on a first run or when the earlier run did not look. */
  change: ChangeState | null;
  firstSeenMs: number;
}

/** A check with its findings, as one card of the report. */
export interface ReportCheck {
  checkId: CheckId;
  area: Area;
  status: CheckStatus;
  title: string;
  summary: string;
  why: string;
  findingIds: readonly string[];
  evidence: readonly Evidence[];
  recommendation: {
    action: string;
    confirmFirst: string;
    commands: readonly Command[];
    risk: string;
    expectedEffect: string;
    verifyAfter: string;
    effort: Effort;
    impact: Impact;
  } | null;
  partial: string | null;
  references: readonly string[];
}

/** A next step of the summary: the check that ranks highest, with its first command. */
export interface ReportAction {
  checkId: CheckId;
  findingId: string;
  severity: Severity;
  title: string;
  resource: string;
  action: string;
  command: Command | null;
  usdPerMonth: number | null;
}

export interface Gap {
  section: string;
  reason: MissingReason;
  detail: string;
  fix: string | null;
  /** Checks and KPIs that could not be answered because of it. */
  hides: readonly string[];
}

export interface Changes {
  /** Null when this is the first run. */
  previous: { runId: string; takenAtMs: number; score: number | null } | null;
  new: readonly string[];
  worse: readonly string[];
  persisting: readonly string[];
  resolved: readonly { id: string; checkId: string; title: string; resource: string; severity: Severity }[];
  notRechecked: readonly { id: string; checkId: string; title: string; resource: string; severity: Severity; because: string }[];
  /** "The policy changed", "the tool went from 0.1.0 to 0.2.0": causes of what was added or removed. */
  causes: readonly string[];
}

export interface CostLine {
  label: string;
  quantity: number;
  unit: string;
  /** Null = unknown; stays out of the total. */
  usdPerUnit: number | null;
  usdPerMonth: number | null;
  /** Exact price key, or why there is none. */
  source: string;
}

export interface Cost {
  /** Sum of the known lines; null when none is known. */
  usdPerMonth: number | null;
  complete: boolean;
  lines: readonly CostLine[];
  source: string;
  asOfDate: string | null;
}

export interface BrokerRow {
  brokerId: number;
  rack: string | null;
  leaders: number | null;
  replicas: number | null;
  cpuP95Percent: number | null;
  diskUsedPercent: number | null;
  bytesInPerSec: number | null;
}

export interface TopicRow {
  topic: string;
  partitions: number;
  replicationFactor: number;
  minInSyncReplicas: number | null;
  underReplicated: number;
  offline: number;
  retainedMessages: string | null;
}

export interface GroupRow {
  groupId: string;
  type: string;
  state: string;
  members: number | null;
  status: string;
  topics: number;
  lag: string | null;
  lagPerSec: number | null;
  retentionConsumedPercent: number | null;
}

/** Rows shown are capped; what was left out is said. */
export interface Capped<T> {
  rows: readonly T[];
  total: number;
}

export interface Report {
  schemaVersion: typeof REPORT_SCHEMA_VERSION;
  tool: { name: 'msk-checkup'; version: string };
  runId: string;
  takenAtMs: number;
  window: { startMs: number; endMs: number };
  cluster: {
    name: string;
    arn: string | null;
    /** Identity behind finding ids: MSK uuid, Kafka cluster id, or the name. */
    identity: string;
    region: string | null;
    accountId: string | null;
    kind: ClusterKind;
    state: string | null;
    kafkaVersion: string | null;
    instanceType: string | null;
    brokerCount: number | null;
    topics: number | null;
    partitions: number | null;
    groups: number | null;
    /** From the tag of that name; routes the message. */
    owner: string | null;
  };
  environment: Chosen<Environment>;
  goal: Chosen<Goal>;
  verdict: Verdict;
  /** One sentence: is anything about to break. */
  headline: string;
  counts: Readonly<Record<Severity, number>>;
  scorecard: Scorecard;
  actions: readonly ReportAction[];
  findings: readonly ReportFinding[];
  /** All checks: with findings first, then no-data and error, then passes, then not applicable. */
  checks: readonly ReportCheck[];
  changes: Changes;
  gaps: readonly Gap[];
  /** Lines that say this run was degraded: no collector, partial sections, maintenance. */
  degraded: readonly string[];
  /** Statements every reader must see: recorded demo, composed history, shortened samples, policy overrides. */
  notices: readonly string[];
  cost: Cost;
  /** What reading this cluster cost in CloudWatch requests. */
  runCostUsd: number | null;
  brokers: Capped<BrokerRow>;
  topics: Capped<TopicRow>;
  groups: Capped<GroupRow>;
  /** Shell lines that define the variables the commands use. */
  setup: readonly string[];
  policy: { fingerprint: string; overrides: readonly string[] };
}

/** What a renderer gives. */
export interface Artifact {
  /** Name in the output directory: `report.html`. */
  name: string;
  contentType: string;
  body: string;
}
