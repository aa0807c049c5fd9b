// How old the next record of each committed offset is, by looking offsets up by time: each step one ListOffsets a leader, with
// all the partitions it still has to tell of.
import { parseOffset } from '../../analysis/offsets.ts';
import {
  BRACKETS_SEC,
  type FoundRecord,
  REFINEMENT,
  TimeLagSearch,
  type TimeLags,
  type TimeQuestion,
  type TopicKind,
} from '../../analysis/time-lag-search.ts';
import { configValue } from '../../analysis/topology.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import type { ClusterSession } from './cluster-session.ts';
import type { LedPartitions } from './collect-offsets.ts';
import type { KafkaPlan } from './plan.ts';
import { LATEST, type ListedPartition, type ListOffsetsInput, listOffsets } from './protocol/list-offsets.ts';

/** What the core collection found. */
export interface TimeLagCore {
  offsets: SectionValue<'kafkaOffsets'>;
  /** Tells which topics are compacted or tiered. */
  configs: Collected<SectionValue<'kafkaTopicConfigs'>>;
  led: LedPartitions;
  /** When the committed offsets were asked for. */
  atMs: number;
}

/** A step that could not end before the deadline is not begun. */
const ROOM_FOR_ONE_MS = 2_000;

/** A leader that takes longer over one step is not asked again: twenty such steps would hold up all that follows. */
const SLOW_STEP_MS = 1_000;

/**
 * Costs one ListOffsets for each leader and step: at most 8 steps for the brackets, at most 12 more to narrow down the worst, and
 * none where no group has anything left to read. A partition that is not answered, or not before the deadline, keeps what was known of
 * it: its bounds stay wide or null.
 */
export async function readTimeLags(
  session: ClusterSession,
  { offsets, configs, led, atMs }: TimeLagCore,
  mode: Exclude<KafkaPlan['timestamps'], 'none'>,
): Promise<TimeLags> {
  const search = new TimeLagSearch({
    offsets,
    atMs,
    kindOf: (topic) => kindOf(configs.ok ? configs.value : {}, topic),
    bracketsSec: BRACKETS_SEC,
    refinement: mode === 'exact' ? REFINEMENT : null,
  });
  const leaders = leadersOf(led);
  const slow = new Set<number>();
  for (const questions of search.steps()) {
    if (session.clock.stopped !== null || session.clock.remainingMs() < ROOM_FOR_ONE_MS) break;
    const answers = await askLeaders(session, leaders, slow, questions);
    for (const question of questions) {
      const answer = answers.get(question.log.topic)?.get(question.log.partition);
      if (answer !== undefined && answer.errorCode === 0) search.learn(question, foundRecord(answer));
    }
  }
  return search.result();
}

/** A topic whose settings were not read may be compacted. */
function kindOf(configs: SectionValue<'kafkaTopicConfigs'>, topic: string): TopicKind {
  if (configValue(configs, topic, 'remote.storage.enable') === 'true') return 'tiered';
  return (configValue(configs, topic, 'cleanup.policy') ?? 'compact').includes('compact') ? 'compacted' : 'plain';
}

type Leaders = ReadonlyMap<string, ReadonlyMap<number, number>>;

/** Topic to partition to the broker that leads it. */
function leadersOf(led: LedPartitions): Leaders {
  const leaders = new Map<string, Map<number, number>>();
  for (const [leader, topics] of led) {
    for (const { topic, partitions } of topics) {
      const ofTopic = leaders.get(topic) ?? new Map<number, number>();
      for (const partition of partitions) ofTopic.set(partition, leader);
      leaders.set(topic, ofTopic);
    }
  }
  return leaders;
}

/** One request a leader, pipelined; gives topic to partition to what the leader said. */
async function askLeaders(
  session: ClusterSession,
  leaders: Leaders,
  slow: Set<number>,
  questions: readonly TimeQuestion[],
): Promise<Map<string, Map<number, ListedPartition>>> {
  const byLeader = Map.groupBy(questions, ({ log }) => leaders.get(log.topic)?.get(log.partition));
  const askedAtMs = session.clock.now();
  const asked = session.nodes.map(async (node) => {
    const input = slow.has(node.id) ? undefined : inputOf(byLeader.get(node.id));
    if (input === undefined) return null;
    const { answer } = await session.askNode(node, listOffsets, input);
    if (session.clock.now() - askedAtMs > SLOW_STEP_MS) slow.add(node.id);
    return answer;
  });
  const given = (await Promise.all(asked)).filter((answer) => answer !== null);
  const answers = new Map<string, Map<number, ListedPartition>>();
  for (const { topic, partitions } of given.flat()) {
    const ofTopic = answers.get(topic) ?? new Map<number, ListedPartition>();
    for (const answer of partitions) ofTopic.set(answer.partition, answer);
    answers.set(topic, ofTopic);
  }
  return answers;
}

function inputOf(questions: readonly TimeQuestion[] | undefined): ListOffsetsInput | undefined {
  if (questions === undefined) return undefined;
  const topics = [...Map.groupBy(questions, ({ log }) => log.topic)].map(([topic, its]) => ({
    topic,
    partitions: its.map(({ log }) => log.partition),
    timestamps: its.map(({ timestampMs }) => BigInt(timestampMs)),
  }));
  return { topics, timestamp: LATEST };
}

function foundRecord({ offset, timestampMs }: ListedPartition): FoundRecord | null {
  const found = parseOffset(offset);
  return found === null ? null : { offset: found, timestampMs: timestampMs < 0 ? null : timestampMs };
}
