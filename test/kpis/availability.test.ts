import { describe, expect, test } from 'vitest';
import { METRICS } from '../../lib/facts/metric-catalogue.ts';
import { aSnapshot, TAKEN_AT_MS } from '../builders/a-snapshot.ts';
import { kpi, reading } from './run-context.ts';

const MINUTES = 1440;
const constant = (value: number | null) => Array.from({ length: MINUTES }, () => value);
/** A value in the given minutes of the window, 0 in the others. */
const during = (value: number, from: number, to: number) =>
  constant(0).map((zero, i) => (i >= from && i < to ? value : zero));
/** A value in the last minutes of the window alone. */
const lastOf = (value: number, minutes: number) =>
  constant(value).map((one, i) => (i < MINUTES - minutes ? null : one));
/** Zeros that break off so many minutes before the window ends. */
const breaksOff = (minutes: number) => constant(0).map((zero, i) => (i < MINUTES - minutes ? zero : null));
const hourAgo = TAKEN_AT_MS - 3_600_000;

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

describe('offline-partitions', () => {
  test('the most at once in the window, when all is well now', () => {
    const cluster = aSnapshot()
      .withTopic('t')
      .withMetric(METRICS.offlinePartitions, {}, during(3, 100, 101));
    expect(reading('offline-partitions', cluster)).toMatchObject({ state: 'ok', value: 3, confidence: 1 });
    expect(kpi('offline-partitions', cluster).score).toBe(0);
  });

  test('a partition offline now counts before CloudWatch has noticed', () => {
    const cluster = aSnapshot().withTopic('t').withPartition('t', 1, { leader: -1 });
    expect(reading('offline-partitions', cluster)).toMatchObject({ state: 'ok', value: 1, confidence: 1 });
  });

  test('an offline minute within maintenance does not count', () => {
    const inMaintenance = during(5, MINUTES - 60, MINUTES - 59);
    const cluster = () => aSnapshot().withTopic('t').withMetric(METRICS.offlinePartitions, {}, inMaintenance);
    expect(reading('offline-partitions', cluster())).toMatchObject({ value: 5 });
    const masked = cluster().withOperation('REBOOT_BROKER', hourAgo, hourAgo);
    expect(reading('offline-partitions', masked)).toMatchObject({ value: 0 });
  });

  test('without CloudWatch one look at the metadata is half as certain', () => {
    const cluster = aSnapshot().withTopic('t').without('metrics', 'not-permitted');
    expect(reading('offline-partitions', cluster)).toMatchObject({ state: 'ok', value: 0, confidence: 0.5 });
  });

  test('half of the datapoints lower the confidence, a fifth of them is too little', () => {
    const seen = (minutes: number) => {
      return aSnapshot()
        .withMetric(METRICS.offlinePartitions, {}, lastOf(0, minutes))
        .without('kafkaTopics', 'unreachable');
    };
    expect(reading('offline-partitions', seen(720))).toMatchObject({ state: 'ok', confidence: 1 });
    expect(reading('offline-partitions', seen(719))).toMatchObject({ state: 'ok', confidence: 0.7 });
    expect(reading('offline-partitions', seen(288))).toMatchObject({ state: 'ok', confidence: 0.7 });
    expect(reading('offline-partitions', seen(287))).toMatchObject({ state: 'no-data' });
  });

  test('silent for 29 minutes is late, for 30 tells nothing of now; a look at the partitions does', () => {
    const silent = (minutes: number) => aSnapshot().withMetric(METRICS.offlinePartitions, {}, breaksOff(minutes));
    const alone = (minutes: number) => silent(minutes).without('kafkaTopics', 'unreachable');
    expect(reading('offline-partitions', alone(29))).toMatchObject({ state: 'ok', confidence: 1 });
    expect(reading('offline-partitions', alone(30))).toMatchObject({ state: 'no-data' });
    const was = silent(30)
      .withTopic('t')
      .withMetric(METRICS.offlinePartitions, {}, [3, ...breaksOff(30).slice(1)]);
    expect(reading('offline-partitions', was)).toMatchObject({ state: 'ok', value: 3, confidence: 0.5 });
  });

  test('neither source: the reason of the missing section is told', () => {
    const cluster = aSnapshot().without('metrics', 'not-permitted').without('kafkaTopics', 'unreachable');
    expect(reading('offline-partitions', cluster)).toMatchObject({ state: 'no-permission' });
  });

  test('a partial look that found nothing is no knowledge', () => {
    const cluster = aSnapshot().withTopic('t').withPartial('kafkaTopics', 'one broker').without('metrics');
    expect(reading('offline-partitions', cluster)).toMatchObject({ state: 'no-data' });
  });
});

