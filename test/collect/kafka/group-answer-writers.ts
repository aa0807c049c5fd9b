// The brokers' side of the descriptions of groups; see answer-writers.ts.
import type { ConsumerGroup, TopicPartitions } from '../../../lib/collect/kafka/protocol/consumer-group-describe.ts';
import type { DescribedGroup } from '../../../lib/collect/kafka/protocol/describe-groups.ts';
import { AnswerWriter } from './answer-writer.ts';
import { flexible, THROTTLE_MS } from './answer-writers.ts';

const NO_OPERATIONS = -2147483648;

export function describeGroupsAnswer(version: number, groups: readonly DescribedGroup[]): Buffer {
  const writer = version >= 5 ? flexible() : new AnswerWriter();
  writer.int32(THROTTLE_MS);
  writer.nullableArray(groups, ({ errorCode, groupId, state, protocolType, assignor, members }) => {
    writer.int16(errorCode);
    if (version >= 6) writer.nullableString(errorCode === 0 ? null : 'said by the broker');
    writer.nullableString(groupId).nullableString(state).nullableString(protocolType).nullableString(assignor);
    writer.nullableArray(members, ({ memberId, instanceId, clientId, host, subscription, assignment }) => {
      writer.nullableString(memberId);
      if (version >= 4) writer.nullableString(instanceId);
      writer.nullableString(clientId).nullableString(host).nullableBytes(subscription);
      writer.nullableBytes(assignment).tags();
    });
    if (version >= 3) writer.int32(NO_OPERATIONS);
    writer.tags();
  });
  return writer.tags().finish();
}

function assignmentOf(writer: AnswerWriter, topics: readonly TopicPartitions[]): void {
  writer.nullableArray(topics, ({ topic, partitions }) => {
    writer.raw(Buffer.alloc(16, 9)).nullableString(topic);
    writer.nullableArray(partitions, (partition) => writer.int32(partition)).tags();
  });
  writer.tags();
}

const TARGET = [{ topic: 'target', partitions: [1, 2] }];

function groupsOf(
  groups: readonly ConsumerGroup[],
  member: (writer: AnswerWriter, of: ConsumerGroup['members'][number]) => void,
) {
  const writer = flexible().int32(THROTTLE_MS);
  writer.nullableArray(groups, ({ errorCode, groupId, state, assignor, members }) => {
    writer.int16(errorCode).nullableString(null).nullableString(groupId).nullableString(state);
    writer.int32(3).int32(3).nullableString(assignor);
    writer.nullableArray(members, (each) => member(writer, each));
    writer.int32(NO_OPERATIONS).tags();
  });
  return writer.tags().finish();
}

export function consumerGroupDescribeAnswer(version: number, groups: readonly ConsumerGroup[]): Buffer {
  return groupsOf(groups, (writer, member) => {
    writer.nullableString(member.memberId).nullableString(member.instanceId).nullableString(member.rack).int32(5);
    writer.nullableString(member.clientId).nullableString(member.host);
    writer.nullableArray(['a', 'b'], (topic) => writer.nullableString(topic)).nullableString(null);
    assignmentOf(writer, member.assignment);
    assignmentOf(writer, TARGET);
    if (version >= 1) writer.int8(1);
    writer.tags();
  });
}

/** Share groups know no instance ids. */
export function shareGroupDescribeAnswer(groups: readonly ConsumerGroup[]): Buffer {
  return groupsOf(groups, (writer, member) => {
    writer.nullableString(member.memberId).nullableString(member.rack).int32(5);
    writer.nullableString(member.clientId).nullableString(member.host);
    writer.nullableArray(['a', 'b'], (topic) => writer.nullableString(topic));
    assignmentOf(writer, member.assignment);
    writer.tags();
  });
}

function keyValues(writer: AnswerWriter): void {
  writer.nullableArray(['zone'], (key) => writer.nullableString(key).nullableString('a').tags());
}

function topicInfos(writer: AnswerWriter, names: readonly string[]): void {
  writer.nullableArray(names, (name) => {
    writer.nullableString(name).int32(4).int16(3);
    keyValues(writer);
    writer.tags();
  });
}

function tasks(writer: AnswerWriter, active: readonly { id: string; partitions: readonly number[] }[]): void {
  for (const kind of [active, [{ id: 'standby', partitions: [7] }], []])
    writer.nullableArray(kind, ({ id, partitions }) => {
      writer.nullableString(id);
      writer.nullableArray(partitions, (partition) => writer.int32(partition)).tags();
    });
  writer.tags();
}

function taskOffsets(writer: AnswerWriter): void {
  writer.nullableArray([5n], (offset) => writer.nullableString('0').int32(1).int64(offset).tags());
}

/**
 * Each topic that a member reads becomes a subtopology of its own, by turns as a topic of others and as one the application
 * repartitions to. A group whose members read nothing has not sent its topology yet.
 * @param sources what a subtopology reads in place of the one topic that it has its name from
 */
export function streamsGroupDescribeAnswer(
  groups: readonly ConsumerGroup[],
  sources: ReadonlyMap<string, readonly string[]> = new Map(),
): Buffer {
  const writer = flexible().int32(THROTTLE_MS);
  writer.nullableArray(groups, ({ errorCode, groupId, state, members }) => {
    writer.int16(errorCode).nullableString(null).nullableString(groupId).nullableString(state).int32(3).int32(3);
    const topics = [...new Set(members.flatMap(({ assignment }) => assignment.map(({ topic }) => topic)))];
    if (topics.length === 0) writer.int8(-1);
    else topology(writer, topics, sources);
    writer.nullableArray(members, (member) => {
      writer.nullableString(member.memberId).int32(5).nullableString(member.instanceId).nullableString(member.rack);
      writer.nullableString(member.clientId).nullableString(member.host).int32(2).nullableString('process');
      if (member.instanceId === null) writer.int8(-1);
      else writer.int8(1).nullableString('host').int16(-5536).tags();
      keyValues(writer);
      taskOffsets(writer);
      taskOffsets(writer);
      const active = member.assignment.map(({ topic, partitions }) => ({
        id: `s${topics.indexOf(topic)}`,
        partitions,
      }));
      tasks(writer, active);
      tasks(writer, [{ id: 's0', partitions: [1] }]);
      writer.boolean(false).tags();
    });
    writer.int32(NO_OPERATIONS).tags();
  });
  return writer.tags().finish();
}

function topology(
  writer: AnswerWriter,
  topics: readonly string[],
  sources: ReadonlyMap<string, readonly string[]>,
): void {
  writer.int8(1).int32(2);
  writer.nullableArray(topics, (topic, _writer, index) => {
    const isExternal = index % 2 === 0;
    const read = sources.get(topic) ?? [topic];
    writer.nullableString(`s${index}`);
    writer.nullableArray(isExternal ? read : [], (name) => writer.nullableString(name));
    writer.nullableArray(['sink'], (name) => writer.nullableString(name));
    topicInfos(writer, ['changelog']);
    topicInfos(writer, isExternal ? [] : read);
    writer.tags();
  });
  writer.tags();
}
