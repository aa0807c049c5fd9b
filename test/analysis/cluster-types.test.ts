import { describe, expect, test } from 'vitest';
import {
  cheapestEligible,
  expressBlockers,
  expressUsdPerMonth,
  serverlessBlockers,
  serverlessUsdPerMonth,
  standardUsdPerMonth,
} from '../../lib/analysis/cluster-types.ts';

const load = {
  avgInMiBPerSec: 10,
  avgOutMiBPerSec: 20,
  peakInMiBPerSec: 30,
  peakOutMiBPerSec: 60,
  retentionHours: 24,
  partitions: 100,
};
// In a month 10 MiB/s are 25664.0625 GiB; 24 h of them are 843.75 GiB.

test('by hand: Standard pays brokers and volumes', () => {
  const rates = { brokers: 3, brokerHour: 0.2, ebsPerGiB: 0.1, ebsHeadroom: 2, rf: 3 };
  expect(standardUsdPerMonth(load, rates)).toBeCloseTo(438 + 506.25, 9);
});

test('by hand: Express pays brokers, data in and what is stored, by default once', () => {
  const rates = { brokers: 3, brokerHour: 0.4, dataInPerGiB: 0.01, storagePerGiB: 0.1 };
  expect(expressUsdPerMonth(load, rates)).toBeCloseTo(876 + 256.640625 + 84.375, 9);
  expect(expressUsdPerMonth(load, rates, 3)).toBeCloseTo(876 + 256.640625 + 253.125, 9);
});

test('by hand: Serverless pays hours, bytes both ways and storage', () => {
  const rates = { clusterHour: 0.75, partitionHour: 0.0015, inPerGiB: 0.1, outPerGiB: 0.05, storagePerGiB: 0.1 };
  expect(serverlessUsdPerMonth(load, rates)).toBeCloseTo(547.5 + 109.5 + 2566.40625 + 2566.40625 + 84.375, 9);
});

describe('what bars a type', () => {
  test('Serverless: 190 MiB/s fit into 200 MB/s, 191 do not', () => {
    expect(serverlessBlockers({ ...load, peakInMiBPerSec: 190 })).toEqual([]);
    expect(serverlessBlockers({ ...load, peakInMiBPerSec: 191 })).toEqual(['bytes in at peak: 200.3 of 200 MB/s']);
    expect(serverlessBlockers({ ...load, peakOutMiBPerSec: 400, partitions: 2401 })).toHaveLength(2);
  });

  test('Express: brokers are throttled at their quota, and hold so many replicas', () => {
    expect(expressBlockers(load, 'express.m7g.large', 3)).toEqual([]);
    expect(expressBlockers({ ...load, peakInMiBPerSec: 70 }, 'express.m7g.large', 3)).toEqual([
      'bytes in at peak: 73.4 of 70.2 MB/s',
    ]);
    expect(expressBlockers({ ...load, partitions: 1501 }, 'express.m7g.large', 3)).toEqual(['replicas: 4503 of 4500']);
  });
});

describe('the cheapest', () => {
  const option = (name: string, usdPerMonth: number | null, ...blockers: string[]) => ({ name, usdPerMonth, blockers });

  test('what is barred or has no price is not it', () => {
    expect(cheapestEligible([option('a', 10, 'too small'), option('b', null), option('c', 30), option('d', 20)])).toBe(
      'd',
    );
    expect(cheapestEligible([option('a', 10, 'too small'), option('b', null)])).toBeNull();
  });
});
