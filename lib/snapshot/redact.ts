// Takes out of a snapshot what a bug report does not need: addresses, account, unused tags. Judging a redacted snapshot gives the same verdicts.
import type { Sections, Snapshot } from './schema.ts';

/** Broker configuration keys that may be kept: none can hold a credential. Others (JAAS, key stores, listeners) never enter a snapshot. */
export const CONFIGURATION_KEYS = [
  'auto.create.topics.enable',
  'auto.leader.rebalance.enable',
  'compression.type',
  'default.replication.factor',
  'delete.topic.enable',
  'group.initial.rebalance.delay.ms',
  'leader.imbalance.per.broker.percentage',
  'log.cleanup.policy',
  'log.retention.bytes',
  'log.retention.hours',
  'log.retention.minutes',
  'log.retention.ms',
  'log.segment.bytes',
  'message.max.bytes',
  'min.insync.replicas',
  'num.io.threads',
  'num.network.threads',
  'num.partitions',
  'num.replica.fetchers',
  'offsets.retention.minutes',
  'offsets.topic.replication.factor',
  'replica.lag.time.max.ms',
  'transaction.state.log.min.isr',
  'transaction.state.log.replication.factor',
  'transactional.id.expiration.ms',
  'unclean.leader.election.enable',
] as const;

/** Tags that decide something in the report; all others are dropped. */
export const KEPT_TAGS = ['Environment', 'environment', 'Env', 'env', 'Owner', 'owner', 'Team', 'team'] as const;

const REDACTED = 'redacted';

/** Stands for the account in a redacted snapshot. */
export const HIDDEN_ACCOUNT = '000000000000';

export interface RedactOptions {
  /** Keeps the account id, for a snapshot that stays in its owner's bucket and whose ARNs go into commands. */
  keepAccount?: boolean;
}

/** A copy without hosts, endpoints, bootstrap strings, account id and unused tags. Redacting twice changes nothing. */
export function redactSnapshot(snapshot: Snapshot, { keepAccount = false }: RedactOptions = {}): Snapshot {
  const copy = structuredClone(snapshot);
  redactSections(copy.sections);
  copy.redacted = true;
  const account = keepAccount ? null : accountOf(snapshot);
  return account === null || account === HIDDEN_ACCOUNT ? copy : hideAccount(copy, account);
}

function redactSections(sections: Sections): void {
  // Which kinds of access there are stays: commands depend on it. Where the brokers are goes.
  if (sections.bootstrap?.ok) {
    const kinds = Object.keys(sections.bootstrap.value);
    sections.bootstrap.value = Object.fromEntries(kinds.map((kind) => [kind, REDACTED]));
  }
  if (sections.nodes?.ok) for (const node of sections.nodes.value) node.endpoints = [];
  if (sections.kafkaBrokers?.ok) {
    for (const broker of sections.kafkaBrokers.value.brokers) broker.host = `broker-${broker.id}`;
  }
  if (sections.tags?.ok) {
    const kept = Object.entries(sections.tags.value).filter(([key]) => (KEPT_TAGS as readonly string[]).includes(key));
    sections.tags.value = Object.fromEntries(kept);
  }
  if (sections.kafkaGroups?.ok) hideMemberHosts(sections.kafkaGroups.value);
  if (sections.kafkaQuotas?.ok) hidePrincipals(sections.kafkaQuotas.value);
}

/** Quotas of users and addresses name people and machines; client ids stand in the groups as well. */
function hidePrincipals(quotas: Extract<NonNullable<Sections['kafkaQuotas']>, { ok: true }>['value']): void {
  const names = new Map<string, string>();
  for (const entity of quotas.flatMap((quota) => quota.entity)) {
    if (entity.name === null || (entity.type !== 'user' && entity.type !== 'ip')) continue;
    const key = `${entity.type} ${entity.name}`;
    if (!names.has(key)) names.set(key, `${entity.type}-${names.size + 1}`);
    entity.name = names.get(key)!;
  }
}

/** The same host keeps the same name, so that "all members on one host" can still be seen. */
function hideMemberHosts(groups: Extract<NonNullable<Sections['kafkaGroups']>, { ok: true }>['value']): void {
  const names = new Map<string, string>();
  for (const member of groups.flatMap((group) => group.members ?? [])) {
    if (!names.has(member.host)) names.set(member.host, `host-${names.size + 1}`);
    member.host = names.get(member.host)!;
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
    if (/arn$/i.test(key) && typeof value === 'string') return value.replace(`:${account}:`, `:${HIDDEN_ACCOUNT}:`);
    return value;
  }) as Snapshot;
  return hidden;
}
