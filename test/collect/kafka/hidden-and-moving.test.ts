import { afterEach, describe, expect, it, vi } from 'vitest';
import { REQUEST_TIMEOUT_MS } from '../../../lib/collect/kafka/connector.ts';
import { inFastTime } from '../fast-time.ts';
import { collectFrom, partial, value } from './collect-from.ts';
import { type FakeCluster, startFakeCluster, topic } from './fake-cluster.ts';

let cluster: FakeCluster;
afterEach(() => cluster.stop());

describe('what one may not see', () => {
  it('is not taken for an empty cluster', async () => {
    cluster = await startFakeCluster(1);
    cluster.mayDescribeCluster = false;
    const sections = await collectFrom(cluster);
    const { kafkaTopics, kafkaTopicConfigs, kafkaOffsets, kafkaSamples, kafkaGroups } = sections;
    for (const section of [kafkaTopics, kafkaTopicConfigs, kafkaOffsets, kafkaSamples])
      expect(section).toMatchObject({
        reason: 'not-permitted',
        detail: 'no topic is visible, and this principal may not describe the cluster: permissions hide the topics',
        fix: expect.stringContaining('kafka-cluster:DescribeTopic'),
      });
    expect(kafkaGroups).toMatchObject({
      reason: 'not-permitted',
      detail: expect.stringContaining('no group is visible'),
      fix: expect.stringContaining('kafka-cluster:DescribeGroup'),
    });
    cluster.mayDescribeCluster = true;
    expect(value((await collectFrom(cluster)).kafkaTopics)).toEqual([]);
  });

  it('is said of groups also when some are visible, and of topics when there are groups', async () => {
    cluster = await startFakeCluster(1);
    cluster.mayDescribeCluster = false;
    cluster.topics = [topic('a', [1])];
    cluster.groups = [{ groupId: 'g', type: 'classic', coordinator: 1 }];
    const sections = await collectFrom(cluster);
    expect(partial(sections.kafkaGroups)).toContain('there may be more groups');
    expect(partial(sections.kafkaTopics)).toBe('');
    cluster.mayDescribeCluster = true;
    cluster.topics = [];
    expect((await collectFrom(cluster)).kafkaTopics).toMatchObject({
      detail: expect.stringContaining('there are groups'),
    });
  });
});

describe('a broker that is not there', () => {
  it('is known by the replicas it holds, and what only it can tell is said to be missing', async () => {
    cluster = await startFakeCluster(2);
    cluster.topics = [topic('a', [1, 2, -3])];
    const gap = 'broker 3 holds replicas and is not in the cluster now';
    const sections = await collectFrom(cluster, { plan: { sections: ['kafkaLogDirs'] } });
    expect(partial(sections.kafkaBrokerConfigs)).toBe(gap);
    expect(partial(sections.kafkaLogDirs!)).toContain(gap);
    cluster.topics = [topic('a', [1, 2])];
    expect(partial((await collectFrom(cluster)).kafkaBrokerConfigs)).toBe('');
  });
});

describe('a leader that moves during the collection', () => {
  it('is asked once more, with one look at the new metadata and for its partitions alone', async () => {
    cluster = await startFakeCluster(3);
    cluster.topics = [topic('a', [1, 2, 3]), topic('b', [1])];
    cluster.onRequest = (key) => {
      if (key === 2) cluster.topics = [topic('a', [3, 2, 3]), topic('b', [1])];
      return null;
    };
    const sections = await collectFrom(cluster, { plan: { samples: 2, intervalSec: 1 } });
    expect(value(sections.kafkaOffsets).topics.a?.map(({ start, end }) => `${start}-${end}`)).toEqual([
      '10-1000',
      '10-1001',
      '10-1002',
    ]);
    expect(partial(sections.kafkaOffsets)).toBe('');
    expect(value(sections.kafkaSamples)[1]?.end.a).toEqual(['1000', '1001', '1002']);
    // No groups: 3 OffsetFetch and 3 DescribeGroups fewer. One Metadata and two ListOffsets more, and one sample.
    expect(cluster.requests).toHaveLength(2 + 4 * 3 + 1 + 2 + 3);
    expect(cluster.requests.filter((request) => request.startsWith('3/'))).toHaveLength(2);
  });

  it('and moves again is said to be unread', async () => {
    cluster = await startFakeCluster(2);
    cluster.topics = [topic('a', [1])];
    cluster.onRequest = (key, id) => {
      if (key === 2) cluster.topics = [topic('a', [3 - id])];
      return null;
    };
    const sections = await collectFrom(cluster);
    expect(partial(sections.kafkaOffsets)).toMatch(/^offsets of 1 partition not read: NOT_LEADER_OR_FOLLOWER 1/);
  });
});

describe('the first bootstrap broker', () => {
  it('that hangs leaves its place to the next one, and costs its own time once', async () => {
    cluster = await startFakeCluster(3);
    cluster.topics = [topic('a', [2])];
    const askedAtMs: number[] = [];
    cluster.onRequest = (key, id) => {
      askedAtMs[id] ??= Date.now();
      return key === 18 && id === 1 ? 'silent' : null;
    };
    // More than one request timeout and less than two.
    const { value: sections } = await inFastTime(() => collectFrom(cluster, { deadlineMs: Date.now() + 8_000 }));
    expect(askedAtMs[2]! - askedAtMs[1]!).toBeLessThan(REQUEST_TIMEOUT_MS / 2);
    expect(value(sections.kafkaBrokers).brokers).toHaveLength(3);
    expect(value(sections.kafkaOffsets).topics.a?.[0]?.end).toBe('1000');
    await vi.waitFor(() => expect(cluster.openSockets.size).toBe(0));
  });
});
