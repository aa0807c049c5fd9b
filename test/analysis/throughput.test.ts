import { describe, expect, test } from 'vitest';
import { sumByTimestamp } from '../../lib/analysis/series.ts';
import { burstRatio, growthOf, loadProfile, replicationExcess } from '../../lib/analysis/throughput.ts';
import { TrustedSeries } from '../../lib/analysis/trusted-series.ts';

const series = (values: number[], periodSec = 300, startMs = 0) =>
  new TrustedSeries({ dimensions: {}, periodSec, startMs, values: Float64Array.from(values), expected: values.length });

describe('load profile', () => {
  test('percentiles of the sum: brokers that peak at different times', () => {
    const sum = sumByTimestamp([series([10, 0, 0, 0, 10]), series([0, 10, 0, 0, 0]), series([0, 0, 10, 10, 5])]);
    expect([...sum.values]).toEqual([10, 10, 10, 10, 15]);
    // Type 7 over 10 10 10 10 15: p95 at place 3.8, p99 at 3.96.
    expect(loadProfile(sum)).toEqual({
      mean: 11,
      p50: 10,
      p95: expect.closeTo(14, 12),
      p99: expect.closeTo(14.8, 12),
      max: 15,
      peakToMean: 15 / 11,
    });
  });

  test('no load has no peak, no measurement no profile', () => {
    expect(loadProfile(series([0, 0]))).toMatchObject({ mean: 0, peakToMean: null });
    expect(loadProfile(series([Number.NaN]))).toBeNull();
  });
});

describe('bursts', () => {
  test('one minute with everything is five times the mean of its five', () => {
    const minutes = series([50, 0, 0, 0, 0, 12, 8, 10, 10, 10], 60);
    expect(burstRatio(minutes, series([10, 10]))).toBe(5);
    expect(burstRatio(minutes, series([10], 300, 300_000))).toBe(1.2);
  });

  test('minutes without a longer period around them, or without load, tell nothing', () => {
    expect(burstRatio(series([5], 60), series([Number.NaN]))).toBeNull();
    expect(burstRatio(series([0], 60), series([0]))).toBeNull();
    expect(burstRatio(series([5], 60), series([5], 300, 300_000))).toBeNull();
  });
});

describe('growth', () => {
  test('peaks of the days rise by 10 a day; quiet nights do not matter', () => {
    const hourly = Array.from({ length: 10 * 24 }, (_, i) => (i % 24 < 12 ? 1 : 100 + 10 * Math.floor(i / 24)));
    const growth = growthOf(series(hourly, 3600))!;
    expect(growth.slopePerDay).toBe(10);
    expect(growth.pValue).toBeLessThan(0.001);
    expect(growthOf(series(hourly.slice(0, 24), 3600))).toBeNull();
  });
});

test.each([
  [100, 200, 3, 0],
  [100, 260, 3, 0.3],
  [100, 100, 3, -0.5],
  [100, 0, 1, null],
  [0, 5, 3, null],
])('in %i, replicated %i, RF %i', (bytesIn, replication, factor, expected) => {
  const excess = replicationExcess(bytesIn, replication, factor);
  expect(excess === null ? null : Number(excess.toFixed(9))).toBe(expected);
});
