import type { Api } from './api.ts';
import type { Reader } from './reader.ts';

/** Partitions a broker leads. */
export type DescribeProducersInput = readonly { topic: string; partitions: readonly number[] }[];

export interface ActiveProducer {
  producerId: string;
  producerEpoch: number;
  /** -1 for none: only transaction markers were written. */
  lastSequence: number;
  /** -1 for none, and for what is no time in milliseconds: producers set it, and some count in nanoseconds. */
  lastTimestampMs: number;
  coordinatorEpoch: number;
  /** First offset of an open transaction, as a decimal string; null when none is open. */
  openTransactionStart: string | null;
}

export interface DescribedProducers {
  topic: string;
  partition: number;
  errorCode: number;
  producers: ActiveProducer[];
}

/** Idempotent and transactional producers that the leaders remember. Opt-in: it needs READ on the topic. */
export const describeProducers: Api<DescribeProducersInput, DescribedProducers[]> = {
  key: 61,
  name: 'DescribeProducers',
  versions: [0],
  flexibleFrom: 0,
  write(writer, _version, topics) {
    writer.nullableArray(topics, ({ topic, partitions }) => {
      writer.nullableString(topic);
      writer.nullableArray(partitions, (partition) => writer.int32(partition));
      writer.tags();
    });
    writer.tags();
  },
  read(reader) {
    const topics = reader.array(3, () => {
      const topic = reader.string();
      const partitions = reader.array(9, () => readPartition(reader, topic));
      reader.tags();
      return partitions;
    });
    reader.tags();
    return topics.flat();
  },
};

function readPartition(reader: Reader, topic: string): DescribedProducers {
  const partition = reader.int32();
  const errorCode = reader.int16();
  reader.skipString(); // error_message
  const producers = reader.array(37, readProducer);
  reader.tags();
  return { topic, partition, errorCode, producers };
}

function readProducer(reader: Reader): ActiveProducer {
  const producerId = reader.int64();
  const producerEpoch = reader.int32();
  const lastSequence = reader.int32();
  const lastTimestamp = reader.int64AsNumber();
  const coordinatorEpoch = reader.int32();
  const start = reader.int64();
  reader.tags();
  const openTransactionStart = start.startsWith('-') ? null : start;
  const lastTimestampMs = Math.abs(lastTimestamp) < Number.MAX_SAFE_INTEGER ? lastTimestamp : -1;
  return { producerId, producerEpoch, lastSequence, lastTimestampMs, coordinatorEpoch, openTransactionStart };
}
