import type { Api } from './api.ts';
import type { Reader } from './reader.ts';

export interface CommittedPartition {
  partition: number;
  /** `-1` when the group never committed for it. */
  offset: string;
  errorCode: number;
}

export interface GroupOffsets {
  groupId: string;
  errorCode: number;
  topics: { topic: string; partitions: CommittedPartition[] }[];
}

/** All committed offsets of many groups in one request (KIP-709, Kafka 3.0). */
export const offsetFetch: Api<readonly string[], GroupOffsets[]> = {
  key: 9,
  name: 'OffsetFetch',
  versions: [8],
  flexibleFrom: 6,
  write(writer, _version, groupIds) {
    writer.nullableArray(groupIds, (groupId) => {
      writer.nullableString(groupId);
      writer.nullableArray(null, () => {}); // null: every topic the group committed for
      writer.tags();
    });
    writer.boolean(false); // require_stable: pending transactional commits do not matter here
    writer.tags();
  },
  read(reader) {
    reader.int32(); // throttle_time_ms
    const groups = reader.array(5, () => {
      const groupId = reader.string();
      const topics = readTopics(reader);
      const errorCode = reader.int16();
      reader.tags();
      return { groupId, topics, errorCode };
    });
    reader.tags();
    return groups;
  },
};

/** All committed offsets of one group, for brokers before Kafka 3.0. */
export const offsetFetchOneGroup: Api<string, GroupOffsets> = {
  key: 9,
  name: 'OffsetFetch',
  versions: [3, 5],
  flexibleFrom: 6,
  write(writer, _version, groupId) {
    writer.nullableString(groupId);
    writer.nullableArray(null, () => {});
  },
  read(reader, version) {
    reader.int32();
    const topics = readTopics(reader, version >= 5);
    return { groupId: '', topics, errorCode: reader.int16() };
  },
};

function readTopics(reader: Reader, withLeaderEpoch = true): GroupOffsets['topics'] {
  return reader.array(reader.flexible ? 3 : 6, () => {
    const topic = reader.string();
    const partitions = reader.array(reader.flexible ? 20 : 16, () => {
      const partition = reader.int32();
      const offset = reader.int64();
      if (withLeaderEpoch) reader.int32(); // committed_leader_epoch
      reader.nullableString(); // metadata
      const errorCode = reader.int16();
      reader.tags();
      return { partition, offset, errorCode };
    });
    reader.tags();
    return { topic, partitions };
  });
}
