import { setTimeout as sleep } from 'node:timers/promises';
import { CompressionTypes, Partitioners, type Producer } from 'kafkajs';
import { kafkaClient } from './client.ts';
import { recordMaker, type WorkloadRecord } from './records.ts';
import { historySeconds, type TopicShape } from './shapes.ts';

/** One request a second and leader: the workload is to be seen in the figures, not to take the machine. */
const TICK_MS = 1_000;
/** A fetch returns whole batches, so they stay small enough for a slow group to hold one of each partition. */
const HISTORY_RECORDS_PER_PARTITION_AND_BATCH = 100;

export interface TopicProducer {
  topic: string;
  /** Writes the records of the last ten minutes, with their timestamps. */
  writeHistory(): Promise<void>;
  /** Writes that many records at once, beyond the steady rate. */
  burst(records: number): Promise<void>;
  /** Runs until `stop`. A failed send is dropped and the next one tried: a dead broker must not end the workload. */
  run(): void;
  stop(): Promise<void>;
}

/** A client per topic: kafkajs refuses all metadata as soon as one partition of the topics it follows has no leader. */
export async function startProducer(bootstrap: string, shape: TopicShape, seed: number): Promise<TopicProducer> {
  const kafka = kafkaClient(bootstrap, `producer-${shape.name}`);
  const producer = kafka.producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    idempotent: shape.idempotent,
    ...(shape.idempotent ? { maxInFlightRequests: 1 } : {}),
    allowAutoTopicCreation: false,
  });
  await producer.connect();
  const next = recordMaker(shape, seed);
  const send = (messages: WorkloadRecord[]): Promise<void> => sendBatch(producer, shape, messages);
  let stopped = false;
  let loop: Promise<void> = Promise.resolve();
  return {
    topic: shape.name,
    writeHistory: () => writeHistory(shape, next, send),
    burst: async (records) => {
      for (let sent = 0; sent < records; sent += 500) {
        await send(Array.from({ length: Math.min(500, records - sent) }, next));
      }
    },
    run: () => {
      loop = steadily(shape, next, send, () => stopped);
    },
    stop: async () => {
      stopped = true;
      await loop;
      await producer.disconnect();
    },
  };
}

async function sendBatch(producer: Producer, shape: TopicShape, messages: WorkloadRecord[]): Promise<void> {
  await producer.send({
    topic: shape.name,
    acks: shape.idempotent ? -1 : 1,
    compression: shape.compressed ? CompressionTypes.GZIP : CompressionTypes.None,
    messages,
  });
}

async function steadily(
  shape: TopicShape,
  next: () => WorkloadRecord,
  send: (messages: WorkloadRecord[]) => Promise<void>,
  isStopped: () => boolean,
): Promise<void> {
  let owed = 0;
  let lastTick = Date.now();
  while (!isStopped()) {
    await sleep(TICK_MS);
    const now = Date.now();
    // After a pause (no leader for some seconds) at most one second is made up for.
    owed = Math.min(owed + (shape.recordsPerSecond * (now - lastTick)) / 1000, shape.recordsPerSecond);
    lastTick = now;
    const count = Math.floor(owed);
    owed -= count;
    if (count === 0) continue;
    await send(Array.from({ length: count }, next)).catch((error: unknown) => {
      console.error(`${shape.name}: send failed: ${error instanceof Error ? error.message : String(error)}`);
    });
  }
}

async function writeHistory(
  shape: TopicShape,
  next: () => WorkloadRecord,
  send: (messages: WorkloadRecord[]) => Promise<void>,
): Promise<void> {
  const total = shape.recordsPerSecond * historySeconds;
  const batch = HISTORY_RECORDS_PER_PARTITION_AND_BATCH * shape.partitions;
  const now = Date.now();
  for (let written = 0; written < total; written += batch) {
    const messages = Array.from({ length: Math.min(batch, total - written) }, (_, index) => {
      const age = ((total - written - index) / total) * historySeconds * 1000;
      return { ...next(), timestamp: String(Math.round(now - age)) };
    });
    await send(messages);
  }
}
