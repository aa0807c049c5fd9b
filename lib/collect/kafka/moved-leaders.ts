// A leader that moves or dies between the metadata and the question leaves its partitions unread. One look at the new metadata,
// and they are asked for once more where they are led now: a rolling restart of MSK must not leave holes in every report.
import type { ClusterSession } from './cluster-session.ts';
import { addAnswers, type LedPartitions, type LogOffsets, ledPartitions } from './collect-offsets.ts';
import { listOffsets } from './protocol/list-offsets.ts';
import { type MetadataAnswer, type MetadataPartition, type MetadataTopic, metadata } from './protocol/metadata.ts';

/** Refusals after which another broker, or the same one a little later, may answer. */
const MOVED: readonly (string | null)[] = [
  'NOT_LEADER_OR_FOLLOWER',
  'LEADER_NOT_AVAILABLE',
  'OFFSET_NOT_AVAILABLE',
  'REPLICA_NOT_AVAILABLE',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
  'KAFKA_STORAGE_ERROR',
  'UNKNOWN_TOPIC_OR_PARTITION',
];

/**
 * The second look follows only where a new leader can still come; the third only where one is there and says that it is not ready:
 * brokers hear of an election one after the other.
 */
const LOOKS = 3;
const BETWEEN_LOOKS_MS = 1_000;
/** What begins too late to end before the deadline is not begun. */
const ROOM_FOR_A_LOOK_MS = 2_000;

export interface Reading {
  read: LogOffsets;
  timestamp: bigint;
}

/** Adds what the new leaders say to what was read; gives all leaders anew, or null when none had moved. */
export async function askMovedLeaders(
  session: ClusterSession,
  readings: readonly Reading[],
): Promise<LedPartitions | null> {
  let now: MetadataAnswer | null = null;
  for (let look = 1; look <= LOOKS; look++) {
    if (!hasMoved(session, readings)) break;
    if (now !== null) {
      if (!isWorthWaiting(session, readings, now, look === LOOKS)) break;
      await session.clock.sleep(BETWEEN_LOOKS_MS);
    }
    const seen = await metadataNow(session);
    if (seen === null) break;
    now = seen;
    await session.meet(seen.brokers);
    await Promise.all(readings.map((reading) => askAgain(session, reading, seen)));
  }
  return now === null ? null : ledPartitions(now);
}

/** Whether a leader refused, or is gone with its partitions. A partition that had no leader to begin with has not moved. */
function hasMoved(session: ClusterSession, readings: readonly Reading[]): boolean {
  const isMissed = (isRefused: boolean, { leader }: MetadataPartition): boolean =>
    isRefused || (leader >= 0 && !isAlive(session, leader));
  return readings.some(({ read }) => unread(read, session.metadata.topics, isMissed).length > 0);
}

async function askAgain(session: ClusterSession, { read, timestamp }: Reading, now: MetadataAnswer): Promise<void> {
  const again = ledPartitions({ ...now, topics: unread(read, now.topics, () => true) });
  const inputOf = (node: { id: number }) => {
    const led = again.get(node.id);
    return led === undefined ? undefined : { timestamp, topics: led };
  };
  addAnswers(read.table, await session.askEach(listOffsets, inputOf));
}

/**
 * Whether partitions are left that a living broker leads or may come to lead. A broker that was silent has cost the run its
 * patience already.
 */
function isWorthWaiting(
  session: ClusterSession,
  readings: readonly Reading[],
  now: MetadataAnswer,
  onlyRefused: boolean,
): boolean {
  if (session.nodes.some(({ fault }) => fault?.reason === 'timed-out')) return false;
  if (session.clock.remainingMs() < BETWEEN_LOOKS_MS + ROOM_FOR_A_LOOK_MS) return false;
  const mayBeLed = (isRefused: boolean, { isr, leader }: MetadataPartition): boolean =>
    (isRefused || !onlyRefused) && [...isr, leader].some((id) => isAlive(session, id));
  return readings.some(({ read }) => unread(read, now.topics, mayBeLed).length > 0);
}

/** Of these topics the partitions that a reading lacks and that fit, and only topics that have one. */
function unread(
  { table }: LogOffsets,
  topics: readonly MetadataTopic[],
  fits: (isRefused: boolean, partition: MetadataPartition) => boolean,
): MetadataTopic[] {
  return topics
    .map((topic) => {
      const rows = table.get(topic.name);
      const partitions = topic.partitions.filter((each) => {
        const row = rows?.get(each.partition);
        return (row === undefined || MOVED.includes(row.error)) && fits(row !== undefined, each);
      });
      return { ...topic, partitions };
    })
    .filter(({ partitions }) => partitions.length > 0);
}

function isAlive({ nodes }: ClusterSession, id: number): boolean {
  return nodes.some((node) => node.id === id && node.fault === null);
}

async function metadataNow(session: ClusterSession): Promise<MetadataAnswer | null> {
  for (const node of session.nodes) {
    const { answer } = await session.askNode(node, metadata, null);
    if (answer !== null) return answer;
  }
  return null;
}
