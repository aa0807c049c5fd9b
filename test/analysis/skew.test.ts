import fc from 'fast-check';
import { expect, test } from 'vitest';
import { skewMeasures } from '../../lib/analysis/skew.ts';

test('one of four carries all: by hand', () => {
  expect(skewMeasures([0, 0, 0, 8])).toEqual({
    mean: 2,
    cvPopulation: Math.sqrt(12) / 2,
    gini: 0.75,
    maxOverMean: 4,
    lostCapacity: 0.75,
  });
});

test('an even load has no skew', () => {
  expect(skewMeasures([5, 5, 5])).toEqual({ mean: 5, cvPopulation: 0, gini: 0, maxOverMean: 1, lostCapacity: 0 });
});

test('no brokers or no load: nothing to compare', () => {
  expect(skewMeasures([])).toBeNull();
  expect(skewMeasures([0, 0])).toBeNull();
});

const loads = fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: 1, maxLength: 30 });

test('gini equals the sum over all pairs by its definition', () => {
  fc.assert(
    fc.property(loads, (xs) => {
      const skew = skewMeasures(xs);
      fc.pre(skew !== null);
      const pairs = xs.flatMap((a) => xs.map((b) => Math.abs(a - b))).reduce((a, b) => a + b, 0);
      expect(skew!.gini).toBeCloseTo(pairs / (2 * xs.length ** 2 * skew!.mean), 9);
    }),
  );
});

test('measures do not change with the unit of the load', () => {
  fc.assert(
    fc.property(loads, fc.integer({ min: 1, max: 1000 }), (xs, factor) => {
      const [small, large] = [skewMeasures(xs), skewMeasures(xs.map((x) => x * factor))];
      fc.pre(small !== null);
      expect(large!.gini).toBeCloseTo(small!.gini, 9);
      expect(large!.cvPopulation).toBeCloseTo(small!.cvPopulation, 9);
      expect(large!.maxOverMean).toBeCloseTo(small!.maxOverMean, 9);
    }),
  );
});
