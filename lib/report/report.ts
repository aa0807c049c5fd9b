// The Report: everything a renderer may show, already ordered, worded and priced. Renderers see only this.

import type { Cost } from '../analysis/cost.ts';
import type { BillComparison } from '../analysis/cost-against-bill.ts';
import type { ClusterFigures } from '../analysis/figures.ts';
import type { ClusterKind, Severity } from '../checks/check.ts';
import type { ClientLibrary } from '../facts/client-libraries.ts';
import type { SettingOfLibraries } from '../facts/client-settings-asked.ts';
import type { CodecRow } from '../facts/codecs.ts';
import type { Chosen, Environment, Goal } from '../policy/environment.ts';
import type { CheckId } from '../policy/thresholds/index.ts';
import type { Scorecard } from '../scorecard/scorecard.ts';
import type { MissingReason } from '../snapshot/collected.ts';
import type { Command } from '../text/command.ts';
import type { Changes, ReportAction, ReportCheck, ReportFinding, ReportWaivers } from './report-findings.ts';

export type { Cost } from '../analysis/cost.ts';
// The words a report is made of: renderers take them from here and know nothing behind it.
export { AREAS, type CheckStatus, type Evidence, SEVERITIES, type Severity } from '../checks/check.ts';
export { CLIENT_LIBRARIES, LIBRARY_NAME } from '../facts/client-libraries.ts';
export { CATEGORIES, type KpiResult } from '../kpis/kpi.ts';

export const REPORT_SCHEMA_VERSION = 1;

export type Verdict = 'pass' | 'warn' | 'fail' | 'no-data';

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
