import { randomBytes } from 'node:crypto';
import { statfs } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { CompressionTypes, Partitioners } from 'kafkajs';
import type { KafkaCluster } from '../kafka/cluster.ts';
import { waitUntil } from '../kafka/readiness.ts';
import { kafkaClient } from '../workload/client.ts';
import { type Fault, FaultNotPossible, orUndo, requireAllBrokers } from './fault.ts';

/** What a cluster of this size is usually given. */
export const usualVolumeBytes: number = 100 * 1024 ** 3;

const TOPIC = 'disk-filler';
/** MSK counts volumes in whole GiB: the least there is can be filled on any machine. */
const SMALL_VOLUME_BYTES = 1024 ** 3;
const FILL_TO_SHARE = 0.9;
const RECORD_BYTES = 500_000;
const PARALLEL_REQUESTS = 5;
/** What must stay free on the machine once the volumes are full. */
const HOST_RESERVE_BYTES = 2 * 1024 ** 3;

export const fillDisk: Fault = {
  name: 'fill-disk',
  summary: `real bytes in topic ${TOPIC} grow past ${FILL_TO_SHARE * 100} % of the small volume the sandbox declares for each broker`,
  trips: ['disk-used-high'],
  persistence: [{ metrics: ['KafkaDataLogsDiskUsed'], minutes: 60 }],
  inject: async (faulted) => {
    const { cluster, declareVolume, log } = faulted;
    const target = SMALL_VOLUME_BYTES * FILL_TO_SHARE;
    requireAllBrokers(faulted);
    await refuseWhenHostIsSmall(cluster, target);
    const undo = async (): Promise<void> => {
      declareVolume(usualVolumeBytes);
      await deleteFiller(cluster, target);
    };
    return orUndo(undo, async () => {
      declareVolume(SMALL_VOLUME_BYTES);
      await createFiller(cluster);
      const [wanted, all] = [target, SMALL_VOLUME_BYTES].map((bytes) => Math.round(bytes / 1024 ** 2));
      log(`writing until each broker's log reaches ${wanted} MiB of ${all}`);
      await fill(cluster, target);
    });
  },
};

async function createFiller(cluster: KafkaCluster): Promise<void> {
  const admin = kafkaClient(cluster.bootstrap, 'sandbox-admin').admin();
  await admin.connect();
  try {
    const configEntries = [{ name: 'file.delete.delay.ms', value: '1000' }];
    await admin.createTopics({ topics: [{ topic: TOPIC, numPartitions: 3, replicationFactor: 3, configEntries }] });
  } finally {
    await admin.disconnect();
  }
}

async function fill(cluster: KafkaCluster, target: number): Promise<void> {
  const producer = kafkaClient(cluster.bootstrap, 'disk-filler').producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    allowAutoTopicCreation: false,
  });
  await producer.connect();
  try {
    // Random once: incompressible, and the brokers store what they are sent.
    const value = randomBytes(RECORD_BYTES);
    const messages = [0, 1, 2].map((partition) => ({ value, partition }));
    const toAllPartitions = { topic: TOPIC, acks: -1, compression: CompressionTypes.None };
    for (;;) {
      const smallest = Math.min(
        ...(await Promise.all(cluster.brokers.map((broker) => cluster.logSizeBytes(broker.id)))),
      );
      const missing = Math.ceil((target - smallest) / RECORD_BYTES);
      if (missing <= 0) return;
      // One record for each partition in each request; the last ones one by one, so that the target is not overshot by much.
      const requests = Math.min(PARALLEL_REQUESTS, Math.ceil(missing / 3));
      await Promise.all(Array.from({ length: requests }, () => producer.send({ ...toAllPartitions, messages })));
    }
  } finally {
    await producer.disconnect();
  }
}

async function deleteFiller(cluster: KafkaCluster, target: number): Promise<void> {
  const admin = kafkaClient(cluster.bootstrap, 'sandbox-admin').admin();
  await admin.connect();
  try {
    await admin.deleteTopics({ topics: [TOPIC] });
  } finally {
    await admin.disconnect();
  }
  const isSmall = async (): Promise<boolean> => {
    const sizes = await Promise.all(cluster.brokers.map((broker) => cluster.logSizeBytes(broker.id)));
    return sizes.every((size) => size < target / 2);
  };
  // Twice: while its folders are renamed for deletion they are missed for a moment.
  await waitUntil('the filler topic is deleted from every disk', 60_000, async () => {
    if (!(await isSmall())) return false;
    await sleep(1_000);
    return await isSmall();
  });
}

async function refuseWhenHostIsSmall(cluster: KafkaCluster, target: number): Promise<void> {
  const first = cluster.brokers[0];
  if (first === undefined) return;
  const host = await statfs(first.logDir);
  const needed = target * cluster.brokers.length + HOST_RESERVE_BYTES;
  const free = host.bavail * host.bsize;
  if (free >= needed) return;
  const gib = (bytes: number): string => (bytes / 1024 ** 3).toFixed(1);
  throw new FaultNotPossible(`fill-disk needs ${gib(needed)} GiB free on this machine, and ${gib(free)} GiB are`);
}
