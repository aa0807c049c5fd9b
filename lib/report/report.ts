// The Report: everything a renderer may show, already ordered, worded and priced. Renderers see only this.

import type { Cost } from '../analysis/cost.ts';
import type { BillComparison } from '../analysis/cost-against-bill.ts';
import type { ClusterFigures } from '../analysis/figures.ts';
import type { Area, CheckStatus, ClusterKind, Effort, Evidence, Impact, Scope, Severity } from '../checks/check.ts';
import type { SettingOfLibraries } from '../facts/client-advice.ts';
import type { ClientLibrary } from '../facts/client-libraries.ts';
import type { CodecRow } from '../facts/codecs.ts';
import type { Chosen, Environment, Goal } from '../policy/environment.ts';
import type { CheckId } from '../policy/thresholds/index.ts';
import type { Scorecard } from '../scorecard/scorecard.ts';
import type { MissingReason } from '../snapshot/collected.ts';
import type { Command } from '../text/command.ts';
import type { Unit } from '../text/units.ts';

export type { Cost } from '../analysis/cost.ts';
// The words a report is made of: renderers take them from here and know nothing behind it.
export { AREAS, type CheckStatus, type Evidence, SEVERITIES, type Severity } from '../checks/check.ts';
export { CLIENT_LIBRARIES, LIBRARY_NAME } from '../facts/client-libraries.ts';
export { CATEGORIES, type KpiResult } from '../kpis/kpi.ts';

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
  /** Severity, confidence, money and effort in one number (lib/scorecard/ranking.ts); the findings are ordered by it. */
  priority: number;
  /** Null on a first run or when the earlier run did not look. */
  change: ChangeState | null;
  firstSeenMs: number;
  /** Who answers for the resource, as the policy or the cluster's tag says; null when neither does. */
  owner: string | null;
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
  scope: Scope;
  resource: string;
  action: string;
  command: Command | null;
  /** Positive saves, negative costs; null when money is not touched or not known. */
  usdPerMonth: number | null;
}

export interface Gap {
  section: string;
  reason: MissingReason;
  detail: string;
  fix: string | null;
  /** Checks and KPIs that could not be answered because of it. */
  hides: readonly string[];
  /** False for what this kind of cluster, or a cluster in this state, does not have: there is nothing to mend. */
  isFault: boolean;
}

/** A permission that AWS refused, once however many sections want it. */
export interface MissingPermission {
  action: string;
  resource: string;
  /** What is missing without it, as a whole or in part. */
  sections: readonly string[];
}

/** Metrics that KPIs and checks read and the cluster's monitoring level does not publish. */
export interface LevelGap {
  level: string;
  metrics: readonly string[];
  /** Raises the level; null when the cluster has no ARN. */
  command: Command | null;
}

/** What AWS charged for reading the cluster. */
export interface RunCost {
  /** Null when a part of it is not known. */
  usd: number | null;
  cloudWatch: {
    usd: number | null;
    metricsRequested: number;
    calls: number;
    /** The report's day, hours of the last weeks that no run had left yet, the query that ranks consumer groups. */
    parts: readonly { purpose: 'day' | 'history' | 'ranking'; metricsRequested: number; usd: number | null }[];
    /** Metrics that were not asked for to keep within the budget of a daily report. */
    leftOut: number;
  } | null;
  costExplorer: { usd: number; calls: number } | null;
}

/** The cost model held against the bill of the account and region. */
export interface ReportBill extends BillComparison {
  /** ISO dates; the end is exclusive. */
  startDate: string;
  endDate: string;
  /** What of the bill could not be read. */
  partial: string | null;
}

/** A finding of the previous run that today's run does not list. */
export interface GoneFinding {
  id: string;
  checkId: string;
  title: string;
  scope: Scope;
  resource: string;
  severity: Severity;
}

/** What the policy's waivers did to this report. */
export interface ReportWaivers {
  /** Findings that are left out of verdict and advice, worst first. */
  waived: readonly {
    id: string;
    checkId: CheckId;
    title: string;
    scope: Scope;
    resource: string;
    severity: Severity;
    measured: number | null;
    limit: number | null;
    unit: Unit;
    firstSeenMs: number;
    waiver: Omit<WaiverBrief, 'check'> & { reason: string };
  }[];
  /** Waivers that no longer hold: their findings count again. */
  expired: readonly WaiverBrief[];
  /** Waivers of checks that were answered and found nothing for them. */
  stale: readonly WaiverBrief[];
}

export interface WaiverBrief {
  name: string;
  check: string;
  owner: string;
  expires: string;
}

export interface Changes {
  /** Null when this is the first run. */
  previous: { runId: string; takenAtMs: number; score: number | null } | null;
  new: readonly string[];
  worse: readonly string[];
  persisting: readonly string[];
  resolved: readonly GoneFinding[];
  notRechecked: readonly (GoneFinding & { because: string })[];
  /** "The policy changed", "the tool went from 0.1.0 to 0.2.0": causes of what was added or removed. */
  causes: readonly string[];
}

export interface BrokerRow {
  brokerId: number;
  /** False when Kafka's metadata does not name it although it should be there; null when the metadata was not read. */
  live: boolean | null;
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
  /** AWS's estimate of the time to catch up, worst topic: only where the brokers' offsets were not read. */
  catchUpSec?: number;
}

/** Clients that the same findings ask for the same settings. */
export interface ClientEntry {
  role: 'producer' | 'consumer';
  /** Producers of topics, members of groups, clients of brokers; `cluster`: of the whole cluster, or the findings do not tell which. */
  scope: 'topic' | 'group' | 'broker' | 'cluster';
  resources: Capped<{ resource: string; owner: string | null }>;
  checkIds: readonly CheckId[];
  /** What the members show by their client ids or assignor; null when they do not. */
  library: ClientLibrary | null;
  settings: readonly SettingOfLibraries[];
}

export interface ClientSettings {
  entries: Capped<ClientEntry>;
  /** Only where a finding is about compression. */
  codecs: readonly CodecRow[] | null;
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
  waivers: ReportWaivers;
  gaps: readonly Gap[];
  /** Sections that were read in part and that no check reads; what checks read is in `degraded`. */
  partlyRead: readonly { section: string; detail: string }[];
  missingPermissions: readonly MissingPermission[];
  levelGaps: readonly LevelGap[];
  /** Lines that say this run was degraded: no collector, partial sections, maintenance. */
  degraded: readonly string[];
  /** Statements every reader must see: recorded demo, composed history, shortened samples, policy overrides. */
  notices: readonly string[];
  cost: Cost;
  /** Null when no bill was asked for, or it could not be read. */
  bill: ReportBill | null;
  /** What reading this cluster cost in all, the same as `runCost.usd`. */
  runCostUsd: number | null;
  /** Null when nothing was asked that AWS charges for. */
  runCost: RunCost | null;
  brokers: Capped<BrokerRow>;
  topics: Capped<TopicRow>;
  groups: Capped<GroupRow>;
  /** What the cluster carries; described, never scored. */
  figures: ClusterFigures;
  /** Worst first; null when no finding is one that the clients' settings mend. */
  clientSettings: ClientSettings | null;
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
