// The brokers' side of the protocol: writes the answers that the codecs read, after the Kafka protocol guide. Written
// apart from the codecs, so that a round trip compares two readings of the guide.

import type { ConsumerGroup, TopicPartitions } from '../../../lib/collect/kafka/protocol/consumer-group-describe.ts';
import type { DescribedConfigs } from '../../../lib/collect/kafka/protocol/describe-configs.ts';
import type { DescribedGroup } from '../../../lib/collect/kafka/protocol/describe-groups.ts';
import type { ListGroupsAnswer } from '../../../lib/collect/kafka/protocol/list-groups.ts';
import type { ListedOffsets } from '../../../lib/collect/kafka/protocol/list-offsets.ts';
import type { MetadataAnswer } from '../../../lib/collect/kafka/protocol/metadata.ts';
import type { GroupOffsets } from '../../../lib/collect/kafka/protocol/offset-fetch.ts';
import { Writer } from '../../../lib/collect/kafka/protocol/writer.ts';

const THROTTLE_MS = 7;

/** An answer behind the correlation id: the header's tags, then the body. */
function flexible(): Writer {
  return new Writer(true).tags();
}

export function apiVersionsAnswer(
  errorCode: number,
  versions: ReadonlyMap<number, { min: number; max: number }>,
): Buffer {
  const writer = new Writer().int16(errorCode);
  return writer.nullableArray([...versions], ([key, { min, max }]) => writer.int16(key).int16(min).int16(max)).finish();
}

export function metadataAnswer(version: number, answer: MetadataAnswer): Buffer {
  const writer = new Writer().int32(THROTTLE_MS);
  writer.nullableArray(answer.brokers, ({ id, host, port, rack }) => {
    writer.int32(id).nullableString(host).int32(port).nullableString(rack);
  });
  writer.nullableString(answer.clusterId).int32(answer.controllerId);
  const ids = (values: number[]) => writer.nullableArray(values, (id) => writer.int32(id));
  writer.nullableArray(answer.topics, ({ errorCode, name, internal, partitions }) => {
    writer.int16(errorCode).nullableString(name).boolean(internal);
    writer.nullableArray(partitions, (p) => {
      writer.int16(p.errorCode).int32(p.partition).int32(p.leader);
      if (version >= 7) writer.int32(42);
      ids(p.replicas);
      ids(p.isr);
      ids(p.offlineReplicas);
    });
    if (version >= 8) writer.int32(-2147483648);
  });
  const operations = { null: -2147483648, true: 0b1_1000_0000_0000 | 256, false: 0b1_1000_0000_0000 };
  if (version >= 8) writer.int32(operations[`${answer.mayDescribeCluster}`]);
  return writer.finish();
}

export function listGroupsAnswer(version: number, { errorCode, groups }: ListGroupsAnswer): Buffer {
  const writer = version >= 3 ? flexible() : new Writer();
  writer.int32(THROTTLE_MS).int16(errorCode);
  writer.nullableArray(groups, ({ groupId, protocolType, state, type }) => {
    writer.nullableString(groupId).nullableString(protocolType);
    if (version >= 4) writer.nullableString(state);
    if (version >= 5) writer.nullableString(type);
    writer.tags();
  });
  return writer.tags().finish();
}

export function describeGroupsAnswer(version: number, groups: readonly DescribedGroup[]): Buffer {
  const writer = version >= 5 ? flexible() : new Writer();
  writer.int32(THROTTLE_MS);
  writer.nullableArray(groups, ({ errorCode, groupId, state, protocolType, members }) => {
    writer.int16(errorCode);
    if (version >= 6) writer.nullableString(errorCode === 0 ? null : 'said by the broker');
    writer.nullableString(groupId).nullableString(state).nullableString(protocolType).nullableString('range');
    writer.nullableArray(members, ({ memberId, instanceId, clientId, host, assignment }) => {
      writer.nullableString(memberId);
      if (version >= 4) writer.nullableString(instanceId);
      writer.nullableString(clientId).nullableString(host).nullableBytes(Buffer.from('subscription'));
      writer.nullableBytes(assignment).tags();
    });
    if (version >= 3) writer.int32(-2147483648);
    writer.tags();
  });
  return writer.tags().finish();
}

export function consumerGroupDescribeAnswer(groups: readonly ConsumerGroup[]): Buffer {
  const writer = flexible().int32(THROTTLE_MS);
  const assignment = (topics: TopicPartitions[]) => {
    writer.nullableArray(topics, ({ topic, partitions }) => {
      writer.raw(Buffer.alloc(16, 9)).nullableString(topic);
      writer.nullableArray(partitions, (partition) => writer.int32(partition)).tags();
    });
    writer.tags();
  };
  writer.nullableArray(groups, ({ errorCode, groupId, state, members }) => {
    writer.int16(errorCode).nullableString(null).nullableString(groupId).nullableString(state);
    writer.int32(3).int32(3).nullableString('uniform');
    writer.nullableArray(members, (member) => {
      writer.nullableString(member.memberId).nullableString(member.instanceId).nullableString('euw1-az1').int32(5);
      writer.nullableString(member.clientId).nullableString(member.host);
      writer.nullableArray(['a', 'b'], (topic) => writer.nullableString(topic)).nullableString(null);
      assignment(member.assignment);
      assignment([]);
      writer.tags();
    });
    writer.int32(-2147483648).tags();
  });
  return writer.tags().finish();
}

function committedTopics(writer: Writer, topics: GroupOffsets['topics'], withEpoch: boolean): void {
  writer.nullableArray(topics, ({ topic, partitions }) => {
    writer.nullableString(topic);
    writer.nullableArray(partitions, ({ partition, offset, errorCode }) => {
      writer.int32(partition).int64(BigInt(offset));
      if (withEpoch) writer.int32(-1);
      writer.nullableString('').int16(errorCode).tags();
    });
    writer.tags();
  });
}

export function offsetFetchAnswer(groups: readonly GroupOffsets[]): Buffer {
  const writer = flexible().int32(THROTTLE_MS);
  writer.nullableArray(groups, ({ groupId, errorCode, topics }) => {
    writer.nullableString(groupId);
    committedTopics(writer, topics, true);
    writer.int16(errorCode).tags();
  });
  return writer.tags().finish();
}

export function offsetFetchOneGroupAnswer(version: number, { errorCode, topics }: GroupOffsets): Buffer {
  const writer = new Writer().int32(THROTTLE_MS);
  committedTopics(writer, topics, version >= 5);
  return writer.int16(errorCode).finish();
}

export function listOffsetsAnswer(topics: readonly ListedOffsets[]): Buffer {
  const writer = new Writer().int32(THROTTLE_MS);
  writer.nullableArray(topics, ({ topic, partitions }) => {
    writer.nullableString(topic);
    writer.nullableArray(partitions, ({ partition, errorCode, offset }) => {
      writer.int32(partition).int16(errorCode).int64(-1n).int64(BigInt(offset));
    });
  });
  return writer.finish();
}

export function describeConfigsAnswer(results: readonly DescribedConfigs[]): Buffer {
  const writer = new Writer().int32(THROTTLE_MS);
  writer.nullableArray(results, ({ errorCode, topic, entries }) => {
    writer.int16(errorCode).nullableString(null).int8(2).nullableString(topic);
    writer.nullableArray(entries, ({ key, value, source }) => {
      writer.nullableString(key).nullableString(value).boolean(false).int8(source).boolean(false);
      writer.nullableArray(['synonym'], (name) => writer.nullableString(name).nullableString(null).int8(5));
    });
  });
  return writer.finish();
}
