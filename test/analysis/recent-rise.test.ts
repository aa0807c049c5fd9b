import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { recentRise } from '../../lib/analysis/recent-rise.ts';
import { TrustedSeries } from '../../lib/analysis/trusted-series.ts';

const DAY = 24;
const series = (values: number[], periodSec = 3600) =>
  new TrustedSeries({
    dimensions: {},
    periodSec,
    startMs: Date.UTC(2026, 10, 2),
    values: Float64Array.from(values),
    expected: values.length,
  });
/** One value an hour, by the days that lie before the end. */
const days = (count: number, used: (daysBefore: number) => number) =>
  Array.from({ length: count * DAY }, (_, hour) => used(count - (hour + 1) / DAY));
const rise = (values: number[]) => recentRise(series(values));
const jump = (sinceDays: number, perDay: number) => (before: number) => 40 + perDay * Math.max(0, sinceDays - before);

describe('the rate of the last days', () => {
  test('by hand: six points a day since three days', () => {
    expect(rise(days(28, jump(3, 6)))).toMatchObject({ perDay: expect.closeTo(6, 9), days: 2, isUnusual: true });
  });

  test('since ten days the week before rose alike: the rate of the week', () => {
    expect(rise(days(28, jump(10, 6)))).toMatchObject({ perDay: expect.closeTo(6, 9), days: 7, isUnusual: true });
  });

  test('since five days in a series of six: nobody knows the week before', () => {
    expect(rise(days(6, jump(5, 6)))).toMatchObject({ days: 2, isUnusual: false });
  });

  test.each([
    ['flat', () => 40],
    ['falling', (before: number) => 40 + before],
    ['rising since half a day', jump(0.5, 20)],
    ['not measured', () => Number.NaN],
    ['rose until a day and a half ago', (before: number) => 40 + 6 * Math.min(2.5, Math.max(0, 4 - before))],
  ])('null: %s', (_, used) => {
    expect(rise(days(28, used))).toBeNull();
  });

  test('null: two days of a series tell nothing of the day before yesterday', () => {
    expect(rise(days(2, jump(2, 6)))).toBeNull();
    expect(rise(days(3, jump(3, 6)))).not.toBeNull();
  });

  test('a pattern of the day is no growth and hides none, whatever the hour of the report', () => {
    const wave = (before: number) => 10 * Math.sin(2 * Math.PI * before);
    for (const cut of [0, 5, 11, 19]) {
      const shifted = (used: (before: number) => number) =>
        days(28, (before) => used(before) + wave(before + cut / DAY));
      expect(rise(shifted(() => 40))).toBeNull();
      expect(rise(shifted(jump(3, 12)))?.perDay).toBeCloseTo(12, 6);
    }
  });

  test('half of the hours may be missing, no more', () => {
    const values = days(28, jump(3, 6));
    const thin = (isMissing: (hour: number) => boolean) =>
      rise(values.map((value, i) => (isMissing(values.length - 1 - i) ? Number.NaN : value)));
    expect(thin((back) => back < 6)?.perDay).toBeCloseTo(6, 9);
    expect(thin((back) => back < 7)).toBeNull();
  });
});

test('noise around a level is never taken for more than its own size', () => {
  const noise = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 28 * DAY, maxLength: 28 * DAY });
  fc.assert(
    fc.property(noise, (values) => {
      expect(rise(values.map((value) => 60 + value))).toBeNull();
    }),
    { numRuns: 50 },
  );
});

test('what is added to all, and what all is multiplied by, comes out as it went in', () => {
  const ramp = fc.record({
    since: fc.double({ min: 2.1, max: 6, noNaN: true }),
    perDay: fc.double({ min: 0.5, max: 10, noNaN: true }),
    level: fc.double({ min: 0, max: 50, noNaN: true }),
    factor: fc.double({ min: 0.1, max: 10, noNaN: true }),
  });
  fc.assert(
    fc.property(ramp, ({ since, perDay, level, factor }) => {
      const values = days(28, jump(since, perDay));
      const [plain, other] = [rise(values), rise(values.map((value) => (value + level) * factor))];
      expect(plain).not.toBeNull();
      expect(other!.perDay).toBeCloseTo(plain!.perDay * factor, 6);
      expect(plain!.perDay).toBeLessThanOrEqual(perDay + 1e-9);
    }),
    { numRuns: 50 },
  );
});

describe('where a rule ends', () => {
  /** The level of whole days, counted back from the end; beyond the last one given it stays. */
  const levels = (...byDaysBack: number[]) =>
    days(28, (before) => byDaysBack[Math.min(byDaysBack.length - 1, Math.floor(before))]!);

  test('steady: neither day rose by less than half of their mean', () => {
    expect(rise(levels(44, 41, 40))).toMatchObject({ perDay: 2, days: 2, level: 44 });
    expect(rise(levels(44, 40.9, 40))).toMatchObject({ perDay: expect.closeTo(4 / 7, 9), days: 7 });
  });

  test('the level is higher than in the week before by a day of the rate', () => {
    const peak = (percent: number) =>
      levels(44, 41, 40).map((value, hour, all) => (hour === all.length - 5 * DAY ? percent : value));
    expect(rise(peak(42))).toMatchObject({ perDay: 2, days: 2 });
    expect(rise(peak(42.1))).toBeNull();
  });

  test('the same two days of the week before rose by no more than half as fast', () => {
    const weekBefore = (percent: number) => levels(44, 41, 40, 40, 40, 40, 40, 40, 40, percent);
    expect(rise(weekBefore(38))).toMatchObject({ perDay: 2, days: 2 });
    expect(rise(weekBefore(37.9))).toMatchObject({ perDay: expect.closeTo(4 / 7, 9), days: 7 });
  });

  test('an hour or half of one, the rate is the same', () => {
    const [hourly, halves] = [levels(44, 41, 40), levels(44, 41, 40).flatMap((value) => [value, value])];
    const every30Min = (values: number[]) => series(values, 1800);
    expect(recentRise(every30Min(halves))).toEqual(rise(hourly));
    const thin = halves.map((value, i) => (halves.length - i <= 12 ? Number.NaN : value));
    expect(recentRise(every30Min(thin))).not.toBeNull();
    const thinner = halves.map((value, i) => (halves.length - i <= 13 ? Number.NaN : value));
    expect(recentRise(every30Min(thinner))).toBeNull();
  });
});
