import { setTimeout as sleep } from 'node:timers/promises';
import type { Consumer, EachBatchPayload } from 'kafkajs';
import { kafkaClient } from './client.ts';
import type { GroupShape } from './shapes.ts';

const RESTART_AFTER_MS = 2_000;
/** Per partition. Orders arrive at five a second on each of twelve partitions, so the group falls behind on all of them. */
const SLOW_RECORD_MS = 500;

export interface GroupMember {
  groupId: string;
  /** Resolves once the member is in the group with partitions assigned. */
  joined: Promise<void>;
  stop(): Promise<void>;
}

/**
 * A member of a classic group. `isStalled` is asked before each record: while it answers true the member keeps its session
 * alive by heartbeats and commits nothing, which is what a blocked worker thread looks like from outside.
 */
export function startMember(
  bootstrap: string,
  shape: GroupShape,
  index: number,
  isStalled: () => boolean,
): GroupMember {
  const consumer = kafkaClient(bootstrap, `${shape.id}-${index}`).consumer({
    groupId: shape.id,
    sessionTimeout: 10_000,
    heartbeatInterval: 1_000,
    maxWaitTimeInMs: 1_000,
    minBytes: 8 * 1024,
    maxBytesPerPartition: 64 * 1024,
    allowAutoTopicCreation: false,
  });
  let stopped = false;
  const stop = async (): Promise<void> => {
    stopped = true;
    await consumer.disconnect();
  };
  const joined = new Promise<void>((resolve) => {
    consumer.on(consumer.events.GROUP_JOIN, () => resolve());
  });
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (payload.restart || stopped) return;
    console.error(`${shape.id}: member ended, starting it again: ${payload.error.message}`);
    setTimeout(() => void runAgain(consumer, shape, isStalled, () => stopped), RESTART_AFTER_MS);
  });
  void runAgain(consumer, shape, isStalled, () => stopped);
  return { groupId: shape.id, joined, stop };
}

async function runAgain(
  consumer: Consumer,
  shape: GroupShape,
  isStalled: () => boolean,
  isStopped: () => boolean,
): Promise<void> {
  while (!isStopped()) {
    try {
      await consumer.connect();
      await consumer.subscribe({ topics: [shape.topic], fromBeginning: true });
      await consumer.run({
        autoCommitInterval: 1_000,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: 12,
        eachBatch: (payload) => consumeBatch(payload, shape, isStalled, isStopped),
      });
      return;
    } catch (error) {
      console.error(`${shape.id}: ${error instanceof Error ? error.message : String(error)}`);
      await sleep(RESTART_AFTER_MS);
    }
  }
}

async function consumeBatch(
  payload: EachBatchPayload,
  shape: GroupShape,
  isStalled: () => boolean,
  isStopped: () => boolean,
): Promise<void> {
  const over = (): boolean => isStopped() || !payload.isRunning() || payload.isStale();
  for (const message of payload.batch.messages) {
    while (isStalled() && !over()) {
      await payload.heartbeat();
      await sleep(250);
    }
    if (over()) return;
    if (shape.behaviour === 'slow') await sleep(SLOW_RECORD_MS);
    payload.resolveOffset(message.offset);
    if (shape.behaviour === 'slow') {
      await payload.heartbeat();
      await payload.commitOffsetsIfNecessary();
    }
  }
  await payload.heartbeat();
}
