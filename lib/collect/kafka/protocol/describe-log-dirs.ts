import type { Api } from './api.ts';
import type { Reader } from './reader.ts';

export interface LogDirReplica {
  partition: number;
  sizeBytes: number;
  /** Decimal string: messages that the replica is behind; of a future one, behind the replica it will take the place of. */
  offsetLag: string;
  /** A copy on its way to this directory from another one of the same broker. */
  isFuture: boolean;
}

export interface LogDir {
  errorCode: number;
  path: string;
  topics: { topic: string; replicas: LogDirReplica[] }[];
  /** Of the volume; null below version 4 (Kafka 3.3) and when the broker cannot tell. */
  totalBytes: number | null;
  usableBytes: number | null;
}

export interface DescribedLogDirs {
  /** Of the whole answer; 0 below version 3. There a refusal is an answer without directories, which no broker is. */
  errorCode: number;
  dirs: LogDir[];
}

/** All replicas on the disks of one broker, of every topic. */
export const describeLogDirs: Api<null, DescribedLogDirs> = {
  key: 35,
  name: 'DescribeLogDirs',
  versions: [1, 2, 3, 4],
  flexibleFrom: 2,
  write(writer) {
    writer.nullableArray(null, () => {}); // null: all topics
    writer.tags();
  },
  read(reader, version) {
    const errorCode = version >= 3 ? reader.int16() : 0;
    const dirs = reader.array(reader.flexible ? 5 : 8, () => readDir(reader, version));
    reader.tags();
    return { errorCode, dirs };
  },
};

function readDir(reader: Reader, version: number): LogDir {
  const errorCode = reader.int16();
  const path = reader.string();
  const topics = reader.array(reader.flexible ? 3 : 6, readTopic);
  const totalBytes = version >= 4 ? knownBytes(reader) : null;
  const usableBytes = version >= 4 ? knownBytes(reader) : null;
  reader.tags();
  return { errorCode, path, topics, totalBytes, usableBytes };
}

function readTopic(reader: Reader): LogDir['topics'][number] {
  const topic = reader.string();
  const replicas = reader.array(21, () => {
    const partition = reader.int32();
    const sizeBytes = knownBytes(reader) ?? 0;
    const offsetLag = reader.int64();
    const isFuture = reader.boolean();
    reader.tags();
    return { partition, sizeBytes, offsetLag, isFuture };
  });
  reader.tags();
  return { topic, replicas };
}

/** -1 stands for unknown. */
function knownBytes(reader: Reader): number | null {
  const bytes = reader.int64AsNumber();
  return bytes < 0 ? null : bytes;
}
