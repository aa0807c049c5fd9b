import { expect, test } from 'vitest';
import { busyPercents } from '../../lib/analysis/handlers-busy.ts';
import { TrustedSeries } from '../../lib/analysis/trusted-series.ts';

function idle(...values: number[]): TrustedSeries {
  return new TrustedSeries({
    dimensions: {},
    periodSec: 60,
    startMs: 0,
    values: Float64Array.from(values),
    expected: values.length,
  });
}

test.each([
  ['fractions', [idle(0.25, 1.02), idle(0.01)], [[75, 0], [99]]],
  // One at 50 % shows that the 1 of the busy one is a percent.
  ['percents', [idle(25, 50), idle(1)], [[75, 50], [99]]],
])('threads are as busy as they are not idle, told as %s', (_, series, busy) => {
  expect(
    busyPercents(series).map(({ measured }) => [...measured].map((value) => Math.round(value * 1e9) / 1e9)),
  ).toEqual(busy);
});
