// What the brokers must at least send for what a collection found: the sum that the bytes really received are held against.
import type { KafkaSections } from '../../lib/collect/kafka/collect-kafka.ts';

/** Of one item in an answer, without names. Metadata is for three replicas, all in sync. */
const BYTES = {
  partitionInMetadata: 46,
  partitionInListOffsets: 22,
  committedPartition: 20,
  member: 150,
  assignedPartition: 4,
  configEntry: 55,
  /** Error, state, protocol: what a group takes in ListGroups, DescribeGroups and OffsetFetch together. */
  group: 60,
} as const;

const TIMESTAMPS = 2;
/** ListGroups, DescribeGroups, OffsetFetch. */
const ANSWERS_THAT_NAME_A_GROUP = 3;

/** @throws when a section that counts is missing */
export function protocolBytes(sections: KafkaSections): number {
  const { kafkaTopics, kafkaGroups, kafkaOffsets, kafkaTopicConfigs, kafkaBrokerConfigs } = sections;
  if (!kafkaTopics.ok || !kafkaGroups.ok || !kafkaOffsets.ok || !kafkaTopicConfigs.ok || !kafkaBrokerConfigs.ok)
    throw new Error('a collection with missing sections has no size');
  const topics = kafkaTopics.value;
  const leaders = (topic: (typeof topics)[number]) => new Set(topic.partitions.map(({ leader }) => leader)).size;
  const partitions = sum(topics.map((topic) => topic.partitions.length));
  // Metadata and DescribeConfigs name each topic once, ListOffsets names it at each of its leaders.
  const topicNames = sum(topics.map((topic) => topic.name.length * (2 + TIMESTAMPS * leaders(topic))));
  const committed = kafkaOffsets.value.committed;
  const committedTopics = new Map(committed.map(({ groupId, topic }) => [`${groupId}\t${topic}`, topic.length]));
  const members = kafkaGroups.value.flatMap((group) => group.members ?? []);
  const assigned = members.flatMap(({ assignment }) => assignment.flatMap((topic) => topic.partitions)).length;
  const configs = [kafkaTopicConfigs.value, kafkaBrokerConfigs.value].flatMap((each) => Object.values(each));
  return (
    partitions * (BYTES.partitionInMetadata + TIMESTAMPS * BYTES.partitionInListOffsets) +
    topicNames +
    committed.length * BYTES.committedPartition +
    sum([...committedTopics.values()]) +
    sum(kafkaGroups.value.map(({ groupId }) => BYTES.group + ANSWERS_THAT_NAME_A_GROUP * groupId.length)) +
    members.length * BYTES.member +
    assigned * BYTES.assignedPartition +
    sum(configs.map((entries) => Object.keys(entries).length)) * BYTES.configEntry
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
