import type { KafkaCluster } from '../kafka/cluster.ts';
import { waitUntil } from '../kafka/readiness.ts';
import { runKafkaTool } from '../kafka/tools.ts';
import { type Fault, orUndo } from './fault.ts';

/** Leads one partition of the RF=1 topic, as each broker does. */
const VICTIM = 3;

export const killBroker: Fault = {
  name: 'kill-broker',
  summary: `ends broker ${VICTIM} by SIGKILL: its replicas fall out of sync, RF=1 partitions it led go offline`,
  trips: ['partitions-under-replicated', 'offline-partitions'],
  persistence: [
    { metrics: ['UnderReplicatedPartitions', 'OfflinePartitionsCount', 'UnderMinIsrPartitionCount'], minutes: 60 },
    { dimensions: { 'Broker ID': String(VICTIM) }, minutes: 60, value: 'silence' },
  ],
  inject: async ({ cluster, log }) => {
    const undo = async (): Promise<void> => {
      await cluster.startBroker(VICTIM);
      log(`broker ${VICTIM} is back; waiting until its replicas are in sync and it leads again`);
      await waitUntil('all replicas are in sync', 60_000, async () => (await underReplicated(cluster)) === 0);
      await runKafkaTool(cluster, 'kafka-leader-election', ['--election-type', 'preferred', '--all-topic-partitions']);
    };
    return orUndo(undo, async () => {
      await cluster.killBroker(VICTIM);
      log(`broker ${VICTIM} is gone; waiting until the controller has noticed`);
      await waitUntil('the controller fences the broker', 30_000, async () => (await underReplicated(cluster)) > 0);
    });
  },
};

/** Through Kafka's own tool: kafkajs refuses all metadata while one partition has no leader. */
async function underReplicated(cluster: KafkaCluster): Promise<number> {
  const out = await runKafkaTool(cluster, 'kafka-topics', ['--describe', '--under-replicated-partitions']);
  return out.split('\n').filter((line) => line.includes('Partition:')).length;
}
