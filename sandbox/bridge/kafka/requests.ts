import { Writer } from './buffers.ts';
import type { BrokerConnection } from './connection.ts';

export interface PartitionState {
  partition: number;
  /** -1 when no replica can lead. */
  leader: number;
  replicas: number[];
  isr: number[];
}

export interface TopicState {
  name: string;
  internal: boolean;
  partitions: PartitionState[];
}

export interface ClusterState {
  controllerId: number;
  brokerIds: number[];
  topics: TopicState[];
}

/** Metadata v5, which reports a leaderless partition as such instead of failing the topic. */
export async function readMetadata(connection: BrokerConnection): Promise<ClusterState> {
  const noAutoCreation = 0;
  const answer = await connection.request(3, 5, new Writer().int32(-1).int8(noAutoCreation).bytes());
  answer.int32();
  const brokerIds = answer.array(() => {
    const id = answer.int32();
    answer.string();
    answer.int32();
    answer.string();
    return id;
  });
  answer.string();
  const controllerId = answer.int32();
  const topics = answer.array(() => {
    answer.int16();
    const name = answer.string() ?? '';
    const internal = answer.bool();
    const partitions = answer.array(() => {
      answer.int16();
      const partition = answer.int32();
      const leader = answer.int32();
      const replicas = answer.array(() => answer.int32());
      const isr = answer.array(() => answer.int32());
      answer.array(() => answer.int32());
      return { partition, leader, replicas, isr };
    });
    partitions.sort((a, b) => a.partition - b.partition);
    return { name, internal, partitions };
  });
  topics.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { controllerId, brokerIds: brokerIds.sort((a, b) => a - b), topics };
}

const TOPIC_RESOURCE = 2;
const TOPIC_CONFIG_SOURCE = 1;

/** What was set on the topic itself, without the defaults (DescribeConfigs v1). */
export async function readTopicOverrides(connection: BrokerConnection, topic: string): Promise<Map<string, string>> {
  const body = new Writer()
    .array([topic], (name, writer) => writer.int8(TOPIC_RESOURCE).string(name).int32(-1))
    .int8(0)
    .bytes();
  const answer = await connection.request(32, 1, body);
  const set = new Map<string, string>();
  answer.int32();
  answer.array(() => {
    answer.int16();
    answer.string();
    answer.int8();
    answer.string();
    answer.array(() => {
      const key = answer.string() ?? '';
      const value = answer.string();
      answer.bool();
      const source = answer.int8();
      answer.bool();
      answer.array(() => [answer.string(), answer.string(), answer.int8()]);
      if (source === TOPIC_CONFIG_SOURCE && value !== null) set.set(key, value);
    });
  });
  return set;
}

export interface GroupListing {
  id: string;
  state: string;
}

/** The groups that this broker coordinates, with their states (ListGroups v4). */
export async function readGroups(connection: BrokerConnection): Promise<GroupListing[]> {
  const answer = await connection.request(16, 4, new Writer().emptyCompactArray().noTags().bytes(), true);
  answer.int32();
  answer.int16();
  return answer.compactArray(() => {
    const id = answer.compactString() ?? '';
    answer.compactString();
    const state = answer.compactString() ?? '';
    answer.skipTags();
    return { id, state };
  });
}

export interface PartitionOffset {
  topic: string;
  partition: number;
  offset: bigint;
}

/** Every offset the group has committed (OffsetFetch v5); -1 entries are left out. */
export async function readCommitted(connection: BrokerConnection, group: string): Promise<PartitionOffset[]> {
  const answer = await connection.request(
    9,
    5,
    new Writer()
      .string(group)
      .array(null, () => {})
      .bytes(),
  );
  answer.int32();
  const offsets: PartitionOffset[] = [];
  answer.array(() => {
    const topic = answer.string() ?? '';
    answer.array(() => {
      const partition = answer.int32();
      const offset = answer.int64();
      answer.int32();
      answer.string();
      answer.int16();
      if (offset >= 0n) offsets.push({ topic, partition, offset });
    });
  });
  return offsets;
}

const LATEST = -1n;

/** Log end offsets of partitions that this broker leads (ListOffsets v2, read uncommitted). */
export async function readEndOffsets(
  connection: BrokerConnection,
  wanted: ReadonlyMap<string, readonly number[]>,
): Promise<PartitionOffset[]> {
  const body = new Writer()
    .int32(-1)
    .int8(0)
    .array([...wanted], ([topic, partitions], writer) => {
      writer.string(topic).array(partitions, (partition) => writer.int32(partition).int64(LATEST));
    })
    .bytes();
  const answer = await connection.request(2, 2, body);
  answer.int32();
  const offsets: PartitionOffset[] = [];
  answer.array(() => {
    const topic = answer.string() ?? '';
    answer.array(() => {
      const partition = answer.int32();
      const error = answer.int16();
      answer.int64();
      const offset = answer.int64();
      if (error === 0) offsets.push({ topic, partition, offset });
    });
  });
  return offsets;
}
