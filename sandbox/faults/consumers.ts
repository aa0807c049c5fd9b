import type { KafkaCluster } from '../kafka/cluster.ts';
import { runKafkaTool } from '../kafka/tools.ts';
import { endOffsets } from '../workload/client.ts';
import { type Fault, orUndo, requireAllBrokers, requireTraffic } from './fault.ts';
import { withJsonFile } from './reassignment.ts';

const STALLED_GROUP = 'billing';
const STALLED_TOPIC = 'orders';
/** Above what a minute of the topic's traffic allows, so that the stall need not be waited for. */
const STALL_BURST_RECORDS = 9_600;

const LOSING_GROUP = 'ledger';
const LOSING_TOPIC = 'payments';
const LOSS_BURST_RECORDS = 2_400;

export const stallConsumer: Fault = {
  name: 'stall-consumer',
  summary: `group ${STALLED_GROUP} keeps its members and heartbeats but commits nothing, while records keep arriving`,
  trips: ['consumer-stalled'],
  inject: async (target) => {
    const workload = requireTraffic(target);
    return orUndo(
      () => workload.resume(STALLED_GROUP),
      async () => {
        await workload.stall(STALLED_GROUP);
        await workload.burst(STALLED_TOPIC, STALL_BURST_RECORDS);
      },
    );
  },
};

export const retentionLoss: Fault = {
  name: 'retention-loss',
  summary: `records of ${LOSING_TOPIC} that group ${LOSING_GROUP}, with members, has not read yet are deleted (DeleteRecords)`,
  trips: ['records-lost-to-retention'],
  inject: async (target) => {
    const workload = requireTraffic(target);
    requireAllBrokers(target);
    return orUndo(
      () => workload.resume(LOSING_GROUP),
      async () => {
        // Held back first: a member that runs would jump over the gap at once and commit beyond it.
        await workload.stall(LOSING_GROUP);
        await workload.burst(LOSING_TOPIC, LOSS_BURST_RECORDS);
        await deleteAllRecords(target.cluster, LOSING_TOPIC);
      },
    );
  },
};

async function deleteAllRecords(cluster: KafkaCluster, topic: string): Promise<void> {
  const ends = await endOffsets(cluster.bootstrap, topic);
  const partitions = [...ends].map(([partition, offset]) => ({ topic, partition, offset: Number(offset) }));
  await withJsonFile({ version: 1, partitions }, (file) =>
    runKafkaTool(cluster, 'kafka-delete-records', ['--offset-json-file', file]),
  );
}
