// The committed offsets before the log end, by partition: those whose next record has an age.
import type { SectionValue } from '../snapshot/schema.ts';
import { AgeBounds } from './age-bounds.ts';
import { distance, parseOffset } from './offsets.ts';

type Offsets = SectionValue<'kafkaOffsets'>;
type PartitionOffsets = Offsets['topics'][string][number];

/**
 * `compacted`: offsets may have gaps. `tiered`: a look-up by time reads indexes from remote storage, before Kafka 4.0 on the
 * threads that serve everyone (KAFKA-15859), so that it is not asked.
 */
export type TopicKind = 'plain' | 'compacted' | 'tiered';

export interface WaitingRow {
  /** In `committed`. */
  position: number;
  groupId: string;
  /** Of the record at the committed offset, or of the oldest one left when that one is lost. */
  bounds: AgeBounds;
  messages: number;
  /** The log start has passed the committed offset: the age is that of the oldest record left, or more. */
  isLost: boolean;
  /** A record up to the offset claims to be from the future and hides how old the others are. */
  isUntrusted: boolean;
}

/** A partition that some group has not read to its end. */
export interface WaitingLog {
  topic: string;
  partition: number;
  rows: WaitingRow[];
  /** It did not answer, and is not asked again. */
  isSilent: boolean;
}

export interface Waiting {
  logs: WaitingLog[];
  /** Positions in `committed` with nothing left to read. */
  caughtUp: number[];
}

/** Offsets that are unknown, and those beyond which no record is left although some were lost, are in neither list. */
export function waitingRows(
  { topics, committed }: Pick<Offsets, 'topics' | 'committed'>,
  kindOf: (topic: string) => TopicKind,
): Waiting {
  const waiting: Waiting = { logs: [], caughtUp: [] };
  for (const [topic, positions] of Map.groupBy(committed.keys(), (position) => committed[position]!.topic)) {
    // A commit for a topic that no longer exists is nobody's lag.
    if (!Object.hasOwn(topics, topic)) continue;
    const kind = kindOf(topic);
    const offsets = new Map(topics[topic]!.map((each) => [each.partition, each]));
    for (const [partition, its] of Map.groupBy(positions, (position) => committed[position]!.partition)) {
      const log = offsets.get(partition);
      if (log === undefined) continue;
      const rows = its.flatMap((position) => {
        const row = waitingRow(committed[position]!, position, log, kind);
        if (row === 'caught-up') waiting.caughtUp.push(position);
        return row === null || row === 'caught-up' ? [] : [row];
      });
      if (rows.length > 0 && kind !== 'tiered') waiting.logs.push({ topic, partition, rows, isSilent: false });
    }
  }
  return waiting;
}

function waitingRow(
  { groupId, offset }: Offsets['committed'][number],
  position: number,
  log: PartitionOffsets,
  kind: TopicKind,
): WaitingRow | 'caught-up' | null {
  const committed = parseOffset(offset);
  const end = parseOffset(log.end);
  if (committed === null || end === null) return null;
  if (committed >= end) return 'caught-up';
  const start = parseOffset(log.start);
  const isLost = start !== null && committed < start;
  if (isLost && start >= end) return null;
  const bounds = new AgeBounds(isLost ? start : committed, kind === 'compacted');
  return { position, groupId, bounds, messages: distance(end, committed), isLost, isUntrusted: false };
}
