import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { partitionSkew } from '../../lib/analysis/hot-partition.ts';
import { median } from '../../lib/analysis/statistics.ts';

const rule = {
  minOverMedianOfOthers: 3,
  minShareTimesFair: 2,
  minRobustZ: 3.5,
  robustZFromPartitions: 8,
  madFloorShare: 0.02,
};
const hot = (rates: number[]) => partitionSkew(rates, rule)?.hotPartitions;

describe('hot partition', () => {
  test('by hand: ten partitions, one with five times the rate', () => {
    const skew = partitionSkew([100, 98, 102, 101, 99, 100, 97, 103, 500, 100], rule)!;
    // Sum 1400; the median of all is 100, of the other nine 100; deviations 0 2 2 1 1 0 3 3 400 0, MAD 1.5, floor 0.02 x 100 = 2.
    expect(skew).toMatchObject({
      mean: 140,
      medianOfOthers: 100,
      maxOverMedianOfOthers: 5,
      fairShare: 0.1,
      mad: 1.5,
      madUsed: 2,
    });
    expect(skew.maxOverMean).toBeCloseTo(500 / 140, 12);
    expect(skew.share).toBeCloseTo(500 / 1400, 12);
    expect(skew.robustZ).toBeCloseTo((0.6745 * 400) / 2, 9);
    expect(skew.populationZ).toBeCloseTo(
      360 / Math.sqrt((360 ** 2 + 3 * 40 ** 2 + 42 ** 2 + 38 ** 2 + 39 ** 2 + 41 ** 2 + 43 ** 2 + 37 ** 2) / 10),
      9,
    );
    expect(skew.largestPossiblePopulationZ).toBe(3);
    expect(skew.hotPartitions).toEqual([8]);
  });

  test.each([
    [
      'three partitions: twice the fair share is four times the others, where no mean + 3 sigma rule could tell',
      [100, 100, 400],
      [2],
    ],
    ['three partitions, just below', [100, 100, 399], []],
    ['six partitions, just below three times the others', [10, 10, 10, 10, 10, 29.9], []],
    ['six partitions: three times the others is more than twice the fair share', [10, 10, 10, 10, 10, 30], [5]],
    ['two of two cannot have twice the fair share', [1, 99], []],
    ['all traffic on one key', [0, 0, 0, 700], [3]],
    ['two hot ones of twelve', [900, 50, 50, 50, 800, 50, 50, 50, 50, 50, 50, 50], [0, 4]],
    [
      'many partitions with a wide spread: three times the median is within it',
      [10, 90, 20, 80, 30, 70, 40, 60, 50, 170],
      [],
    ],
    ['all equal', [5, 5, 5, 5, 5, 5, 5, 5], []],
  ])('%s', (_, rates, expected) => {
    expect(hot(rates)).toEqual(expected);
  });

  test('with eight partitions the spread of the others counts, with seven not', () => {
    const seven = [10, 300, 20, 60, 330, 90, 20];
    expect(hot(seven)).toEqual([1, 4]);
    // Median 75, MAD 60: z of the busiest = 0.6745 x 255 / 60.
    const eight = partitionSkew([...seven, 250], rule)!;
    expect(eight.maxOverMedianOfOthers).toBe(5.5);
    expect(eight.robustZ).toBeCloseTo(2.866625, 9);
    expect(eight.hotPartitions).toEqual([]);
  });

  test('a z at the least one asked for is not above it', () => {
    const rates = [100, 98, 102, 101, 99, 100, 97, 103, 500, 100];
    const { robustZ } = partitionSkew(rates, rule)!;
    const hotAbove = (minRobustZ: number) => partitionSkew(rates, { ...rule, minRobustZ })!.hotPartitions;
    expect([hotAbove(robustZ), hotAbove(robustZ - 1e-6)]).toEqual([[], [8]]);
  });

  test('others that are idle have no median to be times of; equal ones do not spread', () => {
    expect(partitionSkew([0, 0, 0, 700], rule)!.maxOverMedianOfOthers).toBeNull();
    expect(partitionSkew([5, 5, 5], rule)).toMatchObject({ populationZ: 0, maxOverMedianOfOthers: 1 });
  });

  test('one partition, or no traffic: nothing to compare', () => {
    expect(partitionSkew([5], rule)).toBeNull();
    expect(partitionSkew([0, 0, 0], rule)).toBeNull();
  });

  test('each partition is held against the median of all the others, equal ones included', () => {
    const rates = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(rates, (values) => {
        const skew = partitionSkew(values, { ...rule, minShareTimesFair: 0, robustZFromPartitions: 99 });
        fc.pre(skew !== null);
        const others = values.map((_, index) => median(values.toSpliced(index, 1))!);
        expect(skew!.medianOfOthers).toBe(others[values.indexOf(Math.max(...values))]);
        expect(skew!.hotPartitions).toEqual(
          [...values.keys()].filter((index) => values[index]! >= rule.minOverMedianOfOthers * others[index]!),
        );
      }),
    );
  });

  test('a unit changes nothing, nor does the order; the population z never passes its limit', () => {
    const rates = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(rates, fc.constantFrom(2, 1024, 0.25), (values, unit) => {
        const skew = partitionSkew(values, rule);
        fc.pre(skew !== null);
        expect(skew!.populationZ).toBeLessThanOrEqual(skew!.largestPossiblePopulationZ + 1e-9);
        expect(hot(values.map((value) => value * unit))).toEqual(skew!.hotPartitions);
        const n = values.length;
        expect(
          hot(values.toReversed())
            ?.map((index) => n - 1 - index)
            .toReversed(),
        ).toEqual(skew!.hotPartitions);
      }),
    );
  });
});
