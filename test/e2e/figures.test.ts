// On a cluster that stands still, every figure is the one that Kafka's own command line tools give, whichever way one comes in.
import pMap from 'p-map';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OwnedProcess } from '../../sandbox/processes.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import {
  CLASSIC_RACK,
  commitSimpleGroups,
  hasNewKinds,
  KIP848_RACK,
  SIMPLE_GROUPS,
  startEveryKind,
} from '../sandbox/support/every-kind.ts';
import { type Figures, figuresOf, witnessFigures } from '../sandbox/support/figures.ts';
import { type PlainRun, readPlainly, sectionOf } from '../sandbox/support/read-plainly.ts';
import { WAYS_IN, type WayIn, type WayName, waysInto } from '../sandbox/support/ways-in.ts';
import { Witness } from '../sandbox/support/witness.ts';
import {
  type WitnessedQuorum,
  witnessKinds,
  witnessNewGroups,
  witnessQuorum,
  witnessQuorumReplicas,
} from '../sandbox/support/witness-cluster.ts';
import { cannotRun, KAFKA_VERSIONS } from './live.ts';

const PASSWORD = 'reader-secret';
const SETTINGS: readonly (readonly [add: string, ...entity: string[]])[] = [
  ['producer_byte_rate=1048576,consumer_byte_rate=2097152', 'users', 'alice', 'clients', 'app'],
  ['request_percentage=75', 'clients', ''],
  ['consumer_byte_rate=500', 'users', 'bob'],
  ['connection_creation_rate=10', 'ips', '10.1.2.3'],
  ['num.replica.fetchers=2', 'brokers', '1'],
  ['message.max.bytes=2000000', 'brokers', ''],
];

/** As `kafka-configs --alter` does it; an empty name stands for the default of that type. */
async function alter(witness: Witness, [add, ...entity]: (typeof SETTINGS)[number]): Promise<void> {
  const which = entity.flatMap((word, index) => {
    if (index % 2 === 0) return ['--entity-type', word];
    return word === '' ? ['--entity-default'] : ['--entity-name', word];
  });
  await witness.run('kafka-configs', '--alter', '--add-config', add, ...which);
}

