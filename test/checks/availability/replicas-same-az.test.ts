import { describe, expect, test } from 'vitest';
import { aSnapshot, type SnapshotBuilder } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

/** Six brokers: 1 and 4 in zone 1, 2 and 5 in zone 2, 3 and 6 in zone 3. */
const six = (...replicas: number[][]) => {
  const builder = aSnapshot().withBrokers(6).withTopic('orders', { partitions: replicas.length });
  replicas.forEach((ids, partition) => {
    builder.withPartition('orders', partition, { replicas: ids, isr: ids, leader: ids[0]! });
  });
  return builder;
};
const racks = (builder: SnapshotBuilder, rackOf: (id: number) => string | null) =>
  builder.withKind('kafka').withSection('kafkaBrokers', {
    clusterId: 'c',
    controllerId: 1,
    brokers: [1, 2, 3, 4, 5, 6].map((id) => ({ id, host: `b-${id}`, port: 9092, rack: rackOf(id) })),
  });

describe('replicas-same-az', () => {
  describeVerdicts('replicas-same-az', [
    ['passes: three zones', six([1, 2, 3], [4, 5, 6]), 'pass'],
    ['fails: two of three replicas share a zone', six([1, 2, 3], [1, 4, 2]), 'fail', 'high orders'],
    ['fails: all replicas in one zone', six([1, 4]), 'fail', 'high orders'],
    ['passes: two replicas in two of three zones', six([1, 2]), 'pass'],
    ['passes: four replicas cover all three zones', six([1, 2, 3, 4]), 'pass'],
    ['not applicable: a single replica shares with none', six([1]), 'not-applicable'],
    [
      'passes: a cluster of two zones',
      six([1, 2, 4]).withCluster({ azCount: 2 }).withSection('nodes', nodesIn(2)),
      'pass',
    ],
    [
      'not applicable: one zone',
      racks(six([1, 4]), () => 'room').withSection('cluster', standardOf(1)),
      'not-applicable',
    ],
    ['no-data: nobody names a zone', racks(six([1, 4]), () => null), 'no-data'],
    ['fails without AWS, by the racks', racks(six([1, 4]), (id) => `r${id % 3}`), 'fail', 'high orders'],
    [
      'no-data: the zone of one replica decides, and is not known',
      racks(six([1, 2, 3]), (id) => (id === 3 ? null : `r${id % 3}`)),
      'no-data',
    ],
    [
      'fails: whatever the unknown zone is, two others are the same',
      racks(six([1, 4, 3]), (id) => (id === 3 ? null : `r${id % 3}`)),
      'fail',
      'high orders',
    ],
    ['no-data: no metadata', six([1, 4]).without('kafkaTopics', 'unreachable'), 'no-data'],
    ['not applicable: no topics', aSnapshot(), 'not-applicable'],
    ['not applicable: Serverless', six([1, 4]).withKind('serverless'), 'not-applicable'],
    ['passes: a dead broker still has its zone', six([1, 2, 3]).withDeadBroker(3), 'pass'],
  ]);

  describeSeverities('replicas-same-az', () => six([1, 4, 2]), {
    production: 'high',
    staging: 'medium',
    development: 'info',
  });

  test('one finding a topic: how many partitions, and how many have all eggs in one basket', () => {
    const result = runCheck('replicas-same-az', six([1, 4, 2], [1, 4], [1, 2, 3]));
    expect(result.findings[0]).toMatchObject({ measured: 2, note: '1 partition with all replicas in one zone' });
    expect(result.evidence[0]?.rows[0]).toEqual({
      topic: 'orders',
      partition: 0,
      replicas: '1,4,2',
      zones: 'euw1-az1,euw1-az1,euw1-az2',
    });
  });

  test('no move while replicas are missing', () => {
    const snapshot = six([1, 4, 2]).withPartition('orders', 0, { isr: [1] });
    const tools = runCheck('replicas-same-az', snapshot).recommendation!.commands.map(({ argv }) => argv[0]);
    expect(tools).toEqual(['kafka-topics.sh']);
  });
});

describe('replicas-same-az on Express', () => {
  const tools = (rebalancing: 'ACTIVE' | 'PAUSED' | null) => {
    const express = aSnapshot().withKind('provisioned-express').build().sections.cluster;
    if (!express?.ok || express.value.kind !== 'provisioned-express') throw new Error('no cluster');
    const source = six([1, 4, 2]).withSection('cluster', { ...express.value, rebalancing });
    const { action, commands } = runCheck('replicas-same-az', source).recommendation!;
    return { action, tools: commands.map(({ argv }) => argv[0]) };
  };

  test('moves by hand only while intelligent rebalancing is paused', () => {
    expect(tools('PAUSED').tools).toContain('kafka-reassign-partitions.sh');
    expect(tools('PAUSED').action).toMatch(/^Move one replica/);
  });

  test.each(['ACTIVE', null] as const)('no command that MSK would refuse: %s', (status) => {
    expect(tools(status).tools).toEqual(['aws']);
    expect(tools(status).action).toContain('pause intelligent rebalancing');
  });
});

function nodesIn(zones: number) {
  return [1, 2, 3, 4, 5, 6].map((brokerId) => ({
    brokerId,
    subnetId: null,
    azId: `az${brokerId % zones}`,
    instanceType: null,
    endpoints: [],
    kafkaVersion: null,
  }));
}

function standardOf(azCount: number) {
  const { cluster } = aSnapshot().withCluster({ azCount }).build().sections;
  if (!cluster?.ok) throw new Error('no cluster');
  return cluster.value;
}
