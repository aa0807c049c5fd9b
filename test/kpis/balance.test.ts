import { describe, expect, test } from 'vitest';
import { METRICS } from '../../lib/facts/metric-catalogue.ts';
import { aSnapshot, type SnapshotBuilder, TAKEN_AT_MS } from '../builders/a-snapshot.ts';
import { kpi, reading } from './run-context.ts';

const MIB = 2 ** 20;
const PERIODS = 288;
const broker = (id: number) => ({ 'Broker ID': id });
const lately = (value: number, periods: number, before: number) =>
  Array.from({ length: PERIODS }, (_, i) => (i >= PERIODS - 2 - periods ? value : before));

describe('broker-load-skew', () => {
  const traffic = (...mibs: number[]) => {
    const cluster = aSnapshot();
    mibs.forEach((mib, i) => {
      cluster
        .withMetric(METRICS.bytesIn, broker(i + 1), mib * MIB)
        .withMetric(METRICS.bytesOut, broker(i + 1), mib * MIB);
    });
    return cluster;
  };

  test('largest over mean of bytes both ways, by hand: 18 of a mean of 12', () => {
    const cluster = traffic(9, 4.5, 4.5);
    expect(reading('broker-load-skew', cluster)).toMatchObject({ value: 1.5, confidence: 1, worst: 'broker 1' });
    expect(kpi('broker-load-skew', cluster).score).toBeCloseTo(50, 9);
    expect(kpi('broker-load-skew', cluster, { environment: 'development' }).score).toBeCloseTo(90, 9);
  });

  test('CPU where it is less even, from a fifth on', () => {
    const busy = traffic(6, 6, 6).withMetric(METRICS.cpuUser, broker(3), 75);
    // 80 against a mean of (25 + 25 + 80) / 3.
    expect(reading('broker-load-skew', busy)).toMatchObject({ value: expect.closeTo(240 / 130, 9), worst: 'broker 3' });
    const idle = traffic(6, 6, 6).withMetricOfBrokers(METRICS.cpuUser, 1).withMetricOfBrokers(METRICS.cpuSystem, 1);
    expect(reading('broker-load-skew', idle.withMetric(METRICS.cpuUser, broker(3), 18))).toMatchObject({ value: 1 });
  });

  test('below 1 MiB/s a broker one client decides', () => {
    expect(reading('broker-load-skew', traffic(0.5, 0.5, 0.5))).toMatchObject({ state: 'ok' });
    expect(reading('broker-load-skew', traffic(0.6, 0.4, 0.49))).toMatchObject({ state: 'not-applicable' });
  });

  test('a broker that was away leaves its load to the others by necessity', () => {
    const away = Array.from({ length: PERIODS }, (_, i) => (i < 142 ? 6 * MIB : null));
    const cluster = traffic(6, 6, 6).withMetric(METRICS.bytesIn, broker(2), away);
    expect(reading('broker-load-skew', cluster)).toMatchObject({ state: 'no-data' });
    expect(reading('broker-load-skew', traffic(6, 6, 6).withoutMetric(METRICS.bytesIn, broker(2)))).toMatchObject({
      state: 'no-data',
    });
  });

  test.each(['serverless', 'kafka'] as const)('%s', (kind) => {
    expect(reading('broker-load-skew', aSnapshot().withKind(kind))).toMatchObject({ state: 'not-applicable' });
  });
});

describe('leader-skew', () => {
  const leaders = (values: readonly (number | number[])[]) => {
    const cluster = aSnapshot();
    values.forEach((value, i) => {
      cluster.withMetric(METRICS.leaderCount, broker(i + 1), value);
    });
    return cluster;
  };

  test('largest over mean, by hand: 50 of a mean of 40', () => {
    const cluster = leaders([50, 35, 35]);
    expect(reading('leader-skew', cluster)).toMatchObject({ value: 1.25, confidence: 1, worst: 'broker 1' });
    expect(kpi('leader-skew', cluster).score).toBeCloseTo(50, 9);
  });

  test('leaders that moved for minutes are no skew, those that stayed for an hour are', () => {
    const moved = (periods: number) =>
      leaders([lately(80, periods, 40), lately(20, periods, 40), lately(20, periods, 40)]);
    expect(reading('leader-skew', moved(11))).toMatchObject({ value: 1 });
    expect(reading('leader-skew', moved(12))).toMatchObject({ value: 2 });
  });

  test('with fewer than 20 a broker one more or less is already skew', () => {
    expect(reading('leader-skew', leaders([30, 15, 15]))).toMatchObject({ state: 'ok', value: 1.5 });
    expect(reading('leader-skew', leaders([29, 15, 15]))).toMatchObject({ state: 'not-applicable' });
  });

  test('a broker that is down leads nothing by necessity', () => {
    const cluster = aSnapshot().withTopic('t', { partitions: 120 }).withDeadBroker(2);
    expect(reading('leader-skew', cluster)).toMatchObject({ state: 'no-data' });
    expect(reading('leader-skew', cluster.without('kafkaBrokers', 'unreachable'))).toMatchObject({ state: 'no-data' });
  });

  test('during an operation nothing is said', () => {
    const cluster = leaders([50, 35, 35]).withOperation('REBOOT_BROKER', TAKEN_AT_MS - 3_600_000, null);
    expect(reading('leader-skew', cluster)).toMatchObject({ state: 'no-data' });
  });

  test('without CloudWatch one look at the metadata', () => {
    const cluster = () => aSnapshot().withTopic('t', { partitions: 60 }).withPartition('t', 1, { leader: 1 });
    const one = { value: 21 / 20, confidence: 0.5, worst: 'broker 1' };
    expect(reading('leader-skew', cluster().without('metrics', 'throttled'))).toMatchObject(one);
    expect(reading('leader-skew', cluster().withKind('kafka'))).toMatchObject(one);
    const cut = cluster().withKind('kafka').withPartial('kafkaTopics', 'one broker');
    expect(reading('leader-skew', cut)).toMatchObject({ state: 'no-data' });
    expect(reading('leader-skew', cluster().withoutMetric(METRICS.leaderCount, broker(1)))).toMatchObject({
      state: 'no-data',
    });
  });

  test('AWS places the partitions of Serverless', () => {
    expect(reading('leader-skew', aSnapshot().withKind('serverless'))).toMatchObject({ state: 'not-applicable' });
  });
});

