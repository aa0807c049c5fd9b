import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { againstUsual, recentAnomaly, sameHourHistory, usualOf } from '../../lib/analysis/baseline.ts';
import { meanSdZ } from '../../lib/analysis/statistics.ts';
import { TrustedSeries } from '../../lib/analysis/trusted-series.ts';

const rule = { madFloorShare: 0.02, zThreshold: 3.5, relThreshold: 0.2 };
const HOUR_MS = 3600_000;
/** A Monday, 00:00 UTC. */
const MONDAY_MS = Date.UTC(2026, 10, 2);
const judged = (history: number[], value: number) => againstUsual(usualOf(history, rule)!, value, rule);

describe('against what is usual', () => {
  test('by hand: 100 90 110 95 105 against 150', () => {
    // Deviations from 100: 0 10 10 5 5, MAD 5.
    expect(judged([100, 90, 110, 95, 105], 150)).toEqual({
      median: 100,
      mad: 5,
      madUsed: 5,
      robustZ: 6.745,
      relChange: 0.5,
      anomaly: true,
    });
  });

  test.each([
    ['far outside the spread, but only 20 % more', [100, 100, 100, 100, 100], 120, false],
    ['more than that', [100, 100, 100, 100, 100], 120.1, true],
    ['less is as much an anomaly as more', [100, 100, 100, 100, 100], 70, true],
    ['half as much again, but it often is', [100, 60, 140, 80, 120], 150, false],
    ['never anything before, and nothing now', [0, 0, 0, 0, 0], 0, false],
    ['never anything before, and something now', [0, 0, 0, 0, 0], 1, true],
  ])('%s', (_, history, value, anomaly) => {
    expect(judged(history, value).anomaly).toBe(anomaly);
  });

  test('one spike in the history blinds mean and deviation, not median and MAD', () => {
    const history = [100, 102, 98, 101, 99, 1000];
    expect(judged(history, 200).anomaly).toBe(true);
    expect(meanSdZ(history, 200)).toBeLessThan(1);
    expect(meanSdZ([1, 2, 3], 4)).toBe(2);
    expect(meanSdZ([0, 4, 8], 6)).toBe(0.5);
    expect([meanSdZ([5, 5], 9), meanSdZ([5], 9), meanSdZ([], 9)]).toEqual([null, null, null]);
  });

  test('a load that never changed has a spread of 2 % all the same', () => {
    expect(judged([100, 100, 100], 110)).toMatchObject({ mad: 0, madUsed: 2, robustZ: 3.3725, relChange: 0.1 });
  });

  test('no history tells nothing', () => {
    expect(usualOf([], rule)).toBeNull();
  });

  test('twice the load in every hour is the same judgement', () => {
    const values = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(values, fc.nat(2000), fc.constantFrom(2, 0.5, 1024), (history, value, factor) => {
        const [one, other] = [
          judged(history, value),
          judged(
            history.map((each) => each * factor),
            value * factor,
          ),
        ];
        expect(other.anomaly).toBe(one.anomaly);
        expect(other.relChange).toBe(one.relChange);
      }),
    );
  });
});

/** Four weeks of hours from a Monday on. */
const weeks = (load: (hour: number, day: number) => number, count = 28 * 24) =>
  Array.from({ length: count }, (_, i) => load(i % 24, Math.floor(i / 24)));
const isWeekend = (day: number) => day % 7 >= 5;
const series = (values: number[]) =>
  new TrustedSeries({
    dimensions: {},
    periodSec: 3600,
    startMs: MONDAY_MS,
    values: Float64Array.from(values),
    expected: values.length,
  });
const busyByDay = (hour: number, day: number) =>
  isWeekend(day) ? 100 : hour >= 8 && hour < 18 ? 1000 + hour + day : 300 + day;

