import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { capacityPlan, naivePlan, piecesFor, roundUpToAzs, workbookSizing } from '../../lib/analysis/sizing.ts';

test.each([
  [6, 3, 2],
  [6.01, 3, 3],
  // 0.1 × 3 is a little more than 0.3 to a computer: rounding is no broker.
  [0.1 * 3, 0.1, 3],
  [0.1 * 3 - 0.3, 1, 0],
  [0.1 * 3 * 1e8, 1, 30_000_000],
  [0, 3, 0],
  [0, 0, 0],
  [1, 0, Number.POSITIVE_INFINITY],
  // Large enough that a share of a billionth would be whole pieces.
  [2e9, 1, 2e9],
  [2e9 + 1, 1, 2e9 + 1],
])('%d in pieces of %d: %d', (demand, size, pieces) => expect(piecesFor(demand, size)).toBe(pieces));

test.each([
  [0, 3, 3],
  [3, 3, 3],
  [4, 3, 6],
  [3, 2, 4],
])('%d brokers over %d zones: %d', (brokers, azs, expected) => expect(roundUpToAzs(brokers, azs)).toBe(expected));

describe('workbook', () => {
  const load = { avgIn: 20, peakIn: 40, peakOut: 80, replicas: 2000, rf: 3, retentionHours: 24, azs: 3 };
  const m7gLarge = {
    ebsMiBPerSec: 78.75,
    networkMiBPerSec: 117,
    recommendedPartitionCount: 1000,
    utilisation: 0.5,
    ebsHeadroom: 2,
  };
  const prices = { brokerHour: 0.204, ebsPerGiB: 0.1, crossAzPerGiB: 0.02 };

  test('by hand, kafka.m7g.large: 40 MiB/s at 6.06 a broker are 7 brokers, so 9', () => {
    // min(78.75/6.5, 117/(2 × 1.5 + 5.7)) × 0.5 = min(12.115, 13.448)/2; 20 × 86400 × 3 × 2/1024 = 10125 GiB;
    // 9 × 0.204 × 730 = 1340.28; 1012.50; 20 × 3600 × 730/1024 × 2/3 × 0.02 = 684.375.
    const sizing = workbookSizing(load, m7gLarge, prices);
    expect(sizing.ingressPerBroker).toBeCloseTo(6.057692, 6);
    expect(sizing.brokers).toEqual({ ingress: 9, egress: 9, partitions: 3, storage: 3, result: 9 });
    expect(sizing.ebsGiB).toBeCloseTo(10_125, 9);
    expect(sizing.usdPerMonth).toBeCloseTo(1340.28 + 1012.5 + 684.375, 6);
  });

  test('partitions bind where there are many, storage where much is kept', () => {
    expect(workbookSizing({ ...load, replicas: 9001 }, m7gLarge, prices).brokers).toMatchObject({
      partitions: 12,
      result: 12,
    });
    expect(workbookSizing({ ...load, retentionHours: 24 * 30 }, m7gLarge, prices).brokers).toMatchObject({
      storage: 21,
      result: 21,
    });
  });

  test('a load that nobody reads asks for no brokers to send it', () => {
    const { brokers, usdPerMonth } = workbookSizing({ ...load, peakOut: 0 }, m7gLarge, prices);
    expect(brokers).toEqual({ ingress: 9, egress: 3, partitions: 3, storage: 3, result: 9 });
    expect(usdPerMonth).toBeCloseTo(1340.28 + 1012.5 + 684.375, 6);
  });

  test('egress never asks for other brokers than ingress: it is ingress times the fan-out on both sides', () => {
    const rate = fc.double({ min: 0.1, max: 5000, noNaN: true });
    fc.assert(
      fc.property(rate, rate, (peakIn, peakOut) => {
        const { brokers } = workbookSizing({ ...load, peakIn, peakOut }, m7gLarge, prices);
        expect(brokers.egress).toBe(brokers.ingress);
        expect(brokers.result % 3).toBe(0);
      }),
    );
  });
});

describe('plan', () => {
  const load = {
    messagesPerSec: 1000,
    messageBytes: 1024 ** 2,
    peakFactor: 2,
    producePerPartitionMiBPerSec: 10,
    consumePerMemberPerSec: 100,
    rf: 3,
    partitionLimitPerBroker: 100,
    brokers: 6,
    retentionHours: 1,
    azs: 3,
    diskTarget: 0.5,
    overhead: 1,
  };

  test('by hand: bytes want 200 partitions, members 20; 204 over 6 brokers, whose replicas want 9', () => {
    expect(capacityPlan(load)).toMatchObject({
      partitionsByProduce: 200,
      partitionsByConsume: 20,
      partitions: 204,
      consumersNeeded: 20,
      brokersByPartitions: 7,
      brokersMin: 9,
    });
    // 1000 MiB/s × 3600 × 3/1024/6 = 1757.8125, twice that at half full, and the busiest with half as much again.
    expect(capacityPlan(load).storageGiBPerBroker).toBeCloseTo(3515.625, 9);
    expect(capacityPlan({ ...load, skew: 1.5 }).storageGiBPerBroker).toBeCloseTo(5273.4375, 9);
    expect(capacityPlan({ ...load, overhead: 1.1 }).storageGiBPerBroker).toBeCloseTo(3867.1875, 9);
  });

  test('a tiny load still needs a partition a broker and a broker a replica', () => {
    expect(capacityPlan({ ...load, messagesPerSec: 0.001 })).toMatchObject({ partitions: 6, brokersMin: 3 });
    expect(capacityPlan({ ...load, messagesPerSec: 0.001, rf: 2, azs: 2 }).brokersMin).toBe(2);
  });

  test('the naive formulas forget peak and headroom', () => {
    const naive = naivePlan({ ...load, messagesPerPartitionPerSec: 100 });
    expect(naive).toMatchObject({ partitions: 10, consumers: 10, brokers: 0.3 });
    expect(naive.storageGiBPerBroker).toBeCloseTo(1757.8125, 9);
  });

  test('what is planned carries the peak', () => {
    const some = fc.double({ min: 0.01, max: 1e5, noNaN: true });
    fc.assert(
      fc.property(some, fc.integer({ min: 3, max: 60 }), (messagesPerSec, brokers) => {
        const plan = capacityPlan({ ...load, messagesPerSec, brokers });
        expect(plan.partitions * 10).toBeGreaterThanOrEqual(messagesPerSec * 2 * (1 - 1e-6));
        expect(plan.consumersNeeded).toBeLessThanOrEqual(plan.partitions);
        expect(plan.partitions % brokers).toBe(0);
        expect(plan.brokersMin % 3).toBe(0);
      }),
    );
  });
});
