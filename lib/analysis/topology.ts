// Where replicas and leaders are, and which partitions are in trouble, from Kafka's own metadata.
import type { Cluster } from '../snapshot/aws-sections.ts';
import type { Collected } from '../snapshot/collected.ts';
import type { SectionValue } from '../snapshot/schema.ts';
import { remembered } from './remembered.ts';

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
  /** The minimum that the leader compares its ISR with; null when the topic's configuration was not read. */
  minIsrInForce: number | null;
  isOffline: boolean;
  isUnderReplicated: boolean;
  /** Producers with acks=all are refused. Null when min.insync.replicas is unknown and the ISR is not complete. */
  isUnderMinIsr: boolean | null;
}

/** The last answers by section: half a dozen checks and KPIs ask about the same 10,000 partitions. Sections do not change. */
const answered = new WeakMap<
  Topics,
  { configs: TopicConfigs | null; bounded: boolean; rows: readonly PartitionHealth[] }[]
>();

/**
 * One row a partition, in the order of the metadata.
 * @param bounded whether the brokers bound min.insync.replicas by the number of replicas (`boundsMinIsr`)
 */
export function partitionHealth(
  topics: Topics,
  configs: TopicConfigs | null,
  bounded = true,
): readonly PartitionHealth[] {
  const answers = answered.get(topics) ?? [];
  const before = answers.find((each) => each.configs === configs && each.bounded === bounded);
  if (before !== undefined) return before.rows;
  const rows = judgeAll(topics, configs, bounded);
  answered.set(topics, [...answers, { configs, bounded, rows }]);
  return rows;
}

function judgeAll(topics: Topics, configs: TopicConfigs | null, bounded: boolean): PartitionHealth[] {
  const rows: PartitionHealth[] = [];
  for (const topic of topics) {
    const minInsyncReplicas = configs === null ? null : configNumber(configs, topic.name, 'min.insync.replicas');
    for (const { partition, leader, replicas, isr } of topic.partitions) {
      const minIsrInForce =
        minInsyncReplicas !== null && bounded ? Math.min(minInsyncReplicas, replicas.length) : minInsyncReplicas;
      const isComplete = isr.length >= replicas.length;
      rows.push({
        topic: topic.name,
        internal: topic.internal,
        partition,
        leader,
        replicas,
        isr,
        minInsyncReplicas,
        minIsrInForce,
        isOffline: leader < 0,
        isUnderReplicated: !isComplete,
        isUnderMinIsr: minIsrInForce === null ? (isComplete ? false : null) : isr.length < minIsrInForce,
      });
    }
  }
  return rows;
}

/**
 * Whether the brokers refuse acks=all below min(min.insync.replicas, replicas) instead of below min.insync.replicas: since Kafka 3.7
 * (KAFKA-15583, https://github.com/apache/kafka/pull/14594). An unknown version is taken as a newer one.
 */
export function boundsMinIsr(cluster: Collected<Cluster>): boolean {
  const version = cluster.ok && cluster.value.kind !== 'serverless' ? cluster.value.kafkaVersion : null;
  const [major = Number.NaN, minor = Number.NaN] = (version ?? '').split('.').map(Number);
  if (Number.isNaN(major) || Number.isNaN(minor)) return true;
  return major > 3 || (major === 3 && minor >= 7);
}

/** Leaders by broker id. Brokers named in `brokerIds` are there even when they lead nothing. */
export function leadersByBroker(topics: Topics, brokerIds: readonly number[] = []): Map<number, number> {
  return countFrom(brokerIds, leaderCounts(topics));
}

/** Replicas (leaders included) by broker id. */
export function replicasByBroker(topics: Topics, brokerIds: readonly number[] = []): Map<number, number> {
  return countFrom(brokerIds, replicaCounts(topics));
}

const leaderCounts = remembered((topics: Topics) => {
  const count = new Map<number, number>();
  for (const { partitions } of topics)
    for (const { leader } of partitions) if (leader >= 0) count.set(leader, (count.get(leader) ?? 0) + 1);
  return count;
});

const replicaCounts = remembered((topics: Topics) => {
  const count = new Map<number, number>();
  for (const { partitions } of topics)
    for (const { replicas } of partitions) for (const id of replicas) count.set(id, (count.get(id) ?? 0) + 1);
  return count;
});

function countFrom(brokerIds: readonly number[], counted: ReadonlyMap<number, number>): Map<number, number> {
  return new Map([...brokerIds.map((id) => [id, 0] as const), ...counted]);
}

/** The smallest replica count among a topic's partitions (they differ during a reassignment); 0 without partitions. */
export function replicationFactor(topic: Topic): number {
  let least = topic.partitions[0]?.replicas.length ?? 0;
  for (const { replicas } of topic.partitions) if (replicas.length < least) least = replicas.length;
  return least;
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