describe('same hours', () => {
  const at = (day: number, hour: number) => MONDAY_MS + (24 * day + hour) * HOUR_MS;
  const points = (days: number[], hour: number) => days.map((day) => ({ atMs: at(day, hour), value: day }));

  test('weekdays and weekends apart', () => {
    const history = points([...Array(42).keys()], 9);
    expect(sameHourHistory(history, at(42, 9))).toHaveLength(30);
    expect(sameHourHistory(history, at(47, 9))).toEqual([5, 6, 12, 13, 19, 20, 26, 27, 33, 34, 40, 41]);
  });

  test('four weekends are too few without a fifth day: all days of that hour', () => {
    expect(sameHourHistory(points([0, 1, 2, 3, 4, 5, 6, 12, 13], 9), at(19, 9))).toHaveLength(9);
    expect(sameHourHistory(points([0, 1, 2, 3, 4, 5, 6, 12, 13, 19], 9), at(20, 9))).toEqual([5, 6, 12, 13, 19]);
  });

  test('fewer than five at that hour: all there are', () => {
    expect(sameHourHistory([...points([0, 1, 2, 3], 9), ...points([0, 1], 10)], at(4, 9))).toHaveLength(6);
  });
});

describe('the latest four hours', () => {
  const hours = (count: number, change: (value: number, back: number) => number) => {
    const values = weeks(busyByDay, count);
    return series(values.map((value, i) => change(value, values.length - i)));
  };
  // Ends on a Thursday at noon.
  const NOON = 24 * 24 + 12;

  test.each<[string, (value: number, back: number) => number, 'above' | 'below' | null]>([
    ['the pattern of day and weekend is usual', (value) => value, null],
    ['half as much again in all four', (value, back) => (back <= 4 ? 1.5 * value : value), 'above'],
    ['in three of the four', (value, back) => (back <= 3 ? 1.5 * value : value), 'above'],
    ['in two of them', (value, back) => (back <= 2 ? 1.5 * value : value), null],
    ['producers gone', (value, back) => (back <= 4 ? 0 : value), 'below'],
    ['twice up, twice down', (value, back) => (back <= 2 ? 1.5 * value : back <= 4 ? 0.5 * value : value), null],
    [
      'a day with a replay last week changes nothing',
      (value, back) => (back > 150 && back < 175 ? 9 * value : value),
      null,
    ],
  ])('%s', (_, change, direction) => {
    expect(recentAnomaly(hours(NOON, change), rule)?.direction).toBe(direction);
  });

  test('Saturday morning is not held against weekdays', () => {
    expect(
      recentAnomaly(
        hours(26 * 24 + 12, (value) => value),
        rule,
      )?.direction,
    ).toBeNull();
  });

  test('hours that stood out before do not become what is usual', () => {
    // Of twenty weekdays eight had 1000, four 1100 and eight twice that: 1100 with the latter, 1000 without.
    const weekday = (day: number) => day - 2 * Math.floor(day / 7);
    const usual = (day: number) => (weekday(day) < 8 ? 1000 : weekday(day) < 12 ? 1100 : 2000);
    const load = (now: number) =>
      series(weeks((_, day) => (isWeekend(day) ? 100 : day >= 28 ? now : usual(day)), 28 * 24 + 12));
    expect(recentAnomaly(load(1250), rule)).toMatchObject({
      direction: 'above',
      periods: [{ median: 1000, value: 1250 }, {}, {}, {}],
    });
    expect(recentAnomaly(load(1190), rule)).toMatchObject({ direction: null });
  });

  test('one of the four was not measured: three still tell; of two nothing is known', () => {
    const gone = (count: number) =>
      hours(NOON, (value, back) => (back <= count ? Number.NaN : back <= 4 ? 2 * value : value));
    expect(recentAnomaly(gone(1), rule)).toMatchObject({ direction: 'above' });
    expect(recentAnomaly(gone(2), rule)).toBeNull();
  });

  test('five hours before are the least', () => {
    expect(recentAnomaly(series(weeks(() => 5, 9)), rule)).toMatchObject({ direction: null });
    expect(recentAnomaly(series(weeks(() => 5, 8)), rule)).toBeNull();
    expect(recentAnomaly(series([]), rule)).toBeNull();
  });
});

test('of what is usually nothing, nothing is no change; exactly the threshold is none either', () => {
  expect(judged([0, 0, 0], 0)).toMatchObject({ relChange: 0, anomaly: false });
  // MAD 10: 0.6745 x 20 / 10 = 1.349.
  const usual = { median: 100, mad: 10, madUsed: 10 };
  expect(againstUsual(usual, 150, { ...rule, zThreshold: (0.6745 * 50) / 10 }).anomaly).toBe(false);
  expect(againstUsual(usual, 150, { ...rule, zThreshold: 3.3 }).anomaly).toBe(true);
});
