// Topics full of canaries: one for each codec and each way to produce, by Kafka's own producer where kafkajs has no such way.
import { spawn } from 'node:child_process';
import type { KafkaCluster } from '../../sandbox/kafka/cluster.ts';
import { kafkaToolCommand } from '../../sandbox/kafka/tools.ts';
import { kafkaClient } from '../../sandbox/workload/client.ts';
import { type Canaries, canaryRecord } from './canaries.ts';

const RECORDS = 400;
/** So many that the smallest topic of canaries still lies within the four fifths of the traffic that are sampled. */
const FILLERS = ['filler-1', 'filler-2', 'filler-3', 'filler-4', 'filler-5', 'filler-6'];

/** Topic to the codec and the settings of Kafka's console producer, which is idempotent by default. */
const CONSOLE_TOPICS: Record<string, [codec: string, ...settings: string[]]> = {
  'codec-none': ['none'],
  'codec-gzip': ['gzip'],
  'codec-snappy': ['snappy'],
  'codec-lz4': ['lz4'],
  'codec-zstd': ['zstd'],
  'not-idempotent': ['none', 'enable.idempotence=false', 'acks=1', 'batch.size=2048'],
  'broker-zstd': ['none'],
  'append-time': ['lz4'],
};
const TOPIC_SETTINGS: Record<string, { name: string; value: string }> = {
  'broker-zstd': { name: 'compression.type', value: 'zstd' },
  'append-time': { name: 'message.timestamp.type', value: 'LogAppendTime' },
};
const TRANSACTIONS = 'transactions';

export const CANARY_TOPICS: readonly string[] = [...Object.keys(CONSOLE_TOPICS), TRANSACTIONS];

/** Fills the topics; the returned function ends the transaction that is left open. */
export async function produceCanaries(cluster: KafkaCluster, canaries: Canaries): Promise<() => Promise<void>> {
  const kafka = kafkaClient(cluster.bootstrap, 'canaries');
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({
    topics: [...CANARY_TOPICS, ...FILLERS].map((topic) => ({
      topic,
      numPartitions: 1,
      replicationFactor: 3,
      configEntries: TOPIC_SETTINGS[topic] === undefined ? [] : [TOPIC_SETTINGS[topic]],
    })),
  });
  await admin.disconnect();
  for (const topic of Object.keys(CONSOLE_TOPICS)) await produceByConsole(cluster, topic, canaries);
  const producer = kafka.producer();
  await producer.connect();
  for (const topic of FILLERS) await producer.send({ topic, messages: messagesOf(canaries, 250) });
  await producer.disconnect();
  return produceTransactions(cluster, canaries);
}

function messagesOf(canaries: Canaries, count: number) {
  return Array.from({ length: count }, (_, index) => canaryRecord(canaries, index));
}

async function produceByConsole(cluster: KafkaCluster, topic: string, canaries: Canaries): Promise<void> {
  const [codec, ...settings] = CONSOLE_TOPICS[topic]!;
  const { command, args } = await kafkaToolCommand(cluster, 'kafka-console-producer', [
    '--topic',
    topic,
    '--compression-codec',
    codec,
    ...['parse.key=true', 'parse.headers=true'].flatMap((property) => ['--property', property]),
    ...['linger.ms=20', ...settings].flatMap((setting) => ['--producer-property', setting]),
  ]);
  const lines = messagesOf(canaries, RECORDS).map(({ key, value, headers }) => {
    const [header] = Object.entries(headers);
    return `${header![0]}:${header![1]}\t${key}\t${value}\n`;
  });
  const child = spawn(command, args, { stdio: ['pipe', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stdin.end(lines.join(''));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`the console producer for ${topic} ended with ${code}: ${said}`);
}

/** One committed, one aborted, one that stays open. */
async function produceTransactions(cluster: KafkaCluster, canaries: Canaries): Promise<() => Promise<void>> {
  const begin = async (transactionalId: string) => {
    const producer = kafkaClient(cluster.bootstrap, transactionalId).producer({
      transactionalId,
      idempotent: true,
      maxInFlightRequests: 1,
    });
    await producer.connect();
    const transaction = await producer.transaction();
    for (let batch = 0; batch < 10; batch++) {
      await transaction.send({ topic: TRANSACTIONS, messages: messagesOf(canaries, 10 + batch) });
    }
    return { producer, transaction };
  };
  for (const end of ['commit', 'abort'] as const) {
    const { producer, transaction } = await begin(`canary-${end}`);
    await transaction[end]();
    await producer.disconnect();
  }
  const { producer, transaction } = await begin('canary-open');
  return async () => {
    await transaction.abort();
    await producer.disconnect();
  };
}
