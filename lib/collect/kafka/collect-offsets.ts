import { type Collected, present } from '../../snapshot/collected.ts';
import { GROUP_TYPES } from '../../snapshot/kafka-words.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { askInParts, partsOf } from './chunks.ts';
import type { ClusterSession, NodeAnswer } from './cluster-session.ts';
import { type FoundGroup, type FoundGroups, idsByCoordinator, unlistedGroups } from './collect-groups.ts';
import { countErrors, counted, listSome, partialLine, silentBrokers } from './partial-line.ts';
import type { CommittedGroup, CommittedOffsets } from './protocol/committed-offsets.ts';
import { errorName } from './protocol/error-names.ts';
import { type ListedOffsets, listOffsets } from './protocol/list-offsets.ts';
import type { MetadataAnswer } from './protocol/metadata.ts';
import { committedOffsets, committedOffsetsOfOneGroup } from './protocol/offset-fetch.ts';

type Offsets = SectionValue<'kafkaOffsets'>;
type Committed = Offsets['committed'][number];

interface OffsetRead {
  offset: string | null;
  error: string | null;
}

/** Topic to partition to what the leader said. */
export type OffsetTable = Map<string, Map<number, OffsetRead>>;

/** One reading of one timestamp from all leaders. */
export interface LogOffsets {
  table: OffsetTable;
  answers: NodeAnswer<ListedOffsets[]>[];
}

/** What coordinators said, in one or more parts each. */
export type CommittedAnswers = NodeAnswer<CommittedOffsets[]>[];

/** Share groups keep no committed offsets. */
const COMMITTING_TYPES = GROUP_TYPES.filter((type) => type !== 'share');

/** One partition in an answer of OffsetFetch, and of ListOffsets with the topic's name shared out. */
const PARTITION_BYTES = 24;
/** How many partitions a group may have committed for: nobody says before the answer is there. Few groups read more. */
const PARTITIONS_OF_A_GROUP = 1_000;

/** Broker id to the partitions it leads. */
export type LedPartitions = ReadonlyMap<number, { topic: string; partitions: number[] }[]>;

export function ledPartitions({ topics }: MetadataAnswer): LedPartitions {
  const led = new Map<number, { topic: string; partitions: number[] }[]>();
  for (const { name, partitions } of topics) {
    for (const [leader, indexes] of Map.groupBy(partitions, ({ leader }) => leader)) {
      const topics = led.get(leader) ?? [];
      topics.push({ topic: name, partitions: indexes.map(({ partition }) => partition) });
      led.set(leader, topics);
    }
  }
  return led;
}

/** Asks every leader for all its partitions at once. A leader that does not answer costs its own partitions only. */
export async function readLogOffsets(
  session: ClusterSession,
  led: LedPartitions,
  timestamp: bigint,
): Promise<LogOffsets> {
  const answers = await askInParts(session, listOffsets, (node) => {
    const topics = led.get(node.id) ?? [];
    const parts = partsOf(topics, ({ partitions }) => partitions.length * PARTITION_BYTES);
    // A broker that leads nothing is asked as well: the answer says that it is alive, and the number of requests stays what it is.
    return (parts.length === 0 ? [[]] : parts).map((part) => ({ timestamp, topics: part }));
  });
  const flat = answers.map(({ answer, ...given }) => ({ ...given, answer: answer?.flat() ?? null }));
  const table: OffsetTable = new Map();
  addAnswers(table, flat);
  return { table, answers: flat };
}

/** Later answers take the place of earlier ones. */
export function addAnswers(table: OffsetTable, answers: readonly NodeAnswer<ListedOffsets[]>[]): void {
  for (const { topic, partitions } of answers.flatMap(({ answer }) => answer ?? [])) {
    const read = table.get(topic) ?? new Map<number, OffsetRead>();
    for (const { partition, errorCode, offset } of partitions) {
      const error = errorName(errorCode);
      read.set(partition, { offset: error !== null || offset.startsWith('-') ? null : offset, error });
    }
    table.set(topic, read);
  }
}

/** Reads what all groups committed, at their coordinators. */
export async function readCommitted(session: ClusterSession, { groups }: FoundGroups): Promise<CommittedAnswers> {
  const ids = idsByCoordinator(groups, COMMITTING_TYPES);
  if (!session.supports(committedOffsets)) return readOneByOne(session, ids);
  const partitionCount = session.metadata.topics.reduce((sum, { partitions }) => sum + partitions.length, 0);
  const groupBytes = Math.min(partitionCount, PARTITIONS_OF_A_GROUP) * PARTITION_BYTES;
  return askInParts(session, committedOffsets, (node) => partsOf(ids.get(node.id) ?? [], () => groupBytes));
}

