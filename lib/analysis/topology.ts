// Where replicas and leaders are, and which partitions are in trouble, from Kafka's own metadata.
import type { SectionValue } from '../snapshot/schema.ts';

type Topics = SectionValue<'kafkaTopics'>;
type Topic = Topics[number];
type TopicConfigs = SectionValue<'kafkaTopicConfigs'>;

export interface PartitionHealth {
  topic: string;
  internal: boolean;
  partition: number;
  /** Broker id, -1 without a leader. */
  leader: number;
  replicas: readonly number[];
  isr: readonly number[];
  /** As configured; null when the topic's configuration was not read. */
  minInsyncReplicas: number | null;
  isOffline: boolean;
  isUnderReplicated: boolean;
  /** Producers with acks=all are refused. Null when min.insync.replicas is unknown and the ISR is not complete. */
  isUnderMinIsr: boolean | null;
}

/** The last answers by section: half a dozen checks and KPIs ask about the same 10,000 partitions. Sections do not change. */
const answered = new WeakMap<Topics, Map<TopicConfigs | null, readonly PartitionHealth[]>>();

/** One row a partition, in the order of the metadata. */
export function partitionHealth(topics: Topics, configs: TopicConfigs | null): readonly PartitionHealth[] {
  let byConfigs = answered.get(topics);
  if (byConfigs === undefined) answered.set(topics, (byConfigs = new Map()));
  const before = byConfigs.get(configs);
  if (before !== undefined) return before;
  const rows = judgeAll(topics, configs);
  byConfigs.set(configs, rows);
  return rows;
}

function judgeAll(topics: Topics, configs: TopicConfigs | null): PartitionHealth[] {
  return topics.flatMap((topic) => {
    const minInsyncReplicas = configs === null ? null : configNumber(configs, topic.name, 'min.insync.replicas');
    return topic.partitions.map((partition) => ({
      topic: topic.name,
      internal: topic.internal,
      partition: partition.partition,
      leader: partition.leader,
      replicas: partition.replicas,
      isr: partition.isr,
      minInsyncReplicas,
      isOffline: partition.leader < 0,
      isUnderReplicated: partition.isr.length < partition.replicas.length,
      isUnderMinIsr: underMinIsr(partition.replicas.length, partition.isr.length, minInsyncReplicas),
    }));
  });
}

/**
 * Brokers refuse acks=all when the ISR is smaller than min(min.insync.replicas, replicas): a topic with fewer replicas
 * than the setting stays writable (effectiveMinIsr in Kafka's Partition class, 3.5 and later).
 */
function underMinIsr(replicas: number, isr: number, minInsyncReplicas: number | null): boolean | null {
  if (minInsyncReplicas === null) return isr >= replicas ? false : null;
  return isr < Math.min(minInsyncReplicas, replicas);
}

/** Leaders by broker id. Brokers named in `brokerIds` are there even when they lead nothing. */
export function leadersByBroker(topics: Topics, brokerIds: readonly number[] = []): Map<number, number> {
  const count = new Map(brokerIds.map((id) => [id, 0]));
  for (const { leader } of topics.flatMap((topic) => topic.partitions)) {
    if (leader >= 0) count.set(leader, (count.get(leader) ?? 0) + 1);
  }
  return count;
}

/** Replicas (leaders included) by broker id. */
export function replicasByBroker(topics: Topics, brokerIds: readonly number[] = []): Map<number, number> {
  const count = new Map(brokerIds.map((id) => [id, 0]));
  for (const id of topics.flatMap((topic) => topic.partitions).flatMap((partition) => partition.replicas)) {
    count.set(id, (count.get(id) ?? 0) + 1);
  }
  return count;
}

/** The smallest replica count among a topic's partitions (they differ during a reassignment); 0 without partitions. */
export function replicationFactor(topic: Topic): number {
  return topic.partitions.length === 0
    ? 0
    : Math.min(...topic.partitions.map((partition) => partition.replicas.length));
}

/** Effective value of a topic setting; null when it was not read. */
export function configValue(configs: TopicConfigs, topic: string, key: string): string | null {
  // Topic names come from outside; `constructor` must not find Object's.
  return Object.hasOwn(configs, topic) ? (configs[topic]?.[key]?.value ?? null) : null;
}

/** Like `configValue`, as a number; null when it is none. */
export function configNumber(configs: TopicConfigs, topic: string, key: string): number | null {
  const value = configValue(configs, topic, key);
  if (value === null || value.trim() === '') return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}
