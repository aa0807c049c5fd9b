import { describe, expect, test } from 'vitest';
import { METRICS } from '../../lib/facts/metric-catalogue.ts';
import { aSnapshot } from '../builders/a-snapshot.ts';
import { breaksOff, constant, during, hourAgo, lastOf, MINUTES } from './minutes.ts';
import { kpi, reading } from './run-context.ts';

describe('cluster-availability', () => {
  const controlled = (values: number | (number | null)[] = 1) =>
    aSnapshot().withMetric(METRICS.activeController, {}, values);

  test('union of both signs, by hand: minutes 100 to 119 of 1438', () => {
    const cluster = controlled(during(1, 0, MINUTES).map((one, i) => (i >= 100 && i < 110 ? 0 : one)));
    cluster.withMetric(METRICS.offlinePartitions, {}, during(2, 105, 120));
    expect(reading('cluster-availability', cluster)).toMatchObject({
      state: 'ok',
      value: expect.closeTo((100 * 20) / 1438, 9),
      confidence: 1,
    });
  });

  test('a whole day is 100, a thousandth of it scores 50 in production and 95 in staging', () => {
    expect(kpi('cluster-availability', controlled()).score).toBe(100);
    const bad = controlled().withMetric(METRICS.offlinePartitions, {}, [
      ...constant(null).slice(0, 438),
      ...during(1, 0, 1).slice(0, 1000),
      ...constant(0).slice(0, 2),
    ]);
    expect(kpi('cluster-availability', bad).score).toBeCloseTo(50, 9);
    expect(kpi('cluster-availability', bad, { environment: 'staging' }).score).toBeCloseTo(95, 9);
  });

  test('minutes inside maintenance are told and not counted', () => {
    const inMaintenance = during(5, MINUTES - 60, MINUTES - 50);
    const cluster = controlled().withMetric(METRICS.offlinePartitions, {}, inMaintenance);
    cluster.withOperation('REBOOT_BROKER', hourAgo, hourAgo);
    expect(reading('cluster-availability', cluster)).toMatchObject({
      value: 0,
      source: expect.stringContaining('10 more minutes inside it'),
    });
  });

  test('half a view proves nothing', () => {
    expect(reading('cluster-availability', aSnapshot())).toMatchObject({ state: 'no-data' });
    expect(reading('cluster-availability', controlled().withoutMetric(METRICS.offlinePartitions))).toMatchObject({
      state: 'no-data',
    });
    const seen = (minutes: number) => controlled(lastOf(1, minutes + 2));
    expect(reading('cluster-availability', seen(719))).toMatchObject({ state: 'ok', confidence: 1 });
    expect(reading('cluster-availability', seen(718))).toMatchObject({ state: 'ok', confidence: 0.7 });
    expect(reading('cluster-availability', seen(287))).toMatchObject({ state: 'no-data' });
  });

  test('silent at the end of the window: nobody knows whether the cluster is available', () => {
    const silent = (minutes: number) => controlled().withMetric(METRICS.offlinePartitions, {}, breaksOff(minutes));
    expect(reading('cluster-availability', silent(29))).toMatchObject({ state: 'ok' });
    expect(reading('cluster-availability', silent(30))).toMatchObject({
      state: 'no-data',
      because: 'CloudWatch has no recent datapoints of OfflinePartitionsCount',
    });
  });

  describe('Express', () => {
    const express = () =>
      controlled().withMetricOfBrokers(METRICS.cpuIdle, constant(70)).withKind('provisioned-express');
    const gap = (from: number, to: number) => constant(70).map((idle, i) => (i >= from && i < to ? null : idle));

    test('a broker that stops publishing while others go on', () => {
      const cluster = express().withMetric(METRICS.cpuIdle, { 'Broker ID': 2 }, gap(100, 130));
      expect(reading('cluster-availability', cluster)).toMatchObject({ value: expect.closeTo((100 * 30) / 1438, 9) });
    });

    test('single points that CloudWatch lost, a silence of all, and a broker that was added are no outage', () => {
      expect(
        reading('cluster-availability', express().withMetric(METRICS.cpuIdle, { 'Broker ID': 2 }, gap(100, 104))),
      ).toMatchObject({ value: 0 });
      expect(
        reading('cluster-availability', express().withMetricOfBrokers(METRICS.cpuIdle, gap(100, 130))),
      ).toMatchObject({ value: 0, confidence: 1 });
      const added = express().withMetric(METRICS.cpuIdle, { 'Broker ID': 3 }, gap(0, 1000));
      expect(reading('cluster-availability', added)).toMatchObject({ value: 0, confidence: 0.7 });
    });

    test('a broker that was not asked for', () => {
      expect(
        reading('cluster-availability', express().withoutMetric(METRICS.cpuIdle, { 'Broker ID': 3 })),
      ).toMatchObject({ state: 'no-data' });
    });
  });

  test('no controller is shown on Serverless, none published outside MSK', () => {
    expect(reading('cluster-availability', aSnapshot().withKind('serverless'))).toMatchObject({
      state: 'not-applicable',
    });
    expect(reading('cluster-availability', aSnapshot().withKind('kafka'))).toMatchObject({ state: 'not-applicable' });
  });
});

