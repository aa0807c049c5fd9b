import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';

const require = createRequire(import.meta.url);

/**
 * kafkajs#1751: with nothing throttled it sets a timer in the past at each answer, and Node 24 warns on stderr. No such timer is
 * needed then: pending requests are looked at as soon as one in flight is answered.
 */
function avoidPastTimers(): void {
  const { prototype } = require('kafkajs/src/network/requestQueue') as {
    prototype: { scheduleCheckPendingRequests: (this: RequestQueue) => void };
  };
  const schedule = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function () {
    if (this.pending.length > 0 || this.throttledUntil > Date.now()) schedule.call(this);
  };
}

interface RequestQueue {
  pending: unknown[];
  throttledUntil: number;
}

avoidPastTimers();

export function kafkaClient(bootstrap: string, clientId: string): Kafka {
  return new Kafka({
    brokers: bootstrap.split(','),
    clientId,
    // What fails is thrown to the caller; what is tried again by itself is no news.
    logLevel: logLevel.NOTHING,
    connectionTimeout: 2_000,
    requestTimeout: 10_000,
    retry: { retries: 8, initialRetryTime: 100, maxRetryTime: 2_000 },
  });
}

interface Coordinator {
  offsetCommit(request: {
    groupId: string;
    groupGenerationId: number;
    memberId: string;
    topics: { topic: string; partitions: { partition: number; offset: string; metadata?: string }[] }[];
  }): Promise<unknown>;
}

interface InternalCluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  findGroupCoordinator(target: { groupId: string }): Promise<Coordinator>;
}

export interface CommittedOffsets {
  groupId: string;
  topic: string;
  /** Offset to commit by partition. */
  offsets: ReadonlyMap<number, bigint>;
}

/**
 * Commits offsets as a group without members (OffsetCommit with generation -1), which leaves the group Empty. kafkajs's own
 * `setOffsets` joins the group first, two seconds each, so its internal cluster sends the request itself.
 */
export async function commitOffsets(bootstrap: string, commits: CommittedOffsets[]): Promise<void> {
  const cluster = internalCluster(kafkaClient(bootstrap, 'sandbox-commit'));
  await cluster.connect();
  try {
    for (const { groupId, topic, offsets } of commits) {
      const partitions = [...offsets].map(([partition, offset]) => ({ partition, offset: String(offset) }));
      await whileCoordinatorMoves(async () => {
        const coordinator = await cluster.findGroupCoordinator({ groupId });
        await coordinator.offsetCommit({
          groupId,
          groupGenerationId: -1,
          memberId: '',
          topics: [{ topic, partitions }],
        });
      });
    }
  } finally {
    await cluster.disconnect();
  }
}

/** A coordinator is named before it has loaded its partition: on a young cluster the first commits are refused for a moment. */
async function whileCoordinatorMoves(commit: () => Promise<void>): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await commit();
    } catch (error) {
      if (attempt === 50 || !(error as { retriable?: boolean }).retriable) throw error;
      await sleep(100);
    }
  }
}

/** Group ids that Kafka accepts and that a report must survive. */
export const hostileGroupIds: readonly string[] = [
  '<script>alert(1)</script>',
  'two\nlines',
  'right-to-left-\u202Egnp.exe',
  '; rm -rf ~',
  '\'; $(reboot) `id` "',
  'x'.repeat(249),
  '\u{1f980} caf\u00e9',
  '=HYPERLINK("http://evil.example","pay")',
  '--all-groups',
  '{{constructor}} ${HOME} %n !! `',
  '',
];

/** The next offset of each partition of a topic. */
export async function endOffsets(bootstrap: string, topic: string): Promise<Map<number, bigint>> {
  const admin = kafkaClient(bootstrap, 'sandbox-admin').admin();
  await admin.connect();
  try {
    const offsets = await admin.fetchTopicOffsets(topic);
    return new Map(offsets.map(({ partition, offset }) => [partition, BigInt(offset)]));
  } finally {
    await admin.disconnect();
  }
}

function internalCluster(kafka: Kafka): InternalCluster {
  const symbol = Object.getOwnPropertySymbols(kafka).find(
    (candidate) => candidate.description === 'private:Kafka:createCluster',
  );
  if (symbol === undefined)
    throw new Error('kafkajs no longer has its private createCluster; see package.json for the version it is tied to');
  const Emitter = require('kafkajs/src/instrumentation/emitter') as new () => unknown;
  const create = (kafka as unknown as Record<symbol, (options: object) => InternalCluster>)[symbol]!;
  return create({ instrumentationEmitter: new Emitter(), allowAutoTopicCreation: false });
}
