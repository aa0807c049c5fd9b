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
  return theilSenSlope(
    points.map((point) => (point.atMs - first.atMs) / 1000),
    // Differences are small enough for a number where the offsets themselves may not be.
    points.map((point) => distance(point.offset, first.offset)),
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
  /** Undefined when the partition was not listed. */
  partition(topic: string, partition: number): PartitionLog | undefined;
  producePerSec(topic: string, partition: number): number | null;
  /** Sum over the topic's partitions that are known; null when none is. */
  topicProducePerSec(topic: string): number | null;
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
  const byTopic = new Map<string, Map<number, PartitionLog>>();
  for (const topic of Object.keys(offsets.topics)) {
    const endsOf = looks?.map(({ atMs, end }) => ({ atMs, end: Object.hasOwn(end, topic) ? end[topic] : undefined }));
    const known = new Map<number, PartitionLog>();
    for (const [position, { partition, start, end }] of offsets.topics[topic]!.entries()) {
      const ends: OffsetPoint[] = [];
      const add = (atMs: number, decimal: string | null) => {
        const offset = parseOffset(decimal);
        if (offset !== null) ends.push({ atMs, offset });
      };
      if (endsOf === undefined) add(takenAtMs, end);
      else for (const look of endsOf) add(look.atMs, look.end?.[position] ?? null);
      known.set(partition, { start: parseOffset(start), ends, producePerSec: ratePerSec(ends) });
    }
    byTopic.set(topic, known);
  }
  const find = (topic: string, partition: number) => byTopic.get(topic)?.get(partition);
  return {
    partition: find,
    producePerSec: (topic, partition) => find(topic, partition)?.producePerSec ?? null,
    topicProducePerSec: (topic) => {
      const known = [...(byTopic.get(topic)?.values() ?? [])].flatMap(({ producePerSec }) => producePerSec ?? []);
      return known.length === 0 ? null : known.reduce((a, b) => a + b, 0);
    },
  };
}