describe.skipIf(cannotRun).each(KAFKA_VERSIONS.map((version) => ({ version })))('Kafka $version', ({ version }) => {
  let sandbox: Sandbox;
  let witness: Witness;
  let ways: Record<WayName, WayIn>;
  let members: OwnedProcess[] = [];
  let theirs: Figures;
  let run: PlainRun;
  let quorum: { before: WitnessedQuorum; after: WitnessedQuorum };

  beforeAll(async () => {
    const shape = { brokers: 3, users: { reader: PASSWORD }, everyListener: true };
    sandbox = await startSandbox({ kafka: version, profile: 'idle', aws: false, log: () => {}, shape });
    witness = new Witness(sandbox.cluster);
    await commitSimpleGroups(sandbox.cluster.bootstrap, 'orders', BigInt);
    [members, ways] = await Promise.all([
      startEveryKind(sandbox, witness),
      waysInto(sandbox.cluster, PASSWORD),
      pMap(SETTINGS, (setting) => alter(witness, setting), { concurrency: 2 }),
    ]);
    theirs = await witnessFigures(witness);
    const before = await witnessQuorum(witness);
    run = await readPlainly(sandbox.cluster.bootstrap);
    quorum = { before, after: await witnessQuorum(witness) };
  });
  afterAll(async () => {
    await Promise.all(members.map((member) => member.stop()));
    await sandbox?.stop();
  });

  test('the witness has something to say of everything', () => {
    expect(theirs.partitions.length).toBeGreaterThan(150);
    expect(theirs.committed.length).toBeGreaterThan(100);
    expect(theirs.committed.some(({ lag }) => lag !== '0')).toBe(true);
    expect(Object.values(theirs.ends).some((end) => BigInt(end) > 0n)).toBe(true);
    expect(theirs.members).toHaveLength(2);
    expect(Object.keys(theirs.brokerConfigs)).toEqual(['1', '2', '3']);
    expect(Object.keys(theirs.brokerConfigs['1']!).length).toBeGreaterThan(25);
    expect(theirs.replicas.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)).toBeGreaterThan(1_000_000);
    expect(theirs.quorum).toMatchObject({ observers: [1, 2, 3] });
    expect(theirs.quotas).toHaveLength(5);
    const changed = new Set(
      Object.values(theirs.brokerConfigs).flatMap((own) => Object.values(own).map((c) => c.source)),
    );
    expect([...changed].sort()).toEqual(['default', 'dynamic-broker', 'dynamic-default-broker', 'static-broker']);
  });

  test.each(WAYS_IN)('%s: no figure differs from those of Kafka’s own tools', async (way) => {
    const { bootstrap, auth } = ways[way];
    const { snapshot } = await readPlainly(bootstrap, {}, auth);
    const ours = figuresOf(snapshot, hasNewKinds(version));
    for (const name of Object.keys(theirs) as (keyof Figures)[]) expect(ours[name], name).toEqual(theirs[name]);
  });

  test('the quorum stands between what the tool says before and after', async () => {
    const ours = sectionOf(run.snapshot, 'kafkaQuorum');
    const between = (low: bigint, value: bigint, high: bigint) =>
      expect([low <= value, value <= high]).toEqual([true, true]);
    between(quorum.before.highWatermark, BigInt(ours.highWatermark), quorum.after.highWatermark);
    const after = await witnessQuorumReplicas(witness);
    for (const [replicas, votes] of [[ours.voters, true] as const, [ours.observers, false] as const]) {
      for (const { id, logEndOffset, lastCaughtUpMs } of replicas) {
        expect(after.get(id)?.votes, `node ${id}`).toBe(votes);
        between(quorum.before.highWatermark - 10n, BigInt(logEndOffset), after.get(id)!.end);
        expect(Math.abs((lastCaughtUpMs ?? run.snapshot.takenAtMs) - run.snapshot.takenAtMs)).toBeLessThan(10_000);
      }
    }
  });

  test('the report’s rows carry the same figures', () => {
    const { brokers, topics, groups } = run.report;
    const named = new Set(theirs.partitions.map(({ topic }) => topic));
    expect([brokers.total, topics.total]).toEqual([3, named.size]);
    for (const row of brokers.rows) {
      expect([row.brokerId, row.leaders, row.replicas]).toEqual([
        row.brokerId,
        theirs.partitions.filter(({ leader }) => leader === row.brokerId).length,
        theirs.partitions.filter(({ replicas }) => replicas.includes(row.brokerId)).length,
      ]);
    }
    for (const row of topics.rows.filter(({ topic }) => !topic.startsWith('__'))) {
      const own = theirs.partitions.filter(({ topic }) => topic === row.topic);
      const retained = own.map(({ partition }) => `${row.topic}:${partition}`);
      expect(row).toMatchObject({
        partitions: own.length,
        replicationFactor: own[0]?.replicas.length,
        underReplicated: 0,
        offline: 0,
        retainedMessages: String(
          retained.reduce((sum, key) => sum + Number(theirs.ends[key]) - Number(theirs.starts[key]), 0),
        ),
        minInSyncReplicas: Number(theirs.topicConfigs[row.topic]!['min.insync.replicas']!.value),
      });
    }
    const rows = groups.rows.filter(({ groupId }) => theirs.groups.some(({ group }) => group === groupId));
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) {
      const { state, members: count } = theirs.groups.find(({ group }) => group === row.groupId)!;
      const own = theirs.committed.filter(({ group }) => group === row.groupId);
      const lag = String(own.reduce((sum, each) => sum + Number(each.lag), 0));
      expect(row).toMatchObject({ state, members: count, lag });
    }
  });

  test('members of classic and KIP-848 groups with rack and instance id, each group of its own type', () => {
    const ours = sectionOf(run.snapshot, 'kafkaGroups');
    const find = (groupId: string) => ours.find((group) => group.groupId === groupId)!;
    expect(find('live-classic')).toMatchObject({
      type: 'classic',
      state: 'Stable',
      assignor: 'cooperative-sticky',
      members: [{ clientId: 'live-classic-0', instanceId: 'static-1', rack: CLASSIC_RACK }],
    });
    expect(find('live-kip848')).toMatchObject({
      type: 'consumer',
      state: 'Stable',
      assignor: 'uniform',
      // The consumer of 3.9 keeps it to itself.
      members: [{ clientId: 'live-kip848-0', instanceId: 'static-2', rack: hasNewKinds(version) ? KIP848_RACK : null }],
    });
    const all = [{ topic: 'orders', partitions: Array.from({ length: 12 }, (_, partition) => partition) }];
    for (const group of ours.filter(({ groupId }) => groupId.startsWith('live-'))) {
      expect(
        group.members?.map(({ assignment }) => assignment),
        group.groupId,
      ).toEqual([all]);
    }
  });

  test('groups that only commit have a state and no members, and no group is called dead or left unread', () => {
    const ours = sectionOf(run.snapshot, 'kafkaGroups');
    const simple = ours.filter(({ groupId }) => groupId.startsWith('probe-'));
    expect(simple).toHaveLength(SIMPLE_GROUPS);
    for (const group of simple)
      expect(group).toMatchObject({ type: 'classic', state: 'Empty', protocolType: '', members: [], error: null });
    for (const { groupId, state, error, members: found } of ours) {
      expect([groupId, /dead|unknown/i.test(state), error, found === null]).toEqual([groupId, false, null, false]);
    }
  });

  test.runIf(hasNewKinds(version))('share and Streams groups as their own tools tell of them', async () => {
    const ours = sectionOf(run.snapshot, 'kafkaGroups');
    const kinds = ours.map(({ groupId, type, protocolType }) => ({ group: groupId, type, protocol: protocolType }));
    expect(kinds.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))).toEqual(await witnessKinds(witness));
    for (const [type, tool] of [
      ['share', 'kafka-share-groups'] as const,
      ['streams', 'kafka-streams-groups'] as const,
    ]) {
      const told = ours
        .filter((group) => group.type === type)
        .map(({ groupId, coordinatorId, state, members: found }) => ({
          group: groupId,
          coordinator: coordinatorId,
          state,
          members: found?.length,
        }));
      expect(told).toHaveLength(1);
      expect(told).toEqual(await witnessNewGroups(witness, tool));
    }
    const lags = new Map(
      [
        ...(await witness.run('kafka-streams-groups', '--describe', '--all-groups', '--offsets')).matchAll(
          /^live-streams\s+orders\s+(\d+)\s+(\d+)/gm,
        ),
      ].map(([, partition, lag]) => [Number(partition), lag!]),
    );
    const { committed, topics } = sectionOf(run.snapshot, 'kafkaOffsets');
    const read = committed.filter(({ groupId }) => groupId === 'live-streams');
    const ends = new Map(topics.orders!.map(({ partition, end }) => [partition, end!]));
    expect(
      new Map(read.map((row) => [row.partition, String(BigInt(ends.get(row.partition)!) - BigInt(row.offset!))])),
    ).toEqual(lags);
    expect(lags.size).toBe(12);
  });
});
