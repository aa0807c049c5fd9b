import type { Api } from './api.ts';
import type { Reader } from './reader.ts';

export interface QuorumReplica {
  id: number;
  logEndOffset: string;
  /** Both null below version 1 (Kafka 3.3), and where the leader knows none. */
  lastFetchMs: number | null;
  lastCaughtUpMs: number | null;
}

export interface DescribedQuorum {
  /** Of the answer, or else of the partition. */
  errorCode: number;
  leaderId: number;
  leaderEpoch: number;
  highWatermark: string;
  voters: QuorumReplica[];
  observers: QuorumReplica[];
}

const METADATA_TOPIC = '__cluster_metadata';

/** What is answered when the answer holds an error alone. */
const NO_QUORUM = { leaderId: -1, leaderEpoch: -1, highWatermark: '-1', voters: [], observers: [] };

/** The KRaft quorum. Any broker answers, for the active controller; brokers that use ZooKeeper do not speak it. */
export const describeQuorum: Api<null, DescribedQuorum> = {
  key: 55,
  name: 'DescribeQuorum',
  versions: [0, 1, 2],
  flexibleFrom: 0,
  withoutThrottle: true,
  write(writer) {
    writer.nullableArray([METADATA_TOPIC], (topic) => {
      writer.nullableString(topic);
      writer.nullableArray([0], (partition) => writer.int32(partition).tags());
      writer.tags();
    });
    writer.tags();
  },
  read(reader, version) {
    const errorCode = reader.int16();
    if (version >= 2) reader.skipString(); // error_message
    const topics = reader.array(3, () => {
      reader.skipString(); // topic_name
      const partitions = reader.array(25, () => readPartition(reader, version));
      reader.tags();
      return partitions;
    });
    if (version >= 2) reader.skipArray(6, skipNode);
    reader.tags();
    const partition = topics[0]?.[0] ?? { errorCode: 0, ...NO_QUORUM };
    return errorCode === 0 ? partition : { ...partition, errorCode };
  },
};

function readPartition(reader: Reader, version: number): DescribedQuorum {
  reader.int32(); // partition_index
  const errorCode = reader.int16();
  if (version >= 2) reader.skipString(); // error_message
  const leaderId = reader.int32();
  const leaderEpoch = reader.int32();
  const highWatermark = reader.int64();
  const voters = reader.array(13, () => readReplica(reader, version));
  const observers = reader.array(13, () => readReplica(reader, version));
  reader.tags();
  return { errorCode, leaderId, leaderEpoch, highWatermark, voters, observers };
}

function readReplica(reader: Reader, version: number): QuorumReplica {
  const id = reader.int32();
  if (version >= 2) reader.skipUuid(); // replica_directory_id
  const logEndOffset = reader.int64();
  const lastFetchMs = version >= 1 ? knownMs(reader) : null;
  const lastCaughtUpMs = version >= 1 ? knownMs(reader) : null;
  reader.tags();
  return { id, logEndOffset, lastFetchMs, lastCaughtUpMs };
}

/** -1 stands for unknown. */
function knownMs(reader: Reader): number | null {
  const ms = reader.int64AsNumber();
  return ms < 0 ? null : ms;
}

/** Addresses of the controllers, which a client cannot reach on MSK. */
function skipNode(reader: Reader): void {
  reader.int32(); // node_id
  reader.skipArray(5, () => {
    reader.skipString(); // name
    reader.skipString(); // host
    reader.int16(); // port
    reader.tags();
  });
  reader.tags();
}
