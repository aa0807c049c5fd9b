import { describe, expect, test } from 'vitest';
import type { ClusterSizing } from '../../lib/analysis/cluster-sizing.ts';
import type { CurrentBrokers, SizingLoad } from '../../lib/analysis/sizing-constraints.ts';
import { otherTypes, type TypeFacts } from '../../lib/analysis/type-comparison.ts';

const USD: Record<string, number> = {
  'broker/express.m7g.large': 0.4,
  'express/data-in': 0.01,
  'express/storage': 0.1,
  'broker/kafka.m7g.large': 0.2,
  'storage/gp2': 0.1,
  'serverless/cluster': 0.75,
  'serverless/partition': 0.0015,
  'serverless/data-in': 0.1,
  'serverless/data-out': 0.05,
  'serverless/storage': 0.1,
};

const FACTS: TypeFacts = {
  kafkaVersion: '3.9.x.kraft',
  partitions: 100,
  compactedPartitions: 0,
  groups: 10,
  isIamOnly: true,
};

interface Changes {
  load?: Partial<SizingLoad>;
  current?: Partial<CurrentBrokers>;
  facts?: Partial<TypeFacts>;
  usd?: Record<string, number>;
  maxBrokers?: number;
}

/** Three m7g.large that take in 1 MiB/s and keep it for a day: 84.375 GiB of one copy. In a month 2,566.40625 GiB pass. */
function compare({ load = {}, current = {}, facts = {}, usd = USD, maxBrokers = 30 }: Changes = {}) {
  const sizing = {
    kind: 'sized',
    workload: { avgOutMiBPerSec: 2 },
    load: {
      peakInMiBPerSec: 3,
      peakOutMiBPerSec: 6,
      avgInMiBPerSec: 1,
      replicas: 300,
      rf: 3,
      azs: 3,
      storedGiB: 3 * 84.375,
      retentionHours: 24,
      localHours: null,
      ...load,
    },
    current: {
      instanceType: 'kafka.m7g.large',
      brokers: 3,
      metadataMode: 'kraft',
      cpuPercent: 10,
      volumeGiB: 200,
      provisionedMiBPerSec: null,
      isTiered: false,
      canRunGraviton: true,
      canRemoveBrokers: true,
      ...current,
    },
    limits: { cpuPercent: 60, cpuAfterAzLossPercent: 90, diskTarget: 0.6, throughputTarget: 0.8, maxBrokers },
  } as unknown as ClusterSizing;
  const prices = Object.fromEntries(
    Object.entries(usd).map(([key, each]) => [key, { usd: each, unit: 'x', source: 'x' }]),
  );
  const found = otherTypes(sizing, { ...FACTS, ...facts }, prices);
  return { found, of: (name: string) => found.find((each) => each.name === name)! };
}

const EXPRESS_USD = 3 * 0.4 * 730 + 25.6640625 + 8.4375;
const SERVERLESS_USD = 730 * (0.75 + 100 * 0.0015) + 256.640625 + 256.640625 + 8.4375;

