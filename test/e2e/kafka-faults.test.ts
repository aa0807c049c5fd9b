// The network and the cluster go wrong under a collection: what can be read is read, what cannot is said, within twice the usual
// time and one request's, and nothing stays open. The brokers are real, the faults come from proxies in front of them.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { commitOffsets, kafkaClient } from '../../sandbox/workload/client.ts';
import type { Fact } from '../sandbox/support/facts.ts';
import { moveCoordinators } from '../sandbox/support/leadership.ts';
import { placeTopic } from '../sandbox/support/topics.ts';
import type { Watched } from '../sandbox/support/watched-collection.ts';
import { FaultRun, of } from './fault-run.ts';
import { cannotRun, isFull, NEWEST_KAFKA } from './live.ts';

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

if (!isFull && !cannotRun) console.warn('faults under a collection are left out: `npm run test:full` runs them');

describe.skipIf(cannotRun || !isFull).each(NEWEST_KAFKA.map((version) => ({ version })))(
  'Kafka $version',
  ({ version }) => {
    let run: FaultRun;

    beforeAll(async () => {
      run = await FaultRun.start(version);
    });
    afterAll(async () => await run?.stop());
    beforeEach(async () => await run.begin());

    test.each(ALL_KEYS)('a connection reset in the middle of the answer to %s costs nothing', async (_name, apiKey) => {
      await run.setAll({ resetMidAnswer: { apiKey } });
      const struck = await run.look();
      run.expectAllElse(struck);
      expect(Math.max(...struck.connections)).toBeGreaterThan(1);
    });

    test.each(ALL_KEYS)('half an answer to %s costs that answer at most', async (_name, apiKey) => {
      const isOneBrokers = Object.values<number>(ONE_BROKER_KEYS).includes(apiKey);
      await (isOneBrokers
        ? run.setAll({ truncate: { apiKey } })
        : run.cluster.proxies[0]!.set({ truncate: { apiKey } }));
      const seen = await run.look();
      // A bootstrap broker that makes no sense is passed over, and other brokers know the settings of topics too.
      const isAnswered = apiKey === KEYS.ApiVersions || apiKey === KEYS.Metadata;
      const lost = run.expectAllElse(seen, (fact) =>
        isOneBrokers ? fact.kind === 'state' : !isAnswered && of(1)(fact),
      );
      expect(lost.every(({ kind }) => mayHangOn(apiKey).includes(kind))).toBe(true);
    });

    test('a topic that is deleted between the metadata and the offsets takes nothing with it', async () => {
      await placeTopic(run.cluster.bootstrap, { topic: 'short-lived', replicas: [[1], [2], [3]] });
      const offsets = new Map([0, 1, 2].map((partition) => [partition, 0n]));
      await commitOffsets(run.cluster.bootstrap, [{ groupId: 'probe-0', topic: 'short-lived', offsets }]);
      await run.begin();
      const seen = await run.lookWhile(KEYS.ListOffsets, () =>
        admin((client) => client.deleteTopics({ topics: ['short-lived'] })),
      );
      const lost = run.expectAllElse(seen, ({ key }) => key.includes('short-lived'), true);
      expect(lost.length).toBeGreaterThan(0);
      const { kafkaOffsets } = seen.sections;
      const errors = kafkaOffsets.ok && kafkaOffsets.value.topics['short-lived']?.map(({ error }) => error);
      expect(errors).toEqual(Array(3).fill('UNKNOWN_TOPIC_OR_PARTITION'));
    });

    test('a group that is deleted on the way takes nothing with it, and is not called dead', async () => {
      const seen = await run.lookWhile(KEYS.OffsetFetch, () => admin((client) => client.deleteGroups(['probe-7'])));
      const lost = run.expectAllElse(seen, ({ key }) => key.startsWith('probe-7'), true);
      expect(lost.length).toBeGreaterThan(0);
      const { kafkaGroups } = seen.sections;
      const group = kafkaGroups.ok ? kafkaGroups.value.find(({ groupId }) => groupId === 'probe-7') : undefined;
      expect(group?.state ?? 'gone').not.toMatch(/dead/i);
    });

    test('coordinators that move after the groups are listed are found again', async () => {
      const seen = await run.lookWhile(KEYS.OffsetFetch, () => moveCoordinators(run.cluster));
      run.expectAllElse(seen);
      const before = new Map(groupsOf(run.healthy).map(({ groupId, coordinatorId }) => [groupId, coordinatorId]));
      const moved = groupsOf(seen).filter(({ groupId, coordinatorId }) => before.get(groupId) !== coordinatorId);
      expect(moved).toHaveLength(before.size);
    });

    test.each([1, 2])('broker %i takes everything and answers nothing', async (brokerId) => {
      await run.cluster.proxies[brokerId - 1]!.set({ stall: true });
      const lost = run.expectAllElse(await run.look(), of(brokerId));
      expect(lost.length).toBeGreaterThan(100);
    });

    test('a broker falls silent on the way', async () => {
      const [, second] = run.cluster.proxies;
      await second!.set({
        onRequest: ({ apiKey }) => (apiKey === KEYS.OffsetFetch ? second!.set({ stall: true }) : undefined),
      });
      const lost = run.expectAllElse(await run.look(), of(2));
      expect(lost.some(({ kind }) => kind === 'start')).toBe(false);
      expect(lost.some(({ kind }) => kind === 'committed')).toBe(true);
    });

    test.runIf(isFull)('one request in a hundred fails, thirty times over', async () => {
      const drops = () => run.cluster.proxies.reduce((sum, proxy) => sum + proxy.drops, 0);
      const before = drops();
      for (let round = 0; round < 30; round += 1) {
        const faultOf = (index: number) => ({ dropRandomly: { share: 0.01, seed: 100 * round + index } });
        await Promise.all(run.cluster.proxies.map((proxy, index) => proxy.set(faultOf(index))));
        run.expectAllElse(await run.look());
      }
      expect(drops() - before).toBeGreaterThan(5);
    });

    async function admin(act: (client: ReturnType<ReturnType<typeof kafkaClient>['admin']>) => Promise<unknown>) {
      const client = kafkaClient(run.cluster.bootstrap, 'test-admin').admin();
      await client.connect();
      try {
        await act(client);
      } finally {
        await client.disconnect();
      }
    }
  },
);

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
