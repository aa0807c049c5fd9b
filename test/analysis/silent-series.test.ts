// A series that broke off does not tell how it is now, and the same question gets its own answer.
import { describe, expect, test } from 'vitest';
import {
  joinedCoverage,
  longestRun,
  maxByTimestamp,
  sumByTimestamp,
  trustedPoints,
} from '../../lib/analysis/series.ts';
import type { MetricSeries } from '../../lib/snapshot/metrics-section.ts';

type Values = (number | null)[];

function series(values: Values, periodSec = 60): MetricSeries {
  return { metric: 'Any', statistic: 'Sum', unit: 'Count', dimensions: {}, periodSec, startMs: 0, values };
}

const all = (values: Values, periodSec?: number) => trustedPoints(series(values, periodSec), { dropLast: 0 });
/** An hour of minutes of which the last ones have no point. */
const silentFor = (count: number): Values => Array.from({ length: 60 }, (_, i) => (i < 60 - count ? 1 : null));
const rows = (one: { values: Float64Array }) => [...one.values].map((value) => (Number.isNaN(value) ? null : value));

describe('a series that broke off', () => {
  test('silent is what comes after its newest point, dropped or masked or not', () => {
    expect(all([1, 2, null, null, null]).silentSec).toBe(180);
    expect(all([1, 2, null, 4, 5]).silentSec).toBe(0);
    expect(all([1, null], 300).silentSec).toBe(300);
    expect(trustedPoints(series([1, 2, 3]), { dropLast: 2 }).silentSec).toBe(0);
    const masked = [{ startMs: 0, endMs: 1e9, because: 'test' }] as never[];
    expect(trustedPoints(series([1, 2, null]), { masked }).silentSec).toBe(60);
  });

  test('zero is a point; without any it is silent throughout', () => {
    expect(all([1, 0]).silentSec).toBe(0);
    expect(all([null, null]).silentSec).toBe(120);
  });

  test('no longer only late from half an hour on, or three of its periods, counted from where the newest point begins', () => {
    expect(all(silentFor(29)).endsEarly).toBe(false);
    expect(all(silentFor(30)).endsEarly).toBe(true);
    const hours = (count: number) => all([1, 1, ...Array.from({ length: count }, () => null)], 3600).endsEarly;
    expect([hours(2), hours(3)]).toEqual([false, true]);
  });

  test('a sum ends with the first that does, a maximum and what tolerates silence with the last', () => {
    const pair = [all(silentFor(10)), all(silentFor(40))];
    expect(sumByTimestamp(pair).silentSec).toBe(2400);
    expect(maxByTimestamp(pair).silentSec).toBe(600);
    expect(sumByTimestamp(pair, { silentAfterSec: 300 }).silentSec).toBe(600);
    expect([sumByTimestamp([]).silentSec, maxByTimestamp([]).silentSec]).toEqual([0, 0]);
  });

  test('has none of the points that were expected of several', () => {
    expect(joinedCoverage([all(silentFor(0)), all(silentFor(29))])).toBeCloseTo((60 + 31) / 120, 12);
    expect(joinedCoverage([all(silentFor(0)), all(silentFor(30))])).toBe(0.5);
  });
});

describe('what is tolerated in a sum', () => {
  test('each gap is measured by the points of the others, not by what other gaps left of the sum', () => {
    const [a, b, c] = [all([1, 1, null, 1, 1]), all([1, 1, null, null, 1]), all([1, 1, 1, 1, 1])];
    // b is silent for two minutes, which is tolerated; a for one, which is not.
    expect(rows(sumByTimestamp([a, b, c], { silentAfterSec: 120 }))).toEqual([3, 3, null, 2, 3]);
  });

  test('a gap at the end or the start counts by its length too', () => {
    const other = all([1, 1, 1, 1]);
    expect(rows(sumByTimestamp([other, all([1, 1, null, null])], { silentAfterSec: 120 }))).toEqual([2, 2, 1, 1]);
    expect(rows(sumByTimestamp([other, all([1, 1, 1, null])], { silentAfterSec: 120 }))).toEqual([2, 2, 2, null]);
    expect(rows(sumByTimestamp([other, all([null, 1, 1, 1])], { silentAfterSec: 120 }))).toEqual([null, 2, 2, 2]);
  });
});

