import type { Api } from './api.ts';

export interface MovingPartition {
  topic: string;
  partition: number;
  replicas: number[];
  adding: number[];
  removing: number[];
}

export interface ListedReassignments {
  errorCode: number;
  partitions: MovingPartition[];
}

/** The controller's own time limit; ours is shorter. */
const TIMEOUT_MS = 30_000;

/** All partitions that are being moved. With KRaft any broker answers for the controller, with ZooKeeper only that itself. */
export const listPartitionReassignments: Api<null, ListedReassignments> = {
  key: 46,
  name: 'ListPartitionReassignments',
  versions: [0],
  flexibleFrom: 0,
  write(writer) {
    writer.int32(TIMEOUT_MS);
    writer.nullableArray(null, () => {}); // null: all topics
    writer.tags();
  },
  read(reader) {
    const errorCode = reader.int16();
    reader.skipString(); // error_message
    const topics = reader.array(3, () => {
      const topic = reader.string();
      const partitions = reader.array(8, () => {
        const partition = reader.int32();
        const replicas = reader.int32Array();
        const adding = reader.int32Array();
        const removing = reader.int32Array();
        reader.tags();
        return { topic, partition, replicas, adding, removing };
      });
      reader.tags();
      return partitions;
    });
    reader.tags();
    return { errorCode, partitions: topics.flat() };
  },
};
