// On a cluster that stands still, every figure of the report is the one that Kafka's own command line tools give.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ALLOWED_API_KEYS } from '../../lib/collect/kafka/api-keys.ts';
import { WANTED_TOPIC_CONFIGS } from '../../lib/collect/kafka/collect-topics.ts';
import { waitUntil } from '../../sandbox/kafka/readiness.ts';
import { kafkaToolCommand } from '../../sandbox/kafka/tools.ts';
import { spawnOwned } from '../../sandbox/processes.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { commitOffsets } from '../../sandbox/workload/client.ts';
import { type PlainRun, readPlainly, sectionOf } from '../sandbox/support/read-plainly.ts';
import { requestCounts, Witness, type WitnessedMember } from '../sandbox/support/witness.ts';
import { cannotRun, KAFKA_VERSIONS } from './live.ts';

const BROKERS = 3;

describe.skipIf(cannotRun).each(KAFKA_VERSIONS.map((version) => ({ version })))('Kafka $version', ({ version }) => {
  let sandbox: Sandbox;
  let witness: Witness;
  let run: PlainRun;
  let requests: Map<string, number>;
  const stops: (() => Promise<void>)[] = [];

  /** Requests of a collection, counted by the brokers themselves. */
  async function countRequests(work: () => Promise<unknown>): Promise<Map<string, number>> {
    const before = await requestCounts(sandbox.cluster);
    await work();
    // Counted when the answer has left, which is after we have it.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const after = await requestCounts(sandbox.cluster);
    const added = [...after].map(([name, count]) => [name, count - (before.get(name) ?? 0)] as const);
    // Followers fetch from leaders all the time.
    return new Map(added.filter(([name, count]) => count > 0 && name !== 'Fetch' && name !== 'FetchFollower'));
  }

  async function startMember(group: string, ...properties: string[]): Promise<void> {
    const { command, args } = await kafkaToolCommand(sandbox.cluster, 'kafka-console-consumer', [
      '--topic',
      'orders',
      '--group',
      group,
      ...[`client.id=${group}-0`, ...properties].flatMap((property) => ['--consumer-property', property]),
    ]);
    const member = spawnOwned({ name: group, command, args, logFile: join(sandbox.folder, `${group}.log`) });
    stops.push(() => member.stop());
  }

  beforeAll(async () => {
    sandbox = await startSandbox({ kafka: version, profile: 'idle', aws: false, log: () => {} });
    witness = new Witness(sandbox.cluster);
    // So many that each broker coordinates some of them.
    const offsets = new Map([0, 1, 2].map((partition) => [partition, BigInt(partition)]));
    const probes = Array.from({ length: 24 }, (_, index) => ({ groupId: `probe-${index}`, topic: 'orders', offsets }));
    await commitOffsets(sandbox.cluster.bootstrap, probes);
    requests = await countRequests(() => readPlainly(sandbox.cluster.bootstrap, { samples: 3, intervalSec: 1 }));

    await startMember('live-classic');
    await startMember('live-kip848', 'group.protocol=consumer');
    await waitUntil('both members are in their groups', 60_000, async () => {
      const groups = await witness.groups();
      return groups.filter(({ group, state }) => group.startsWith('live-') && state === 'Stable').length === 2;
    });
    // Their first commits come with the five seconds of auto.commit.interval.ms.
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    run = await readPlainly(sandbox.cluster.bootstrap);
  });
  afterAll(async () => {
    for (const stop of stops) await stop();
    await sandbox?.stop();
  });

  test('the brokers count 2 + (4 + S)·N requests and 2·N for each further sample, of allowed kinds only', () => {
    expect(Object.fromEntries(requests)).toEqual({
      ApiVersions: 1,
      DescribeConfigs: BROKERS,
      DescribeGroups: BROKERS,
      ListGroups: BROKERS,
      ListOffsets: (2 + 2) * BROKERS,
      Metadata: 1,
      OffsetFetch: (1 + 2) * BROKERS,
    });
    const allowed = Object.values(ALLOWED_API_KEYS).map(({ name }) => name as string);
    expect(allowed).toEqual(expect.arrayContaining([...requests.keys()]));
  });

  test('a KIP-848 group costs one request more at its coordinator', async () => {
    const counted = await countRequests(() => readPlainly(sandbox.cluster.bootstrap));
    expect(counted.get('ConsumerGroupDescribe')).toBe(1);
    expect(['ListGroups', 'DescribeGroups', 'DescribeConfigs'].map((name) => counted.get(name))).toEqual([3, 3, 3]);
    expect(counted.get('ListOffsets')).toBe(2 * BROKERS);
  });

  test('leader, replicas and ISR of every partition', async () => {
    const ours = sectionOf(run.snapshot, 'kafkaTopics').flatMap(({ name, partitions }) =>
      partitions.map(({ partition, leader, replicas, isr }) => ({
        topic: name,
        partition,
        leader,
        replicas,
        isr: isr.toSorted((a, b) => a - b),
      })),
    );
    const theirs = await witness.partitions();
    expect(theirs.length).toBeGreaterThan(150);
    expect(ours).toEqual(theirs);

    for (const row of run.report.brokers.rows) {
      expect([row.brokerId, row.leaders, row.replicas]).toEqual([
        row.brokerId,
        theirs.filter(({ leader }) => leader === row.brokerId).length,
        theirs.filter(({ replicas }) => replicas.includes(row.brokerId)).length,
      ]);
    }
    expect(run.report.brokers.total).toBe(BROKERS);
  });

  test('log start and log end of every partition, and what each topic retains', async () => {
    const [starts, ends] = [await witness.logOffsets('-2'), await witness.logOffsets('-1')];
    const ours = Object.entries(sectionOf(run.snapshot, 'kafkaOffsets').topics).flatMap(([topic, partitions]) =>
      partitions.map(({ partition, start, end }) => ({ key: `${topic}:${partition}`, start, end })),
    );
    // The live members' own commits move it.
    const still = ours.filter(({ key }) => !key.startsWith('__consumer_offsets:'));
    const keys = Object.keys(ends).filter((key) => !key.startsWith('__consumer_offsets:'));
    expect(keys).toHaveLength(still.length);
    expect(still).toEqual(still.map(({ key }) => ({ key, start: starts[key], end: ends[key] })));
    expect(Object.values(ends).some((end) => BigInt(end) > 0n)).toBe(true);

    const partitions = await witness.partitions();
    for (const row of run.report.topics.rows.filter(({ topic }) => topic !== '__consumer_offsets')) {
      const own = partitions.filter(({ topic }) => topic === row.topic);
      const retained = own.map(({ partition }) => `${row.topic}:${partition}`);
      expect(row).toMatchObject({
        partitions: own.length,
        replicationFactor: own[0]?.replicas.length,
        underReplicated: 0,
        offline: 0,
        retainedMessages: String(retained.reduce((sum, key) => sum + Number(ends[key]) - Number(starts[key]), 0)),
      });
    }
    expect(run.report.topics.total).toBe(new Set(partitions.map(({ topic }) => topic)).size);
  });

  test('committed offsets, end offsets and lag of every group and partition', async () => {
    const offsets = sectionOf(run.snapshot, 'kafkaOffsets');
    const theirs = (await witness.groupOffsets()).filter(({ committed }) => committed !== null);
    const ours = offsets.committed.map(({ groupId, topic, partition, offset }) => {
      const end = offsets.topics[topic]!.find((each) => each.partition === partition)!.end!;
      return { group: groupId, topic, partition, committed: offset, end, lag: String(BigInt(end) - BigInt(offset!)) };
    });
    expect(ours.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))).toEqual(theirs);
    expect(theirs.length).toBeGreaterThan(100);
    expect(theirs.some(({ lag }) => lag !== '0')).toBe(true);

    const lagOf = (group: string) =>
      String(theirs.filter((row) => row.group === group).reduce((sum, { lag }) => sum + Number(lag), 0));
    expect(run.report.groups.rows.map(({ groupId, lag }) => [groupId, lag])).toEqual(
      run.report.groups.rows.map(({ groupId }) => [groupId, lagOf(groupId)]),
    );
  });

  test('type, state, coordinator and members of every group', async () => {
    const ours = sectionOf(run.snapshot, 'kafkaGroups');
    const states = ours.map(({ groupId, coordinatorId, state, members }) => ({
      group: groupId,
      coordinator: coordinatorId,
      state,
      members: members?.length,
    }));
    expect(states.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))).toEqual(await witness.groups());
    const types = Object.fromEntries(ours.map(({ groupId, type }) => [groupId, type]));
    expect([types['live-classic'], types['live-kip848'], types['probe-0']]).toEqual(['classic', 'consumer', 'classic']);

    const topicShown = (topic: string) => (version.startsWith('3.') ? '' : topic);
    const members = ours.flatMap(({ groupId, members }) =>
      (members ?? []).map(
        ({ memberId, host, clientId, assignment }): WitnessedMember => ({
          group: groupId,
          memberId,
          host,
          clientId,
          assignment: assignment.map((each) => `${topicShown(each.topic)}:${each.partitions.join(',')}`).sort(),
        }),
      ),
    );
    expect(members.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))).toEqual(await witness.members());
    expect(members).toHaveLength(2);

    const rows = Object.fromEntries(run.report.groups.rows.map((row) => [row.groupId, row]));
    for (const { group, state, members } of states) expect(rows[group]).toMatchObject({ state, members });
  });

  test('every wanted setting of every topic', async () => {
    const theirs = await witness.topicConfigs();
    const ours = sectionOf(run.snapshot, 'kafkaTopicConfigs');
    expect(Object.keys(ours)).toEqual(Object.keys(theirs).sort());
    for (const [topic, entries] of Object.entries(ours)) {
      const wanted = WANTED_TOPIC_CONFIGS.filter((key) => theirs[topic]![key] !== undefined);
      expect(Object.fromEntries(Object.entries(entries).map(([key, { value }]) => [key, value]))).toEqual(
        Object.fromEntries(wanted.map((key) => [key, theirs[topic]![key]])),
      );
    }
    const minIsr = run.report.topics.rows.map(({ topic, minInSyncReplicas }) => [topic, String(minInSyncReplicas)]);
    expect(minIsr).toEqual(minIsr.map(([topic]) => [topic, theirs[topic!]!['min.insync.replicas']]));
  });
});
