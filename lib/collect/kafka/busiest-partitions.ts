// Where the traffic is: which partitions a sample must look at to speak for most of what the cluster takes in.
import { distance, type Offset } from '../../analysis/offsets.ts';
import { logEnds, type PartitionLog } from '../../analysis/produce-rates.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import type { LedPartitions } from './collect-offsets.ts';
import type { MetadataAnswer } from './protocol/metadata.ts';

/** What the collection has found so far. */
export interface KnownTraffic {
  offsets: SectionValue<'kafkaOffsets'>;
  /** Null or one look tells no rates: what the logs retain stands in. */
  samples: SectionValue<'kafkaSamples'> | null;
  /** Null where sizes were not read: messages stand in for bytes. */
  logDirs: SectionValue<'kafkaLogDirs'> | null;
  led: LedPartitions;
}

export interface BusyPartition {
  topic: string;
  partition: number;
  leader: number;
  start: bigint;
  end: bigint;
  /** Mean on disk; null where the size is not known. */
  recordBytes: number | null;
  /** Bytes or messages, a second or in all: comparable with other partitions of the same answer only. */
  traffic: number;
}

export interface BusyTopic {
  topic: string;
  traffic: number;
  /** The busiest first. */
  partitions: BusyPartition[];
}

/** Topics of clients with the partitions that have a leader and hold records, the busiest first. */
export function busiestTopics({ topics }: MetadataAnswer, known: KnownTraffic): BusyTopic[] {
  const internal = new Set(topics.filter((topic) => topic.internal).map(({ name }) => name));
  const found = partitionsWithRecords(known).filter(({ topic }) => !internal.has(topic));
  const isMoving = found.some(({ perSec }) => perSec > 0);
  const meanBytes = meanRecordBytes(found);
  const partitions = found.map(({ messages, perSec, ...partition }) => ({
    ...partition,
    traffic: (isMoving ? perSec : messages) * (partition.recordBytes ?? meanBytes),
  }));
  return [...Map.groupBy(partitions, ({ topic }) => topic)]
    .map(([topic, own]) => ({ topic, traffic: sumOf(own), partitions: own.toSorted(busierFirst) }))
    .filter(({ traffic }) => traffic > 0)
    .sort((a, b) => b.traffic - a.traffic || (a.topic < b.topic ? -1 : 1));
}

interface FoundPartition extends Omit<BusyPartition, 'traffic'> {
  messages: number;
  perSec: number;
}

function partitionsWithRecords({ offsets, samples, logDirs, led }: KnownTraffic): FoundPartition[] {
  const logs = logEnds(offsets, samples, 0);
  const sizes = sizesByPlace(logDirs);
  return [...led].flatMap(([leader, topics]) =>
    topics.flatMap(({ topic, partitions }) =>
      partitions.flatMap((partition): FoundPartition[] => {
        const range = leader < 0 ? null : rangeOf(logs.topic(topic)?.get(partition));
        if (range === null) return [];
        const { start, end, messages, perSec } = range;
        const size = sizes.get(placeOf(leader, topic, partition));
        const recordBytes = size === undefined ? null : size / messages;
        return [{ topic, partition, leader, start: BigInt(start), end: BigInt(end), recordBytes, messages, perSec }];
      }),
    ),
  );
}

function rangeOf(
  log: PartitionLog | undefined,
): { start: Offset; end: Offset; messages: number; perSec: number } | null {
  const start = log?.start ?? null;
  const end = log?.ends.at(-1)?.offset ?? null;
  if (start === null || end === null || end <= start) return null;
  return { start, end, messages: distance(end, start), perSec: Math.max(0, log?.producePerSec ?? 0) };
}

/** Size of each replica, by broker, topic and partition. */
function sizesByPlace(logDirs: KnownTraffic['logDirs']): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const { brokerId, topics } of logDirs ?? []) {
    for (const [topic, replicas] of Object.entries(topics)) {
      for (const { partition, sizeBytes, isFuture } of replicas) {
        if (!isFuture && sizeBytes > 0) sizes.set(placeOf(brokerId, topic, partition), sizeBytes);
      }
    }
  }
  return sizes;
}

/** Topic names hold no slash. */
function placeOf(brokerId: number, topic: string, partition: number): string {
  return `${brokerId}/${topic}/${partition}`;
}

/** For a partition of unknown size among known ones; 1 where none is known, so that messages are compared with messages. */
function meanRecordBytes(partitions: readonly FoundPartition[]): number {
  const sized = partitions.filter(({ recordBytes }) => recordBytes !== null);
  const messages = sized.reduce((sum, each) => sum + each.messages, 0);
  return messages === 0 ? 1 : sized.reduce((sum, each) => sum + each.messages * (each.recordBytes ?? 0), 0) / messages;
}

function sumOf(partitions: readonly BusyPartition[]): number {
  return partitions.reduce((sum, { traffic }) => sum + traffic, 0);
}

function busierFirst(a: BusyPartition, b: BusyPartition): number {
  return b.traffic - a.traffic || a.partition - b.partition;
}
