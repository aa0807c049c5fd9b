import { type Collected, present } from '../../snapshot/collected.ts';
import { GROUP_TYPES } from '../../snapshot/kafka-sections.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import type { ClusterSession, NodeAnswer } from './cluster-session.ts';
import { type FoundGroup, type FoundGroups, idsByCoordinator } from './collect-groups.ts';
import { countErrors, counted, listSome, partialLine, silentBrokers } from './partial-line.ts';
import { errorName } from './protocol/error-names.ts';
import { type ListedOffsets, listOffsets } from './protocol/list-offsets.ts';
import type { MetadataAnswer } from './protocol/metadata.ts';
import { type GroupOffsets, offsetFetch, offsetFetchOneGroup } from './protocol/offset-fetch.ts';

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

/** Share groups keep no committed offsets. */
const COMMITTING_TYPES = GROUP_TYPES.filter((type) => type !== 'share');

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
  const answers = await session.askEach(listOffsets, (node) => ({ timestamp, topics: led.get(node.id) ?? [] }));
  const table: OffsetTable = new Map();
  addAnswers(table, answers);
  return { table, answers };
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
export async function readCommitted(
  session: ClusterSession,
  { groups }: FoundGroups,
): Promise<NodeAnswer<GroupOffsets[]>[]> {
  const ids = idsByCoordinator(groups, COMMITTING_TYPES);
  if (session.supports(offsetFetch)) return session.askEach(offsetFetch, (node) => ids.get(node.id));
  return Promise.all(
    session.nodes.map(async (node) => {
      // Before Kafka 3.0 one group a request; pipelined, so that the round trips do not add up.
      const each = await Promise.all(
        (ids.get(node.id) ?? []).map(async (groupId) => {
          const { answer, fault } = await session.askNode(node, offsetFetchOneGroup, groupId);
          return { group: answer === null ? null : { ...answer, groupId }, fault };
        }),
      );
      const read = each.flatMap(({ group }) => group ?? []);
      const fault = node.fault ?? each.find((one) => one.fault !== null)?.fault ?? null;
      return { node, answer: fault !== null && read.length < each.length ? null : read, fault };
    }),
  );
}

export function offsetsSection(
  read: { start: LogOffsets; end: LogOffsets; committed: NodeAnswer<GroupOffsets[]>[] },
  metadata: MetadataAnswer,
  groups: readonly FoundGroup[],
  atMs: number,
): Collected<Offsets> {
  const answers = [...read.start.answers, ...read.end.answers];
  const fault = answers.find((given) => given.fault !== null)?.fault;
  if (fault && answers.every(({ answer }) => answer === null)) return fault.asMissing();
  const topics = topicOffsets(metadata, read.start.table, read.end.table);
  const unread = Object.values(topics).flatMap((partitions) => partitions.flatMap(({ error }) => error ?? []));
  const silentLeaders = silentBrokers(read.end.answers);
  return present(
    { topics, committed: committedRows(read.committed) },
    atMs,
    partialLine([
      unread.length > 0 && `offsets of ${counted(unread.length, 'partition')} not read: ${countErrors(unread)}`,
      silentLeaders !== '' && `no answer from ${silentLeaders}`,
      unreadGroups(read.committed, groups),
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

/** One row for each partition a group ever committed for, by group, topic and partition. */
function committedRows(answers: readonly NodeAnswer<GroupOffsets[]>[]): Committed[] {
  const groups = answers.flatMap(({ answer }) => answer ?? []).sort((a, b) => (a.groupId < b.groupId ? -1 : 1));
  return groups.flatMap(({ groupId, topics }) =>
    topics
      .toSorted((a, b) => (a.topic < b.topic ? -1 : 1))
      .flatMap(({ topic, partitions }) =>
        partitions
          .toSorted((a, b) => a.partition - b.partition)
          .map(({ partition, offset, errorCode }) => {
            const error = errorName(errorCode);
            return {
              groupId,
              topic,
              partition,
              offset: error !== null || offset.startsWith('-') ? null : offset,
              error,
            };
          }),
      ),
  );
}

function unreadGroups(answers: readonly NodeAnswer<GroupOffsets[]>[], groups: readonly FoundGroup[]): string | false {
  const given = answers.flatMap(({ answer }) => answer ?? []);
  const refused = given.filter(({ errorCode }) => errorCode !== 0);
  const answered = new Set(given.filter(({ errorCode }) => errorCode === 0).map(({ groupId }) => groupId));
  const unread = groups.filter(({ type, groupId }) => type !== 'share' && !answered.has(groupId));
  if (unread.length === 0) return false;
  const errors = refused.map(({ errorCode }) => errorName(errorCode) ?? '');
  const because = errors.length > 0 ? `: ${countErrors(errors)}` : '';
  const names = listSome(unread.map(({ groupId }) => JSON.stringify(groupId)));
  return `committed offsets of ${counted(unread.length, 'group')} not read (${names})${because}`;
}
