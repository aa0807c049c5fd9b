import type { Api } from './api.ts';

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
}

/**
 * All topics, with errors kept. kafkajs's own codec throws as soon as one partition has no leader, which is when the
 * report matters most. Version 5 is the first with offline replicas.
 */
export const metadata: Api<null, MetadataAnswer> = {
  key: 3,
  name: 'Metadata',
  versions: [5],
  flexibleFrom: 9,
  write(writer) {
    writer.nullableArray(null, () => {}); // null: all topics
    writer.boolean(false); // allow_auto_topic_creation
  },
  read(reader) {
    reader.int32(); // throttle_time_ms
    const brokers = reader.array(12, () => ({
      id: reader.int32(),
      host: reader.string(),
      port: reader.int32(),
      rack: reader.nullableString(),
    }));
    const clusterId = reader.nullableString();
    const controllerId = reader.int32();
    const topics = reader.array(9, () => ({
      errorCode: reader.int16(),
      name: reader.string(),
      internal: reader.boolean(),
      partitions: reader.array(22, () => ({
        errorCode: reader.int16(),
        partition: reader.int32(),
        leader: reader.int32(),
        replicas: reader.int32Array(),
        isr: reader.int32Array(),
        offlineReplicas: reader.int32Array(),
      })),
    }));
    return { brokers, clusterId, controllerId, topics };
  },
};
