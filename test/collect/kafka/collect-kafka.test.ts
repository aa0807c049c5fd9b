import * as v from 'valibot';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { snapshotSchema } from '../../../lib/snapshot/schema.ts';
import { collectFrom, partial, value } from './collect-from.ts';
import { type FakeCluster, KAFKA_2_4, startFakeCluster, topic } from './fake-cluster.ts';

let cluster: FakeCluster;
afterEach(() => cluster.stop());

describe('the number of requests', () => {
  it.each([
    [3, 3],
    [3, 40],
    [5, 200],
  ])('is 2 + (4 + S)·N for %i brokers, with %i topics and as many groups', async (n, count) => {
    cluster = await startFakeCluster(n);
    cluster.topics = Array.from({ length: count }, (_, i) => topic(`t${i}`, [1 + (i % n), 1 + ((i + 1) % n)]));
    cluster.groups = Array.from({ length: count }, (_, i) => ({
      groupId: `g${i}`,
      type: 'classic',
      coordinator: 1 + (i % n),
    }));
    await collectFrom(cluster);
    expect(cluster.requests).toHaveLength(2 + (4 + 2) * n);
    expect(cluster.connections).toBe(n);
  });

  it('grows by N with KIP-848 groups and by 2·N with each further sample', async () => {
    cluster = await startFakeCluster(3);
    cluster.topics = [topic('a', [1])];
    cluster.groups = [1, 2, 3].flatMap((coordinator) => [
      { groupId: `new${coordinator}`, type: 'consumer' as const, coordinator },
      { groupId: `old${coordinator}`, type: 'classic' as const, coordinator },
    ]);
    await collectFrom(cluster, { plan: { samples: 3, intervalSec: 1 } });
    expect(cluster.requests).toHaveLength(20 + 3 + 2 * 2 * 3);
    const further = cluster.requests.slice(-12).map((request) => request.split('/')[0]);
    expect(new Set(further)).toEqual(new Set(['2', '9']));
  });

  it('is smaller where a broker coordinates no group: Kafka 3.9 never answers an OffsetFetch without one', async () => {
    cluster = await startFakeCluster(3);
    cluster.groups = [
      { groupId: 'new', type: 'consumer', coordinator: 1 },
      { groupId: 'share', type: 'share', coordinator: 2 },
    ];
    await collectFrom(cluster);
    const asked = cluster.requests.filter((request) => ['9', '15', '69'].includes(request.split('/')[0]!));
    expect(asked.sort()).toEqual(['69/1', '9/1']);
  });

  it('is one OffsetFetch a group before Kafka 3.0', async () => {
    cluster = await startFakeCluster(3, KAFKA_2_4);
    cluster.topics = [topic('a', [1])];
    cluster.groups = [1, 2, 3, 4].map((id) => ({
      groupId: `g${id}`,
      type: 'classic',
      coordinator: 1 + (id % 3),
      committed: [{ topic: 'a', partition: 0, offset: String(id) }],
    }));
    const sections = await collectFrom(cluster);
    expect(cluster.requests.filter((request) => request.startsWith('9/'))).toHaveLength(4);
    expect(value(sections.kafkaOffsets).committed.map(({ offset }) => offset)).toEqual(['1', '2', '3', '4']);
    expect(value(sections.kafkaGroups).map(({ type }) => type)).toEqual(Array(4).fill('classic'));
  });
});

it('produces sections as the snapshot’s schema has them', async () => {
  cluster = await startFakeCluster(2);
  cluster.topics = [topic('b', [1, 2, -1]), topic('a', [2]), topic('gone', [], 3)];
  cluster.groups = [
    { groupId: 'g', type: 'classic', coordinator: 1, committed: [{ topic: 'a', partition: 0, offset: '7' }] },
  ];
  const sections = await collectFrom(cluster, { plan: { samples: 2, intervalSec: 1 } });
  expect(v.safeParse(snapshotSchema.entries.sections, sections).issues).toBeUndefined();
  expect(value(sections.kafkaTopics)[2]?.error).toBe('UNKNOWN_TOPIC_OR_PARTITION');
  await vi.waitFor(() => expect(cluster.openSockets.size).toBe(0));
});

it('keeps topics whose names are JavaScript’s own', async () => {
  cluster = await startFakeCluster(1);
  cluster.topics = ['__proto__', 'constructor', 'toString'].map((name) => topic(name, [1]));
  const sections = await collectFrom(cluster);
  expect(Object.keys(value(sections.kafkaOffsets).topics)).toEqual(['__proto__', 'constructor', 'toString']);
  expect(Object.keys(value(sections.kafkaTopicConfigs))).toHaveLength(3);
  expect(value(sections.kafkaSamples)[0]?.end.constructor).toEqual(['1000']);
});

