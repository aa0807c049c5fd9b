import type { Api } from './api.ts';

/** Log end: with READ_UNCOMMITTED this is the high watermark, as kafka-consumer-groups.sh counts lag. */
export const LATEST = -1n;
/** Log start. Never timestamp 0, which makes the broker walk its time index. */
export const EARLIEST = -2n;

const READ_UNCOMMITTED = 0;

export interface ListOffsetsInput {
  timestamp: bigint;
  /** A partition may occur once: Kafka answers a duplicate with an error. */
  topics: readonly { topic: string; partitions: readonly number[] }[];
}

export interface ListedOffsets {
  topic: string;
  partitions: { partition: number; errorCode: number; offset: string }[];
}

/** Offsets of all partitions a broker leads, for one timestamp. */
export const listOffsets: Api<ListOffsetsInput, ListedOffsets[]> = {
  key: 2,
  name: 'ListOffsets',
  versions: [2],
  flexibleFrom: 6,
  write(writer, _version, input) {
    writer.int32(-1); // replica_id: a client
    writer.int8(READ_UNCOMMITTED);
    writer.nullableArray(input.topics, ({ topic, partitions }) => {
      writer.nullableString(topic);
      writer.nullableArray(partitions, (partition) => writer.int32(partition).int64(input.timestamp));
    });
  },
  read(reader) {
    reader.int32(); // throttle_time_ms
    return reader.array(6, () => ({
      topic: reader.string(),
      partitions: reader.array(22, () => {
        const partition = reader.int32();
        const errorCode = reader.int16();
        reader.int64(); // timestamp
        return { partition, errorCode, offset: reader.int64() };
      }),
    }));
  },
};