test('rows at which nobody has a value lengthen no gap, and series that begin later are held against their own time', () => {
  const pair = [all([1, null, null, 1]), all([1, 1, null, 1])];
  expect(rows(sumByTimestamp(pair, { silentAfterSec: 120 }))).toEqual([2, null, null, 2]);
  const late = trustedPoints({ ...series([1, null, 1]), startMs: 60_000 }, { dropLast: 0 });
  // Not there in the first minute, which is no gap of two, and gone for one.
  expect(rows(sumByTimestamp([all([1, 1, 1, 1]), late], { silentAfterSec: 120 }))).toEqual([null, 2, null, 2]);
  expect(rows(sumByTimestamp([all([1, 1, 1, 1]), late], { silentAfterSec: 60 }))).toEqual([1, 2, 1, 2]);
});

test('what is joined keeps its period', () => {
  const five = all([1, 2], 300);
  expect(sumByTimestamp([five, five])).toMatchObject({ periodSec: 300, startMs: 0, expected: 2 });
  expect([...maxByTimestamp([five, all([3, 1], 300)]).values]).toEqual([3, 2]);
});

test('another question about the same series is another answer', () => {
  const [a, b, c] = [all([1, 2, null]), all([3, 4, 5]), all([10, 20, 30])];
  const questions = () => [
    rows(sumByTimestamp([a, b])),
    rows(maxByTimestamp([a, b])),
    rows(sumByTimestamp([a, b], { silentAfterSec: 0 })),
    rows(sumByTimestamp([a, c])),
    rows(sumByTimestamp([a])),
    rows(sumByTimestamp([a, b, c])),
  ];
  const answers = [
    [4, 6, null],
    [3, 4, 5],
    [4, 6, 5],
    [11, 22, null],
    [1, 2, null],
    [14, 26, null],
  ];
  expect(questions()).toEqual(answers);
  expect(questions()).toEqual(answers);
  const list = [a, b];
  const before = sumByTimestamp(list);
  list.push(c);
  expect(rows(sumByTimestamp(list))).toEqual([14, 26, null]);
  expect(rows(before)).toEqual([4, 6, null]);
});

test('masked or not, and with how many dropped, is another question too', () => {
  const one = series([1, 2, 3, 4]);
  const masked = [{ startMs: 0, endMs: 60_000, because: 'test' }] as never[];
  const asked = () => [
    rows(trustedPoints(one)),
    rows(trustedPoints(one, { masked })),
    rows(trustedPoints(one, { masked: [] })),
    rows(trustedPoints(one, { dropLast: 0 })),
    rows(trustedPoints(one, { masked, dropLast: 1 })),
  ];
  const answers = [
    [1, 2],
    [null, 2],
    [1, 2],
    [1, 2, 3, 4],
    [null, 2, 3],
  ];
  expect(asked()).toEqual(answers);
  expect(asked()).toEqual(answers);
});

test('of two stretches of equal length the earlier is the longest', () => {
  expect(longestRun(all([5, 5, 1, 5, 5, 1, 5]), (value) => value > 1)).toMatchObject({ startMs: 0, periods: 2 });
  expect(longestRun(all([5, 1, 5, 5]), (value) => value > 1)).toMatchObject({ startMs: 120_000, periods: 2 });
});

describe('one series', () => {
  test('keeps its order, whatever rank was asked for before', () => {
    const one = all([5, 1, null, 4]);
    expect([one.quantile(0), one.quantile(1), one.quantile(0.5)]).toEqual([1, 5, 4]);
    expect([...one.measured]).toEqual([5, 1, 4]);
    const whole = all([3, 1, 2]);
    expect(whole.quantile(0.5)).toBe(2);
    expect([...whole.values]).toEqual([3, 1, 2]);
  });

  test('its latest point may be its first; a time has the value of the period that begins then', () => {
    expect(all([7, null]).latest).toEqual({ atMs: 0, value: 7 });
    const later = trustedPoints({ ...series([7, 8]), startMs: 600_000 }, { dropLast: 0 });
    expect([600_000, 660_000, 720_000, 0, 630_000].map((atMs) => later.at(atMs))).toEqual([
      7,
      8,
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ]);
  });
});
