import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { effectiveCount, holm, impactOf } from '../../lib/analysis/impact.ts';

const rule = { alpha: 0.01, minEffect: 0.33, trafficTolerance: 0.1 };
const steady = { trafficPre: 100, trafficPost: 104 };
const around = (centre: number) => [-5, -4, -3, -2, -1, 0, 1, 2, 3, 4].map((each) => centre + each);

describe('before and after', () => {
  test('by hand: 1 2 3 against 2 4 6', () => {
    // After is higher in 7 of 9 pairs, lower in none but (3, 2), equal in (2, 2): delta 6/9, U = 1.5. Ties: (8 - 2)/(216 - 6).
    const impact = impactOf({ pre: [1, 2, 3], post: [2, 4, 6], ...steady }, rule)!;
    expect(impact).toMatchObject({ medianPre: 2, medianPost: 4, mannWhitneyU: 1.5, hodgesLehmannShift: 2 });
    expect(impact.cliffsDelta).toBeCloseTo(6 / 9, 12);
    // z = (3 - 0.5)/sqrt(9 x 7/12 x (1 - 6/210)) = 1.1069
    expect(impact.pValue).toBeCloseTo(0.26833, 4);
    expect(impact.trafficChange).toBeCloseTo(0.04, 12);
    expect(impact.verdict).toBe('inconclusive');
  });

  test.each([
    ['all lower', around(100), around(80), 'improved'],
    ['all higher', around(80), around(100), 'regressed'],
    ['the same', around(100), around(100), 'no change'],
    ['a small shift within the spread', around(100), around(99), 'no change'],
    ['too few values', around(100).slice(3), around(80), 'inconclusive'],
  ])('%s', (_, pre, post, verdict) => {
    expect(impactOf({ pre, post, ...steady }, rule)!.verdict).toBe(verdict);
  });

  test('sure, but too small to matter', () => {
    const many = (centre: number) => Array.from({ length: 300 }, (_, i) => centre + (i % 100));
    const impact = impactOf({ pre: many(100), post: many(88), ...steady }, rule)!;
    expect(impact.pValue).toBeLessThan(0.01);
    expect(impact.verdict).toBe('no change');
  });

  test('neighbours that are alike count less: the same values, no longer sure', () => {
    const data = { pre: around(100), post: around(95), ...steady };
    expect(impactOf(data, rule)!.verdict).toBe('improved');
    const weak = impactOf({ ...data, effectivePre: 8, effectivePost: 8 }, { ...rule, alpha: 0.004 })!;
    expect(weak.pValue).toBeGreaterThan(impactOf(data, rule)!.pValue);
    expect(weak.verdict).toBe('no change');
    expect(impactOf({ ...data, effectivePre: 7.9 }, rule)!.verdict).toBe('inconclusive');
    const [few, fewer] = [8, 5].map((effectivePost) => impactOf({ ...data, effectivePost }, rule)!);
    expect(fewer!.pValue).toBeGreaterThan(few!.pValue);
  });

  test('nothing on one side', () => {
    expect(impactOf({ pre: [], post: [1], ...steady }, rule)).toBeNull();
  });
});

describe('traffic', () => {
  const better = { pre: around(100), post: around(80) };

  test.each([
    ['at the tolerance: compared as it is', 100, 110, false, 'improved'],
    ['load fell as much as the metric: nothing shown', 100, 80, true, 'inconclusive'],
    ['no load before, which nothing can be held against', 0, 100, true, 'inconclusive'],
    ['no load after', 100, 0, true, 'inconclusive'],
    ['better in spite of more load', 100, 130, true, 'improved'],
    ['unknown before: nothing shown', null, 100, true, 'inconclusive'],
    ['none before: nothing shown', 0, 100, true, 'inconclusive'],
  ])('%s', (_, trafficPre, trafficPost, trafficChanged, verdict) => {
    expect(impactOf({ ...better, trafficPre, trafficPost }, { ...rule, trafficTolerance: 0.1 + 1e-9 })).toMatchObject({
      trafficChanged,
      verdict,
    });
  });
});

test('swapping before and after turns the signs and keeps the p-value; a shift moves the estimate by as much', () => {
  const values = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(values, values, fc.integer({ min: -20, max: 20 }), (pre, post, shift) => {
      const [there, back] = [
        impactOf({ pre, post, ...steady }, rule)!,
        impactOf({ pre: post, post: pre, ...steady }, rule)!,
      ];
      expect(there.cliffsDelta).toBeCloseTo(-back.cliffsDelta, 12);
      expect(there.hodgesLehmannShift).toBeCloseTo(-back.hodgesLehmannShift, 12);
      expect(there.mannWhitneyU).toBe(back.mannWhitneyU);
      expect(there.pValue).toBeCloseTo(back.pValue, 12);
      const moved = impactOf({ pre, post: post.map((value) => value + shift), ...steady }, rule)!;
      expect(moved.hodgesLehmannShift).toBeCloseTo(there.hodgesLehmannShift + shift, 9);
    }),
  );
});

describe('effective count', () => {
  test('by hand: 1 2 3 4 has r = 0.25', () => {
    // Deviations -1.5 -0.5 0.5 1.5: (0.75 - 0.25 + 0.75)/5 = 0.25; 4 x 0.75/1.25
    expect(effectiveCount([1, 2, 3, 4])).toBeCloseTo(2.4, 12);
  });

  test('values that alternate or never change keep their number', () => {
    expect(effectiveCount([1, 9, 1, 9])).toBe(4);
    expect(effectiveCount([5, 5, 5])).toBe(3);
    expect(effectiveCount([])).toBe(0);
  });
});

describe('Holm', () => {
  test.each([
    [[0.01, 0.04, 0.03, 0.005], 0.05, [true, false, false, true]],
    [[0.01, 0.02, 0.03], 0.05, [true, true, true]],
    // The second smallest fails at 0.05/2, so the largest may not pass at 0.05.
    [[0.001, 0.03, 0.04], 0.05, [true, false, false]],
    [[], 0.05, []],
  ])('%j at %f', (pValues, alpha, expected) => {
    expect(holm(pValues, alpha)).toEqual(expected);
  });
});