describe('az-spread', () => {
  const six = () => aSnapshot().withBrokers(6);

  test('brokers 1 and 4 share a zone: one partition of four has two replicas there', () => {
    const cluster = six()
      .withTopic('t', { partitions: 4 })
      .withPartition('t', 2, { replicas: [1, 4, 2], isr: [1, 4, 2] });
    expect(reading('az-spread', cluster)).toMatchObject({ state: 'ok', value: 75, confidence: 1, worst: 't-2' });
  });

  test('two replicas in two of three zones are as far apart as they can be; one replica has nothing to spread', () => {
    const cluster = six().withTopic('two', { replicationFactor: 2 }).withTopic('one', { replicationFactor: 1 });
    expect(reading('az-spread', cluster)).toMatchObject({ value: 100 });
    expect(reading('az-spread', six().withTopic('one', { replicationFactor: 1 }))).toMatchObject({
      state: 'not-applicable',
    });
  });

  test('internal topics count: without offsets no group goes on', () => {
    const cluster = six().withTopic('__consumer_offsets', { internal: true, partitions: 1 });
    cluster.withPartition('__consumer_offsets', 0, { replicas: [1, 4], isr: [1, 4] });
    expect(kpi('az-spread', cluster)).toMatchObject({ score: 0, reading: { value: 0 } });
    expect(kpi('az-spread', cluster, { environment: 'development' })).toMatchObject({
      status: 'not-applicable',
      weight: 0,
    });
  });

  test('an unknown zone may hide trouble, and never hides what is known', () => {
    const blind = (cluster: ReturnType<typeof six>) => {
      const { nodes, kafkaBrokers } = cluster.build().sections;
      const withoutSix = nodes!.ok
        ? nodes!.value.map((node) => (node.brokerId === 6 ? { ...node, azId: null } : node))
        : [];
      const brokers = kafkaBrokers!.ok ? kafkaBrokers!.value : ({} as never);
      const racks = brokers.brokers.map((each) => (each.id === 6 ? { ...each, rack: null } : each));
      return cluster.withSection('nodes', withoutSix).withSection('kafkaBrokers', { ...brokers, brokers: racks });
    };
    const well = six().withTopic('t', { partitions: 6 });
    expect(reading('az-spread', blind(well))).toMatchObject({ state: 'no-data' });
    const ill = six()
      .withTopic('t', { partitions: 6 })
      .withPartition('t', 0, { replicas: [1, 4], isr: [1, 4] });
    expect(reading('az-spread', blind(ill))).toMatchObject({ state: 'ok', worst: 't-0' });
  });

  test('Express by the same metadata; Serverless, one zone and brokers without racks have nothing to judge', () => {
    expect(reading('az-spread', six().withTopic('t').withKind('provisioned-express'))).toMatchObject({ value: 100 });
    expect(reading('az-spread', six().withTopic('t').withKind('serverless'))).toMatchObject({
      state: 'not-applicable',
    });
    const bare = six().withTopic('t').withKind('kafka');
    const { kafkaBrokers } = bare.build().sections;
    const brokers = kafkaBrokers!.ok ? kafkaBrokers!.value : ({} as never);
    bare.withSection('kafkaBrokers', { ...brokers, brokers: brokers.brokers.map((each) => ({ ...each, rack: null })) });
    expect(reading('az-spread', bare)).toMatchObject({ state: 'not-applicable' });
  });

  test('a part of the topics is no whole', () => {
    expect(reading('az-spread', six().withTopic('t').withPartial('kafkaTopics', 'one broker'))).toMatchObject({
      state: 'no-data',
    });
    expect(reading('az-spread', six().withTopic('t').without('kafkaTopics', 'unreachable'))).toMatchObject({
      state: 'no-network',
    });
  });
});

