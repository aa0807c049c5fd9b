import { describe, expect, test } from 'vitest';
import {
  boundsMinIsr,
  configNumber,
  configValue,
  leadersByBroker,
  partitionHealth,
  replicasByBroker,
  replicationFactor,
} from '../../lib/analysis/topology.ts';
import { missing } from '../../lib/snapshot/collected.ts';
import { aSnapshot, type SnapshotBuilder } from '../builders/a-snapshot.ts';

function sections(builder: SnapshotBuilder) {
  const { kafkaTopics, kafkaTopicConfigs } = builder.build().sections;
  if (!kafkaTopics?.ok || !kafkaTopicConfigs?.ok) throw new Error('the builder has topics and configs');
  return { topics: kafkaTopics.value, configs: kafkaTopicConfigs.value };
}

function healthOf(isr: number[], shape: { replicationFactor?: number; configs?: Record<string, string> } = {}) {
  const builder = aSnapshot()
    .withTopic('t', { partitions: 1, ...shape })
    .withPartition('t', 0, { isr });
  const { topics, configs } = sections(builder);
  return partitionHealth(topics, configs)[0]!;
}

describe('partition health', () => {
  test('a whole ISR is healthy', () => {
    expect(healthOf([1, 2, 3])).toMatchObject({
      minInsyncReplicas: 2,
      isOffline: false,
      isUnderReplicated: false,
      isUnderMinIsr: false,
    });
  });

  test('one replica behind: under-replicated, at min.insync.replicas but not under it', () => {
    expect(healthOf([1, 2])).toMatchObject({ isUnderReplicated: true, isUnderMinIsr: false });
  });

  test('two replicas behind: producers with acks=all are refused', () => {
    expect(healthOf([1])).toMatchObject({ isUnderReplicated: true, isUnderMinIsr: true });
  });

  test('fewer replicas than min.insync.replicas: brokers lower the setting to the replica count', () => {
    expect(healthOf([1], { replicationFactor: 1, configs: { 'min.insync.replicas': '2' } }).isUnderMinIsr).toBe(false);
  });

  test.each<[string | null, boolean]>([
    ['3.6.0', false],
    ['2.8.2.tiered', false],
    ['3.7.x', true],
    ['3.7.x.kraft', true],
    ['4.0.x.kraft', true],
    [null, true],
    ['unheard of', true],
    ['v2.8', true],
  ])('brokers of version %s lower it: %s', (kafkaVersion, expected) => {
    const { cluster } = aSnapshot().withCluster({ kafkaVersion }).build().sections;
    expect(boundsMinIsr(cluster!)).toBe(expected);
  });

  test('a cluster that was not described is taken for one of a newer version', () => {
    expect(boundsMinIsr(missing('not-permitted', 'may not'))).toBe(true);
  });

  test('before 3.7 the setting counts as it is, and the shared answer is not the one of newer brokers', () => {
    const { topics, configs } = sections(aSnapshot().withTopic('t', { partitions: 1, replicationFactor: 1 }));
    const of = (bounded: boolean) => partitionHealth(topics, configs, bounded)[0];
    expect(of(true)).toMatchObject({ minIsrInForce: 1, isUnderMinIsr: false });
    expect(of(false)).toMatchObject({ minIsrInForce: 2, isUnderMinIsr: true });
    expect(of(true)).toMatchObject({ minIsrInForce: 1, isUnderMinIsr: false });
  });

  test('without the setting an incomplete ISR is unknown, a complete one is fine', () => {
    const one = aSnapshot()
      .withTopic('t', { partitions: 2 })
      .withPartition('t', 0, { isr: [1] });
    expect(partitionHealth(sections(one).topics, null).map((each) => each.isUnderMinIsr)).toEqual([null, false]);
  });

  test('leader -1 is offline', () => {
    const gone = aSnapshot().withTopic('t', { partitions: 1 }).withPartition('t', 0, { leader: -1 });
    expect(partitionHealth(sections(gone).topics, null)[0]!.isOffline).toBe(true);
  });

  test('broker 0 is a leader as any other', () => {
    const { topics } = sections(aSnapshot().withTopic('t', { partitions: 1 }).withPartition('t', 0, { leader: 0 }));
    expect(partitionHealth(topics, null)[0]!.isOffline).toBe(false);
    expect([...leadersByBroker(topics)]).toEqual([[0, 1]]);
  });
});

test('leaders and replicas by broker, brokers without any included, no broker -1', () => {
  const { topics } = sections(
    aSnapshot().withTopic('t', { partitions: 4, replicationFactor: 2 }).withPartition('t', 3, { leader: -1 }),
  );
  expect([...leadersByBroker(topics, [1, 2, 3, 4])]).toEqual([
    [1, 1],
    [2, 1],
    [3, 1],
    [4, 0],
  ]);
  expect(replicasByBroker(topics, [4]).get(4)).toBe(0);
  expect([...replicasByBroker(topics)].sort(([a], [b]) => a - b)).toEqual([
    [1, 3],
    [2, 3],
    [3, 2],
  ]);
});

test('the replication factor is the smallest of the partitions, 0 without any', () => {
  const { topics } = sections(
    aSnapshot()
      .withTopic('t')
      .withPartition('t', 1, { replicas: [1, 2] }),
  );
  expect(replicationFactor(topics[0]!)).toBe(2);
  expect(replicationFactor({ ...topics[0]!, partitions: [] })).toBe(0);
});

test('a setting is looked up by topic, never in an object prototype', () => {
  const { configs } = sections(aSnapshot().withTopic('t', { configs: { 'retention.ms': '5', 'segment.ms': ' ' } }));
  expect(configValue(configs, 'constructor', 'name')).toBeNull();
  expect(configValue(configs, 't', 'no.such.key')).toBeNull();
  expect(configNumber(configs, 't', 'retention.ms')).toBe(5);
  expect(configNumber(configs, 't', 'cleanup.policy')).toBeNull();
  expect(configNumber(configs, 't', 'segment.ms')).toBeNull();
});
