// A leader that moves between the metadata and the question refuses the question. One look at the new metadata, and the
// partitions concerned are asked for once more: a rolling restart of MSK must not leave holes in every report.
import type { ClusterSession } from './cluster-session.ts';
import { addAnswers, type LedPartitions, type LogOffsets, ledPartitions } from './collect-offsets.ts';
import { listOffsets } from './protocol/list-offsets.ts';
import { type MetadataTopic, metadata } from './protocol/metadata.ts';

const MOVED = 'NOT_LEADER_OR_FOLLOWER';

/** Adds what the new leaders say to what was read; gives all leaders anew, or null when none had moved. */
export async function askMovedLeaders(
  session: ClusterSession,
  readings: readonly { read: LogOffsets; timestamp: bigint }[],
): Promise<LedPartitions | null> {
  const hasMoved = (topic: string, partition: number) =>
    readings.some(({ read }) => read.table.get(topic)?.get(partition)?.error === MOVED);
  const moved = withPartitions(session.metadata.topics, hasMoved);
  if (moved.length === 0) return null;
  const topics = await topicsNow(session);
  if (topics === null) return null;
  const again = ledPartitions({ ...session.metadata, topics: withPartitions(topics, hasMoved) });
  await Promise.all(
    readings.map(async ({ read, timestamp }) => {
      const inputOf = (node: { id: number }) => {
        const led = again.get(node.id);
        return led === undefined ? undefined : { timestamp, topics: led };
      };
      addAnswers(read.table, await session.askEach(listOffsets, inputOf));
    }),
  );
  return ledPartitions({ ...session.metadata, topics });
}

/** The topics with only those partitions that fit, and only topics that have one. */
function withPartitions(
  topics: readonly MetadataTopic[],
  fits: (topic: string, partition: number) => boolean,
): MetadataTopic[] {
  return topics
    .map((topic) => ({ ...topic, partitions: topic.partitions.filter(({ partition }) => fits(topic.name, partition)) }))
    .filter(({ partitions }) => partitions.length > 0);
}

async function topicsNow(session: ClusterSession): Promise<MetadataTopic[] | null> {
  for (const node of session.nodes) {
    const { answer } = await session.askNode(node, metadata, null);
    if (answer !== null) return answer.topics;
  }
  return null;
}
