// What the brokers say of themselves, of topics and of groups, and what MSK's topic API says of the same topics.
import type { SectionValue } from '../../lib/snapshot/schema.ts';
import { zoneOf } from './aws-sections.ts';

type Topic = SectionValue<'kafkaTopics'>[number];
type TopicConfigs = SectionValue<'kafkaTopicConfigs'>[string];
type Group = SectionValue<'kafkaGroups'>[number];

export interface TopicShape {
  partitions?: number;
  replicationFactor?: number;
  internal?: boolean;
  /** Configuration values set on the topic itself. */
  configs?: Record<string, string>;
  /** Start and end offset of every partition, unless `offsets` gives them one by one. */
  start?: number;
  end?: number;
}

export interface GroupShape {
  type?: Group['type'];
  state?: string;
  /** Topic to committed offset per partition, one list per sample or one list for all samples. */
  commits: Record<string, readonly number[] | readonly (readonly number[])[]>;
  /** Members share the committed partitions round robin; 0 = none assigned. */
  members?: number;
}

export function brokersOf(brokerIds: readonly number[]): SectionValue<'kafkaBrokers'> {
  return {
    clusterId: 'kafka-cluster-id',
    controllerId: 1,
    brokers: brokerIds.map((id) => ({ id, host: `b-${id}.example.test`, port: 9098, rack: `euw1-az${zoneOf(id)}` })),
  };
}

/** Leaders round robin, replicas on the following brokers, all in sync. */
export function topicOf(name: string, shape: TopicShape, brokerIds: readonly number[]): Topic {
  const { partitions = 3, replicationFactor = 3, internal = false } = shape;
  return {
    name,
    internal,
    error: null,
    partitions: Array.from({ length: partitions }, (_, partition) => {
      const replicas = Array.from(
        { length: replicationFactor },
        (_, r) => brokerIds[(partition + r) % brokerIds.length]!,
      );
      return { partition, leader: replicas[0]!, replicas, isr: [...replicas], offlineReplicas: [], error: null };
    }),
  };
}

/** Sound values for every key the checks read; what a test sets is marked as set on the topic. */
export function topicConfigs(set: Record<string, string> = {}): TopicConfigs {
  const defaults: Record<string, string> = {
    'min.insync.replicas': '2',
    'unclean.leader.election.enable': 'false',
    'retention.ms': '604800000',
    'retention.bytes': '-1',
    'cleanup.policy': 'delete',
    'compression.type': 'producer',
  };
  return Object.fromEntries(
    Object.entries({ ...defaults, ...set }).map(([key, value]) => [
      key,
      { value, source: key in set ? ('topic' as const) : ('static-broker' as const) },
    ]),
  );
}

/** Offsets that a group committed on a topic, one list for each of the samples. */
export function commitRows(commits: GroupShape['commits'][string], samples: number): readonly (readonly number[])[] {
  return typeof commits[0] === 'number'
    ? Array.from({ length: samples }, () => commits as readonly number[])
    : (commits as readonly (readonly number[])[]);
}

export function groupOf(groupId: string, shape: GroupShape): Group {
  const { type = 'classic', state = 'Stable', commits, members = 1 } = shape;
  const assignments = Array.from({ length: members }, () => new Map<string, number[]>());
  let next = 0;
  for (const [topic, offsets] of Object.entries(commits)) {
    for (const partition of commitRows(offsets, 1)[0]!.keys()) {
      const owner = members > 0 ? assignments[next++ % members]! : null;
      owner?.set(topic, [...(owner.get(topic) ?? []), partition]);
    }
  }
  return {
    groupId,
    type,
    state,
    protocolType: 'consumer',
    coordinatorId: 1,
    assignor: 'range',
    members: assignments.map((assignment, i) => ({
      memberId: `${groupId}-member-${i}`,
      clientId: `${groupId}-client`,
      host: `/10.0.0.${i + 1}`,
      instanceId: null,
      rack: null,
      assignment: [...assignment].map(([topic, partitions]) => ({ topic, partitions })),
    })),
    error: null,
  };
}

/** A data directory of 1 TB, of which nothing is known by topic yet. */
export function emptyDisk(brokerId: number): SectionValue<'kafkaLogDirs'>[number] {
  return { brokerId, dirs: [{ error: null, totalBytes: 1e12, usableBytes: 7e11 }], topics: {} };
}

/** What a broker holds of a topic: bytes of every replica, one number for all partitions or one each. */
export function replicasOn(brokerId: number, partitions: Topic['partitions'], bytes: number | readonly number[]) {
  const own = partitions.filter(({ replicas }) => replicas.includes(brokerId));
  return own.map(({ partition }) => ({
    partition,
    sizeBytes: typeof bytes === 'number' ? bytes : bytes[partition]!,
    offsetLag: '0',
    isFuture: false,
  }));
}

/** 50 kB of zstd by an idempotent producer, written just before the snapshot was taken. */
export function sampledBatch(takenAtMs: number): SectionValue<'kafkaBatches'>[number]['batches'][number] {
  return {
    sizeBytes: 50_000,
    records: 50,
    codec: 'zstd',
    baseTimestampMs: takenAtMs - 1010,
    maxTimestampMs: takenAtMs - 1000,
    isLogAppendTime: false,
    isTransactional: false,
    isIdempotent: true,
  };
}

/** The same topic as MSK's topic API tells it: listed, or described with those settings that it tells. */
export function topicByApi(
  { name, partitions }: Topic,
  configs: TopicConfigs,
  told: 'all' | 'own',
  isDescribed: boolean,
): SectionValue<'mskTopics'>[number] {
  const settings = Object.entries(configs).filter(([, { source }]) => told === 'all' || source === 'topic');
  return {
    name,
    replicationFactor: partitions[0]?.replicas.length ?? null,
    partitionCount: partitions.length,
    outOfSyncReplicaCount: partitions.reduce((sum, { isr, replicas }) => sum + replicas.length - isr.length, 0),
    configs: isDescribed ? Object.fromEntries(settings.map(([key, { value }]) => [key, value ?? ''])) : null,
    partitions: isDescribed
      ? partitions.map(({ partition, leader, replicas, isr }) => ({
          partition,
          leader: leader < 0 ? null : leader,
          replicas,
          isr,
        }))
      : null,
  };
}
