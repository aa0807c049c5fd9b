import { describe, expect, test } from 'vitest';
import { METRICS } from '../../lib/facts/metric-catalogue.ts';
import { resolvePolicy } from '../../lib/policy/resolve-policy.ts';
import { aSnapshot } from '../builders/a-snapshot.ts';
import { kpi, reading } from './run-context.ts';

describe('security-posture', () => {
  test('all controls met', () => {
    expect(kpi('security-posture', aSnapshot().withSecurity())).toMatchObject({
      score: 100,
      reading: { value: 100, confidence: 1 },
    });
  });

  test('weighted by severity, by hand: without logs 220 of 250 are met', () => {
    const cluster = aSnapshot().withSecurity({ brokerLogs: { cloudWatch: false, firehose: false, s3: false } });
    expect(reading('security-posture', cluster)).toMatchObject({ value: 88, worst: 'broker-logs-off' });
  });

  test('open to everyone weighs most, and outside production less', () => {
    const open = aSnapshot().withSecurity({
      authentication: { unauthenticated: true, iam: true, scram: false, tls: false },
    });
    expect(reading('security-posture', open)).toMatchObject({ value: 60, worst: 'access-unauthenticated' });
    expect(kpi('security-posture', open).score).toBeCloseTo(50 / 3, 9);
    expect(kpi('security-posture', open, { environment: 'development' }).score).toBeGreaterThan(60);
  });

  test('a control that was not read is neither met nor unmet', () => {
    const half = aSnapshot().withSecurity({ publicAccess: null });
    expect(reading('security-posture', half)).toEqual({
      state: 'no-data',
      because: 'not read: what answers cluster-public',
    });
    expect(reading('security-posture', aSnapshot().without('security', 'not-permitted'))).toMatchObject({
      state: 'no-permission',
    });
  });

  test('on Serverless there is nothing to choose, read or not', () => {
    const cluster = aSnapshot().withSecurity().withKind('serverless');
    expect(reading('security-posture', cluster)).toMatchObject({ state: 'not-applicable' });
    const unread = cluster.without('security', 'not-permitted');
    expect(reading('security-posture', unread)).toMatchObject({ state: 'not-applicable' });
  });

  test('Kafka outside AWS is not described', () => {
    expect(reading('security-posture', aSnapshot().withKind('kafka'))).toMatchObject({ state: 'not-applicable' });
  });
});

describe('cost-waste', () => {
  const MIB = 2 ** 20;
  /** Six brokers that idle, with their weeks. */
  const idle = (hours = 28 * 24) => {
    const weeks = (value: number) => Array.from({ length: hours }, () => value);
    const cluster = aSnapshot().withBrokers(6).withHealthyMetrics().withTopic('t');
    for (const [metric, value] of [
      [METRICS.bytesIn, MIB],
      [METRICS.bytesOut, MIB],
      [METRICS.cpuUser, 4],
      [METRICS.cpuSystem, 1],
      [METRICS.partitionCount, 20],
      [METRICS.diskUsed, 5],
    ] as const)
      cluster.withMetricOfBrokers(metric, value).withHourlyOfBrokers(metric, weeks(value));
    return cluster;
  };

  test('by hand: half of six brokers would do, and their volumes are half of the storage', () => {
    // 6 x (0.2 x 730 + 1,000 x 0.1) now, 3 of the same then.
    expect(reading('cost-waste', idle())).toMatchObject({ state: 'ok', value: 50, confidence: 0.9 });
    expect(kpi('cost-waste', idle()).score).toBeCloseTo(50 / 3, 9);
  });

  test('two weeks, not an hour less', () => {
    expect(reading('cost-waste', idle(14 * 24))).toMatchObject({ state: 'ok' });
    expect(reading('cost-waste', idle(14 * 24 - 1))).toMatchObject({ state: 'insufficient-history' });
  });

  test('what a broker may carry is for its owners to say, as for the check', () => {
    const own = { version: 1 as const, checks: { 'brokers-oversized': { cpuPercent: 6 } } };
    const checks = resolvePolicy({
      overrides: own,
      tags: null,
      clusterName: 'orders',
      cliEnvironment: 'production',
    }).checks;
    expect(reading('cost-waste', idle(), { checks })).toMatchObject({ value: 0 });
  });

  test('brokers that are needed are no waste', () => {
    const busy = idle().withMetricOfBrokers(METRICS.cpuUser, 50).withHourlyOfBrokers(METRICS.cpuUser, 50);
    expect(reading('cost-waste', busy)).toMatchObject({ value: 0 });
  });

  test('copies that were not counted make it less sure', () => {
    const unseen = idle()
      .without('kafkaTopics', 'unreachable')
      .withBrokerSettings({ 'default.replication.factor': '3' });
    expect(reading('cost-waste', unseen)).toMatchObject({ state: 'ok', confidence: 0.54 });
  });

  test.each([
    ['prices', 'not-permitted', 'no-permission'],
    ['metrics', 'timed-out', 'no-network'],
    ['cluster', 'throttled', 'no-data'],
  ] as const)('without %s', (section, reason, state) => {
    expect(reading('cost-waste', idle().without(section, reason))).toMatchObject({ state });
  });

  test('a broker without its weeks leaves the load unknown', () => {
    expect(reading('cost-waste', idle().withoutMetric(METRICS.bytesIn, { 'Broker ID': 4 }))).toMatchObject({
      state: 'no-data',
    });
  });

  test('nothing to choose on Serverless, nothing priced outside MSK', () => {
    expect(reading('cost-waste', idle().withKind('serverless'))).toMatchObject({ state: 'not-applicable' });
    expect(reading('cost-waste', idle().withKind('kafka'))).toMatchObject({ state: 'not-applicable' });
  });
});

