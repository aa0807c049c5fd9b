import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kafkaVersions } from '../../sandbox/kafka/artifacts.ts';
import { type KafkaTool, runKafkaTool } from '../../sandbox/kafka/tools.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { missing } from './support/aws-fixtures.ts';

const isFull = process.env.MSK_CHECKUP_TEST_FULL === '1';

interface GroupRow {
  partition: number;
  committed: number;
  end: number;
  member: string;
}

// The report's own end-to-end test makes every fault in the short suite too; here they are held against Kafka's own tools.
describe.skipIf(!isFull || missing('java', ['-version'], 'a real cluster')).each(kafkaVersions.slice(0, 1))(
  'faults, Kafka %s',
  (kafka) => {
    let sandbox: Sandbox;
    const tool = (name: KafkaTool, ...args: string[]): Promise<string> => runKafkaTool(sandbox.cluster, name, args);

    beforeAll(async () => {
      sandbox = await startSandbox({ kafka, profile: 'demo', aws: false, log: () => {} });
    });
    afterAll(() => sandbox?.stop());

    async function groupRows(group: string): Promise<GroupRow[]> {
      const out = await tool('kafka-consumer-groups', '--describe', '--group', group);
      return out
        .split('\n')
        .map((line) => line.trim().split(/\s+/))
        .filter((cells) => cells[0] === group)
        .map((cells) => ({
          partition: Number(cells[2]),
          committed: Number(cells[3]),
          end: Number(cells[4]),
          member: cells[6]!,
        }));
    }

    async function groupState(group: string): Promise<string> {
      const out = await tool('kafka-consumer-groups', '--describe', '--group', group, '--state');
      return (
        /\b(Stable|Empty|Dead|PreparingRebalance|CompletingRebalance|Assigning|Reconciling)\b/.exec(out)?.[1] ?? out
      );
    }

    async function twoLooks(group: string): Promise<[GroupRow[], GroupRow[]]> {
      const byPartition = (a: GroupRow, b: GroupRow): number => a.partition - b.partition;
      const first = (await groupRows(group)).sort(byPartition);
      await sleep(4_000);
      return [first, (await groupRows(group)).sort(byPartition)];
    }

    async function leadersByBroker(): Promise<number[]> {
      const out = await tool('kafka-topics', '--describe');
      return [1, 2, 3].map((id) => out.split('\n').filter((line) => line.includes(`\tLeader: ${id}\t`)).length);
    }

    const lines = (text: string): string[] => text.split('\n').filter((line) => line.includes('Partition:'));

    test('the groups of the demo are what their names promise', async () => {
      for (const group of ['billing', 'ledger', 'search-indexer', 'stock-sync', 'clickstream-realtime']) {
        expect([group, await groupState(group)]).toEqual([group, 'Stable']);
      }
      expect(await groupState('shipping-labels-v1')).toBe('Empty');

      const [before, after] = await twoLooks('search-indexer');
      const lag = (rows: GroupRow[]): number => rows.reduce((sum, row) => sum + row.end - row.committed, 0);
      expect(lag(after)).toBeGreaterThan(lag(before));
      expect(after.every((row, index) => row.committed > before[index]!.committed)).toBe(true);

      const [stalledBefore, stalledAfter] = await twoLooks('stock-sync');
      expect(stalledAfter.map((row) => row.committed)).toEqual(stalledBefore.map((row) => row.committed));
      expect(stalledAfter.every((row, index) => row.end > stalledBefore[index]!.end && row.member !== '-')).toBe(true);
    });

    test('kill-broker: replicas fall out of sync, a partition of the RF=1 topic goes offline, and both come back', async () => {
      await sandbox.inject('kill-broker');
      expect(sandbox.cluster.brokers.map((broker) => broker.alive)).toEqual([true, true, false]);
      const offline = lines(await tool('kafka-topics', '--describe', '--unavailable-partitions'));
      expect(offline).toHaveLength(1);
      expect(offline[0]).toContain('Topic: device-metrics');
      expect(lines(await tool('kafka-topics', '--describe', '--under-replicated-partitions')).length).toBeGreaterThan(
        100,
      );

      await sandbox.heal();
      expect(lines(await tool('kafka-topics', '--describe', '--under-replicated-partitions'))).toEqual([]);
      const leaders = await leadersByBroker();
      expect(Math.max(...leaders) - Math.min(...leaders)).toBeLessThanOrEqual(3);
      // Its members may still be rejoining after the coordinator moved back.
      await expect.poll(() => groupState('billing'), { timeout: 60_000, interval: 1_000 }).toBe('Stable');
    });

    test('stall-consumer: members stay, nothing is committed, lag grows; after heal the group catches up', async () => {
      await sandbox.inject('stall-consumer');
      const [before, after] = await twoLooks('billing');
      expect(await groupState('billing')).toBe('Stable');
      expect(after.map((row) => row.committed)).toEqual(before.map((row) => row.committed));
      expect(after.every((row, index) => row.end > before[index]!.end && row.end - row.committed > 300)).toBe(true);

      await sandbox.heal();
      const caughtUp = async (): Promise<boolean> =>
        (await groupRows('billing')).every((row) => row.end - row.committed < 60);
      await expect.poll(caughtUp, { timeout: 30_000, interval: 500 }).toBe(true);
    });

    test('skew-leaders: one broker leads most, each still at least twenty; heal restores the balance', async () => {
      const before = await leadersByBroker();
      await sandbox.inject('skew-leaders');
      const skewed = await leadersByBroker();
      const mean = skewed.reduce((sum, count) => sum + count, 0) / 3;
      expect(Math.max(...skewed) / mean).toBeGreaterThan(1.25);
      expect(Math.min(...skewed)).toBeGreaterThanOrEqual(20);

      await sandbox.heal();
      expect(await leadersByBroker()).toEqual(before);
    });

    test('min-isr-equal-rf: the topic config says 3, and after heal no longer', async () => {
      const configs = (): Promise<string> =>
        tool('kafka-configs', '--describe', '--entity-type', 'topics', '--entity-name', 'payments');
      await sandbox.inject('min-isr-equal-rf');
      expect(await configs()).toContain('min.insync.replicas=3');
      await sandbox.heal();
      expect(await configs()).not.toContain('min.insync.replicas=3');
    });

    test('retention-loss: records that a group with members has not read are gone', async () => {
      await sandbox.inject('retention-loss');
      const earliest = await tool('kafka-get-offsets', '--topic', 'payments', '--time', 'earliest');
      const starts = new Map(
        [...earliest.matchAll(/^payments:(\d+):(\d+)$/gm)].map((match) => [Number(match[1]), Number(match[2])]),
      );
      const [before, after] = await twoLooks('ledger');
      expect(await groupState('ledger')).toBe('Stable');
      expect(after.every((row) => row.committed < starts.get(row.partition)!)).toBe(true);
      expect(after.map((row) => row.committed)).toEqual(before.map((row) => row.committed));

      await sandbox.heal();
      const recovered = async (): Promise<boolean> =>
        (await groupRows('ledger')).every((row) => row.committed >= starts.get(row.partition)!);
      await expect.poll(recovered, { timeout: 30_000, interval: 500 }).toBe(true);
    });

    test('fill-disk: real bytes pass 85 % of the declared volume on each broker, and are gone after heal', async () => {
      const usedBytes = (): Promise<number[]> =>
        Promise.all(sandbox.cluster.brokers.map(({ id }) => sandbox.cluster.logSizeBytes(id)));
      await sandbox.inject('fill-disk');
      const full = await usedBytes();
      expect(Math.min(...full) / sandbox.declaredVolumeBytes).toBeGreaterThan(0.85);
      await sandbox.heal();
      const mostUsed = async (): Promise<number> => Math.max(...(await usedBytes()));
      await expect.poll(mostUsed, { timeout: 60_000, interval: 1_000 }).toBeLessThan(Math.min(...full) / 2);
      expect(sandbox.declaredVolumeBytes).toBeGreaterThan(Math.max(...full));
    });
  },
);
