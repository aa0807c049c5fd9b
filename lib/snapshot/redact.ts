// Takes out of a snapshot what a bug report does not need: addresses, account, unused tags. Judging a redacted snapshot gives the same verdicts.
import { missing } from './collected.ts';
import { HIDDEN_ACCOUNT, hideAccounts, hideInSentence, hideKey, replaceHosts } from './hide-text.ts';
import type { Sections, SectionValue, Snapshot } from './schema.ts';

/** Tags that decide something in the report; all others are dropped. */
export const KEPT_TAGS = [
  'Environment',
  'environment',
  'Env',
  'env',
  'Owner',
  'owner',
  'Team',
  'team',
  'cmk-required',
] as const;

const REDACTED = 'redacted';

export { HIDDEN_ACCOUNT };

export interface RedactOptions {
  /** Keeps the account id, for a snapshot that stays in its owner's bucket and whose ARNs go into commands. */
  keepAccount?: boolean;
}

/** A copy without hosts, addresses, ids of networks and keys, names of secrets, account id and unused tags. Redacting twice changes nothing. */
export function redactSnapshot(snapshot: Snapshot, { keepAccount = false }: RedactOptions = {}): Snapshot {
  const copy = structuredClone(snapshot);
  const account = keepAccount ? null : accountOf(snapshot);
  redactSections(copy.sections);
  redactSentences(copy.sections, account);
  copy.redacted = true;
  if (!keepAccount) hideBill(copy.sections);
  return account === null || account === HIDDEN_ACCOUNT ? copy : hideAccount(copy, account);
}

/** What a whole account pays is nobody's business who looks for a bug in one cluster's report. */
function hideBill(sections: Sections): void {
  if (sections.bill?.ok) sections.bill = missing('not-requested', 'the bill of the account was removed by redaction');
}

function redactSections(sections: Sections): void {
  // Which kinds of access there are stays: commands depend on it. Where the brokers are goes.
  if (sections.bootstrap?.ok) {
    const kinds = Object.keys(sections.bootstrap.value);
    sections.bootstrap.value = Object.fromEntries(kinds.map((kind) => [kind, REDACTED]));
  }
  if (sections.nodes?.ok) {
    const subnets = new Substitutes('subnet');
    for (const node of sections.nodes.value) {
      node.endpoints = [];
      if (node.subnetId !== null) node.subnetId = subnets.of(node.subnetId);
    }
  }
  if (sections.security?.ok) redactSecurity(sections.security.value);
  if (sections.kafkaBrokers?.ok) {
    for (const broker of sections.kafkaBrokers.value.brokers) broker.host = `broker-${broker.id}`;
  }
  if (sections.tags?.ok) {
    const kept = Object.entries(sections.tags.value).filter(([key]) => (KEPT_TAGS as readonly string[]).includes(key));
    sections.tags.value = Object.fromEntries(kept);
  }
  // Users name their alarms after people, hosts and whom to call; which metrics they watch stays.
  const alarms = new Substitutes('alarm');
  for (const alarm of sections.alarms?.ok ? sections.alarms.value : []) alarm.name = alarms.of(alarm.name);
  const hosts = new Substitutes('host');
  if (sections.kafkaGroups?.ok) hideMemberHosts(sections.kafkaGroups.value, hosts);
  if (sections.kafkaQuotas?.ok) hidePrincipals(sections.kafkaQuotas.value, hosts);
}

/** How many secrets there are stays. The ARN of the key stays one, in its region. */
function redactSecurity(security: SectionValue<'security'>): void {
  const { encryption, scramSecretNames } = security;
  if (encryption.atRestKeyArn !== null) encryption.atRestKeyArn = hideKey(encryption.atRestKeyArn);
  if (scramSecretNames === null) return;
  const names = new Substitutes('secret');
  security.scramSecretNames = scramSecretNames.map((name) => names.of(name));
}

