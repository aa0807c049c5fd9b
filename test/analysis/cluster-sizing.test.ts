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