/** Before Kafka 3.0 one group a request; pipelined, so that the round trips do not add up. */
async function readOneByOne(
  session: ClusterSession,
  ids: ReadonlyMap<number, readonly string[]>,
): Promise<CommittedAnswers> {
  const asked = session.nodes.map(async (node) => {
    const each = await Promise.all(
      (ids.get(node.id) ?? []).map(async (groupId) => {
        const { answer, fault } = await session.askNode(node, committedOffsetsOfOneGroup, groupId);
        return { answer: answer?.named(groupId) ?? null, fault };
      }),
    );
    const read = each.flatMap(({ answer }) => answer ?? []);
    const fault = node.fault ?? each.find((one) => one.fault !== null)?.fault ?? null;
    return { node, answer: fault !== null && read.length === 0 ? null : read, fault };
  });
  return Promise.all(asked);
}

export function offsetsSection(
  read: { start: LogOffsets; end: LogOffsets; committed: CommittedAnswers },
  metadata: MetadataAnswer,
  found: FoundGroups,
  atMs: number,
): Collected<Offsets> {
  const answers = [...read.start.answers, ...read.end.answers];
  const fault = answers.find((given) => given.fault !== null)?.fault;
  if (fault && answers.every(({ answer }) => answer === null)) return fault.asMissing();
  const topics = topicOffsets(metadata, read.start.table, read.end.table);
  const unread = Object.values(topics).flatMap((partitions) => partitions.flatMap(({ error }) => error ?? []));
  const silentLeaders = silentBrokers(read.end.answers);
  const answered = answeredGroups(read.committed);
  return present(
    { topics, committed: committedRows(answered) },
    atMs,
    partialLine([
      unread.length > 0 && `offsets of ${counted(unread.length, 'partition')} not read: ${countErrors(unread)}`,
      silentLeaders !== '' && `no answer from ${silentLeaders}`,
      unreadGroups(answered, found.groups),
      ...unlistedGroups(metadata, found),
    ]),
  );
}

function topicOffsets(metadata: MetadataAnswer, start: OffsetTable, end: OffsetTable): Offsets['topics'] {
  const rows = metadata.topics
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, partitions }) => {
      const ordered = partitions.toSorted((a, b) => a.partition - b.partition);
      return [
        name,
        ordered.map(({ partition, leader }) => {
          const first = start.get(name)?.get(partition);
          const last = end.get(name)?.get(partition);
          const error = first?.error ?? last?.error ?? (first && last ? null : noAnswer(leader));
          return { partition, start: first?.offset ?? null, end: last?.offset ?? null, error };
        }),
      ] as const;
    });
  return Object.fromEntries(rows);
}

/** Kafka's own names for the two ways in which nobody could be asked. */
function noAnswer(leader: number): string {
  return leader < 0 ? 'LEADER_NOT_AVAILABLE' : 'BROKER_NOT_AVAILABLE';
}

/** A group that was answered for, in the answer that counts: one without an error, or else the last. */
interface AnsweredGroup {
  group: CommittedGroup;
  committed: CommittedOffsets;
}

function answeredGroups(answers: CommittedAnswers): AnsweredGroup[] {
  const byId = new Map<string, AnsweredGroup>();
  for (const committed of answers.flatMap(({ answer }) => answer ?? [])) {
    for (const group of committed.groups) {
      if (group.errorCode === 0 || byId.get(group.groupId)?.group.errorCode !== 0) {
        byId.set(group.groupId, { group, committed });
      }
    }
  }
  return [...byId.values()].sort((a, b) => (a.group.groupId < b.group.groupId ? -1 : 1));
}

/** One row for each partition a group ever committed for, by group, topic and partition. */
function committedRows(groups: readonly AnsweredGroup[]): Committed[] {
  const rows: Committed[] = [];
  for (const { group, committed } of groups) {
    if (group.errorCode !== 0) continue;
    const runs = committed.topicsOf(group).sort((a, b) => (a.topic < b.topic ? -1 : 1));
    for (const { topic, from, to } of runs) {
      const positions = Array.from({ length: to - from }, (_, index) => from + index);
      positions.sort((a, b) => committed.partitionAt(a) - committed.partitionAt(b));
      for (const position of positions) {
        const error = errorName(committed.errorAt(position));
        const partition = committed.partitionAt(position);
        rows.push({ groupId: group.groupId, topic, partition, offset: committed.offsetAt(position), error });
      }
    }
  }
  return rows;
}

function unreadGroups(answered: readonly AnsweredGroup[], groups: readonly FoundGroup[]): string | false {
  const refused = answered.filter(({ group }) => group.errorCode !== 0);
  const read = new Set(answered.filter(({ group }) => group.errorCode === 0).map(({ group }) => group.groupId));
  const unread = groups.filter(({ type, groupId }) => type !== 'share' && !read.has(groupId));
  if (unread.length === 0) return false;
  const errors = refused.map(({ group }) => errorName(group.errorCode) ?? '');
  const because = errors.length > 0 ? `: ${countErrors(errors)}` : '';
  const names = listSome(unread.map(({ groupId }) => JSON.stringify(groupId)));
  return `committed offsets of ${counted(unread.length, 'group')} not read (${names})${because}`;
}