describe('unused-storage', () => {
  const GIB = 2 ** 30;
  /** A busy topic, and one that stands still. */
  const stored = (still: number) =>
    aSnapshot()
      .withTopic('busy', { partitions: 1 })
      .withRates('busy', [10])
      .withTopic('still', { partitions: 1 })
      .withSizes('busy', 3 * GIB)
      .withSizes('still', still * GIB);
  const asked = (cluster: ReturnType<typeof stored>, bytes: number | number[] = 0) =>
    cluster.withHourly(METRICS.topicBytesIn, { 'Broker ID': 1, Topic: 'still' }, bytes);

  test('a quarter of the bytes, four weeks without any', () => {
    expect(kpi('unused-storage', asked(stored(1)))).toMatchObject({
      score: expect.closeTo(50 * (5 / 6), 9),
      reading: { value: 25, confidence: 1, worst: 'still' },
    });
  });

  test('four weeks, not a day less', () => {
    const hours = (days: number) => Array.from({ length: days * 24 }, () => 0);
    expect(reading('unused-storage', asked(stored(1), hours(28)))).toMatchObject({ value: 25 });
    expect(reading('unused-storage', asked(stored(1), hours(27)))).toMatchObject({ state: 'insufficient-history' });
  });

  test('one hour with traffic is use', () => {
    const once = Array.from({ length: 28 * 24 }, (_, i) => (i === 100 ? 5 : 0));
    expect(reading('unused-storage', asked(stored(1), once))).toMatchObject({ value: 0 });
  });

  test('what stands still since nobody knows when is neither used nor unused, unless it is next to nothing', () => {
    expect(reading('unused-storage', stored(1))).toMatchObject({
      state: 'insufficient-history',
      because: expect.stringContaining('still'),
    });
    expect(reading('unused-storage', stored(0.01))).toMatchObject({ state: 'ok', value: 0 });
  });

  test.each([
    ['kafkaLogDirs', 'not-permitted', 'no-permission'],
    ['kafkaLogDirs', 'not-supported', 'no-data'],
    ['kafkaOffsets', 'unreachable', 'no-network'],
    ['kafkaSamples', 'timed-out', 'no-network'],
  ] as const)('%s %s', (section, reason, state) => {
    expect(reading('unused-storage', asked(stored(1)).without(section, reason))).toMatchObject({ state });
  });

  test('Serverless does not tell what topics store', () => {
    expect(reading('unused-storage', stored(1).withKind('serverless'))).toMatchObject({ state: 'not-applicable' });
  });

  test('one look shows no movement; without topics there is nothing to store', () => {
    const once = aSnapshot().withSampleTimes([0]).withTopic('t').withSizes('t', GIB);
    expect(reading('unused-storage', once)).toMatchObject({ state: 'insufficient-history' });
    expect(
      reading(
        'unused-storage',
        aSnapshot().withTopic('__consumer_offsets', { internal: true }).withSizes('__consumer_offsets', GIB),
      ),
    ).toMatchObject({ state: 'not-applicable' });
  });
});

describe('version-runway', () => {
  const version = (kafkaVersion: string | null, status: string | null = 'ACTIVE') =>
    reading(
      'version-runway',
      aSnapshot().withCluster({ kafkaVersion }).withSection('versions', { status, upgradeTargets: null }),
    );

  test('no end announced', () => {
    expect(version('3.9.x.kraft')).toMatchObject({ state: 'ok', value: 400 });
  });

  test('whole days since the end: 2026-09-01 to 2026-11-20 06:15', () => {
    expect(version('3.7.x')).toMatchObject({ state: 'ok', value: -81 });
  });

  test.each([
    ['no end announced', '3.9.x.kraft', 0],
    ['not in the table', '9.9.x', 0],
    ['past its end', '3.7.x', -81],
  ])('deprecated, %s: never more than 0 days', (_, kafkaVersion, value) => {
    expect(version(kafkaVersion, 'DEPRECATED')).toMatchObject({ state: 'ok', value });
  });

  test.each([
    [90, 'ok'],
    [90.01, 'no-data'],
  ])('no end in a table that is %d days old, and not in the list: %s', (days, state) => {
    for (const cluster of [
      aSnapshot().withCluster({ kafkaVersion: '3.9.x' }).withSection('versions', { status: null, upgradeTargets: [] }),
      aSnapshot().withCluster({ kafkaVersion: '3.9.x' }).without('versions', 'not-permitted'),
    ])
      expect(reading('version-runway', cluster, { takenAtMs: Date.UTC(2026, 7, 22) + days * 86_400_000 }).state).toBe(
        state,
      );
  });

  test('a version that the table does not know is unknown, not supported', () => {
    expect(version('9.9.x')).toMatchObject({ state: 'no-data' });
    expect(version(null)).toMatchObject({ state: 'no-data' });
  });

  test('Kafka without MSK has no such date', () => {
    expect(reading('version-runway', aSnapshot().withKind('kafka'))).toMatchObject({ state: 'not-applicable' });
  });
});
