import fc from 'fast-check';
import { expect, test } from 'vitest';
import { heldLevel } from '../../lib/analysis/held-level.ts';
import { TrustedSeries } from '../../lib/analysis/trusted-series.ts';

const minutes = (values: readonly (number | null)[]) =>
  new TrustedSeries({
    dimensions: {},
    periodSec: 60,
    startMs: 0,
    values: Float64Array.from(values, (value) => value ?? Number.NaN),
    expected: values.length,
  });

test('by hand: the best three minutes in a row', () => {
  expect(heldLevel(minutes([1, 9, 5, 6, 7, 2]), 3)).toBe(5);
  expect(heldLevel(minutes([1, 9, 5, null, 6, 7, 2]), 3)).toBe(2);
  expect(heldLevel(minutes([9, null, 9, 9]), 3)).toBeNull();
  expect(heldLevel(minutes([]), 1)).toBeNull();
});

test('lies between the lowest and the highest value, and falls the longer it must be held', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 60 }), (values) => {
      const held = values.map((_, i) => heldLevel(minutes(values), i + 1)!);
      expect(held[0]).toBe(Math.max(...values));
      expect(held.at(-1)).toBe(Math.min(...values));
      expect(held).toEqual([...held].sort((a, b) => b - a));
    }),
  );
});

test('is the highest of the lowest values of all stretches, of which none holds a gap', () => {
  const values = fc.array(fc.option(fc.integer({ min: 0, max: 20 }), { freq: 6 }), { maxLength: 40 });
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 8 }), (list, length) => {
      const stretches = list.flatMap((_, i) => {
        const stretch = list.slice(i, i + length).filter((value) => value !== null);
        return stretch.length < length ? [] : [Math.min(...stretch)];
      });
      expect(heldLevel(minutes(list), length)).toBe(stretches.length === 0 ? null : Math.max(...stretches));
    }),
  );
});
