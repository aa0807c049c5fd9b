// The words every renderer shares, so that mail, page and terminal never name one thing in two ways.
import type { Area, CheckStatus, ClusterKind, Scope, Severity } from '../checks/check.ts';
import type { Category } from '../kpis/kpi.ts';
import type { CapRule } from '../policy/weights.ts';
import type { MissingReason } from '../snapshot/collected.ts';
import { type Command, renderCommand } from '../text/command.ts';
import { formatQuantity, plural } from '../text/units.ts';
import type { ClientEntry, Report, Verdict } from './report.ts';
import type { ReportFinding } from './report-findings.ts';

const VERDICT_WORD: Readonly<Record<Verdict, string>> = {
  pass: 'Healthy',
  warn: 'Attention',
  fail: 'Act now',
  'no-data': 'Not enough data',
};

/** Checks that could not be answered; while there are any, nobody may read that all is well. */
export function openChecks(checks: readonly { status: CheckStatus }[]): number {
  return checks.filter(({ status }) => status === 'no-data' || status === 'error').length;
}

/** The verdict in a word. Only a cluster of which everything was answered is called healthy. */
export function verdictWord({ verdict, checks }: Pick<Report, 'verdict' | 'checks'>): string {
  return verdict === 'pass' && openChecks(checks) > 0 ? 'No findings' : VERDICT_WORD[verdict];
}

/** What a report without actions says instead of them. */
export function nothingToDo({ verdict, checks, gaps }: Pick<Report, 'verdict' | 'checks' | 'gaps'>): string {
  if (verdict === 'no-data') {
    const isMendable = gaps.some(({ isFault }) => isFault);
    return isMendable ? 'First make more measurable, see below.' : 'Nothing before there is something to measure.';
  }
  return openChecks(checks) > 0
    ? 'Nothing to do in what was measured; the rest is named below.'
    : 'Nothing to do: stay as you are.';
}

export const STATUS_WORD: Readonly<Record<CheckStatus, string>> = {
  pass: 'pass',
  warn: 'attention',
  fail: 'fail',
  'not-applicable': 'not applicable',
  'no-data': 'no data',
  error: 'error in the check',
};

export const KIND_WORD: Readonly<Record<ClusterKind, string>> = {
  'provisioned-standard': 'MSK provisioned, Standard brokers',
  'provisioned-express': 'MSK provisioned, Express brokers',
  serverless: 'MSK Serverless',
  kafka: 'Apache Kafka',
  unknown: 'MSK cluster of unknown kind',
};

export const REASON_WORD: Readonly<Record<MissingReason, string>> = {
  'not-enabled': 'not enabled',
  'not-permitted': 'not permitted',
  unreachable: 'unreachable',
  'timed-out': 'timed out',
  throttled: 'throttled',
  'not-supported': 'not supported by this cluster',
  'not-requested': 'not requested',
  failed: 'failed',
};

/** A gap names its section by the key of the snapshot; a reader meets it in words. */
export { sectionText } from '../snapshot/section-words.ts';

const CAP_WORD: Readonly<Record<CapRule, string>> = {
  'offline-partitions-now': 'partitions are offline now',
  'under-min-isr-now': 'partitions are below min.insync.replicas now',
  'disk-nearly-full-now': 'a disk is nearly full now',
  'public-unauthenticated': 'the internet reaches the brokers, and nobody has to authenticate',
  'records-lost': 'records were lost to retention',
  'version-past-end-of-support': 'the Kafka version is past its end of support',
};

export function capText(rule: string): string {
  return Object.hasOwn(CAP_WORD, rule) ? CAP_WORD[rule as CapRule] : rule;
}

export const AREA_WORD: Readonly<Record<Area, string>> = {
  availability: 'Availability',
  performance: 'Performance',
  consumers: 'Consumers',
  balance: 'Balance',
  capacity: 'Capacity',
  'broker-config': 'Broker settings',
  'topic-config': 'Topic settings',
  clients: 'Clients',
  security: 'Security',
  lifecycle: 'Lifecycle',
  cost: 'Cost',
};

export const CATEGORY_WORD: Readonly<Record<Category, string>> = {
  availability: 'Availability and durability',
  performance: 'Performance',
  consumers: 'Consumers',
  balance: 'Balance',
  capacity: 'Capacity',
  security: 'Security',
  cost: 'Cost',
};

export const NO_COMMAND = 'no command: the name is not printable';

/** The command as one line to paste, or the sentence that says why there is none. */
export function commandLine(command: Command): { text: string; pasteable: boolean } {
  const text = renderCommand(command);
  return text === null ? { text: NO_COMMAND, pasteable: false } : { text, pasteable: true };
}

/** Which setup lines the commands rest on. */
export function setupUse(commands: readonly Command[]) {
  const args = commands.flatMap(({ argv }) => argv);
  const uses = (name: 'BOOTSTRAP' | 'CURRENT_VERSION' | 'ALARM_TOPIC_ARN') =>
    args.some((arg) => typeof arg !== 'string' && arg.variable === name);
  return {
    bootstrap: uses('BOOTSTRAP'),
    currentVersion: uses('CURRENT_VERSION'),
    alarmTopic: uses('ALARM_TOPIC_ARN'),
    clientProperties: args.includes('client.properties'),
  };
}