describe('durability-config', () => {
  const traffic = (cluster: ReturnType<typeof aSnapshot>) => cluster.withOffsets('busy', [[0, 1000]], 60 * 99);

  test('all good', () => {
    expect(reading('durability-config', aSnapshot().withTopic('t'))).toMatchObject({
      state: 'ok',
      value: 100,
      confidence: 1,
    });
  });

  test.each<[string, Parameters<ReturnType<typeof aSnapshot>['withTopic']>[1]]>([
    ['two replicas of three', { replicationFactor: 2 }],
    ['min.insync.replicas 1', { configs: { 'min.insync.replicas': '1' } }],
    ['min.insync.replicas equal to the replicas', { configs: { 'min.insync.replicas': '3' } }],
    ['unclean leader election', { configs: { 'unclean.leader.election.enable': 'true' } }],
  ])('%s is not durable', (_, shape) => {
    expect(reading('durability-config', aSnapshot().withTopic('t', shape))).toMatchObject({ value: 0, worst: 't' });
  });

  test.each([
    ['two copies of which one suffices: all that two zones give', 2, '1', 100],
    ['two copies, both of which are needed at every restart', 2, '2', 0],
    ['three copies in two zones, one of which suffices', 3, '1', 0],
    ['one copy', 1, '1', 0],
  ])('two zones: %s', (_, replicationFactor, minIsr, value) => {
    const cluster = aSnapshot()
      .withCluster({ azCount: 2 })
      .withTopic('t', { replicationFactor, configs: { 'min.insync.replicas': minIsr } });
    expect(reading('durability-config', cluster)).toMatchObject({ value });
  });

  test('traffic decides: 99 of 101 weight is on the durable topic', () => {
    const cluster = aSnapshot()
      .withTopic('busy', { partitions: 1 })
      .withTopic('idle', { partitions: 1, replicationFactor: 1 });
    expect(reading('durability-config', cluster)).toMatchObject({ value: 50 });
    expect(reading('durability-config', traffic(cluster))).toMatchObject({
      value: expect.closeTo((100 * 100) / 101, 9),
      worst: 'idle',
    });
  });

  test("internal topics are not the users' data", () => {
    const cluster = aSnapshot().withTopic('__consumer_offsets', { internal: true, replicationFactor: 1 });
    expect(reading('durability-config', cluster)).toMatchObject({ state: 'not-applicable' });
  });

  test("nobody but MSK can mend MSK's own topic", () => {
    const cluster = aSnapshot().withTopic('orders').withTopic('__amazon_msk_canary', { replicationFactor: 1 });
    expect(reading('durability-config', cluster)).toMatchObject({ value: 100 });
  });

  test('Express fixes what is asked for', () => {
    const cluster = aSnapshot().withKind('provisioned-express').without('kafkaTopics', 'unreachable');
    expect(reading('durability-config', cluster)).toMatchObject({ value: 100, confidence: 1 });
  });

  test('topics that the policy calls ephemeral are not worth their copies', () => {
    const cluster = aSnapshot().withTopic('orders').withTopic('cache-1', { replicationFactor: 1 });
    expect(reading('durability-config', cluster)).toMatchObject({ value: 50, worst: 'cache-1' });
    const objectives = { topics: { 'cache-*': { ephemeral: true } }, groups: {} };
    expect(reading('durability-config', cluster, { objectives })).toMatchObject({ value: 100 });
  });

  test('a broker that is down without a known zone leaves open what is wanted', () => {
    const cluster = aSnapshot().withTopic('t', { replicationFactor: 2 }).withDeadBroker(3).withKind('kafka');
    const two = cluster.withPartition('t', 0, { replicas: [1, 3], isr: [1] });
    expect(reading('durability-config', two).state).not.toBe('error');
    expect(reading('durability-config', two)).not.toMatchObject({ state: 'ok', value: 100 });
  });

  test('not judged in development', () => {
    const weak = aSnapshot().withTopic('t', { replicationFactor: 1 });
    expect(kpi('durability-config', weak, { environment: 'development' })).toMatchObject({
      status: 'not-applicable',
      weight: 0,
      score: null,
    });
  });

  test('configurations that were not permitted leave it missing', () => {
    const cluster = aSnapshot().withTopic('t').without('kafkaTopicConfigs', 'not-permitted');
    expect(reading('durability-config', cluster)).toMatchObject({ state: 'no-permission' });
  });
});
