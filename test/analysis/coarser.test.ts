import { expect, test } from 'vitest';
import { maxOver } from '../../lib/analysis/coarser.ts';
import { TrustedSeries } from '../../lib/analysis/trusted-series.ts';

const HOUR = Date.UTC(2026, 10, 20, 10);
const series = (startMs: number, values: number[], expected = values.length) =>
  new TrustedSeries({
    dimensions: { Topic: 't' },
    periodSec: 60,
    startMs,
    values: Float64Array.from(values),
    expected,
  });

test('the largest minute of each five stands for them, on their own grid', () => {
  const made = maxOver(series(HOUR, [1, 5, 2, 3, 4, 9, 8]), 300);
  expect(made).toMatchObject({ periodSec: 300, startMs: HOUR, expected: 2, dimensions: { Topic: 't' } });
  expect([...made.values]).toEqual([5, 9]);
});

test('a series that starts within a period keeps its times', () => {
  const made = maxOver(series(HOUR + 4 * 60_000, [7, 1, 2]), 300);
  expect(made.points).toEqual([
    { atMs: HOUR, value: 7 },
    { atMs: HOUR + 300_000, value: 2 },
  ]);
});

test('five minutes without a point stay a gap, fewer do not', () => {
  const gap = Number.NaN;
  const made = maxOver(series(HOUR, [gap, gap, gap, gap, gap, gap, 3, gap, gap, gap]), 300);
  expect(made.points).toEqual([{ atMs: HOUR + 300_000, value: 3 }]);
  expect(made.coverage).toBe(0.5);
});

test('periods that are masked whole are not expected', () => {
  const gap = Number.NaN;
  expect(maxOver(series(HOUR, [gap, gap, gap, gap, gap, 1, 2, 3, 4, 5], 5), 300)).toMatchObject({
    expected: 1,
    coverage: 1,
  });
});

test('a series of that period already is itself', () => {
  const own = new TrustedSeries({
    dimensions: {},
    periodSec: 300,
    startMs: HOUR,
    values: Float64Array.of(1),
    expected: 1,
  });
  expect(maxOver(own, 300)).toBe(own);
});
