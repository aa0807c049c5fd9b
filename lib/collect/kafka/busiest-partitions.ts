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

export interface PartitionPlace {
  topic: string;
  partition: number;
  leader: number;
}

export interface BusyPartition extends PartitionPlace {
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

/** Topics of clients that have traffic, with the partitions that have a leader and hold records, the busiest first. */
export function busiestTopics(metadata: MetadataAnswer, known: KnownTraffic): BusyTopic[] {
  return [...Map.groupBy(partitionsOfClients(metadata, known), ({ topic }) => topic)]
    .map(([topic, own]) => ({ topic, traffic: sumOf(own), partitions: own.toSorted(busierFirst) }))
    .filter(({ traffic }) => traffic > 0)
    .sort((a, b) => b.traffic - a.traffic || (a.topic < b.topic ? -1 : 1));
}

/**
 * All partitions of clients that have a leader: the busiest first, then those that only hold records, then the others. What hangs on
 * a partition stays there when nobody writes to it any more.
 */
export function busiestPartitions(metadata: MetadataAnswer, known: KnownTraffic): PartitionPlace[] {
  const holding = partitionsOfClients(metadata, known).sort((a, b) => b.traffic - a.traffic);
  const held = new Set(holding.map(placeOf));
  return [...holding, ...placesOfClients(metadata, known.led).filter((place) => !held.has(placeOf(place)))];
}

/** Those with a leader that hold records. */
function partitionsOfClients(metadata: MetadataAnswer, known: KnownTraffic): BusyPartition[] {
  const found = partitionsWithRecords(placesOfClients(metadata, known.led), known);
  const isMoving = found.some(({ perSec }) => perSec > 0);
  const meanBytes = meanRecordBytes(found);
  return found.map(({ messages, perSec, ...partition }) => ({
    ...partition,
    traffic: (isMoving ? perSec : messages) * (partition.recordBytes ?? meanBytes),
  }));
}

interface FoundPartition extends Omit<BusyPartition, 'traffic'> {
  messages: number;
  perSec: number;
}

/** In an order of their own: brokers list topics as they like, and a bound must cut the same ones again. */
function placesOfClients({ topics }: MetadataAnswer, led: LedPartitions): PartitionPlace[] {
  const internal = new Set(topics.filter((topic) => topic.internal).map(({ name }) => name));
  return [...led]
    .flatMap(([leader, own]) => {
      const ofClients = leader < 0 ? [] : own.filter(({ topic }) => !internal.has(topic));
      return ofClients.flatMap(({ topic, partitions }) =>
        partitions.map((partition) => ({ topic, partition, leader })),
      );
    })
    .sort(byPlace);
}

export function byPlace(a: PartitionPlace, b: PartitionPlace): number {
  return a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1;
}

function partitionsWithRecords(
  places: readonly PartitionPlace[],
  { offsets, samples, logDirs }: KnownTraffic,
): FoundPartition[] {
  const logs = logEnds(offsets, samples, 0);
  const sizes = sizesByPlace(logDirs);
  return places.flatMap((place): FoundPartition[] => {
    const range = rangeOf(logs.topic(place.topic)?.get(place.partition));
    if (range === null) return [];
    const { start, end, messages, perSec } = range;
    const size = sizes.get(placeOf(place));
    const recordBytes = size === undefined ? null : size / messages;
    return [{ ...place, start: BigInt(start), end: BigInt(end), recordBytes, messages, perSec }];
  });
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
        if (!isFuture && sizeBytes > 0) sizes.set(placeOf({ leader: brokerId, topic, partition }), sizeBytes);
      }
    }
  }
  return sizes;
}

/** Topic names hold no slash. */
function placeOf({ leader, topic, partition }: PartitionPlace): string {
  return `${leader}/${topic}/${partition}`;
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
