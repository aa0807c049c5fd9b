import type { Api } from './api.ts';
import type { Reader } from './reader.ts';

export interface MetadataBroker {
  id: number;
  host: string;
  port: number;
  rack: string | null;
}

export interface MetadataPartition {
  errorCode: number;
  partition: number;
  leader: number;
  replicas: number[];
  isr: number[];
  offlineReplicas: number[];
}

export interface MetadataTopic {
  errorCode: number;
  name: string;
  internal: boolean;
  partitions: MetadataPartition[];
}

export interface MetadataAnswer {
  brokers: MetadataBroker[];
  clusterId: string | null;
  controllerId: number;
  topics: MetadataTopic[];
  /** False when the topics without Describe permission are left out in silence; null when the broker does not say. */
  mayDescribeCluster: boolean | null;
}

/** Bit of AclOperation.DESCRIBE in authorized_operations. */
const DESCRIBE = 1 << 8;
/** Set alone when the broker did not work the operations out. */
const NOT_SAID = -2147483648;

/**
 * All topics, with errors kept. kafkajs's own codec throws as soon as one partition has no leader, which is when the
 * report matters most. Version 5 is the first with offline replicas, version 8 (Kafka 2.3) with permissions.
 */
export const metadata: Api<null, MetadataAnswer> = {
  key: 3,
  name: 'Metadata',
  versions: [5, 8],
  flexibleFrom: 9,
  write(writer, version) {
    writer.nullableArray(null, () => {}); // null: all topics
    writer.boolean(false); // allow_auto_topic_creation
    if (version >= 8) writer.boolean(true).boolean(false); // authorized operations: of the cluster, not of each topic
  },
  read(reader, version) {
    const brokers = reader.array(12, readBroker);
    const clusterId = reader.nullableString();
    const controllerId = reader.int32();
    const topics = reader.array(9, () => readTopic(reader, version));
    const operations = version >= 8 ? reader.int32() : NOT_SAID;
    const mayDescribeCluster = operations === NOT_SAID ? null : (operations & DESCRIBE) !== 0;
    return { brokers, clusterId, controllerId, topics, mayDescribeCluster };
  },
};

function readBroker(reader: Reader): MetadataBroker {
  return { id: reader.int32(), host: reader.string(), port: reader.int32(), rack: reader.nullableString() };
}

function readTopic(reader: Reader, version: number): MetadataTopic {
  const errorCode = reader.int16();
  const name = reader.string();
  const internal = reader.boolean();
  const partitions = reader.array(version >= 7 ? 26 : 22, () => readPartition(reader, version));
  if (version >= 8) reader.int32(); // topic_authorized_operations
  return { errorCode, name, internal, partitions };
}

function readPartition(reader: Reader, version: number): MetadataPartition {
  const errorCode = reader.int16();
  const partition = reader.int32();
  const leader = reader.int32();
  if (version >= 7) reader.int32(); // leader_epoch
  const replicas = reader.int32Array();
  const isr = reader.int32Array();
  return { errorCode, partition, leader, replicas, isr, offlineReplicas: reader.int32Array() };
}
