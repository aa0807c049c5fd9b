// Topics as nobody should have them, on a real cluster: how each is made, and how it is put right.
import type { Admin, ConfigResourceTypes } from 'kafkajs';
import { waitUntil } from '../../sandbox/kafka/readiness.ts';

/** Plain Node does not find the enumeration among the exports of kafkajs. */
const TOPIC: ConfigResourceTypes.TOPIC = 2;
const DAY_MS = 86_400_000;
const MIB = 1024 ** 2;

export interface OddTopic {
  name: string;
  partitions?: number;
  /** Brokers of every partition, instead of three replicas anywhere. */
  replicas?: number[];
  configs?: Record<string, string | number>;
  /** Replicas and settings that put it right; without any the topic is deleted. */
  mended?: { replicas?: number[]; configs?: Record<string, string | number> };
}

const ALL = [1, 2, 3];
const SHOP = { 'retention.ms': 3 * DAY_MS, 'segment.ms': DAY_MS };

export const ODD_TOPICS: readonly OddTopic[] = [
  { name: 'single-copy', replicas: [1], mended: { replicas: ALL } },
  { name: 'connect-offsets', replicas: [2], configs: { 'cleanup.policy': 'compact' }, mended: { replicas: ALL } },
  // Brokers 1 and 2 are in one zone.
  { name: 'one-zone', replicas: [1, 2], mended: { replicas: ALL } },
  { name: 'elects-anybody', configs: { 'unclean.leader.election.enable': 'true' }, mended: {} },
  { name: 'one-in-sync', configs: { 'min.insync.replicas': 1 }, mended: {} },
  { name: 'all-in-sync', configs: { 'min.insync.replicas': 3 }, mended: {} },
  { name: 'kept-for-ever', configs: { 'retention.ms': -1 }, mended: {} },
  { name: 'soon-gone', configs: { 'retention.ms': 600_000 }, mended: {} },
  { name: 'flushed', configs: { 'flush.messages': 1 }, mended: {} },
  { name: 'large-batches', configs: { 'max.message.bytes': 20 * MIB }, mended: {} },
  {
    name: 'never-clean',
    configs: { 'cleanup.policy': 'compact', 'min.cleanable.dirty.ratio': 0.95 },
    mended: { configs: { 'cleanup.policy': 'compact' } },
  },
  { name: 'shop-carts', configs: SHOP, mended: { configs: SHOP } },
  { name: 'shop-items', configs: SHOP, mended: { configs: SHOP } },
  { name: 'shop-offers', configs: SHOP, mended: { configs: SHOP } },
  { name: 'shop-users', configs: { ...SHOP, 'retention.ms': 2 * DAY_MS }, mended: { configs: SHOP } },
  { name: 'throttle-left', configs: { 'leader.replication.throttled.replicas': '0:1' }, mended: {} },
  { name: 'wide', partitions: 270 },
  // Broker 1 leads these two.
  { name: 'archive', replicas: ALL, configs: { 'retention.ms': 30 * DAY_MS } },
  { name: 'one-lane', replicas: ALL },
  { name: 'emptied', configs: { 'retention.ms': 35 * DAY_MS } },
  { name: 'waiting', configs: { 'retention.ms': 30 * DAY_MS } },
  { name: 'hot-keys', partitions: 9 },
  { name: 'tiny', partitions: 6 },
  { name: 'future' },
  { name: 'risky' },
  { name: 'transactions' },
  { name: 'checkout-dlq' },
  { name: 'late', partitions: 6 },
  { name: 'slow', partitions: 6, mended: {} },
];

/** What is left of them once they are mended, and takes records in both states. */
export const KEPT_TOPICS: readonly string[] = ODD_TOPICS.flatMap(({ name, mended }) =>
  mended === undefined ? [] : [name],
);

export async function makeOddTopics(admin: Admin): Promise<void> {
  await admin.createTopics({
    waitForLeaders: false,
    topics: ODD_TOPICS.map(({ name, partitions = 1, replicas, configs = {} }) => ({
      topic: name,
      ...(replicas === undefined
        ? { numPartitions: partitions, replicationFactor: 3 }
        : { replicaAssignment: [{ partition: 0, replicas }] }),
      configEntries: entries(configs),
    })),
  });
  const names = ODD_TOPICS.map(({ name }) => name);
  await waitUntil('the topics have leaders', 20_000, async () => {
    const { topics } = await admin.fetchTopicMetadata({ topics: names });
    return topics.every(({ partitions }) => partitions.every(({ isr }) => isr.length > 0));
  });
}

/** Settings and places put right; a topic that nothing can put right is deleted. */
export async function mendOddTopics(admin: Admin): Promise<void> {
  const kept = ODD_TOPICS.filter(({ mended }) => mended !== undefined);
  await admin.alterConfigs({
    validateOnly: false,
    resources: kept.map(({ name, mended }) => ({
      type: TOPIC,
      name,
      configEntries: entries(mended?.configs ?? {}),
    })),
  });
  const moved = kept.flatMap(({ name, mended }) =>
    mended?.replicas === undefined
      ? []
      : [{ topic: name, partitionAssignment: [{ partition: 0, replicas: mended.replicas }] }],
  );
  await admin.alterPartitionReassignments({ topics: moved });
  await admin.deleteTopics({ topics: ODD_TOPICS.filter(({ mended }) => mended === undefined).map(({ name }) => name) });
  await waitUntil('the replicas are where they were sent', 30_000, async () => {
    const { topics } = await admin.fetchTopicMetadata({ topics: moved.map(({ topic }) => topic) });
    return topics.every(({ name, partitions }) => {
      const wanted = moved.find(({ topic }) => topic === name)!.partitionAssignment[0]!.replicas;
      return partitions.every(({ isr, replicas }) => isr.length === wanted.length && replicas.length === wanted.length);
    });
  });
}

function entries(configs: Readonly<Record<string, string | number>>) {
  return Object.entries(configs).map(([name, value]) => ({ name, value: String(value) }));
}
