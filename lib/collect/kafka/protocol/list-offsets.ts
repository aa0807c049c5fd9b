import type { Api } from './api.ts';
import type { Reader } from './reader.ts';

/** Log end: with READ_UNCOMMITTED this is the high watermark, as kafka-consumer-groups.sh counts lag. */
export const LATEST = -1n;
/** Log start. Never timestamp 0, which makes the broker walk its time index. */
export const EARLIEST = -2n;
/** The record with the greatest timestamp (KIP-734): ask `listNewestRecords`, which brokers that know it speak. */
export const MAX_TIMESTAMP = -3n;

const READ_UNCOMMITTED = 0;
/** No fencing: the answer of a leader of any epoch is welcome. */
const ANY_EPOCH = -1;

export interface ListOffsetsInput {
  topics: readonly {
    topic: string;
    /** A partition may occur once: Kafka answers a duplicate with an error. */
    partitions: readonly number[];
    /** Milliseconds since the epoch in place of the timestamp for all: one for each partition, in their order. */
    timestamps?: readonly bigint[];
  }[];
  /** Asked of each partition that has none of its own. A moment finds the first record that is not older. */
  timestamp: bigint;
}

export interface ListedPartition {
  partition: number;
  errorCode: number;
  /** `-1` when no record is that young, or on error. */
  offset: string;
  /** Of the record found; -1 for the log start, the log end, and when there is none. A safe integer, as far off as it may be. */
  timestampMs: number;
}

export interface ListedOffsets {
  topic: string;
  partitions: ListedPartition[];
}

/** Offsets of all partitions a broker leads. Errors are each partition's own. */
export const listOffsets: Api<ListOffsetsInput, ListedOffsets[]> = {
  key: 2,
  name: 'ListOffsets',
  versions: [2, 7],
  flexibleFrom: 6,
  write(writer, version, { topics, timestamp }) {
    writer.int32(-1); // replica_id: a client
    writer.int8(READ_UNCOMMITTED);
    writer.nullableArray(topics, ({ topic, partitions, timestamps }) => {
      writer.nullableString(topic);
      writer.nullableArray(partitions, (partition, _writer, index) => {
        writer.int32(partition);
        if (version >= 4) writer.int32(ANY_EPOCH);
        writer.int64(timestamps?.[index] ?? timestamp).tags();
      });
      writer.tags();
    });
    writer.tags();
  },
  read(reader, version) {
    const topics = reader.array(reader.flexible ? 3 : 6, () => {
      const topic = reader.string();
      const partitions = reader.array(version >= 4 ? 26 : 22, () => readPartition(reader, version));
      reader.tags();
      return { topic, partitions };
    });
    reader.tags();
    return topics;
  },
};

/** The same where MAX_TIMESTAMP may be asked for: Kafka before 3.0 takes it for a moment, and gives a wrong offset. */
export const listNewestRecords: Api<ListOffsetsInput, ListedOffsets[]> = { ...listOffsets, versions: [7] };

function readPartition(reader: Reader, version: number): ListedPartition {
  const partition = reader.int32();
  const errorCode = reader.int16();
  const timestampMs = reader.int64AsNumber();
  const offset = reader.int64();
  if (version >= 4) reader.int32(); // leader_epoch
  reader.tags();
  return { partition, errorCode, offset, timestampMs };
}
