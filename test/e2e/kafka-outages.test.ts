// Brokers and the controller die before and under a collection, and come back.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { BrokerConnection } from '../../sandbox/bridge/kafka/connection.ts';
import { waitUntil } from '../../sandbox/kafka/readiness.ts';
import { type Fact, summary } from '../sandbox/support/facts.ts';
import { reassign } from '../sandbox/support/leadership.ts';
import { Witness } from '../sandbox/support/witness.ts';
import { witnessMoves } from '../sandbox/support/witness-cluster.ts';
import { FaultRun, of } from './fault-run.ts';
import { cannotRun, isFull, KAFKA_VERSIONS } from './live.ts';

const [LIST_OFFSETS, OFFSET_FETCH, LIST_GROUPS] = [2, 9, 16];
const DEAD = 2;
/** Its partition p has one replica, on broker p % 3 + 1. */
const ONE_REPLICA_TOPIC = 'device-metrics';

if (!isFull && !cannotRun)
  console.warn('outages under a collection are left out: only `npm run test:full` has the minutes');

describe.skipIf(cannotRun || !isFull).each(KAFKA_VERSIONS.map((version) => ({ version })))(
  'Kafka $version',
  ({ version }) => {
    let run: FaultRun;

    beforeAll(async () => {
      run = await FaultRun.start(version);
    });
    afterAll(async () => await run?.stop());
    beforeEach(async () => await run.begin());
    afterEach(async () => await run.cluster.startBroker(DEAD));

    /** Until others lead and coordinate what it did, where there are others. */
    async function killAndWait(): Promise<void> {
      await run.cluster.killBroker(DEAD);
      await waitUntil('others to take over', 30_000, async () => {
        const { kafkaTopics, kafkaGroups } = (await run.look()).sections;
        if (!kafkaTopics.ok || !kafkaGroups.ok) return false;
        const partitions = kafkaTopics.value.flatMap((topic) => topic.partitions);
        const groups = run.healthy.sections.kafkaGroups.ok ? run.healthy.sections.kafkaGroups.value.length : 0;
        return partitions.every(({ leader }) => leader !== DEAD) && kafkaGroups.value.length === groups;
      });
    }
    /** What nobody but the dead broker has. */
    const isOnlyThere = (fact: Fact): boolean =>
      of(DEAD)(fact) && (fact.key.startsWith(`${ONE_REPLICA_TOPIC}/`) || ['log', 'broker-config'].includes(fact.kind));

    test('a broker that is dead before the reading: leaderless partitions, ISR and moves as Kafka’s own tools see them', async () => {
      const witness = new Witness(run.cluster);
      await killAndWait();
      const move = async (replicas: number[] | null) => {
        const broker = await BrokerConnection.open(run.cluster.brokers[0]!.port);
        await reassign(broker, ONE_REPLICA_TOPIC, [{ partition: 0, replicas }]).finally(() => broker.close());
      };
      const lost = run.expectAllElse(await run.look(), isOnlyThere);
      expect(summary(lost)).toEqual(
        expect.arrayContaining([expect.stringContaining(`end of broker ${DEAD}, one is ${ONE_REPLICA_TOPIC}`)]),
      );

      const whileMoving = async <T>(look: () => Promise<T>): Promise<T> => {
        await move([DEAD]);
        try {
          return await look();
        } finally {
          await move(null);
        }
      };
      const [seen, asTools, moved] = await whileMoving(() =>
        Promise.all([run.look(), witness.partitions(), witnessMoves(witness)]),
      );
      const { kafkaTopics, kafkaReassignments } = seen.sections;
      const ours = kafkaTopics.ok ? kafkaTopics.value : [];
      const partitions = ours.flatMap(({ name, partitions: own }) =>
        own.map(({ partition, leader, replicas, isr }) => ({
          topic: name,
          partition,
          leader,
          replicas,
          isr: isr.toSorted((a, b) => a - b),
        })),
      );
      expect(partitions).toEqual(asTools);
      expect(partitions.filter(({ leader }) => leader === -1).map(({ topic }) => topic)).toEqual([ONE_REPLICA_TOPIC]);
      const moves = kafkaReassignments?.ok ? kafkaReassignments.value : [];
      expect(moves).toHaveLength(1);
      expect(moves).toEqual(moved);
    });

    test.each([
      ['the metadata and the offsets', LIST_OFFSETS],
      ['the list of its groups and what they have committed', OFFSET_FETCH],
    ])('a broker dies between %s', async (_when, apiKey) => {
      const seen = await run.lookWhile(apiKey!, () => run.cluster.killBroker(DEAD));
      const lost = run.expectAllElse(seen, of(DEAD));
      expect(lost.length).toBeGreaterThan(0);
    });

    test('a dead controller takes with it what it alone can tell', async () => {
      await run.cluster.killController();
      const seen = await run.look();
      await run.cluster.startController();
      const lost = run.expectAllElse(seen, ({ kind, key }) => kind === 'state' && key !== 'kafkaQuotas');
      expect(lost.map(({ key }) => key)).toEqual(['kafkaReassignments', 'kafkaQuorum']);
    });

    test('a controller that restarts under a reading', async () => {
      const seen = await run.lookWhile(LIST_GROUPS!, () => run.cluster.killController());
      const back = run.cluster.startController();
      run.expectAllElse(seen, ({ kind }) => kind === 'state');
      await back;
      await run.begin();
    });
  },
);
