// Producers as nobody should run them, against real brokers, and ones that are well kept.
import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { CompressionTypes, type Message, Partitioners, type Producer } from 'kafkajs';
import { Writer } from '../../sandbox/bridge/kafka/buffers.ts';
import { BrokerConnection } from '../../sandbox/bridge/kafka/connection.ts';
import type { KafkaBroker, KafkaCluster } from '../../sandbox/kafka/cluster.ts';
import { kafkaClient } from '../../sandbox/workload/client.ts';

const require = createRequire(import.meta.url);

export interface Stoppable {
  stop(): Promise<void>;
}

export interface Stream {
  topic: string;
  everyMs: number;
  messages: () => Message[];
  gzip?: boolean;
}

/** Random bytes: a codec makes nothing of them, so that bytes on the wire are those that were meant. */
const NOISE = randomBytes(256 * 1024);
export function noise(bytes: number): Buffer {
  const from = Math.floor(Math.random() * (NOISE.length - bytes));
  return NOISE.subarray(from, from + bytes);
}

/** Runs the streams until it is stopped. Idempotent ones wait for all replicas, the others for the leader alone. */
export async function startStreams(
  cluster: KafkaCluster,
  clientId: string,
  streams: readonly Stream[],
  idempotent: boolean,
): Promise<Stoppable> {
  const producer = kafkaClient(cluster.bootstrap, clientId).producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    allowAutoTopicCreation: false,
    idempotent,
    ...(idempotent ? { maxInFlightRequests: 1 } : {}),
  });
  await producer.connect();
  let stopped = false;
  const loops = streams.map((stream) => run(producer, stream, idempotent ? -1 : 1, () => stopped));
  return {
    stop: async () => {
      stopped = true;
      await Promise.all(loops);
      await producer.disconnect();
    },
  };
}

async function run(producer: Producer, stream: Stream, acks: number, isStopped: () => boolean): Promise<void> {
  const { topic, everyMs, messages, gzip = false } = stream;
  const compression = gzip ? CompressionTypes.GZIP : CompressionTypes.None;
  while (!isStopped()) {
    const started = Date.now();
    // One send that fails (a broker that starts again) is not made up for.
    await producer.send({ topic, acks, compression, messages: messages() }).catch(() => {});
    await sleep(Math.max(1, everyMs - (Date.now() - started)));
  }
}

/** Sent once, in order. */
export async function sendOnce(cluster: KafkaCluster, batches: readonly { topic: string; messages: Message[] }[]) {
  const producer = kafkaClient(cluster.bootstrap, 'once').producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    allowAutoTopicCreation: false,
  });
  await producer.connect();
  try {
    for (const { topic, messages } of batches) await producer.send({ topic, acks: 1, messages });
  } finally {
    await producer.disconnect();
  }
}

/** A transaction that nobody ends, whose only record says that it was written hours ago. */
export async function openTransaction(cluster: KafkaCluster, topic: string): Promise<Stoppable> {
  const producer = kafkaClient(cluster.bootstrap, 'forgetful').producer({
    transactionalId: 'forgetful',
    transactionTimeout: 600_000,
    maxInFlightRequests: 1,
    idempotent: true,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  const transaction = await producer.transaction();
  await transaction.send({ topic, messages: [{ value: 'x', timestamp: String(Date.now() - 3 * 3_600_000) }] });
  return {
    stop: async () => {
      await transaction.abort();
      await producer.disconnect();
    },
  };
}

/**
 * Records from tomorrow, which brokers refuse since Kafka 4.0 (`message.timestamp.after.max.ms`). They count them by partition as failed,
 * beside every partition of every fetch of a follower: it takes a wide topic to be seen.
 */
export async function startFailing(cluster: KafkaCluster, topic: string, partitions: number): Promise<Stoppable> {
  const producer = kafkaClient(cluster.bootstrap, 'failing').producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    allowAutoTopicCreation: false,
  });
  await producer.connect();
  const messages = () =>
    Array.from({ length: partitions }, (_, partition) => ({
      value: 'x',
      partition,
      timestamp: String(Date.now() + 86_400_000),
    }));
  return repeated(
    100,
    () => producer.send({ topic, acks: 1, messages: messages() }),
    () => producer.disconnect(),
  );
}

const FETCH = 1;

/** Fetches that do not wait and bring one batch of a few bytes. */
export async function startPolling(broker: KafkaBroker, topic: string): Promise<Stoppable> {
  const connection = await BrokerConnection.open(broker.port);
  const head = new Writer().int32(-1).int32(0).int32(0).int32(1_024).int8(0).int32(1).string(topic);
  const body = head.int32(1).int32(0).int64(0n).int32(1).bytes();
  return repeated(
    5,
    () => connection.request(FETCH, 4, body),
    () => connection.close(),
  );
}

const PRODUCE = 0;

/** The same request again and again over each of the connections: it costs this process nothing, and the broker all it has. */
export async function startHammering(broker: KafkaBroker, topic: string, partitions: number): Promise<Stoppable> {
  const value = wordsOf(400_000);
  const parts = await Promise.all(
    Array.from({ length: partitions }, async (_, partition) => {
      const connection = await BrokerConnection.open(broker.port);
      const body = await produceRequest(topic, partition, value);
      return repeated(
        1,
        () => connection.request(PRODUCE, 7, body),
        () => connection.close(),
      );
    }),
  );
  return { stop: async () => void (await Promise.all(parts.map((part) => part.stop()))) };
}

function wordsOf(length: number): string {
  const words = Array.from({ length: length / 4 }, () => Math.floor(Math.random() * 5_000).toString(36));
  return words.join(' ').slice(0, length);
}

async function produceRequest(topic: string, partition: number, value: string): Promise<Buffer> {
  const { RecordBatch } = require('kafkajs/src/protocol/recordBatch/v0') as Encoders;
  const Record = require('kafkajs/src/protocol/recordBatch/record/v0') as (record: object) => unknown;
  const batch = (await RecordBatch({ records: [Record({ key: null, value: Buffer.from(value) })] })).buffer;
  const head = new Writer().string(null).int16(1).int32(30_000).int32(1).string(topic).int32(1).int32(partition);
  return Buffer.concat([head.int32(batch.length).bytes(), batch]);
}

interface Encoders {
  RecordBatch: (batch: object) => Promise<{ buffer: Buffer }>;
}

/** Connections that are closed as soon as they are open, as a client does that makes one for each record. */
export function startReconnecting(broker: KafkaBroker): Stoppable {
  return repeated(20, async () => {
    const socket = connect(broker.port, '127.0.0.1');
    socket.on('error', () => {});
    await new Promise((resolve) => socket.once('connect', resolve).once('error', resolve));
    socket.destroy();
  });
}

export function repeated(everyMs: number, act: () => Promise<unknown>, close: () => unknown = () => {}): Stoppable {
  let stopped = false;
  const loop = (async () => {
    while (!stopped) {
      await act().catch(() => {});
      await sleep(everyMs);
    }
  })();
  return {
    stop: async () => {
      stopped = true;
      await loop;
      await close();
    },
  };
}
