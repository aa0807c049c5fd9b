import { describe, expect, test } from 'vitest';
import { costWastePercent, type SizingInputs, sizeCluster } from '../../lib/analysis/cluster-sizing.ts';
import { METRICS } from '../../lib/facts/metric-catalogue.ts';
import { offlinePricesOf } from '../../lib/facts/offline-prices.ts';
import { defaultCheckThresholds } from '../../lib/policy/default-policy.ts';
import { missing } from '../../lib/snapshot/collected.ts';
import { aSnapshot, type SnapshotBuilder } from '../builders/a-snapshot.ts';

const { items, asOfDate } = offlinePricesOf('us-east-1')!;
const policy = defaultCheckThresholds('production', 'balanced')['brokers-oversized'];

function size(builder: SnapshotBuilder) {
  const { sections } = builder.build();
  const inputs = new Proxy(sections, {
    get: (all, name) => (all as Record<string | symbol, unknown>)[name] ?? missing('not-requested', ''),
  }) as unknown as SizingInputs;
  return sizeCluster(inputs, policy);
}

function cluster(cpu: number, instanceType = 'kafka.m7g.2xlarge') {
  return aSnapshot()
    .withCluster({ instanceType })
    .withTopic('t')
    .withSection('prices', { source: 'offline', asOfDate, region: 'us-east-1', currency: 'USD', items })
    .withHourlyOfBrokers(METRICS.bytesIn, 2e6)
    .withHourlyOfBrokers(METRICS.bytesOut, 4e6)
    .withHourlyOfBrokers(METRICS.cpuUser, cpu)
    .withHourlyOfBrokers(METRICS.cpuSystem, 0)
    .withHourlyOfBrokers(METRICS.partitionCount, 100)
    .withHourlyOfBrokers(METRICS.diskUsed, 30);
}

