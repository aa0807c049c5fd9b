import { describe, expect, test } from 'vitest';
import { METRICS } from '../../lib/facts/metric-catalogue.ts';
import { aSnapshot } from '../builders/a-snapshot.ts';
import { build } from './built-report.ts';

describe('tables', () => {
  test('brokers: the dead first, then the fullest; leaders and replicas from metadata', () => {
    const snapshot = aSnapshot()
      .withTopic('orders', { partitions: 6 })
      .withMetric(METRICS.diskUsed, { 'Broker ID': 3 }, 91)
      .withDeadBroker(2)
      .build();
    const { brokers } = build(snapshot, []);
    expect(brokers.rows.map(({ brokerId, live }) => [brokerId, live])).toEqual([
      [2, false],
      [3, true],
      [1, true],
    ]);
    expect(brokers.rows[1]).toMatchObject({
      rack: 'euw1-az3',
      replicas: 6,
      diskUsedPercent: 91,
      cpuP95Percent: 25,
      bytesInPerSec: 2_000_000,
    });
    expect(brokers.rows.reduce((total, { leaders }) => total + (leaders ?? 0), 0)).toBe(6);
  });

  test('topics: offline, under-replicated, then large; offsets beyond what a number holds are summed exactly', () => {
    const snapshot = aSnapshot()
      .withTopic('large', { partitions: 12 })
      .withTopic('thin', { partitions: 1 })
      .withTopic('gone', { partitions: 1 })
      .withPartition('thin', 0, { isr: [1] })
      .withPartition('gone', 0, { leader: -1 })
      .build();
    if (snapshot.sections.kafkaOffsets?.ok) {
      snapshot.sections.kafkaOffsets.value.topics.large = [
        { partition: 0, start: '1', end: '9007199254740995', error: null },
        { partition: 1, start: '0', end: '5', error: null },
      ];
      snapshot.sections.kafkaOffsets.value.topics.thin = [
        { partition: 0, start: null, end: null, error: 'NOT_LEADER_OR_FOLLOWER' },
      ];
    }
    const { topics } = build(snapshot, []);
    expect(topics.rows.map(({ topic }) => topic)).toEqual(['gone', 'thin', 'large']);
    expect(topics.rows.map(({ retainedMessages }) => retainedMessages)).toEqual(['1000', null, '9007199254740999']);
  });

  test('groups: worst status first, at most fifty, the total beside them', () => {
    const builder = aSnapshot().withTopic('orders', { partitions: 1, start: 100, end: 1100 });
    for (let i = 0; i < 60; i++) builder.withGroup(`g${i}`, { commits: { orders: [1100] } });
    builder.withGroup('stuck', { commits: { orders: [300] } });
    const { groups, cluster } = build(builder.build(), []);
    expect(groups.rows[0]).toMatchObject({ groupId: 'stuck', lag: '800', retentionConsumedPercent: 80 });
    expect(groups.rows).toHaveLength(50);
    expect(groups.total).toBe(61);
    expect(cluster.groups).toBe(61);
  });

  test('an empty cluster, and one of which nothing is known', () => {
    expect(build(aSnapshot().build(), [])).toMatchObject({
      topics: { total: 0 },
      groups: { total: 0 },
      cluster: { topics: 0 },
    });
    const blind = aSnapshot();
    for (const name of [
      'cluster',
      'nodes',
      'metrics',
      'kafkaBrokers',
      'kafkaTopics',
      'kafkaGroups',
      'kafkaOffsets',
    ] as const)
      blind.without(name, 'failed');
    expect(build(blind.build(), [])).toMatchObject({
      brokers: { rows: [], total: 0 },
      cluster: {
        name: 'orders',
        kind: 'unknown',
        region: 'eu-west-1',
        accountId: '111122223333',
        brokerCount: null,
        topics: null,
      },
    });
  });
});