/** After "once per shell": MSK changes the version with each update, and refuses the next one with the old. */
export function alsoAfterUpdates(setup: readonly string[]): string {
  const hasVersion = setup.some((line) => line.startsWith('CURRENT_VERSION='));
  return hasVersion ? ' (CURRENT_VERSION again after each update)' : '';
}

/** The setup lines that the commands of the three next steps need, of those the report holds. */
export function setupForActions(report: Report): string[] {
  const uses = setupUse(report.actions.flatMap(({ command }) => command ?? []));
  return report.setup.filter((line) => {
    if (line.startsWith('BOOTSTRAP=')) return uses.bootstrap;
    if (line.startsWith('ALARM_TOPIC_ARN=')) return uses.alarmTopic;
    return line.startsWith('CURRENT_VERSION=') ? uses.currentVersion : uses.clientProperties;
  });
}

/** `1 critical, 2 high`: only what there is, worst first; null when there is nothing. */
export function countsLine(counts: Readonly<Record<Severity, number>>, severities: readonly Severity[]): string | null {
  const parts = severities
    .filter((severity) => counts[severity] > 0)
    .map((severity) => `${counts[severity]} ${severity}`);
  return parts.length === 0 ? null : parts.join(', ');
}

/** `78`, one decimal only where it is needed. */
export function scoreText(score: number | null): string {
  return score === null ? 'no score' : String(Math.round(score));
}

/** `+3`, `-6`, `+-0`; null when one of the two runs had no score. */
export function scoreChange(report: Report): string | null {
  const before = report.changes.previous?.score ?? null;
  const now = report.scorecard.score;
  if (before === null || now === null) return null;
  const difference = Math.round(now) - Math.round(before);
  return difference > 0 ? `+${difference}` : difference === 0 ? 'unchanged' : String(difference);
}

/** `91% assessed`: how much of the applicable weight was measured. */
export function assessedText(confidence: number): string {
  return `${Math.floor(confidence * 100)}% assessed`;
}

/** The counted kinds of change, in reading order: `2 new, 1 worse, 3 resolved`; null on a first run. */
export function changesLine(report: Report): string | null {
  const { previous, worse, clearing, resolved, notRechecked } = report.changes;
  if (previous === null) return null;
  const parts = [
    [report.changes.new.length, 'new'],
    [worse.length, 'worse'],
    [clearing.length, 'clearing'],
    [resolved.length, 'resolved'],
    [notRechecked.length, 'not re-checked'],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  return said.length === 0 ? 'nothing changed' : said.join(', ');
}

/** `3 brokers, kafka.m7g.large, Kafka 3.9.x`: what the cluster is, only what is known. */
export function clusterFacts(report: Report): string[] {
  const { cluster } = report;
  return [
    KIND_WORD[cluster.kind],
    cluster.brokerCount === null ? null : plural(cluster.brokerCount, 'broker'),
    cluster.instanceType,
    cluster.kafkaVersion === null ? null : `Kafka ${cluster.kafkaVersion}`,
    cluster.region,
    cluster.accountId === null ? null : `account ${cluster.accountId}`,
    cluster.state === null || cluster.state === 'ACTIVE' ? null : `state ${cluster.state}`,
  ].filter((fact) => fact !== null);
}

/** A broker is known by a number only; every other resource by its name. */
export function resourceText({ scope, resource }: { scope: Scope; resource: string }): string {
  return scope === 'broker' && /^\d+$/.test(resource) ? `broker ${resource}` : resource;
}

/** `94% (limit 90%)`, or nothing when the finding is not a number. */
export function measuredText(finding: Pick<ReportFinding, 'measured' | 'limit' | 'unit'>): string | null {
  if (finding.measured === null) return null;
  const measured = formatQuantity(finding.measured, finding.unit);
  return finding.limit === null ? measured : `${measured} (limit ${formatQuantity(finding.limit, finding.unit)})`;
}

/** Whose settings an entry of the clients' settings is about; the names follow it. */
export function clientsText({ role, scope }: Pick<ClientEntry, 'role' | 'scope'>): string {
  const which = { topic: 'of', group: 'in group', broker: 'at broker', cluster: 'of this cluster' }[scope];
  return `${role === 'producer' ? 'Producers' : 'Consumers'} ${which}`;
}

/** `linger.ms=10`, in the words of the clients' library where it is known, else in Java's. */
export function settingTexts({ library, settings }: ClientEntry): string[] {
  return settings.flatMap(({ name, libraries }) => {
    const { line = null, note = null } = libraries[library ?? 'java'] ?? {};
    return line ?? (note === null ? [] : `${name}: ${note}`);
  });
}

const NAMES_SHOWN = 3;

/** `Producers of orders, clicks and 2 more: linger.ms=10, batch.size=65536`. */
export function clientLine(entry: ClientEntry, name: (raw: string) => string): string {
  const { rows, total } = entry.resources;
  const names = rows.slice(0, NAMES_SHOWN).map(({ resource }) => name(resource));
  const rest = total - names.length;
  const which = entry.scope === 'cluster' ? '' : ` ${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  return `${clientsText(entry)}${which}: ${settingTexts(entry).join(', ')}`;
}
