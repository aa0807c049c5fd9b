// The network and the cluster go wrong under a collection: what can be read is read, what cannot is said, within twice the usual
// time and one request's, and nothing stays open. The brokers are real, the faults come from proxies in front of them.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { reportPlan } from '../../lib/collect/kafka/plan.ts';
import type { ProxiedRequest, ProxyFaults } from '../../sandbox/kafka/proxy/faults.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { kafkaClient } from '../../sandbox/workload/client.ts';
import { commitSimpleGroups } from '../sandbox/support/every-kind.ts';
import { type Fact, factsOf, lostFacts, silentGaps, summary } from '../sandbox/support/facts.ts';
import { moveCoordinators } from '../sandbox/support/move-coordinators.ts';
import { makeGroupAtEveryBroker } from '../sandbox/support/raw-members.ts';
import { placeTopic } from '../sandbox/support/topics.ts';
import { type Watched, type WatchOptions, watch } from '../sandbox/support/watched-collection.ts';
import { cannotRun, isFull, KAFKA_VERSIONS } from './live.ts';

/** As lib/collect/kafka/connector.ts has it. */
const REQUEST_TIMEOUT_MS = 5_000;
const PLAN = reportPlan({ samples: 2, intervalSec: 0.3 });
const KEYS = {
  ListOffsets: 2,
  Metadata: 3,
  OffsetFetch: 9,
  DescribeGroups: 15,
  ListGroups: 16,
  ApiVersions: 18,
} as const;
const EXTRA_KEYS = { DescribeConfigs: 32, DescribeLogDirs: 35, ConsumerGroupDescribe: 69 } as const;
/** Asked of one broker, whichever it is. */
const ONE_BROKER_KEYS = { ListPartitionReassignments: 46, DescribeClientQuotas: 48, DescribeQuorum: 55 } as const;
const ALL_KEYS = Object.entries({ ...KEYS, ...EXTRA_KEYS, ...ONE_BROKER_KEYS });

if (!isFull) console.warn('faults under a collection: the shortest only; `npm run test:full` runs them all');

