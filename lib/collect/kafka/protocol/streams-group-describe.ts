import type { Api } from './api.ts';
import {
  type ConsumerGroup,
  type ConsumerGroupMember,
  consumerGroupDescribe,
  type TopicPartitions,
} from './consumer-group-describe.ts';
import { MalformedAnswerError, type Reader } from './reader.ts';

/** Subtopology to the topics it reads: those of others, and those the application itself writes to repartition. */
type SourceTopics = ReadonlyMap<string, readonly string[]>;

/** A few bytes of task can name thousands of topics: in all they may be no more than the answer has bytes. */
interface TopicBudget {
  left: number;
}

/**
 * Streams groups (KIP-1071) by id, from Kafka 4.1 on. The assignment of a member is that of its active tasks, as the
 * partitions of the topics they may read: a task reads the same partition of each source topic of its subtopology that has
 * so many partitions. A group of another type is answered with GROUP_ID_NOT_FOUND.
 */
export const streamsGroupDescribe: Api<readonly string[], ConsumerGroup[]> = {
  key: 89,
  name: 'StreamsGroupDescribe',
  versions: [0],
  flexibleFrom: 0,
  write: (writer, version, groupIds) => consumerGroupDescribe.write(writer, version, groupIds),
  read(reader) {
    const budget = { left: reader.remaining };
    const groups = reader.array(20, () => readGroup(reader, budget));
    reader.tags();
    return groups;
  },
};

function readGroup(reader: Reader, budget: TopicBudget): ConsumerGroup {
  const errorCode = reader.int16();
  reader.skipString(); // error_message
  const groupId = reader.string();
  const state = reader.string();
  reader.int32(); // group_epoch
  reader.int32(); // assignment_epoch
  const sources: SourceTopics = reader.nullableStruct(readTopology) ?? new Map();
  const members = reader.array(28, () => readMember(reader, sources, budget));
  reader.int32(); // authorized_operations
  reader.tags();
  return { errorCode, groupId, state, assignor: '', members };
}

function readTopology(reader: Reader): SourceTopics {
  reader.int32(); // epoch
  const subtopologies = reader.array(6, () => {
    const id = reader.string();
    const external = reader.array(1, () => reader.string());
    reader.skipStrings(); // repartition_sink_topics
    readTopicNames(reader); // state_changelog_topics
    const repartitioned = readTopicNames(reader); // repartition_source_topics
    reader.tags();
    return [id, [...external, ...repartitioned]] as const;
  });
  reader.tags();
  return new Map(subtopologies);
}

function readTopicNames(reader: Reader): string[] {
  return reader.array(9, () => {
    const name = reader.string();
    reader.int32(); // partitions
    reader.int16(); // replication_factor
    skipKeyValues(reader); // topic_configs
    reader.tags();
    return name;
  });
}

function readMember(reader: Reader, sources: SourceTopics, budget: TopicBudget): ConsumerGroupMember {
  const memberId = reader.string();
  reader.int32(); // member_epoch
  const instanceId = reader.nullableString();
  const rack = reader.nullableString();
  const clientId = reader.string();
  const host = reader.string();
  reader.int32(); // topology_epoch
  reader.skipString(); // process_id
  reader.nullableStruct(skipEndpoint); // user_endpoint
  skipKeyValues(reader); // client_tags
  reader.skipArray(14, skipTaskOffset); // task_offsets
  reader.skipArray(14, skipTaskOffset); // task_end_offsets
  const assignment = readTasks(reader, sources, budget);
  skipTasks(reader); // target_assignment
  reader.boolean(); // is_classic
  reader.tags();
  return { memberId, instanceId, rack, clientId, host, assignment };
}

/** Active tasks, as topics and partitions. */
function readTasks(reader: Reader, sources: SourceTopics, budget: TopicBudget): TopicPartitions[] {
  const active = reader.array(3, () => {
    const topics = sources.get(reader.string()) ?? [];
    const partitions = reader.int32Array();
    reader.tags();
    budget.left -= topics.length;
    if (budget.left < 0) throw new MalformedAnswerError('tasks name too many topics');
    return topics.map((topic) => ({ topic, partitions }));
  });
  reader.skipArray(3, skipTask); // standby_tasks
  reader.skipArray(3, skipTask); // warmup_tasks
  reader.tags();
  return active.flat();
}

function skipTasks(reader: Reader): void {
  for (let kind = 0; kind < 3; kind++) reader.skipArray(3, skipTask);
  reader.tags();
}

function skipTask(reader: Reader): void {
  reader.skipString(); // subtopology_id
  reader.skipArray(4, () => reader.int32());
  reader.tags();
}

function skipTaskOffset(reader: Reader): void {
  reader.skipString(); // subtopology_id
  reader.int32(); // partition
  reader.int64AsNumber(); // offset
  reader.tags();
}

function skipEndpoint(reader: Reader): void {
  reader.skipString(); // host
  reader.int16(); // port
  reader.tags();
}

function skipKeyValues(reader: Reader): void {
  reader.skipArray(3, () => {
    reader.skipString();
    reader.skipString();
    reader.tags();
  });
}