/** What AWS, Kafka and we ourselves say of a section quotes whatever was asked. */
function redactSentences(sections: Sections, account: string | null): void {
  const hidden = (text: string): string => hideInSentence(text, account);
  const orNull = (text: string | null): string | null => (text === null ? null : hidden(text));
  for (const section of Object.values(sections)) {
    if (section.ok) {
      if (section.partial !== undefined) section.partial = hidden(section.partial);
      continue;
    }
    section.detail = hidden(section.detail);
    if (section.fix !== undefined) section.fix = hidden(section.fix);
  }
  const { cluster, operations, configuration, metrics } = sections;
  if (cluster?.ok && cluster.value.stateInfo) {
    const { stateInfo } = cluster.value;
    stateInfo.message = orNull(stateInfo.message);
  }
  for (const { details } of operations?.ok ? operations.value : []) {
    if (details?.error) details.error.text = orNull(details.error.text);
  }
  if (configuration?.ok && configuration.value.problem)
    configuration.value.problem = hidden(configuration.value.problem);
  for (const message of metrics?.ok ? metrics.value.messages : []) message.value = hidden(message.value);
}

/** Quotas of users and addresses name people and machines. */
function hidePrincipals(quotas: SectionValue<'kafkaQuotas'>, hosts: Substitutes): void {
  const names = new Map<string, string>();
  for (const entity of quotas.flatMap((quota) => quota.entity)) {
    if (entity.name === null) continue;
    // Client ids stand in the groups as well.
    if (entity.type === 'client-id') entity.name = withoutHosts(entity.name, hosts);
    if (entity.type !== 'user' && entity.type !== 'ip') continue;
    const key = `${entity.type} ${entity.name}`;
    if (!names.has(key)) names.set(key, `${entity.type}-${names.size + 1}`);
    entity.name = names.get(key)!;
  }
}

/** The same host keeps the same name, so that "all members on one host" can still be seen. Many clients name themselves by theirs. */
function hideMemberHosts(groups: SectionValue<'kafkaGroups'>, hosts: Substitutes): void {
  const members = groups.flatMap((group) => group.members ?? []);
  for (const member of members) member.host = hosts.of(member.host);
  for (const member of members) {
    member.clientId = withoutHosts(member.clientId, hosts);
    member.memberId = withoutHosts(member.memberId, hosts);
    if (member.instanceId !== null) member.instanceId = withoutHosts(member.instanceId, hosts);
  }
}

/** What an earlier redaction put in stays as it is. */
function withoutHosts(name: string, hosts: Substitutes): string {
  return replaceHosts(name, (host) => (/^host-\d+$/.test(host) ? host : hosts.of(host)));
}

/** One name for each thing, by the order in which they are met: what was the same stays the same. */
class Substitutes {
  private readonly names = new Map<string, string>();
  private readonly kind: string;

  constructor(kind: string) {
    this.kind = kind;
  }

  of(original: string): string {
    // Kafka writes an address as Java does: /10.0.0.1
    const key = original.replace(/^\//, '');
    if (!this.names.has(key)) this.names.set(key, `${this.kind}-${this.names.size + 1}`);
    return this.names.get(key)!;
  }
}

function accountOf(snapshot: Snapshot): string | null {
  const arn = snapshot.target.kind === 'msk' ? snapshot.target.clusterArn : null;
  return arn?.split(':')[4] ?? null;
}

/** Only values of ARNs and the account field carry it; group ids and topic names stay as they are. */
function hideAccount(snapshot: Snapshot, account: string): Snapshot {
  const hidden = JSON.parse(JSON.stringify(snapshot), (key, value: unknown) => {
    if (key === 'accountId' && value === account) return HIDDEN_ACCOUNT;
    // First the type: most values are points of series.
    if (typeof value === 'string' && /arn$/i.test(key)) return hideAccounts(value);
    return value;
  }) as Snapshot;
  return hidden;
}