describe.skipIf(cannotRun).each(KAFKA_VERSIONS.map((version) => ({ version })))('Kafka $version', ({ version }) => {
  let sandbox: Sandbox;
  let healthy: Watched;
  const rejections: unknown[] = [];
  const note = (reason: unknown): void => void rejections.push(reason);

  const look = (options: WatchOptions = {}): Promise<Watched> => watch(sandbox.cluster, { plan: PLAN, ...options });
  const setAll = (faults: ProxyFaults) => Promise.all(sandbox.cluster.proxies.map((proxy) => proxy.set(faults)));

  /** Lost are only facts that are excused; whatever is lost is said, but for what is not there any more. */
  function expectAllElse(seen: Watched, excused: (fact: Fact) => boolean = () => false, isGone = false): Fact[] {
    const lost = lostFacts(healthy.sections, seen.sections);
    const unexcused = lost.filter((fact) => !excused(fact));
    expect(summary(unexcused)).toEqual([]);
    if (!isGone) expect(silentGaps(lost, seen.sections)).toEqual([]);
    expect(seen.ms).toBeLessThanOrEqual(2 * healthy.ms + REQUEST_TIMEOUT_MS);
    expect(rejections).toEqual([]);
    return lost;
  }
  const of =
    (brokerId: number) =>
    (fact: Fact): boolean =>
      fact.brokerId === brokerId;

  /** Does something once, when the first request of that API is about to reach its broker. */
  async function atFirst(apiKey: number, act: (request: ProxiedRequest) => Promise<unknown>): Promise<void> {
    let done: Promise<unknown> | null = null;
    await setAll({
      onRequest: (request) => {
        if (request.apiKey === apiKey) done ??= act(request);
        return request.apiKey === apiKey ? done : undefined;
      },
    });
  }

  beforeAll(async () => {
    process.on('unhandledRejection', note);
    const shape = { brokers: 3, users: null, proxied: true };
    sandbox = await startSandbox({ kafka: version, profile: 'idle', aws: false, log: () => {}, shape });
    await commitSimpleGroups(sandbox.cluster.bootstrap, 'orders', BigInt);
    await makeGroupAtEveryBroker(sandbox.cluster, 'orders');
  });
  afterAll(async () => {
    process.off('unhandledRejection', note);
    await sandbox?.stop();
  });
  beforeEach(async () => {
    await setAll({});
    healthy = await look();
    const unread = Object.entries(healthy.sections).filter(
      ([, section]) => !section.ok || section.partial !== undefined,
    );
    expect(unread).toEqual([]);
    expect(factsOf(healthy.sections).size).toBeGreaterThan(1_000);
  });

  test.each(ALL_KEYS)('a connection reset in the middle of the answer to %s costs nothing', async (_name, apiKey) => {
    await setAll({ resetMidAnswer: { apiKey } });
    const struck = await look();
    expectAllElse(struck);
    expect(Math.max(...struck.connections)).toBeGreaterThan(1);
  });

  test.each(ALL_KEYS)('half an answer to %s costs that answer at most', async (_name, apiKey) => {
    const isOneBrokers = Object.values<number>(ONE_BROKER_KEYS).includes(apiKey);
    await (isOneBrokers ? setAll({ truncate: { apiKey } }) : sandbox.cluster.proxies[0]!.set({ truncate: { apiKey } }));
    const seen = await look();
    // A bootstrap broker that makes no sense is passed over, and other brokers know the settings of topics too.
    const isAnswered = apiKey === KEYS.ApiVersions || apiKey === KEYS.Metadata;
    const lost = expectAllElse(seen, (fact) => (isOneBrokers ? fact.kind === 'state' : !isAnswered && of(1)(fact)));
    expect(lost.every(({ kind }) => mayHangOn(apiKey).includes(kind))).toBe(true);
  });

  test('a topic that is deleted between the metadata and the offsets takes nothing with it', async () => {
    await placeTopic(sandbox.cluster.bootstrap, { topic: 'short-lived', replicas: [[1], [2], [3]] });
    healthy = await look();
    await atFirst(KEYS.ListOffsets, () => admin((client) => client.deleteTopics({ topics: ['short-lived'] })));
    const seen = await look();
    const lost = expectAllElse(seen, ({ key }) => key.includes('short-lived'), true);
    expect(lost.length).toBeGreaterThan(0);
    const { kafkaOffsets } = seen.sections;
    const errors = kafkaOffsets.ok && kafkaOffsets.value.topics['short-lived']?.map(({ error }) => error);
    expect(errors).toEqual(Array(3).fill('UNKNOWN_TOPIC_OR_PARTITION'));
  });

  test('a group that is deleted on the way takes nothing with it, and is not called dead', async () => {
    await atFirst(KEYS.OffsetFetch, () => admin((client) => client.deleteGroups(['probe-7'])));
    const seen = await look();
    const lost = expectAllElse(seen, ({ key }) => key.startsWith('probe-7'), true);
    expect(lost.length).toBeGreaterThan(0);
    const { kafkaGroups } = seen.sections;
    const group = kafkaGroups.ok ? kafkaGroups.value.find(({ groupId }) => groupId === 'probe-7') : undefined;
    expect(group?.state ?? 'gone').not.toMatch(/dead/i);
  });

  test('coordinators that move after the groups are listed are found again', async () => {
    await atFirst(KEYS.OffsetFetch, () => moveCoordinators(sandbox.cluster));
    const seen = await look();
    expectAllElse(seen);
    const before = new Map(groupsOf(healthy).map(({ groupId, coordinatorId }) => [groupId, coordinatorId]));
    const moved = groupsOf(seen).filter(({ groupId, coordinatorId }) => before.get(groupId) !== coordinatorId);
    expect(moved).toHaveLength(before.size);
  });

  test.each([1, 2])('broker %i takes everything and answers nothing', async (brokerId) => {
    await sandbox.cluster.proxies[brokerId - 1]!.set({ stall: true });
    const lost = expectAllElse(await look(), of(brokerId));
    expect(lost.length).toBeGreaterThan(100);
  });

  test('a broker falls silent on the way', async () => {
    const [, second] = sandbox.cluster.proxies;
    await second!.set({
      onRequest: ({ apiKey }) => (apiKey === KEYS.OffsetFetch ? second!.set({ stall: true }) : undefined),
    });
    const lost = expectAllElse(await look(), of(2));
    expect(lost.some(({ kind }) => kind === 'start')).toBe(false);
    expect(lost.some(({ kind }) => kind === 'committed')).toBe(true);
  });

  test.runIf(isFull)('one request in a hundred fails, thirty times over', async () => {
    const drops = () => sandbox.cluster.proxies.reduce((sum, proxy) => sum + proxy.drops, 0);
    const before = drops();
    for (let round = 0; round < 30; round += 1) {
      const faultOf = (index: number) => ({ dropRandomly: { share: 0.01, seed: 100 * round + index } });
      await Promise.all(sandbox.cluster.proxies.map((proxy, index) => proxy.set(faultOf(index))));
      expectAllElse(await look());
    }
    expect(drops() - before).toBeGreaterThan(5);
  });

  async function admin(act: (client: ReturnType<ReturnType<typeof kafkaClient>['admin']>) => Promise<unknown>) {
    const client = kafkaClient(sandbox.cluster.bootstrap, 'test-admin').admin();
    await client.connect();
    await act(client).finally(() => client.disconnect());
  }
});

function groupsOf({ sections: { kafkaGroups } }: Watched) {
  return kafkaGroups.ok ? kafkaGroups.value : [];
}

/** What of a broker an answer of this API can tell. */
function mayHangOn(apiKey: number): Fact['kind'][] {
  const kinds: Record<number, Fact['kind'][]> = {
    [KEYS.ListOffsets]: ['start', 'end'],
    [KEYS.OffsetFetch]: ['committed', 'sample'],
    [KEYS.DescribeGroups]: ['group'],
    [KEYS.ListGroups]: ['group', 'committed', 'sample'],
    [EXTRA_KEYS.DescribeConfigs]: ['broker-config'],
    [EXTRA_KEYS.DescribeLogDirs]: ['log'],
    [EXTRA_KEYS.ConsumerGroupDescribe]: ['group'],
    [ONE_BROKER_KEYS.ListPartitionReassignments]: ['state'],
    [ONE_BROKER_KEYS.DescribeClientQuotas]: ['state'],
    [ONE_BROKER_KEYS.DescribeQuorum]: ['state'],
  };
  return kinds[apiKey] ?? [];
}
