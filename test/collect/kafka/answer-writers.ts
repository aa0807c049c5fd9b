// The brokers' side of the protocol: writes the answers that the codecs read, after the Kafka protocol guide. Written
// apart from the codecs, so that a round trip compares two readings of the guide.

import type { DescribedConfigs } from '../../../lib/collect/kafka/protocol/describe-configs.ts';
import type { ListGroupsAnswer } from '../../../lib/collect/kafka/protocol/list-groups.ts';
import type { ListedOffsets } from '../../../lib/collect/kafka/protocol/list-offsets.ts';
import type { MetadataAnswer } from '../../../lib/collect/kafka/protocol/metadata.ts';
import { AnswerWriter } from './answer-writer.ts';

/** What one group committed; `-1` where it did not. */
export interface GroupOffsets {
  groupId: string;
  errorCode: number;
  topics: { topic: string; partitions: { partition: number; offset: string; errorCode: number }[] }[];
}

export const THROTTLE_MS = 7;

/** An answer behind the correlation id: the header's tags, then the body. */
export function flexible(): AnswerWriter {
  return new AnswerWriter(true).tags();
}

export function apiVersionsAnswer(
  errorCode: number,
  versions: ReadonlyMap<number, { min: number; max: number }>,
): Buffer {
  const writer = new AnswerWriter().int16(errorCode);
  return writer.nullableArray([...versions], ([key, { min, max }]) => writer.int16(key).int16(min).int16(max)).finish();
}

export function metadataAnswer(version: number, answer: MetadataAnswer): Buffer {
  const writer = new AnswerWriter().int32(THROTTLE_MS);
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
  const writer = version >= 3 ? flexible() : new AnswerWriter();
  writer.int32(THROTTLE_MS).int16(errorCode);
  writer.nullableArray(groups, ({ groupId, protocolType, state, type }) => {
    writer.nullableString(groupId).nullableString(protocolType);
    if (version >= 4) writer.nullableString(state);
    if (version >= 5) writer.nullableString(type);
    writer.tags();
  });
  return writer.tags().finish();
}

/** What clients leave with a commit: nothing, nearly always. */
function metadataOf(partition: number): string | null {
  if (partition > -1000 && partition < 1000) return '';
  return ['', null, 'left by a client'][Math.abs(partition) % 3] ?? null;
}

function committedTopics(writer: AnswerWriter, topics: GroupOffsets['topics'], withEpoch: boolean): void {
  writer.nullableArray(topics, ({ topic, partitions }) => {
    writer.nullableString(topic);
    writer.nullableArray(partitions, ({ partition, offset, errorCode }) => {
      writer.int32(partition).int64(BigInt(offset));
      if (withEpoch) writer.int32(-1);
      writer.nullableString(metadataOf(partition)).int16(errorCode).tags();
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
  const writer = new AnswerWriter().int32(THROTTLE_MS);
  committedTopics(writer, topics, version >= 5);
  return writer.int16(errorCode).finish();
}

export function listOffsetsAnswer(version: number, topics: readonly ListedOffsets[]): Buffer {
  const writer = version >= 6 ? flexible() : new AnswerWriter();
  writer.int32(THROTTLE_MS);
  writer.nullableArray(topics, ({ topic, partitions }) => {
    writer.nullableString(topic);
    writer.nullableArray(partitions, ({ partition, errorCode, offset, timestampMs }) => {
      writer.int32(partition).int16(errorCode).int64(BigInt(timestampMs)).int64(BigInt(offset));
      if (version >= 4) writer.int32(12);
      writer.tags();
    });
    writer.tags();
  });
  return writer.tags().finish();
}

const RESOURCE_TYPES = { topic: 2, broker: 4, null: 16 };

export function describeConfigsAnswer(results: readonly DescribedConfigs[]): Buffer {
  const writer = new AnswerWriter().int32(THROTTLE_MS);
  writer.nullableArray(results, ({ errorCode, type, name, entries }) => {
    writer.int16(errorCode).nullableString(null).int8(RESOURCE_TYPES[`${type}`]).nullableString(name);
    writer.nullableArray(entries, ({ key, value, source }) => {
      writer.nullableString(key).nullableString(value).boolean(false).int8(source).boolean(false);
      writer.nullableArray(['synonym'], (synonym) => writer.nullableString(synonym).nullableString(null).int8(5));
    });
  });
  return writer.finish();
}
