// How many offsets consumer groups commit: one record of __consumer_offsets for each committed partition, by its log ends.
import type { SectionValue } from '../snapshot/schema.ts';
import { median } from './statistics.ts';
import type { TopicLoad } from './topic-load.ts';

const OFFSETS_TOPIC = '__consumer_offsets';

export interface CommitPartition {
  partition: number;
  perSec: number;
  /** Groups with members whose commits land here, busy or not. */
  groups: readonly string[];
}

export interface CommitRates {
  perSec: number;
  /** 0..1 of all messages of the cluster; null where those of a topic are not known. */
  share: number | null;
  /** Median over groups with members, each with its even part of its partition; null without such a group. */
  perGroupPerSec: number | null;
  /** Busiest first, only those that move. */
  partitions: readonly CommitPartition[];
}

/** Null where the log ends of __consumer_offsets were not seen twice. */
export function commitRates(loads: readonly TopicLoad[], groups: SectionValue<'kafkaGroups'>): CommitRates | null {
  const offsets = loads.find(({ topic }) => topic === OFFSETS_TOPIC);
  if (offsets === undefined || offsets.messagesPerSec === null || offsets.partitions.length === 0) return null;
  const all = loads.reduce<number | null>(
    (sum, { messagesPerSec }) => (sum === null || messagesPerSec === null ? null : sum + messagesPerSec),
    0,
  );
  const active = groups.filter(({ members }) => members !== null && members.length > 0).map(({ groupId }) => groupId);
  const byPartition = Map.groupBy(active, (groupId) => partitionOfGroup(groupId, offsets.partitions.length));
  const rateOf = new Map(offsets.partitions.map(({ partition, messagesPerSec }) => [partition, messagesPerSec ?? 0]));
  const perGroup = [...byPartition].flatMap(([partition, own]) =>
    own.map(() => (rateOf.get(partition) ?? 0) / own.length),
  );
  return {
    perSec: offsets.messagesPerSec,
    share: all === null ? null : all > 0 ? offsets.messagesPerSec / all : 0,
    perGroupPerSec: median(perGroup),
    partitions: [...rateOf]
      .map(([partition, perSec]) => ({ partition, perSec, groups: byPartition.get(partition) ?? [] }))
      .filter(({ perSec }) => perSec > 0)
      .sort((a, b) => b.perSec - a.perSec || a.partition - b.partition),
  };
}

/** Kafka's own choice: Utils.abs(groupId.hashCode()) % partitions, https://github.com/apache/kafka (GroupMetadataManager.partitionFor). */
export function partitionOfGroup(groupId: string, partitions: number): number {
  let hash = 0;
  for (let i = 0; i < groupId.length; i++) hash = (Math.imul(31, hash) + groupId.charCodeAt(i)) | 0;
  // Java's least integer has no positive counterpart, and counts as 0.
  return hash === -2_147_483_648 ? 0 : Math.abs(hash) % partitions;
}
