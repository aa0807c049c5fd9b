import { expect, test } from 'vitest';
import {
  BROKER_SIZES,
  brokerSizeOf,
  familyOf,
  gravitonTwinOf,
  recommendedThreads,
} from '../../lib/facts/broker-sizes.ts';
import { meaningOfState } from '../../lib/facts/cluster-states.ts';
import type { MetricDefinition } from '../../lib/facts/metric-catalogue.ts';
import { ALL_METRICS } from '../../lib/facts/metric-catalogue-all.ts';
import { offlinePricesOf } from '../../lib/facts/offline-prices.ts';

test('a broker size that AWS may add is unknown, not the nearest one', () => {
  expect(brokerSizeOf('kafka.m7g.large')).toMatchObject({ vcpu: 2, memoryGiB: 8, recommendedPartitionCount: 1000 });
  expect(brokerSizeOf('kafka.m8g.large')).toBeNull();
  expect(brokerSizeOf('constructor')).toBeNull();
});

test('a broker size never holds more than MSK allows', () => {
  for (const size of Object.values(BROKER_SIZES)) {
    expect(size.recommendedPartitionCount).toBeLessThanOrEqual(size.maxPartitionCount);
  }
});

test('Standard brokers move data by their hardware, Express by its quota, which never sustains more than it allows', () => {
  for (const [name, size] of Object.entries(BROKER_SIZES)) {
    const isExpress = name.startsWith('express.');
    expect([size.ebsMiBPerSec === null, size.networkMiBPerSec === null, size.quota !== null]).toEqual(
      Array.from({ length: 3 }, () => isExpress),
    );
    const { sustained, max } = size.quota ?? {
      sustained: { inMBPerSec: 0, outMBPerSec: 0 },
      max: { inMBPerSec: 1, outMBPerSec: 1 },
    };
    expect(sustained.inMBPerSec).toBeLessThan(max.inMBPerSec);
    expect(sustained.outMBPerSec).toBeLessThan(max.outMBPerSec);
    expect(size.maxProvisionedMiBPerSec ?? 0).toBeLessThanOrEqual(size.ebsMiBPerSec ?? 0);
  }
});

test('threads from 4xlarge on, by AWS for Standard alone', () => {
  expect(recommendedThreads('kafka.m7g.4xlarge')).toEqual({ ioThreads: 16, networkThreads: 8, replicaFetchers: 4 });
  expect(recommendedThreads('kafka.m5.24xlarge')).toEqual({ ioThreads: 96, networkThreads: 48, replicaFetchers: 16 });
  for (const other of ['kafka.m7g.2xlarge', 'express.m7g.4xlarge', 'kafka.m9g.4xlarge']) {
    expect(recommendedThreads(other)).toBeNull();
  }
});

test('the Graviton size of the same name, where there is one', () => {
  expect(gravitonTwinOf('kafka.m5.large')).toBe('kafka.m7g.large');
  for (const other of ['kafka.m5.24xlarge', 'kafka.m7g.large', 'kafka.t3.small', 'express.m7g.large']) {
    expect(gravitonTwinOf(other)).toBeNull();
  }
  expect([familyOf('kafka.m5.large'), familyOf('express.m7g.large')]).toEqual(['m5', 'express']);
});

test('a state that AWS may add has no meaning yet', () => {
  expect(meaningOfState('MAINTENANCE')).toMatchObject({ serving: true, disturbed: true, updatable: false });
  expect(meaningOfState('SOMETHING_NEW')).toBeNull();
  expect(meaningOfState('toString')).toBeNull();
});

test('every broker size has a price in us-east-1, each with a source, and no other region borrows it', () => {
  const { items } = offlinePricesOf('us-east-1')!;
  for (const size of Object.keys(BROKER_SIZES)) expect(items[`broker/${size}`]?.unit).toBe('hours');
  for (const item of Object.values(items)) {
    expect(item.usd).toBeGreaterThan(0);
    expect(item.source).toMatch(/^https:\/\//);
  }
  expect(offlinePricesOf('eu-west-1')).toBeNull();
});

// SKILL-PY's printed prices, not the factors that produce ours.
test.each([
  ['broker/kafka.m5.4xlarge', 1.68],
  ['broker/kafka.m5.24xlarge', 10.08],
  ['broker/kafka.m7g.16xlarge', 6.528],
  ['broker/express.m7g.2xlarge', 1.632],
  ['broker/express.m7g.12xlarge', 9.792],
  ['storage/gp2', 0.1],
])('%s costs %d USD', (key, usd) => {
  expect(offlinePricesOf('us-east-1')!.items[key]?.usd).toBe(usd);
});

test('no conflicting price is shipped', () => {
  expect(Object.keys(offlinePricesOf('us-east-1')!.items).filter((key) => /tiered|private/.test(key))).toEqual([]);
});

test('gauges that only the controller knows are asked for as Maximum: every other broker reports 0', () => {
  const byCluster = (Object.values(ALL_METRICS) as MetricDefinition[]).filter((each) => each.dimensions.length === 1);
  expect(byCluster.map((each) => each.statistic)).toEqual(byCluster.map(() => 'Maximum'));
});
