import { describe, expect, test } from 'vitest';
import { monthlyCost } from '../../lib/analysis/cost.ts';
import { missing, present } from '../../lib/snapshot/collected.ts';
import type { SectionValue } from '../../lib/snapshot/schema.ts';
import { aSnapshot, TAKEN_AT_MS } from '../builders/a-snapshot.ts';

const ITEMS: Record<string, number> = {
  'broker/kafka.m7g.large': 0.2,
  'broker/express.m7g.large': 0.4,
  'storage/gp2': 0.1,
  'throughput/provisioned': 0.08,
  'serverless/cluster': 0.75,
};

function prices(items: Record<string, number> = ITEMS) {
  const value: SectionValue<'prices'> = {
    source: 'offline',
    asOfDate: '2026-08-20',
    region: 'eu-west-1',
    currency: 'USD',
    items: Object.fromEntries(Object.entries(items).map(([key, usd]) => [key, { usd, unit: 'x', source: 'a list' }])),
  };
  return present(value, TAKEN_AT_MS);
}

describe('Standard', () => {
  test('three brokers with 1000 GiB each, by hand: 3 x 730 x 0.2 + 3 x 1000 x 0.1', () => {
    const cost = monthlyCost(aSnapshot().build().sections.cluster, prices());
    expect(cost.lines.map((line) => [line.quantity, line.unit, line.usdPerMonth])).toEqual([
      [2190, 'hours', 438],
      [3000, 'GiB-month', expect.closeTo(300, 9)],
    ]);
    expect(cost.usdPerMonth).toBeCloseTo(738, 9);
    expect(cost).toMatchObject({ complete: true, asOfDate: '2026-08-20' });
    expect(cost.source).toContain('as of 2026-08-20');
    expect(cost.lines[0]!.source).toBe('broker/kafka.m7g.large, a list');
  });

  test('provisioned throughput counts per broker: 3 x 250 x 0.08', () => {
    const cluster = aSnapshot().withCluster({ provisionedThroughputMiBPerSec: 250 }).build().sections.cluster;
    expect(monthlyCost(cluster, prices()).lines[2]!.usdPerMonth).toBe(60);
  });

  test('a price that is not in the list leaves its line unknown and the total incomplete', () => {
    const cost = monthlyCost(aSnapshot().build().sections.cluster, prices({ 'storage/gp2': 0.1 }));
    expect(cost.lines[0]).toMatchObject({
      usdPerUnit: null,
      usdPerMonth: null,
      source: 'no price for broker/kafka.m7g.large',
    });
    expect(cost).toMatchObject({ usdPerMonth: expect.closeTo(300, 9), complete: false });
  });

  test('an unknown volume is unknown, not free', () => {
    const cluster = aSnapshot().withCluster({ volumeGiBPerBroker: null }).build().sections.cluster;
    const cost = monthlyCost(cluster, prices());
    expect(cost.lines[1]).toMatchObject({ quantity: null, usdPerUnit: 0.1, usdPerMonth: null });
    expect(cost).toMatchObject({ usdPerMonth: 438, complete: false });
  });

  test('tiered storage is listed as unknown', () => {
    const cluster = aSnapshot().withCluster({ storageMode: 'TIERED' }).build().sections.cluster;
    expect(monthlyCost(cluster, prices())).toMatchObject({ complete: false, usdPerMonth: expect.closeTo(738, 9) });
  });
});

test('Express: brokers are known, what is billed by use is not', () => {
  const cost = monthlyCost(aSnapshot().withKind('provisioned-express').build().sections.cluster, prices());
  expect(cost.usdPerMonth).toBeCloseTo(3 * 730 * 0.4, 9);
  expect(cost.complete).toBe(false);
  expect(cost.lines.slice(1).map((line) => line.usdPerMonth)).toEqual([null, null]);
  expect(cost.lines[1]!.source).toContain('not measured in this report');
});

test('Serverless: the cluster hours are known, the rest is by use', () => {
  const cost = monthlyCost(aSnapshot().withKind('serverless').build().sections.cluster, prices());
  expect(cost.usdPerMonth).toBeCloseTo(547.5, 9);
  expect(cost.complete).toBe(false);
});

test('no prices: all lines are there without a dollar', () => {
  const cost = monthlyCost(aSnapshot().build().sections.cluster, missing('unreachable', 'no answer'));
  expect(cost).toMatchObject({ usdPerMonth: null, complete: false, asOfDate: null, source: 'no prices: no answer' });
  expect(cost.lines).toHaveLength(2);
});

test('no MSK cluster: nothing to price', () => {
  expect(monthlyCost(undefined, prices())).toMatchObject({ usdPerMonth: null, complete: false, lines: [] });
});
