// Committed offsets as real clusters have them: beyond the log end, before its start, none, of topics that are gone, under any name.
// Numbers of partitions with gaps no real broker makes: the in-process brokers of test/collect show those.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BrokerConnection } from '../../sandbox/bridge/kafka/connection.ts';
import { readCommitted, readGroups } from '../../sandbox/bridge/kafka/requests.ts';
import { waitUntil } from '../../sandbox/kafka/readiness.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { commitOffsets, hostileGroupIds, kafkaClient } from '../../sandbox/workload/client.ts';
import { committedOf } from '../sandbox/support/figures.ts';
import { expectIntact } from '../sandbox/support/intact-report.ts';
import { type PlainRun, readPlainly, sectionOf } from '../sandbox/support/read-plainly.ts';
import { placeTopic, writeRecords } from '../sandbox/support/topics.ts';
import { byText, Witness } from '../sandbox/support/witness.ts';
import { cannotRun, isFull, KAFKA_VERSIONS, NEWEST_KAFKA } from './live.ts';

const SPREAD = [
  [1, 2, 3],
  [2, 3, 1],
  [3, 1, 2],
];
const RECORDS = 100;
/** More than a JavaScript number holds exactly. */
const FAR = 9_007_199_254_740_993n;

/** Group to the offsets that it commits for the partitions 0, 1, 2 of the topic. */
const ODD: Record<string, bigint[]> = {
  'beyond-the-end': [1_000n, 100n, FAR],
  'before-the-start': [5n, 0n, 60n],
  'minus-one': [-1n, 7n],
  'minus-two': [-2n, 7n],
};
const UNUSUAL_IDS = [
  ...hostileGroupIds,
  'a\0b',
  '\u0000',
  ' ',
  '\ufeffmark',
  '\u202e\u05d0\u05d1',
  'é'.repeat(300),
  'x'.repeat(32_000),
];

