// Messages a second into each partition, from log end offsets that one run looked at several times.
import type { SectionValue } from '../snapshot/schema.ts';
import { distance, type Offset, parseOffset } from './offsets.ts';
import { theilSenSlope } from './statistics.ts';

type Offsets = SectionValue<'kafkaOffsets'>;
type Samples = SectionValue<'kafkaSamples'>;

export interface OffsetPoint {
  atMs: number;
  offset: Offset;
}

/** Slope of offsets over time per second (Theil-Sen); null with fewer than two points in time. */
export function ratePerSec(points: readonly OffsetPoint[]): number | null {
  const first = points[0];
  if (first === undefined) return null;
  // Differences are small enough for a number where the offsets themselves may not be.
  return slopePerSec(points, ({ offset }) => distance(offset, first.offset));
}

/** Theil-Sen slope per second over a few looks; null with fewer than two points in time. */
export function slopePerSec<T extends { atMs: number }>(
  looks: readonly T[],
  measure: (look: T) => number,
): number | null {
  const [a, b, c] = looks;
  if (a === undefined || b === undefined) return null;
  // Three looks are the rule, 40,000 times in a large cluster: of their slopes that of the whole lies between the other two.
  if (c !== undefined && looks.length === 3 && a.atMs < b.atMs && b.atMs < c.atMs) {
    return (measure(c) - measure(a)) / ((c.atMs - a.atMs) / 1000);
  }
  return theilSenSlope(
    looks.map(({ atMs }) => (atMs - a.atMs) / 1000),
    looks.map(measure),
  );
}

/** What the run knows about one partition's log. */
export interface PartitionLog {
  start: Offset | null;
  /** Looks at the log end, oldest first; empty when the partition was never read. */
  ends: readonly OffsetPoint[];
  producePerSec: number | null;
}

/** What the run knows about log ends and how fast they move. */
export interface LogEnds {
  /** By partition; undefined when the topic was not listed. */
  topic(topic: string): ReadonlyMap<number, PartitionLog> | undefined;
  producePerSec(topic: string, partition: number): number | null;
}

/** The last answer by section: every consumer KPI and check asks. */
const answered = new WeakMap<Offsets, { samples: Samples | null; takenAtMs: number; ends: LogEnds }>();

/**
 * Sections are taken as immutable: the same ones give the same (shared) answer.
 * @param samples null when no samples were taken: one look at `takenAtMs` remains
 */
export function logEnds(offsets: Offsets, samples: Samples | null, takenAtMs: number): LogEnds {
  const last = answered.get(offsets);
  if (last !== undefined && last.samples === samples && last.takenAtMs === takenAtMs) return last.ends;
  const ends = readEnds(offsets, samples, takenAtMs);
  answered.set(offsets, { samples, takenAtMs, ends });
  return ends;
}

function readEnds(offsets: Offsets, samples: Samples | null, takenAtMs: number): LogEnds {
  const looks = samples === null || samples.length === 0 ? null : samples;
  const byTopic = new Map<string, ReadonlyMap<number, PartitionLog>>();
  for (const topic of Object.keys(offsets.topics)) {
    const partitions = offsets.topics[topic]!;
    const columns = looks?.map(({ atMs, end }) => ({ atMs, ends: Object.hasOwn(end, topic) ? end[topic]! : [] })) ?? [
      { atMs: takenAtMs, ends: partitions.map(({ end }) => end) },
    ];
    const logs = new Map<number, PartitionLog>();
    for (let position = 0; position < partitions.length; position++) {
      const ends: OffsetPoint[] = [];
      for (const column of columns) {
        const offset = parseOffset(column.ends[position] ?? null);
        if (offset !== null) ends.push({ atMs: column.atMs, offset });
      }
      const { partition, start } = partitions[position]!;
      logs.set(partition, { start: parseOffset(start), ends, producePerSec: ratePerSec(ends) });
    }
    byTopic.set(topic, logs);
  }
  return {
    topic: (topic) => byTopic.get(topic),
    producePerSec: (topic, partition) => byTopic.get(topic)?.get(partition)?.producePerSec ?? null,
  };
}