describe('sizing of a cluster', () => {
  test('by hand: half of three m7g.2xlarge at 0.816, whose volumes of 300 dollars stay', () => {
    const sizing = size(cluster(20));
    if (sizing.kind !== 'sized') throw new Error(sizing.because);
    expect(sizing.currentUsdPerMonth).toBeCloseTo(3 * 0.816 * 730 + 300, 6);
    expect(sizing.best).toMatchObject({ instanceType: 'kafka.m7g.xlarge', brokers: 3, confidence: 0.9 });
    expect(costWastePercent(sizing)).toBeCloseTo((100 * 893.52) / 2087.04, 6);
  });

  test('no waste where nothing is cheaper', () => {
    const sizing = size(cluster(50, 'kafka.m7g.large'));
    if (sizing.kind !== 'sized') throw new Error(sizing.because);
    expect(sizing.best).toBeNull();
    expect(costWastePercent(sizing)).toBe(0);
  });

  test.each([
    [
      'three weeks less',
      cluster(20).withHourlyOfBrokers(
        METRICS.bytesIn,
        Array.from({ length: 168 }, () => 2e6),
      ),
      'too-young',
    ],
    ['no metrics', cluster(20).without('metrics', 'throttled'), 'unknown'],
    ['no prices', cluster(20).without('prices', 'not-permitted'), 'unknown'],
    ['no brokers to size', cluster(20).withKind('serverless'), 'unknown'],
    ['the cluster was not described', cluster(20).without('cluster', 'not-permitted'), 'unknown'],
    [
      'nobody tells the copies',
      cluster(20).without('kafkaTopics', 'timed-out').without('configuration', 'failed'),
      'unknown',
    ],
  ])('%s', (_, source, kind) => {
    expect(size(source).kind).toBe(kind);
  });

  const sized = (builder: SnapshotBuilder) => {
    const sizing = size(builder);
    if (sizing.kind !== 'sized') throw new Error(sizing.because);
    return sizing;
  };

  test('two weeks of hours are enough, an hour less is not', () => {
    const young = (hours: number) =>
      size(
        cluster(20).withHourlyOfBrokers(
          METRICS.bytesIn,
          Array.from({ length: hours }, () => 2e6),
        ),
      );
    expect(young(14 * 24).kind).toBe('sized');
    expect(young(14 * 24 - 1)).toEqual({
      kind: 'too-young',
      days: 13,
      because: 'only 13 of 14 days of hours are known',
    });
  });

  test('limits are those of the policy, shares as shares', () => {
    expect(sized(cluster(20)).limits).toEqual({
      cpuPercent: 60,
      cpuAfterAzLossPercent: 85,
      diskTarget: 0.6,
      throughputTarget: 0.8,
      maxBrokers: 60,
    });
  });

  test.each([
    ['metrics', cluster(20).without('metrics', 'throttled'), /^metrics were not read \(throttled\)/],
    ['prices', cluster(20).without('prices', 'not-permitted'), /^prices were not read \(not-permitted\)/],
    ['a volume', cluster(20).withCluster({ volumeGiBPerBroker: null }), /^not every broker has its hours/],
    [
      'hours of a broker',
      cluster(20).withoutMetric(METRICS.bytesIn, { 'Broker ID': 2 }),
      /^not every broker has its hours/,
    ],
    ['a size', cluster(20, 'kafka.m9g.large'), /^kafka.m9g.large or a part of its storage has no price/],
    ['brokers', cluster(20).withKind('serverless'), /^the brokers were not described/],
  ])('%s missing is said', (_, source, because) => {
    expect(size(source)).toMatchObject({ kind: 'unknown', because: expect.stringMatching(because) });
  });

  test('copies that nobody counted are a guess; those of Express are three', () => {
    expect(sized(cluster(20)).isReplicationCounted).toBe(true);
    const guessed = cluster(20).withBrokerSettings({ 'default.replication.factor': '3' }).without('kafkaTopics');
    expect(sized(guessed).isReplicationCounted).toBe(false);
    const express = cluster(5, 'express.m7g.xlarge')
      .withKind('provisioned-express')
      .withHourly(METRICS.storageUsed, {}, 1e9)
      .without('kafkaTopics');
    expect(sized(express)).toMatchObject({
      isReplicationCounted: true,
      load: { rf: 3 },
      current: { volumeGiB: null, provisionedMiBPerSec: null, isTiered: false },
    });
  });

  test('the same family is surer than another; what AWS calls too tight is no advice', () => {
    const confidence = (builder: SnapshotBuilder, wanted: string) =>
      sized(builder).options.find(({ instanceType }) => instanceType.startsWith(wanted))?.confidence;
    expect(confidence(cluster(20), 'kafka.m7g.')).toBe(0.9);
    expect(confidence(cluster(20, 'kafka.m5.2xlarge'), 'kafka.m7g.')).toBe(0.7);
    const busy = cluster(5)
      .withMetricOfBrokers(METRICS.cpuUser, 5)
      .withMetricOfBrokers(METRICS.cpuSystem, 0)
      .withHourlyOfBrokers(METRICS.bytesIn, 16e6)
      .withHourlyOfBrokers(METRICS.bytesOut, 16e6);
    const tight = sized(busy).options.filter(({ isTight }) => isTight);
    expect(tight.length).toBeGreaterThan(0);
    expect(tight.every((option) => option.confidence === 0.5)).toBe(true);
    expect(sized(busy).best?.isTight ?? false).toBe(false);
  });

  test('as sure as asked is sure enough', () => {
    const asked = (minConfidence: number) => {
      const { sections } = cluster(20).build();
      const inputs = new Proxy(sections, {
        get: (all, name) => (all as Record<string | symbol, unknown>)[name] ?? missing('not-requested', ''),
      }) as unknown as SizingInputs;
      const sizing = sizeCluster(inputs, { ...policy, minConfidence });
      return sizing.kind === 'sized' ? sizing.best : null;
    };
    expect([asked(0.9), asked(0.91)]).toEqual([expect.objectContaining({ instanceType: 'kafka.m7g.xlarge' }), null]);
  });

  test('by hand: 6 MB/s and 500 GiB in the tier are 24.9 hours of it', () => {
    const tiered = (builder = cluster(20)) =>
      builder.withCluster({ instanceType: 'kafka.m7g.2xlarge', storageMode: 'TIERED' }).withSection('prices', {
        source: 'offline',
        asOfDate,
        region: 'us-east-1',
        currency: 'USD',
        items: { ...items, 'storage/tiered': { usd: 0.06, unit: 'x', source: 'x' } },
      });
    const hours = (builder: SnapshotBuilder) => sized(builder).load.retentionHours;
    const kept = tiered().withHourlyOfBrokers(METRICS.remoteLogSize, (500 * 1024 ** 3) / 3);
    expect(hours(kept)).toBeCloseTo((500 * 1024 ** 3) / 6e6 / 3600, 6);
    expect(hours(tiered())).toBe(0);
    expect(hours(cluster(20).withHourlyOfBrokers(METRICS.remoteLogSize, 1e12))).toBe(0);
    expect(hours(kept.withHourlyOfBrokers(METRICS.bytesIn, 0))).toBe(0);
  });

  test('ZooKeeper has a quota of its own, and a cluster of more brokers keeps them', () => {
    const quota = (limits: 'brokers-per-kraft-cluster' | 'brokers-per-zookeeper-cluster', value: number) => ({
      code: limits,
      name: 'x',
      value,
      isAdjustable: true,
      limits,
      source: 'applied' as const,
    });
    const most = (builder: SnapshotBuilder) => sized(builder).limits.maxBrokers;
    const zookeeper = () => cluster(20).withCluster({ metadataMode: 'zookeeper' });
    expect(most(zookeeper())).toBe(30);
    const both = [quota('brokers-per-kraft-cluster', 90), quota('brokers-per-zookeeper-cluster', 45)];
    expect([most(zookeeper().withSection('quotas', both)), most(cluster(20).withSection('quotas', both))]).toEqual([
      45, 90,
    ]);
    expect(most(zookeeper().withSection('quotas', both.slice(0, 1)))).toBe(30);
    expect(most(cluster(20).withSection('quotas', [quota('brokers-per-kraft-cluster', 2)]))).toBe(3);
  });

  test("the account's own quota of brokers goes before AWS's", () => {
    const quota = (value: number) => [
      {
        code: 'L-03FD6822',
        name: 'x',
        value,
        isAdjustable: true,
        limits: 'brokers-per-kraft-cluster' as const,
        source: 'applied' as const,
      },
    ];
    const limits = (source: SnapshotBuilder) => {
      const sizing = size(source);
      return sizing.kind === 'sized' ? sizing.limits.maxBrokers : null;
    };
    expect(limits(cluster(20))).toBe(60);
    expect(limits(cluster(20).withSection('quotas', quota(90)))).toBe(90);
  });
});