describe('what another type would cost', () => {
  test('by hand, the cheapest first', () => {
    const { found } = compare();
    expect(found).toEqual([
      {
        name: 'Express',
        brokers: '3 × express.m7g.large',
        usdPerMonth: expect.closeTo(EXPRESS_USD, 9),
        unpriced: [],
        blockers: [],
      },
      { name: 'Serverless', brokers: null, usdPerMonth: expect.closeTo(SERVERLESS_USD, 9), unpriced: [], blockers: [] },
    ]);
    const cheap = compare({ usd: { ...USD, 'serverless/cluster': 0.1 } });
    expect(cheap.found.map(({ name }) => name)).toEqual(['Serverless', 'Express']);
  });

  test('a cluster of Express becomes one of Standard: what it stores is one copy, volumes keep room', () => {
    const { found, of } = compare({
      current: { instanceType: 'express.m7g.large', volumeGiB: null },
      load: { storedGiB: 84.375 },
    });
    expect(found.map(({ name }) => name)).toEqual(['Standard', 'Serverless']);
    expect(of('Standard')).toMatchObject({ brokers: '3 × kafka.m7g.large', blockers: [], unpriced: [] });
    expect(of('Standard').usdPerMonth).toBeCloseTo(438 + ((3 * 84.375) / 0.6) * 0.1, 9);
  });

  test('three copies at least, and as many as there are', () => {
    const standard = (rf: number) =>
      compare({ current: { instanceType: 'express.m7g.large' }, load: { storedGiB: 84.375, rf } }).of('Standard');
    expect(standard(1).usdPerMonth).toBeCloseTo(438 + ((3 * 84.375) / 0.6) * 0.1, 9);
    expect(standard(4)).toMatchObject({ brokers: '6 × kafka.m7g.large' });
    expect(standard(4).usdPerMonth).toBeCloseTo(876 + ((4 * 84.375) / 0.6) * 0.1, 9);
  });

  test('as many brokers as the load needs, a zone at a time', () => {
    // 45 MiB/s are 47.2 MB/s, and 15.7 of each of three.
    const { of } = compare({ load: { peakInMiBPerSec: 45, peakOutMiBPerSec: 45 } });
    expect(of('Express').brokers).toBe('6 × express.m7g.large');
    const larger = { ...USD, 'broker/express.m7g.xlarge': 0.5 };
    expect(compare({ load: { peakInMiBPerSec: 45, peakOutMiBPerSec: 45 }, usd: larger }).of('Express').brokers).toBe(
      '3 × express.m7g.xlarge',
    );
  });

  test('as many brokers as their volumes can hold, and exactly full is full enough', () => {
    const standard = (storedGiB: number) =>
      compare({ current: { instanceType: 'express.m7g.large' }, load: { storedGiB } }).of('Standard').brokers;
    // Three copies, at 60 % of 16,384 GiB on each of six.
    expect(standard(19_660.8)).toBe('6 × kafka.m7g.large');
    expect(standard(19_661)).toBe('9 × kafka.m7g.large');
    const express = (replicas: number) => compare({ load: { replicas } }).of('Express').brokers;
    expect([express(3000), express(3001)]).toEqual(['3 × express.m7g.large', '6 × express.m7g.large']);
  });

  test('nothing is kept of what does not come in', () => {
    expect(compare({ load: { avgInMiBPerSec: 0 } }).of('Express').usdPerMonth).toBeCloseTo(876, 9);
  });

  test('an unknown price is none, and named', () => {
    const { of } = compare({ usd: { 'broker/express.m7g.large': 0.4, 'serverless/cluster': 0.75 } });
    expect(of('Express')).toMatchObject({
      usdPerMonth: expect.closeTo(876, 9),
      unpriced: ['express/data-in', 'express/storage'],
    });
    expect(of('Serverless')).toMatchObject({
      usdPerMonth: expect.closeTo(547.5, 9),
      unpriced: ['serverless/partition', 'serverless/data-in', 'serverless/data-out', 'serverless/storage'],
    });
  });

  test('without the price of any broker nobody knows', () => {
    const { 'broker/express.m7g.large': _, ...others } = USD;
    expect(compare({ usd: others }).of('Express')).toEqual({
      name: 'Express',
      brokers: null,
      usdPerMonth: Number.POSITIVE_INFINITY,
      unpriced: ['broker/express.*'],
      blockers: [],
    });
  });

  test('no size within the quota carries too much', () => {
    expect(compare({ load: { replicas: 1e9 } }).of('Express')).toEqual({
      name: 'Express',
      brokers: null,
      usdPerMonth: Number.POSITIVE_INFINITY,
      unpriced: [],
      blockers: ['no size within the quota of brokers carries the load'],
    });
    expect(compare({ maxBrokers: 3 }).of('Express').blockers).toEqual([]);
    expect(compare({ maxBrokers: 2 }).of('Express').blockers).toHaveLength(1);
  });
});

describe('what bars a type', () => {
  const express = (changes: Changes) => compare(changes).of('Express').blockers;
  const serverless = (facts: Partial<TypeFacts>) => compare({ facts }).of('Serverless').blockers;

  test('Express: three zones, a version that is offered, no tier', () => {
    expect(express({ load: { azs: 2 } })).toEqual(['2 zones of 3']);
    expect(express({ facts: { kafkaVersion: '3.7.x' } })).toEqual(['Kafka 3.7.x is not offered']);
    expect(express({ facts: { kafkaVersion: null } })).toEqual(['Kafka of unknown version is not offered']);
    expect(express({ facts: { kafkaVersion: '3.6.0' } })).toEqual([]);
    expect(express({ current: { isTiered: true } })).toEqual(['tiered storage']);
    expect(compare({ current: { isTiered: true } }).of('Serverless').blockers).toEqual(['tiered storage']);
  });

  test('Standard takes any cluster of Express', () => {
    const { of } = compare({
      current: { instanceType: 'express.m7g.large' },
      load: { azs: 2 },
      facts: { kafkaVersion: null },
    });
    expect(of('Standard').blockers).toEqual([]);
  });

  test.each<[Partial<TypeFacts>, readonly string[]]>([
    [{ compactedPartitions: 120, groups: 500, partitions: 2400 }, []],
    [{ compactedPartitions: 121 }, ['121 partitions of compacted topics of 120']],
    [{ groups: 501 }, ['501 consumer groups of 500']],
    [{ partitions: 2401 }, ['partitions: 2401 of 2400']],
    [{ partitions: null }, ['partitions were not counted']],
    [{ compactedPartitions: null }, ['partitions of compacted topics were not counted']],
    [{ groups: null }, ['consumer groups were not counted']],
    [{ isIamOnly: false }, ['clients that do not come in with IAM']],
    [{ isIamOnly: null }, ['the ways to authenticate are not known']],
  ])('Serverless: %j', (facts, blockers) => {
    expect(serverless(facts)).toEqual(blockers);
  });
});
