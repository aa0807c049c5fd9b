// Traffic that gives every figure something to say, and Prometheus' node exporter.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { KafkaCluster } from '../../../sandbox/kafka/cluster.ts';
import { waitUntil } from '../../../sandbox/kafka/readiness.ts';
import { freePort } from '../../../sandbox/ports.ts';
import { type OwnedProcess, spawnOwned } from '../../../sandbox/processes.ts';
import { kafkaClient } from '../../../sandbox/workload/client.ts';

/** Debian's package prometheus-node-exporter; null where it is not installed. */
export const NODE_EXPORTER: string | null =
  ['prometheus-node-exporter', 'node_exporter'].find(
    (command) => spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0,
  ) ?? null;

/** MSK's brokers say cpu, disk and file systems; what else the exporter knows of this machine stays out. */
const COLLECTORS = ['--collector.disable-defaults', '--collector.cpu', '--collector.diskstats', '--collector.netdev'];

export async function startNodeExporter(command: string, folder: string): Promise<OwnedProcess & { port: number }> {
  const port = await freePort();
  const owned = spawnOwned({
    name: 'node-exporter',
    command,
    args: [`--web.listen-address=127.0.0.1:${port}`, '--web.disable-exporter-metrics', ...COLLECTORS],
    logFile: join(folder, 'node-exporter.log'),
  });
  await waitUntil('the node exporter answers', 10_000, async () =>
    fetch(`http://127.0.0.1:${port}/metrics`).then(
      ({ ok }) => ok,
      () => false,
    ),
  );
  return { ...owned, port };
}

/** Produces to every partition of a topic and fetches all of it, then asks for an offset that is not there: an error of the broker. */
export async function makeTraffic(cluster: KafkaCluster, topic: string): Promise<void> {
  const client = kafkaClient(cluster.bootstrap, 'open-monitoring');
  const producer = client.producer();
  await producer.connect();
  for (let batch = 0; batch < 20; batch += 1) {
    const messages = Array.from({ length: 50 }, (_, index) => ({ key: String(index), value: 'x'.repeat(500) }));
    await producer.send({ topic, messages, acks: -1 });
  }
  await producer.disconnect();
  const consumer = client.consumer({ groupId: `open-monitoring-${Date.now()}`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  let seen = 0;
  const read = new Promise<void>((resolve) => {
    const eachMessage = async (): Promise<void> => {
      seen += 1;
      if (seen === 1_000) resolve();
    };
    void consumer.run({ eachMessage });
  });
  await read;
  consumer.seek({ topic, partition: 0, offset: '999999999' });
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  await consumer.disconnect();
}
