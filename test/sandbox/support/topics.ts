// Topics whose place and content a test decides itself.
import { setTimeout as sleep } from 'node:timers/promises';
import { kafkaClient } from '../../../sandbox/workload/client.ts';

export interface PlacedTopic {
  topic: string;
  /** Broker ids of each partition's replicas, the leader first. */
  replicas: readonly (readonly number[])[];
  configs?: Record<string, string>;
}

/** Resolves once every partition has a leader. */
export async function placeTopic(bootstrap: string, { topic, replicas, configs = {} }: PlacedTopic): Promise<void> {
  const admin = kafkaClient(bootstrap, 'test-admin').admin();
  await admin.connect();
  try {
    await admin.createTopics({
      waitForLeaders: false,
      topics: [
        {
          topic,
          replicaAssignment: replicas.map((ids, partition) => ({ partition, replicas: [...ids] })),
          configEntries: Object.entries(configs).map(([name, value]) => ({ name, value })),
        },
      ],
    });
    for (let attempt = 0; ; attempt += 1) {
      try {
        await admin.fetchTopicOffsets(topic);
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

/** The same records to each of the first `partitions` partitions. */
export async function writeRecords(
  bootstrap: string,
  topic: string,
  partitions: number,
  records: readonly { timestampMs: number }[],
): Promise<void> {
  const producer = kafkaClient(bootstrap, 'test-producer').producer();
  await producer.connect();
  try {
    const messages = Array.from({ length: partitions }, (_, partition) =>
      records.map(({ timestampMs }) => ({ partition, value: 'x', timestamp: String(timestampMs) })),
    );
    await producer.send({ topic, messages: messages.flat() });
  } finally {
    await producer.disconnect();
  }
}
