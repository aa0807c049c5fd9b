import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  mannKendall,
  mean,
  median,
  quantile,
  quantileIn,
  theilSen,
  weightedQuantile,
} from '../../lib/analysis/statistics.ts';

const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const values = fc.array(finite, { minLength: 1, maxLength: 40 });

test('a rank that is looked for is the one that ordering gives, whatever was looked for before', () => {
  const some = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }), { maxLength: 80 });
  const ties = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 80 });
  const ranks = fc.array(fc.double({ min: -0.1, max: 1.1, noNaN: true }), { minLength: 1, maxLength: 6 });
  fc.assert(
    // Orders tell -0 from 0, ranks do not.
    fc.property(
      fc.oneof(
        some.map((list) => list.map((value) => value + 0)),
        ties,
      ),
      ranks,
      (values, wanted) => {
        const kept = Float64Array.from(values);
        for (const q of [...wanted, 0, 0.5, 1]) expect(quantileIn(kept, q)).toBe(quantile(values, q));
        expect([...kept].sort((a, b) => a - b)).toEqual([...values].sort((a, b) => a - b));
      },
    ),
  );
});

describe('quantile (type 7)', () => {
  test('interpolates between order statistics as R and NumPy do', () => {
    expect(quantile([4, 1, 3, 2], 0.25)).toBe(1.75);
    expect(quantile([15, 20, 35, 40, 50], 0.4)).toBeCloseTo(29, 12);
    expect(quantile([10, 20], 0.95)).toBeCloseTo(19.5, 12);
  });

  test('the median of an even count is the mean of the two in the middle', () => {
    expect(median([1, 2, 3, 10])).toBe(2.5);
  });

  test('an empty input has no answer instead of a zero', () => {
    expect([quantile([], 0.5), median([]), mean([])]).toEqual([null, null, null]);
  });

  test('stays between the smallest and the largest value and rises with q', () => {
    fc.assert(
      fc.property(
        values,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (xs, a, b) => {
          const [low, high] = [quantile(xs, Math.min(a, b))!, quantile(xs, Math.max(a, b))!];
          expect(low).toBeGreaterThanOrEqual(Math.min(...xs) - 1e-9);
          expect(high).toBeLessThanOrEqual(Math.max(...xs) + 1e-9);
          expect(low).toBeLessThanOrEqual(high + 1e-9);
        },
      ),
    );
  });

  test('does not depend on the order of the values and leaves the input as it was', () => {
    const input = Object.freeze([3, 1, 2]) as readonly number[];
    expect(quantile(input, 0.5)).toBe(quantile([1, 2, 3], 0.5));
    expect(input).toEqual([3, 1, 2]);
  });

  test('sorts numbers as numbers', () => {
    expect(median([9, 10, 100])).toBe(10);
  });
});

describe('weightedQuantile', () => {
  test('is the value at which the share of the weight is reached', () => {
    const items = [
      { value: 5, weight: 89 },
      { value: 400, weight: 11 },
    ];
    expect(weightedQuantile(items, 0.9)).toBe(400);
    expect(weightedQuantile(items, 0.89)).toBe(5);
  });

  test('nothing with a weight has no answer', () => {
    expect(weightedQuantile([{ value: 1, weight: 0 }], 0.9)).toBeNull();
  });
});

describe('theilSen', () => {
  test('one wild outlier leaves the slope in place', () => {
    const line = theilSen([0, 1, 2, 3, 4, 5, 6], [1, 3, 5, 700, 9, 11, 13]);
    expect(line).toEqual({ slope: 2, intercept: 1 });
  });

  test('fewer than two points in time have no slope', () => {
    expect(theilSen([1], [1])).toBeNull();
    expect(theilSen([1, 1], [1, 5])).toBeNull();
  });

  test('moves with the data: y -> a y + b x + c gives slope a m + b', () => {
    const points = fc.array(fc.tuple(fc.integer({ min: -100, max: 100 }), fc.integer({ min: -1000, max: 1000 })), {
      minLength: 2,
      maxLength: 15,
    });
    const factor = fc.integer({ min: -9, max: 9 });
    fc.assert(
      fc.property(points, factor, factor, factor, (pairs, a, b, c) => {
        const xs = pairs.map(([x]) => x);
        const before = theilSen(
          xs,
          pairs.map(([, y]) => y),
        );
        const after = theilSen(
          xs,
          pairs.map(([x, y]) => a * y + b * x + c),
        );
        fc.pre(before !== null);
        expect(after!.slope).toBeCloseTo(a * before!.slope + b, 6);
      }),
    );
  });
});

describe('mannKendall', () => {
  test('counts rising minus falling pairs: 1..5 by hand', () => {
    // S = 10, var = 5*4*15/18 = 16.667, z = 9/4.0825 = 2.2045, two-sided p = 0.02749
    const trend = mannKendall([1, 2, 3, 4, 5]);
    expect(trend.s).toBe(10);
    expect(trend.z).toBeCloseTo(2.204541, 6);
    expect(trend.pValue).toBeCloseTo(0.027486, 5);
  });

  test('ties make the variance smaller: 1 1 2 2 by hand', () => {
    // S = 4, var = (4*3*13 - 2*(2*1*9))/18 = 120/18, z = 3/2.58199 = 1.161895
    const trend = mannKendall([1, 1, 2, 2]);
    expect(trend.s).toBe(4);
    expect(trend.z).toBeCloseTo(1.161895, 6);
  });

  test('a constant series has no trend', () => {
    expect(mannKendall([7, 7, 7])).toEqual({ s: 0, z: 0, pValue: 1 });
  });

  test('a small p-value is not lost to rounding', () => {
    const trend = mannKendall(Array.from({ length: 40 }, (_, i) => i));
    // z = 779/85.885 = 9.0785; p = erfc(z/sqrt 2) = 1.1e-19
    expect(trend.pValue).toBeGreaterThan(1e-20);
    expect(trend.pValue).toBeLessThan(1e-18);
  });

  test('turning the series upside down turns S and z and keeps p', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 2, maxLength: 30 }), (ys) => {
        const [up, down] = [mannKendall(ys), mannKendall(ys.map((y) => -y))];
        expect(down.s).toBe(up.s === 0 ? down.s : -up.s);
        expect(down.z).toBeCloseTo(-up.z, 12);
        expect(down.pValue).toBeCloseTo(up.pValue, 12);
        expect(up.pValue).toBeGreaterThanOrEqual(0);
        expect(up.pValue).toBeLessThanOrEqual(1);
      }),
    );
  });
});