describe('partition-skew', () => {
  const topic = (name: string, rates: number[], cluster: SnapshotBuilder = aSnapshot()) =>
    cluster.withTopic(name, { partitions: rates.length }).withRates(name, rates);

  test('largest over median, by hand: 600 of a median of 200, looked at over two minutes', () => {
    const cluster = topic('t', [200, 100, 600, 200]);
    expect(reading('partition-skew', cluster)).toMatchObject({
      value: expect.closeTo(3, 6),
      confidence: 0.5,
      worst: 't',
    });
    expect(kpi('partition-skew', cluster).score).toBeCloseTo(50, 4);
  });

  test('looks that are five minutes apart are a rate', () => {
    const cluster = topic('t', [200, 200, 200], aSnapshot().withSampleTimes([0, 150, 300]));
    expect(reading('partition-skew', cluster)).toMatchObject({ value: 1, confidence: 1 });
    const soon = topic('t', [200, 200, 200], aSnapshot().withSampleTimes([0, 30, 60]));
    expect(reading('partition-skew', soon)).toMatchObject({ state: 'insufficient-history' });
  });

  test('p90 by traffic: an uneven topic with a tenth of it does not count, with more it does', () => {
    const both = (rate: number) => topic('small', [rate, 50, 50], topic('big', [3000, 3000, 3000]));
    expect(reading('partition-skew', both(800))).toMatchObject({ value: 1, worst: 'small' });
    expect(reading('partition-skew', both(1200))).toMatchObject({ value: expect.closeTo(24, 6) });
  });

  test('idle others are shown as 100', () => {
    expect(reading('partition-skew', topic('t', [0, 0, 0, 900]))).toMatchObject({ value: 100 });
  });

  test('quiet topics, single partitions and internal topics have nobody to be held against', () => {
    expect(reading('partition-skew', topic('t', [400, 50, 49]))).toMatchObject({ state: 'not-applicable' });
    expect(reading('partition-skew', topic('t', [5000]))).toMatchObject({ state: 'not-applicable' });
  });

  test.each([
    ['unreachable', 'no-network'],
    ['not-permitted', 'no-permission'],
  ] as const)('log ends %s', (reason, state) => {
    expect(reading('partition-skew', topic('t', [900, 10]).without('kafkaOffsets', reason))).toMatchObject({ state });
  });

  test('Serverless and Kafka outside AWS have partitions, too', () => {
    for (const kind of ['serverless', 'kafka'] as const)
      expect(reading('partition-skew', topic('t', [200, 100, 600, 200]).withKind(kind))).toMatchObject({ state: 'ok' });
  });
});

describe('partition-density', () => {
  test('the fullest broker over what AWS recommends for its size', () => {
    const cluster = aSnapshot().withMetric(METRICS.partitionCount, broker(3), 700);
    expect(reading('partition-density', cluster)).toMatchObject({ value: 70, confidence: 1, worst: 'broker 3' });
    expect(kpi('partition-density', cluster).score).toBeCloseTo(90, 9);
  });

  test('the metadata counts before CloudWatch has noticed', () => {
    const cluster = aSnapshot().withTopic('t', { partitions: 1500 });
    expect(reading('partition-density', cluster)).toMatchObject({ value: 150 });
  });

  test('without CloudWatch one look, where it was whole', () => {
    const cluster = () => aSnapshot().withTopic('t', { partitions: 500 }).without('metrics', 'throttled');
    expect(reading('partition-density', cluster())).toMatchObject({ value: 50, confidence: 0.5 });
    expect(reading('partition-density', cluster().withPartial('kafkaTopics', 'cut'))).toMatchObject({
      state: 'no-data',
    });
  });

  test('an unknown size has no number; a broker that was not asked for may be the fullest', () => {
    expect(reading('partition-density', aSnapshot().withCluster({ instanceType: 'kafka.m9g.large' }))).toMatchObject({
      state: 'no-data',
    });
    const cut = aSnapshot().withTopic('t').withoutMetric(METRICS.partitionCount, broker(2));
    expect(reading('partition-density', cut)).toMatchObject({ state: 'no-data' });
  });

  test('Express by its own numbers; none for Serverless and outside MSK', () => {
    expect(reading('partition-density', aSnapshot().withKind('provisioned-express'))).toMatchObject({ value: 12 });
    expect(reading('partition-density', aSnapshot().withKind('serverless'))).toMatchObject({ state: 'not-applicable' });
    expect(reading('partition-density', aSnapshot().withKind('kafka'))).toMatchObject({ state: 'not-applicable' });
  });
});
