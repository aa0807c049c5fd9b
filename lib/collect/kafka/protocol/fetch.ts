import type { Api } from './api.ts';
import { type BatchHeaders, readBatchHeaders } from './batch-headers.ts';
import type { Reader } from './reader.ts';

const READ_UNCOMMITTED = 0;
/** No fetch session: the broker keeps nothing of us. */
const NO_SESSION = -1;
const UNKNOWN = -1;

export interface FetchInput {
  /** Of the whole answer. A broker exceeds it only for the very first batch, which it sends whole. */
  maxBytes: number;
  topics: readonly {
    topic: string;
    partitions: readonly { partition: number; offset: bigint; maxBytes: number }[];
  }[];
}

export interface FetchedPartition extends BatchHeaders {
  partition: number;
  errorCode: number;
}

export interface FetchAnswer {
  errorCode: number;
  topics: { topic: string; partitions: FetchedPartition[] }[];
}

/**
 * Batches from given offsets on, of which only the headers are read: the bytes of records end with this function. Needs READ on the
 * topic. Version 11 (Kafka 2.3), because below 10 a topic with `compression.type=zstd` is refused.
 */
export const fetch: Api<FetchInput, FetchAnswer> = {
  key: 1,
  name: 'Fetch',
  versions: [11],
  flexibleFrom: 12,
  write(writer, _version, { maxBytes, topics }) {
    writer.int32(UNKNOWN); // replica_id: a client
    writer.int32(0).int32(1); // max_wait_ms: what is there now; min_bytes
    writer.int32(maxBytes).int8(READ_UNCOMMITTED);
    writer.int32(0).int32(NO_SESSION); // session_id, session_epoch
    writer.nullableArray(topics, ({ topic, partitions }) => {
      writer.nullableString(topic);
      writer.nullableArray(partitions, ({ partition, offset, maxBytes }) => {
        writer.int32(partition).int32(UNKNOWN); // current_leader_epoch
        writer.int64(offset).int64(-1n); // log_start_offset: of followers only
        writer.int32(maxBytes);
      });
    });
    writer.nullableArray([], () => {}); // forgotten_topics_data
    writer.nullableString(''); // rack_id
  },
  read(reader) {
    const errorCode = reader.int16();
    reader.int32(); // session_id
    const topics = reader.array(6, () => ({ topic: reader.string(), partitions: reader.array(42, readPartition) }));
    return { errorCode, topics };
  },
};

function readPartition(reader: Reader): FetchedPartition {
  const partition = reader.int32();
  const errorCode = reader.int16();
  reader.int64(); // high_watermark
  reader.int64(); // last_stable_offset
  reader.int64(); // log_start_offset
  reader.nullableArray(16, () => [reader.int64(), reader.int64()]); // aborted_transactions
  reader.int32(); // preferred_read_replica
  return { partition, errorCode, ...readBatchHeaders(reader.nullableBytes() ?? Buffer.alloc(0)) };
}