describe('a cluster with faults', () => {
  it('is read when a partition has no leader', async () => {
    cluster = await startFakeCluster(2);
    cluster.topics = [topic('a', [1, -2, 2])];
    const sections = await collectFrom(cluster);
    const [first, leaderless, third] = value(sections.kafkaTopics)[0]!.partitions;
    expect([first?.leader, leaderless?.leader, third?.leader]).toEqual([1, -1 * 2, 2]);
    expect(leaderless).toMatchObject({ error: 'LEADER_NOT_AVAILABLE', offlineReplicas: [2] });
    expect(value(sections.kafkaOffsets).topics.a).toEqual([
      { partition: 0, start: '10', end: '1000', error: null },
      { partition: 1, start: null, end: null, error: 'LEADER_NOT_AVAILABLE' },
      { partition: 2, start: '10', end: '1002', error: null },
    ]);
  });

  it('loses only what the dead broker led and coordinated', async () => {
    cluster = await startFakeCluster(3);
    cluster.topics = [topic('a', [1, 2, 3]), topic('b', [1]), topic('c', [2])];
    cluster.groups = [
      { groupId: 'kept', type: 'classic', coordinator: 1, committed: [{ topic: 'a', partition: 0, offset: '7' }] },
      { groupId: 'lost', type: 'classic', coordinator: 2 },
    ];
    await cluster.stopBroker(2);
    const sections = await collectFrom(cluster, { plan: { samples: 2, intervalSec: 1 } });
    const a = value(sections.kafkaOffsets).topics.a!;
    expect(a.map(({ end, error }) => end ?? error)).toEqual(['1000', 'BROKER_NOT_AVAILABLE', '1002']);
    expect(partial(sections.kafkaOffsets)).toMatch(
      /^offsets of 2 partitions not read: BROKER_NOT_AVAILABLE 2; .*broker 2 \(127/,
    );
    expect(value(sections.kafkaGroups).map(({ groupId }) => groupId)).toEqual(['kept']);
    expect(partial(sections.kafkaGroups)).toMatch(/groups coordinated by broker 2 .*connection refused/);
    expect(Object.keys(value(sections.kafkaTopicConfigs))).toEqual(['a', 'b', 'c']);
    expect(partial(sections.kafkaTopicConfigs)).toBe('');
    expect(value(sections.kafkaSamples)[1]?.end.a).toEqual(['1000', null, '1002']);
  });

  it('says of a broker that dies between two samples that it hung up, in that sample', async () => {
    cluster = await startFakeCluster(2);
    cluster.topics = [topic('a', [1, 2])];
    const sections = await collectFrom(
      cluster,
      { plan: { samples: 2, intervalSec: 1 } },
      { sleep: () => cluster.stopBroker(1) },
    );
    expect(partial(sections.kafkaOffsets)).toBe('');
    expect(partial(sections.kafkaSamples)).toMatch(/^sample 2: no answer from broker 1 .*closed the connection/);
    expect(value(sections.kafkaSamples)[1]?.end.a).toEqual([null, '1001']);
  });

  it('is found through the bootstrap broker that lives', async () => {
    cluster = await startFakeCluster(3);
    await cluster.stopBroker(1);
    expect(value((await collectFrom(cluster)).kafkaBrokers).brokers).toHaveLength(3);
  });

  it('says of a later sample what it lost: a coordinator or leader that moved leaves nulls, and no silence', async () => {
    cluster = await startFakeCluster(1);
    cluster.topics = [topic('a', [1, 1])];
    const committed = [{ topic: 'a', partition: 0, offset: '7' }];
    cluster.groups = [{ groupId: 'g', type: 'classic', coordinator: 1, committed }];
    let readings = 0;
    cluster.onRequest = (key) => {
      if (key === 9 && ++readings === 2) {
        cluster.groups[0]!.errorCode = 16;
        cluster.groups[0]!.committed = [];
        cluster.topics = [topic('a', [1, 2])];
      }
      return null;
    };
    const { kafkaOffsets, kafkaSamples } = await collectFrom(cluster, { plan: { samples: 2, intervalSec: 0 } });
    expect(partial(kafkaOffsets)).toBe('');
    expect(partial(kafkaSamples)).toBe('sample 2: 1 log end not read; 1 committed offset not read');
  });

  it('asks another broker for the configuration a broker did not give', async () => {
    cluster = await startFakeCluster(2);
    cluster.topics = [topic('a', [1]), topic('b', [2])];
    cluster.onRequest = (key, id) => (key === 32 && id === 2 ? 'hang up' : null);
    expect(Object.keys(value((await collectFrom(cluster)).kafkaTopicConfigs))).toEqual(['a', 'b']);
  });

  it('costs one section when one answer is broken', async () => {
    cluster = await startFakeCluster(1);
    cluster.topics = [topic('a', [1])];
    cluster.onRequest = (key) => (key === 32 ? Buffer.from('000000007fffffff', 'hex') : null);
    const sections = await collectFrom(cluster);
    expect(sections.kafkaTopicConfigs).toMatchObject({
      ok: false,
      reason: 'failed',
      detail: expect.stringContaining('does not follow the Kafka protocol'),
    });
    expect(sections.kafkaOffsets.ok).toBe(true);
  });

  it('that hangs up in the middle of the core is missing or partial, never an exception', async () => {
    cluster = await startFakeCluster(2);
    cluster.topics = [topic('a', [1, 2])];
    cluster.groups = [{ groupId: 'g', type: 'classic', coordinator: 1 }];
    for (const key of [18, 3, 16, 2, 32, 9, 15]) {
      cluster.onRequest = (asked) => (asked === key ? 'hang up' : null);
      const sections = await collectFrom(cluster);
      expect(
        Object.values(sections).some((section) => !section.ok || section.partial !== undefined),
        `key ${key}`,
      ).toBe(true);
    }
  });
});

it('tells its progress by section', async () => {
  cluster = await startFakeCluster(1);
  const told: string[] = [];
  await collectFrom(cluster, {}, { progress: (section, state) => void told.push(`${section} ${state}`) });
  const names = ['Brokers', 'Topics', 'TopicConfigs', 'BrokerConfigs', 'Groups', 'Offsets', 'Samples'];
  const lines = (state: string) => names.map((name) => `kafka${name} ${state}`);
  expect(told).toEqual([...lines('reading'), ...lines('read')]);
});
