// Consumer groups as nobody should have them, each with real members or real commits.
import { setTimeout as sleep } from 'node:timers/promises';
import { AssignerProtocol, type ConsumerConfig, type PartitionAssigner } from 'kafkajs';
import type { KafkaCluster } from '../../sandbox/kafka/cluster.ts';
import { type CommittedOffsets, commitOffsets, kafkaClient } from '../../sandbox/workload/client.ts';
import type { Stoppable } from './live-checks-traffic.ts';

export interface Member {
  groupId: string;
  topic: string;
  /** Milliseconds that a record of this partition takes; 0 for as fast as can be. */
  recordMs?: (partition: number) => number;
  config?: Partial<ConsumerConfig>;
}

/** A kafkajs member; resolves once it holds its part. */
export async function startMember(cluster: KafkaCluster, member: Member): Promise<Stoppable> {
  const { groupId, topic, recordMs = () => 0, config = {} } = member;
  const consumer = kafkaClient(cluster.bootstrap, `${groupId}-member`).consumer({
    groupId,
    sessionTimeout: 30_000,
    heartbeatInterval: 1_000,
    maxWaitTimeInMs: 500,
    maxBytesPerPartition: 64 * 1024,
    allowAutoTopicCreation: false,
    ...config,
  });
  let stopped = false;
  const joined = new Promise<void>((resolve) => consumer.on(consumer.events.GROUP_JOIN, () => resolve()));
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({
    autoCommitInterval: 1_000,
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: 12,
    eachBatch: async (payload) => {
      const takes = recordMs(payload.batch.partition);
      for (const { offset } of payload.batch.messages) {
        if (stopped) return;
        if (takes > 0) await sleep(takes);
        payload.resolveOffset(offset);
        if (takes > 0) await Promise.all([payload.heartbeat(), payload.commitOffsetsIfNecessary()]);
      }
    },
  });
  await joined;
  return {
    stop: async () => {
      stopped = true;
      await consumer.disconnect();
    },
  };
}

/** Named as Java's, and as blind as it can be: the first member gets everything. */
const allToTheFirst: PartitionAssigner = ({ cluster }) => ({
  name: 'range',
  version: 0,
  assign: async ({ members, topics }) => {
    const ids = members.map(({ memberId }) => memberId).sort();
    const partitions = Object.fromEntries(
      topics.map((topic) => [
        topic,
        (cluster as unknown as Partitions).findTopicPartitionMetadata(topic).map(({ partitionId }) => partitionId),
      ]),
    );
    return ids.map((memberId, index) => ({
      memberId,
      memberAssignment: AssignerProtocol.MemberAssignment.encode({
        version: 0,
        assignment: index === 0 ? partitions : {},
        userData: Buffer.alloc(0),
      }),
    }));
  },
  protocol: ({ topics }) => ({
    name: 'range',
    metadata: AssignerProtocol.MemberMetadata.encode({ version: 0, topics, userData: Buffer.alloc(0) }),
  }),
});

interface Partitions {
  findTopicPartitionMetadata(topic: string): { partitionId: number }[];
}

export async function startLopsidedRange(cluster: KafkaCluster, topic: string, members: number): Promise<Stoppable[]> {
  const config = { partitionAssigners: [allToTheFirst] };
  return Promise.all(
    Array.from({ length: members }, () => startMember(cluster, { groupId: 'lopsided', topic, config })),
  );
}

/**
 * A rebalance that does not end: the first member is deep in a batch and hears nothing, the second waits for it, for as long as the
 * coordinator waits for the first one.
 */
export async function startEndlessRebalance(cluster: KafkaCluster, topic: string): Promise<Stoppable> {
  let release = (): void => {};
  const blocked = new Promise<void>((resolve) => {
    release = resolve;
  });
  const make = () =>
    kafkaClient(cluster.bootstrap, 'endless').consumer({
      groupId: 'endless',
      sessionTimeout: 45_000,
      rebalanceTimeout: 45_000,
      heartbeatInterval: 20_000,
      allowAutoTopicCreation: false,
    });
  const [first, second] = [make(), make()];
  let inBatch = (): void => {};
  const started = new Promise<void>((resolve) => {
    inBatch = resolve;
  });
  await first.connect();
  await first.subscribe({ topics: [topic], fromBeginning: true });
  await first.run({
    eachBatch: async () => {
      inBatch();
      await blocked;
    },
  });
  await started;
  await second.connect();
  await second.subscribe({ topics: [topic], fromBeginning: true });
  void second.run({ eachBatch: async () => {} }).catch(() => {});
  return {
    stop: async () => {
      release();
      await first.disconnect();
      await second.disconnect();
    },
  };
}

/** Commits of groups that have no member. */
export function commits(cluster: KafkaCluster, all: readonly CommittedOffsets[]): Promise<void> {
  return commitOffsets(cluster.bootstrap, [...all]);
}

export function at(groupId: string, topic: string, ...offsets: (number | bigint)[]): CommittedOffsets {
  return { groupId, topic, offsets: new Map(offsets.map((offset, partition) => [partition, BigInt(offset)])) };
}
