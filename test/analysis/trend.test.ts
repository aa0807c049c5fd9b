import { describe, expect, test } from 'vitest';
import { leastSquaresSlope, theilSenBand } from '../../lib/analysis/statistics.ts';
import { daysOf, daysUntil, isRising, measured, trendOf } from '../../lib/analysis/trend.ts';
import { TrustedSeries } from '../../lib/analysis/trusted-series.ts';

describe('band of the slope', () => {
  test('by hand: 1 2 4 over three days, ten slopes less', () => {
    // Slopes 1, 1.5, 2; C = 1.96 sqrt(3 x 2 x 11/18) = 3.753; ranks round(-0.38) = 0 and round(3.38) + 1 = 4: the ends.
    expect(theilSenBand([0, 1, 2], [1, 2, 4])).toEqual({ slope: 1.5, low: 1, high: 2 });
  });

  test('eight days by hand: ranks 6 and 23 of 28', () => {
    // C = 1.959964 sqrt(8 x 7 x 21/18) = 15.842; (28 - C)/2 = 6.08, (28 + C)/2 + 1 = 22.92.
    const ys = [0, 1, 4, 9, 16, 25, 36, 49];
    // Slopes of squares are i + j: 1 2 3 3 4 4 | 5 ... and from above 13 12 11 11 10 10 9.
    const slopes = ys.flatMap((_, j) => ys.slice(0, j).map((_, i) => i + j)).sort((a, b) => a - b);
    expect(theilSenBand([...ys.keys()], ys)).toEqual({ slope: 7, low: slopes[5], high: slopes[22] });
  });

  test('one day has no slope', () => {
    expect(theilSenBand([1, 1], [1, 2])).toBeNull();
    expect(trendOf([1], [1], 1)).toBeNull();
    expect([leastSquaresSlope([], []), leastSquaresSlope([2, 2], [1, 5])]).toEqual([null, null]);
  });

  test('least squares by hand, and what one outlier does to it', () => {
    expect(leastSquaresSlope([0, 1, 2], [1, 3, 5])).toBe(2);
    // Deviations of x: -1.5 -0.5 0.5 1.5, of y from 10: -10 -10 -10 30: (15 + 5 - 5 + 45)/5
    expect(leastSquaresSlope([0, 1, 2, 3], [0, 0, 0, 40])).toBe(12);
  });
});

describe('trend', () => {
  const days = [0, 1, 2, 3, 4, 5, 6, 7];

  test('the level is that of the line on the day asked for', () => {
    const trend = trendOf(days, [10, 12, 14, 16, 18, 20, 22, 99], 7)!;
    expect(trend).toMatchObject({ slopePerDay: 2, intercept: 10, level: 24, mannKendallS: 28 });
    expect(isRising(trend)).toBe(true);
    expect(daysUntil(trend, 30).mid).toBe(3);
  });

  test('chance, a constant and a fall are not rising', () => {
    const chance = trendOf(days, [1, 6, 2, 7, 3, 5, 4, 6], 7)!;
    expect(chance.slopePerDay).toBeGreaterThan(0);
    expect(chance.pValue).toBeGreaterThan(0.05);
    expect(isRising(chance)).toBe(false);
    expect(trendOf(days, [5, 5, 5, 5, 5, 5, 5, 5], 7)).toMatchObject({ slopePerDay: 0, mannKendallZ: 0, pValue: 1 });
    expect(isRising(trendOf(days, [8, 7, 6, 5, 4, 3, 2, 1], 7)!)).toBe(false);
  });

  test('a slope whose band reaches 0 may never get there', () => {
    const trend = {
      slopePerDay: 1,
      slopeLow: -0.5,
      slopeHigh: 2,
      intercept: 0,
      level: 70,
      mannKendallS: 0,
      mannKendallZ: 0,
      pValue: 0,
    };
    expect(daysUntil(trend, 80)).toEqual({ mid: 10, early: 5, late: null });
    expect(daysUntil(trend, 70)).toEqual({ mid: 0, early: 0, late: 0 });
    expect(daysUntil({ ...trend, slopeLow: 0 }, 80).late).toBeNull();
  });

  test('it rises only by more than chance, and by more than nothing', () => {
    const trend = trendOf(days, days, 7)!;
    expect(isRising({ ...trend, pValue: 0.0499 })).toBe(true);
    expect(isRising({ ...trend, pValue: 0.05 })).toBe(false);
    expect(isRising({ ...trend, slopePerDay: 0 })).toBe(false);
  });
});

describe('days of a series', () => {
  const hourly = (values: number[]) =>
    new TrustedSeries({
      dimensions: {},
      periodSec: 3600,
      startMs: 0,
      values: Float64Array.from(values),
      expected: values.length,
    });

  test('end where the series ends; a first day of less than half is left out', () => {
    const values = Array.from({ length: 24 + 12 }, (_, i) => i);
    const [first, last] = daysOf(hourly(values));
    expect([first!.day, last!.day]).toEqual([-1.5, -0.5]);
    expect([...measured(first!.values)]).toEqual(values.slice(0, 12));
    expect(first!.values[12]).toBe(0);
    expect([...last!.values]).toEqual(values.slice(12));
    expect(daysOf(hourly(values.slice(1))).map(({ day }) => day)).toEqual([-0.5]);
  });
});