describe.skipIf(cannotRun).each(KAFKA_VERSIONS.map((version) => ({ version })))('Kafka $version', ({ version }) => {
  let sandbox: Sandbox;
  let witness: Witness;
  let run: PlainRun;

  beforeAll(async () => {
    sandbox = await startSandbox({ kafka: version, profile: 'empty', aws: false, log: () => {} });
    witness = new Witness(sandbox.cluster);
    const { bootstrap } = sandbox.cluster;
    for (const topic of ['odd', 'doomed']) {
      await placeTopic(bootstrap, { topic, replicas: SPREAD });
      const records = Array.from({ length: RECORDS }, (_, index) => ({
        timestampMs: Date.now() - 1_000 * (RECORDS - index),
      }));
      await writeRecords(bootstrap, topic, 3, records);
    }
    const inOrder = (offsets: bigint[]) => new Map(offsets.entries());
    await commitOffsets(bootstrap, [
      ...Object.entries(ODD).map(([groupId, offsets]) => ({ groupId, topic: 'odd', offsets: inOrder(offsets) })),
      ...UNUSUAL_IDS.map((groupId) => ({ groupId, topic: 'odd', offsets: inOrder([1n]) })),
      { groupId: 'of-the-doomed', topic: 'doomed', offsets: inOrder([5n, 5n]) },
      { groupId: 'of-both', topic: 'doomed', offsets: inOrder([5n, 5n]) },
      { groupId: 'of-both', topic: 'odd', offsets: inOrder([5n, 5n]) },
    ]);
    const admin = kafkaClient(bootstrap, 'test-admin').admin();
    await admin.connect();
    await admin.fetchTopicMetadata({ topics: ['odd'] });
    const partitions = ['50', '100', '50'].map((offset, partition) => ({ partition, offset }));
    await admin.deleteTopicRecords({ topic: 'odd', partitions });
    await admin.deleteTopics({ topics: ['doomed'] });
    await admin.disconnect();
    await waitUntil('the coordinator to forget the topic', 10_000, async () => {
      const { 'of-the-doomed': left } = await committedEverywhere(sandbox);
      return left?.length === 0;
    });
    run = await readPlainly(bootstrap, { samples: 2, intervalSec: 0.5 });
  });
  afterAll(async () => await sandbox?.stop());

  test('log starts and ends, and what each group has committed, are those of Kafka’s own tools', async () => {
    const { topics } = sectionOf(run.snapshot, 'kafkaOffsets');
    const [starts, ends] = [await witness.logOffsets('-2'), await witness.logOffsets('-1')];
    expect(topics.odd!.map(({ start, end }) => [start, end])).toEqual(
      [0, 1, 2].map((partition) => [starts[`odd:${partition}`], ends[`odd:${partition}`]]),
    );
    const groups = [...Object.keys(ODD), 'of-the-doomed', 'of-both'];
    const theirs = (await witness.groupOffsets(groups)).filter(({ committed }) => committed !== null);
    expect(theirs.map(({ lag }) => lag)).toEqual(
      expect.arrayContaining(['-900', String(100n - FAR), '100', '93', '95']),
    );
    expect(committedOf(run.snapshot, new Set(groups))).toEqual(theirs);
  });

  test('a negative commit is none, and no gap in what was read', () => {
    const { committed } = sectionOf(run.snapshot, 'kafkaOffsets');
    for (const id of ['minus-one', 'minus-two']) {
      expect(committed.filter(({ groupId }) => groupId === id).map(({ offset, error }) => [offset, error])).toEqual([
        [null, null],
        ['7', null],
      ]);
    }
  });

  test('what was committed for a topic goes with the topic, and the group stays', () => {
    const { committed, topics } = sectionOf(run.snapshot, 'kafkaOffsets');
    expect(committed.filter(({ topic }) => topics[topic] === undefined)).toEqual([]);
    const group = sectionOf(run.snapshot, 'kafkaGroups').find(({ groupId }) => groupId === 'of-the-doomed');
    expect(group).toMatchObject({ state: 'Empty', members: [], error: null });
  });

  test('every group id is read byte by byte, with its own offsets', async () => {
    const theirs = await committedEverywhere(sandbox);
    const { committed } = sectionOf(run.snapshot, 'kafkaOffsets');
    const ours = sectionOf(run.snapshot, 'kafkaGroups').map(({ groupId }) => {
      const own = committed.filter((row) => row.groupId === groupId && row.offset !== null);
      return [groupId, own.map(({ topic, partition, offset }) => [`${topic}/${partition}`, offset!]).sort(byText)];
    });
    expect(Object.fromEntries(ours)).toEqual(theirs);
    expect(Object.keys(theirs)).toEqual(expect.arrayContaining(UNUSUAL_IDS));
  });

  test('the report stays whole, and nobody is behind by less than nothing', () => {
    expectIntact(run.report);
    const lags = new Map(run.report.groups.rows.map(({ groupId, lag }) => [groupId, lag]));
    expect(lags.get('beyond-the-end')).toBe('0');
    expect([...lags.values()].filter((lag) => lag?.startsWith('-'))).toEqual([]);
  });

  test.runIf(isFull && NEWEST_KAFKA.includes(version))(
    'ten thousand partitions in one topic',
    async () => {
      const { bootstrap } = sandbox.cluster;
      const admin = kafkaClient(bootstrap, 'test-admin').admin();
      await admin.connect();
      // One request may make no more than ten thousand records of metadata.
      await admin.createTopics({
        waitForLeaders: false,
        topics: [{ topic: 'wide', numPartitions: 5_000, replicationFactor: 1 }],
      });
      await admin.createPartitions({ topicPartitions: [{ topic: 'wide', count: 10_000 }] });
      await waitUntil(
        'leaders of ten thousand partitions',
        120_000,
        async () => (await admin.fetchTopicOffsets('wide')).length === 10_000,
      );
      await admin.disconnect();
      const offsets = new Map(Array.from({ length: 10_000 }, (_, partition) => [partition, BigInt(partition)]));
      await commitOffsets(bootstrap, [{ groupId: 'wide-reader', topic: 'wide', offsets }]);

      const { snapshot } = await readPlainly(bootstrap);
      const ends = Object.entries(await witness.logOffsets('-1')).filter(([key]) => key.startsWith('wide:'));
      const ours = sectionOf(snapshot, 'kafkaOffsets').topics.wide!.map(({ partition, end }) => [
        `wide:${partition}`,
        end,
      ]);
      expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(ends));
      expect(ours).toHaveLength(10_000);
      expect(committedOf(snapshot, new Set(['wide-reader']))).toEqual(await witness.groupOffsets(['wide-reader']));
    },
    300_000,
  );
});

/** Group to `topic/partition` and offset, as the sandbox's own reader gets it from each broker. */
async function committedEverywhere({ cluster }: Sandbox): Promise<Record<string, [string, string][]>> {
  const committed: Record<string, [string, string][]> = {};
  for (const { port } of cluster.brokers) {
    const broker = await BrokerConnection.open(port);
    for (const { id } of await readGroups(broker)) {
      const offsets = await readCommitted(broker, id);
      const rows = offsets.map(({ topic, partition, offset }): [string, string] => [
        `${topic}/${partition}`,
        String(offset),
      ]);
      committed[id] = rows.sort(byText);
    }
    broker.close();
  }
  return committed;
}
