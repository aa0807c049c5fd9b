import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  compressionSaving,
  crossAzCost,
  crossShare,
  metricReadsUsdPerMonth,
  monitoringCost,
  tieringSaving,
  wastePercent,
} from '../../lib/analysis/savings.ts';

describe('tiering', () => {
  const load = { ingressMiBPerSec: 20, retentionHours: 14 * 24, localHours: 24, rf: 3 };
  const usd = { ebs: 0.1, tier: 0.06 };

  test('a segment stays until it rolls, and what is read back costs', () => {
    const saving = tieringSaving({ ...load, rollHours: 24, retrievedGiBPerMonth: 1000 }, { ...usd, retrieval: 0.0015 });
    expect(saving.localAfterGiB).toBeCloseTo(2 * 5062.5, 9);
    expect(saving.usdAfter).toBeCloseTo(1012.5 + 1417.5 + 1.5, 9);
  });

  test('by hand: fourteen days of 20 MiB/s in three copies become one day of them and one remote copy', () => {
    // 20 x 3600 x 336/1024 GiB = 23,625 of one copy.
    expect(tieringSaving(load, usd)).toEqual({
      localNowGiB: 70_875,
      localAfterGiB: 5062.5,
      remoteGiB: 23_625,
      usdNow: 7087.5,
      usdAfter: 506.25 + 1417.5,
      savingUsd: 5163.75,
      savingShare: 5163.75 / 7087.5,
      isRealisableInPlace: false,
    });
  });

  test('all kept locally costs the remote copy on top', () => {
    const saving = tieringSaving({ ...load, localHours: 1000 }, usd);
    expect(saving.localAfterGiB).toBe(saving.localNowGiB);
    expect(saving.savingUsd).toBeCloseTo(-1417.5, 9);
  });

  test('nothing stored saves nothing', () =>
    expect(tieringSaving({ ...load, ingressMiBPerSec: 0 }, usd).savingShare).toBe(0));
});

describe('compression', () => {
  const load = {
    ingressMiBPerSec: 10,
    uncompressedShare: 0.5,
    ratio: 0.4,
    fanOut: 2,
    retentionHours: 24,
    rf: 3,
    diskTarget: 0.6,
    azs: 3,
  };
  const usd = { ebs: 0.1, crossAz: 0.02, expressDataIn: 0.01 };

  test('by hand: half of it shrinks to 40 %, so 3 of 10 MiB/s are saved', () => {
    const saving = compressionSaving(load, usd);
    expect(saving.newIngressMiBPerSec).toBeCloseTo(7, 12);
    expect(saving.reductionShare).toBeCloseTo(0.3, 12);
    // 3 × 86400 × 3/1024/0.6; a month 3 × 3600 × 730/1024 = 7699.21875 GiB.
    expect(saving.ebsGiBSaved).toBeCloseTo(1265.625, 9);
    expect(saving.ebsUsdAvoided).toBeCloseTo(126.5625, 9);
    expect(saving.crossAzProducerUsdSaved).toBeCloseTo(7699.21875 * (2 / 3) * 0.02, 9);
    expect(saving.crossAzConsumerUsdSaved).toBeCloseTo(2 * saving.crossAzProducerUsdSaved, 9);
    expect(saving.expressDataInUsdSaved).toBeCloseTo(76.9921875, 9);
  });

  test('nothing is saved where all is compressed or nothing compresses', () => {
    expect(compressionSaving({ ...load, uncompressedShare: 0 }, usd).newIngressMiBPerSec).toBe(10);
    expect(compressionSaving({ ...load, ratio: 1 }, usd).ebsUsdAvoided).toBe(0);
  });
});

describe('between zones', () => {
  const shares = fc
    .array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 })
    .map((parts) => parts.map((part) => part / parts.reduce((a, b) => a + b)));

  test('readers in their own zone leave what their share does not cover; replication is free', () => {
    const cost = crossAzCost({ ingressMiBPerSec: 1, egressMiBPerSec: 2, azs: 2, rackAwareShare: 0.25 }, 0.02);
    // 1 × 3600 × 730/1024/2 × 0.02
    expect(cost.producerUsd).toBeCloseTo(25.6640625, 9);
    expect(cost.consumerUsdWithRack).toBeCloseTo(51.328125 * 0.75, 9);
    expect(cost.savingUsd).toBeCloseTo(51.328125 / 4, 9);
    expect(cost.replicationUsd).toBe(0);
  });

  test('with leaders spread evenly it does not matter where clients are', () => {
    fc.assert(
      fc.property(shares, (clients) => {
        expect(crossShare(clients, [1 / 3, 1 / 3, 1 / 3])).toBeCloseTo(2 / 3, 9);
      }),
    );
  });

  test('a share of traffic: between none and all; clients of a zone without leaders always cross', () => {
    fc.assert(
      fc.property(shares, shares, (clients, leaders) => {
        expect(crossShare(clients, leaders)).toBeGreaterThanOrEqual(-1e-9);
        expect(crossShare(clients, leaders)).toBeLessThanOrEqual(1);
      }),
    );
    expect(crossShare([0, 1], [1])).toBe(1);
  });
});

test('monitoring by hand: each level by itself', () => {
  const cost = monitoringCost(
    { brokers: 3, topics: 100, groupPartitions: 500 },
    { perBroker: 50, perTopicBroker: 3, perPartition: 3 },
    0.3,
  );
  expect(cost.perBrokerUsd).toBeCloseTo(45, 9);
  expect(cost.perTopicUsd).toBeCloseTo(270, 9);
  expect(cost.perPartitionUsd).toBeCloseTo(450, 9);
});

test('24 metrics once an hour for a month of 730 hours', () => {
  expect(metricReadsUsdPerMonth(24, 1000, 0.01)).toBeCloseTo(7.3, 9);
});

test.each([
  [100, 80, 20],
  [100, 100, 0],
  [100, 120, 0],
  [0, 0, 0],
])('of %d a cheapest %d wastes %d %%', (current, cheapest, waste) =>
  expect(wastePercent(current, cheapest)).toBe(waste),
);
