import { setTimeout as sleep } from 'node:timers/promises';
import { kafkaClient } from './client.ts';
import type { TopicShape } from './shapes.ts';

/**
 * Creates the topics and waits until all leaders show: right after CreateTopics listings and produces lag for a moment on every
 * version. Replicas of topics with fewer than three are placed by hand, so that each broker surely leads one.
 */
export async function createTopics(bootstrap: string, shapes: TopicShape[]): Promise<void> {
  const admin = kafkaClient(bootstrap, 'sandbox-admin').admin();
  await admin.connect();
  try {
    await admin.createTopics({
      waitForLeaders: false,
      topics: shapes.map((shape) => ({
        topic: shape.name,
        ...(shape.replicationFactor < 3
          ? { replicaAssignment: placeByHand(shape) }
          : { numPartitions: shape.partitions, replicationFactor: shape.replicationFactor }),
        configEntries: Object.entries(shape.configs).map(([name, value]) => ({ name, value })),
      })),
    });
    for (let attempt = 0; ; attempt += 1) {
      try {
        await admin.fetchTopicMetadata({ topics: shapes.map((shape) => shape.name) });
        return;
      } catch (error) {
        if (attempt === 50) throw error;
        await sleep(100);
      }
    }
  } finally {
    await admin.disconnect();
  }
}

function placeByHand(shape: TopicShape): { partition: number; replicas: number[] }[] {
  return Array.from({ length: shape.partitions }, (_, partition) => ({
    partition,
    replicas: Array.from({ length: shape.replicationFactor }, (_, replica) => ((partition + replica) % 3) + 1),
  }));
}