describe('a series that CloudWatch was not asked for might have been the worst: one look does not stand in for its day', () => {
  test.each([
    ['offline-partitions', METRICS.offlinePartitions, {}],
    ['under-replicated', METRICS.underReplicated, { 'Broker ID': 2 }],
    ['under-min-isr', METRICS.underMinIsr, { 'Broker ID': 2 }],
  ] as const)('%s', (name, metric, dimensions) => {
    const cluster = aSnapshot().withTopic('t').withoutMetric(metric, dimensions);
    expect(reading(name, cluster)).toMatchObject({ state: 'no-data' });
  });

  test('but what is offline now is offline', () => {
    const cluster = aSnapshot()
      .withTopic('t')
      .withPartition('t', 1, { leader: -1 })
      .withoutMetric(METRICS.offlinePartitions);
    expect(reading('offline-partitions', cluster)).toMatchObject({ state: 'ok', value: 1, confidence: 0.5 });
  });
});

describe('under-replicated', () => {
  test('share of partition-minutes, by hand: 12 of 120 leaders for 144 of 1438 minutes', () => {
    const cluster = aSnapshot().withMetric(METRICS.underReplicated, { 'Broker ID': 2 }, during(12, 0, 144));
    expect(reading('under-replicated', cluster)).toMatchObject({
      state: 'ok',
      value: expect.closeTo((100 * 12 * 144) / 1438 / 120, 9),
      confidence: 1,
    });
  });

  test('a dead broker publishes nothing: the others still count', () => {
    const cluster = aSnapshot()
      .withMetric(METRICS.underReplicated, { 'Broker ID': 1 }, 20)
      .withMetric(METRICS.underReplicated, { 'Broker ID': 2 }, 20)
      .withMetric(METRICS.underReplicated, { 'Broker ID': 3 }, constant(null));
    expect(reading('under-replicated', cluster)).toMatchObject({ state: 'ok', value: expect.closeTo(100 / 3, 9) });
  });

  test('Express has no such metric: ISR against replicas, one look', () => {
    const cluster = aSnapshot()
      .withTopic('t', { partitions: 4 })
      .withPartition('t', 0, { isr: [1, 2] })
      .withKind('provisioned-express');
    for (const brokerId of [1, 2, 3]) {
      cluster.withMetric(METRICS.underReplicated, { 'Broker ID': brokerId }, constant(null));
    }
    expect(reading('under-replicated', cluster)).toMatchObject({ state: 'ok', value: 25, confidence: 0.5 });
  });

  test('a cluster without partitions has none to replicate', () => {
    expect(reading('under-replicated', aSnapshot().without('metrics'))).toMatchObject({ state: 'not-applicable' });
  });
});

describe('under-min-isr', () => {
  test('minutes with any on any broker, two brokers at once counted once', () => {
    const cluster = aSnapshot()
      .withMetric(METRICS.underMinIsr, { 'Broker ID': 1 }, during(1, 10, 15))
      .withMetric(METRICS.underMinIsr, { 'Broker ID': 2 }, during(4, 12, 18));
    expect(reading('under-min-isr', cluster)).toMatchObject({ state: 'ok', value: 8, confidence: 1 });
  });

  test('without CloudWatch: at least the present minute', () => {
    const cluster = aSnapshot()
      .withTopic('t')
      .withPartition('t', 0, { isr: [1] })
      .without('metrics');
    expect(reading('under-min-isr', cluster)).toMatchObject({ state: 'ok', value: 1, confidence: 0.5 });
    expect(kpi('under-min-isr', cluster).score).toBe(50);
  });

  test('an incomplete ISR with unknown min.insync.replicas is unknown', () => {
    const cluster = aSnapshot()
      .withTopic('t')
      .withPartition('t', 0, { isr: [1] })
      .without('metrics')
      .without('kafkaTopicConfigs', 'not-permitted');
    expect(reading('under-min-isr', cluster)).toMatchObject({ state: 'no-data' });
  });

  test('under min ISR during maintenance now is not judged', () => {
    const cluster = aSnapshot()
      .withTopic('t')
      .withPartition('t', 0, { isr: [1] })
      .without('metrics')
      .withOperation('UPDATE_BROKER_TYPE', hourAgo, null);
    expect(reading('under-min-isr', cluster)).toMatchObject({ state: 'no-data' });
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
