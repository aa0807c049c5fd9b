// Messages a second into each partition, from log end offsets that one run looked at several times.
import type { SectionValue } from '../snapshot/schema.ts';
import { theilSenSlope } from './statistics.ts';

type Offsets = SectionValue<'kafkaOffsets'>;
type Samples = SectionValue<'kafkaSamples'>;

export interface OffsetPoint {
  atMs: number;
  offset: bigint;
}

/** Slope of offsets over time per second (Theil-Sen); null with fewer than two points in time. */
export function ratePerSec(points: readonly OffsetPoint[]): number | null {
  const first = points[0];
  if (first === undefined) return null;
  return theilSenSlope(
    points.map((point) => (point.atMs - first.atMs) / 1000),
    // Differences are small enough for a number where the offsets themselves may not be.
    points.map((point) => Number(point.offset - first.offset)),
  );
}

/** What the run knows about log ends and how fast they move. */
export interface LogEnds {
  /** Oldest first; empty when the partition was never read. */
  points(topic: string, partition: number): readonly OffsetPoint[];
  start(topic: string, partition: number): bigint | null;
  producePerSec(topic: string, partition: number): number | null;
  /** Sum over the topic's partitions that are known; null when none is. */
  topicProducePerSec(topic: string): number | null;
}

interface PartitionEnds {
  start: bigint | null;
  points: OffsetPoint[];
  rate?: number | null;
}

/**
 * @param samples null when no samples were taken: one look at `takenAtMs` remains
 */
export function logEnds(offsets: Offsets, samples: Samples | null, takenAtMs: number): LogEnds {
  const byTopic = new Map<string, Map<number, PartitionEnds>>();
  for (const [topic, partitions] of Object.entries(offsets.topics)) {
    const known = new Map<number, PartitionEnds>();
    partitions.forEach(({ partition, start, end }, position) => {
      const points: OffsetPoint[] = [];
      const add = (atMs: number, decimal: string | null) => {
        const offset = parseOffset(decimal);
        if (offset !== null) points.push({ atMs, offset });
      };
      if (samples === null || samples.length === 0) add(takenAtMs, end);
      else for (const sample of samples) add(sample.atMs, sample.end[topic]?.[position] ?? null);
      known.set(partition, { start: parseOffset(start), points });
    });
    byTopic.set(topic, known);
  }
  const find = (topic: string, partition: number) => byTopic.get(topic)?.get(partition);
  const producePerSec = (topic: string, partition: number) => {
    const ends = find(topic, partition);
    if (ends === undefined) return null;
    // Many groups ask for the same partition.
    if (ends.rate === undefined) ends.rate = ratePerSec(ends.points);
    return ends.rate;
  };
  return {
    points: (topic, partition) => find(topic, partition)?.points ?? [],
    start: (topic, partition) => find(topic, partition)?.start ?? null,
    producePerSec,
    topicProducePerSec: (topic) => {
      const rates = [...(byTopic.get(topic)?.keys() ?? [])].map((partition) => producePerSec(topic, partition));
      const known = rates.filter((rate) => rate !== null);
      return known.length === 0 ? null : known.reduce((a, b) => a + b, 0);
    },
  };
}

/** Kafka answers -1 for "none". */
export function parseOffset(offset: string | null): bigint | null {
  if (offset === null) return null;
  const value = BigInt(offset);
  return value < 0n ? null : value;
}
