import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DiskLimits, diskForecast, lastDropMs, plateauBytes, since } from '../../lib/analysis/disk-forecast.ts';
import { TrustedSeries } from '../../lib/analysis/trusted-series.ts';

const HOUR_MS = 3600_000;
const START_MS = Date.UTC(2026, 10, 2);
const limits = { threshold: 85, full: 100 };

const series = (values: number[]) =>
  new TrustedSeries({
    dimensions: {},
    periodSec: 3600,
    startMs: START_MS,
    values: Float64Array.from(values),
    expected: values.length,
  });
const hours = (count: number, used: (hour: number) => number) => Array.from({ length: count }, (_, hour) => used(hour));
const hourAt = (hour: number) => START_MS + hour * HOUR_MS;
/** Peaks of 8 points in the evening, deleted again by the night. */
const daily = (hour: number) => (hour % 24 >= 18 ? 8 : (hour % 24) / 6);
const forecast = (values: number[], more: Partial<DiskLimits> = {}) =>
  diskForecast(series(values), { ...limits, ...more })!;

/** Two weeks from 50 %, two points a day: 78 % at the end. */
const growing = (hour: number) => 50 + hour / 12;
const twoWeeks = hours(14 * 24, growing);

describe('disk forecast', () => {
  test('by hand: 78 % and two points a day are 85 % in 3.5 days and full in 11', () => {
    const answer = forecast(twoWeeks);
    expect(answer).toMatchObject({ kind: 'growing', sinceMs: START_MS });
    if (answer.kind !== 'growing') throw new Error('not growing');
    expect(answer.trend.slopePerDay).toBeCloseTo(2, 9);
    // The middle of the last hour's day: half an hour short of the line at its end.
    expect(answer.trend.level).toBeCloseTo(78 - 0.5 / 12, 9);
    expect(answer.toThreshold.mid).toBeCloseTo((7 + 0.5 / 12) / 2, 9);
    expect(answer.toFull.early).toBeCloseTo((22 + 0.5 / 12) / 2, 9);
  });

  test('the hour of the report moves nothing: a pattern over the day is no growth', () => {
    for (const cut of [0, 5, 11, 19]) {
      expect(forecast(hours(14 * 24 + cut, (hour) => 50 + daily(hour)))).toMatchObject({ kind: 'no-trend' });
      const slope = forecast(hours(14 * 24 + cut, (hour) => 50 + hour / 24 + daily(hour))).kind === 'growing';
      expect(slope).toBe(true);
    }
  });

  test('hours that are missing every other day do not bend the line', () => {
    // Each day climbs by ten points: without its last ten hours its median lies two points lower.
    const values = hours(14 * 24, (hour) => (hour % 48 >= 38 ? Number.NaN : 50 + hour / 24 + (10 * (hour % 24)) / 24));
    const answer = forecast(values);
    if (answer.kind !== 'growing') throw new Error('not growing');
    expect(answer.trend.slopePerDay).toBeCloseTo(1, 1);
    expect(answer.trend.slopeHigh - answer.trend.slopeLow).toBeLessThan(0.1);
  });

  test('one day with a spike moves nothing', () => {
    const spike = twoWeeks.map((value, hour) => (hour >= 120 && hour < 144 ? value + 15 : value));
    const [plain, spiked] = [forecast(twoWeeks), forecast(spike)];
    if (plain.kind !== 'growing' || spiked.kind !== 'growing') throw new Error('not growing');
    expect(spiked.trend.slopePerDay).toBeCloseTo(plain.trend.slopePerDay, 9);
    expect(spiked.toThreshold.mid).toBeCloseTo(plain.toThreshold.mid!, 9);
  });

  test.each([
    [6 * 24, 'insufficient-history'],
    [7 * 24, 'growing'],
  ])('%i hours: %s', (count, kind) => {
    expect(forecast(hours(count, growing)).kind).toBe(kind);
  });

  test('days measured less than half do not count', () => {
    const holes = twoWeeks.map((value, hour) => (hour < 8 * 24 && hour % 24 < 13 ? Number.NaN : value));
    expect(forecast(holes)).toMatchObject({ kind: 'insufficient-history', days: 6 });
  });

  test('nothing measured has no forecast', () => {
    expect(diskForecast(series([Number.NaN]), limits)).toBeNull();
    expect(diskForecast(series([]), limits)).toBeNull();
  });

  test('falling is not growing, and beyond the threshold already is 0 days', () => {
    expect(forecast(hours(14 * 24, (hour) => 80 - hour / 24)).kind).toBe('no-trend');
    expect(forecast(hours(14 * 24, (hour) => 75 + hour / 24))).toMatchObject({
      kind: 'growing',
      toThreshold: { mid: 0, early: 0, late: 0 },
    });
  });
});

describe('change points', () => {
  const step = (at: number) => hours(14 * 24, (hour) => (hour < at ? 70 + hour / 24 : 40 + hour / 12));

  test('volumes enlarged: only what came after counts', () => {
    const cut = hours(28 * 24, (hour) => (hour < 400 ? 90 - hour / 100 : 40 + (hour - 400) / 12));
    expect(forecast(cut, { changesMs: [hourAt(100), hourAt(400)] })).toMatchObject({
      kind: 'growing',
      sinceMs: hourAt(400),
    });
    const answer = forecast(cut, { changesMs: [hourAt(400)] });
    expect(answer.kind === 'growing' && answer.trend.slopePerDay).toBeCloseTo(2, 9);
  });

  test('a change that lies after the last point changes nothing yet', () => {
    expect(forecast(twoWeeks, { changesMs: [hourAt(20 * 24)] }).kind).toBe('growing');
  });

  test('a sudden drop cuts by itself, at its own hour', () => {
    expect(lastDropMs(series(step(100)))).toBe(hourAt(100));
    expect(forecast(step(100))).toMatchObject({ kind: 'growing', sinceMs: hourAt(100) });
    expect(forecast(step(200))).toMatchObject({ kind: 'insufficient-history', sinceMs: hourAt(200) });
  });

  test.each([
    [0.86, null],
    [0.84, hourAt(100)],
  ])('down to %f of the level', (share, expected) => {
    expect(lastDropMs(series(hours(200, (hour) => (hour < 100 ? 60 : 60 * share))))).toBe(expected);
  });

  test.each([5, 30, 60, 120])('by points of %i minutes a drop and a quiet weekend are the same', (minutes) => {
    const values = (used: (hour: number) => number, count: number) =>
      new TrustedSeries({
        dimensions: {},
        periodSec: 60 * minutes,
        startMs: START_MS,
        values: Float64Array.from({ length: (count * 60) / minutes }, (_, i) => used((i * minutes) / 60)),
        expected: (count * 60) / minutes,
      });
    expect(lastDropMs(values((hour) => (hour < 100 ? 60 : 40), 200))).toBe(hourAt(100));
    expect(lastDropMs(values((hour) => (hour < 100 || hour >= 190 ? 60 : 40), 200))).toBeNull();
    expect(lastDropMs(values((hour) => (hour < 100 || hour >= 200 ? 60 : 40), 210))).toBe(hourAt(100));
    const weekly = (hour: number) => (hour % 168 < 100 ? 60 : 40);
    expect(lastDropMs(values((hour) => 20 + daily(Math.floor(hour)), 336))).toBeNull();
    // Falls at the same time of each week, the second time not yet back.
    expect(lastDropMs(values(weekly, 168 + 140))).toBeNull();
  });

  test('slow over two days is no drop', () => {
    expect(
      lastDropMs(series(hours(300, (hour) => (hour < 100 ? 60 : Math.max(40, 60 - (hour - 100) * 0.4))))),
    ).toBeNull();
  });

  test('retention that deletes every night is no change point', () => {
    expect(lastDropMs(series(hours(14 * 24, (hour) => 20 + daily(hour))))).toBeNull();
  });
});

describe('a volume that retains little, and its quiet weekends', () => {
  /** 60 % on working days; from hour 100 of each week on it falls to 30 % within a day, and is back three days later. */
  const week = (hour: number) => {
    const at = (hour % 168) - 100;
    return at < 0 ? 60 : at < 24 ? 60 - at * 1.25 : at < 48 ? 30 : Math.min(60, 30 + (at - 48) * 1.5);
  };

  test('the first weekend is over: the level came back', () => {
    expect(lastDropMs(series(hours(168, week)))).toBeNull();
  });

  test('the first weekend is not over: who knows', () => {
    expect(lastDropMs(series(hours(140, week)))).not.toBeNull();
  });

  test('the second weekend is not over: as in the week before', () => {
    expect(lastDropMs(series(hours(168 + 140, week)))).toBeNull();
  });

  test('not as in the week before: a day late, and down to stay', () => {
    const late = hours(336, (hour) => (hour < 168 + 130 ? week(Math.min(hour, 168)) : 30));
    expect(lastDropMs(series(late))).toBe(hourAt(298));
  });
});

describe('plateau', () => {
  test('below the threshold it levels off; above it, or already passed, it counts for nothing', () => {
    expect(forecast(twoWeeks, { plateau: 84 })).toMatchObject({ kind: 'levels-off', plateau: 84 });
    expect(forecast(twoWeeks, { plateau: 85 }).kind).toBe('growing');
    expect(forecast(twoWeeks, { plateau: 70 }).kind).toBe('growing');
    expect(forecast(twoWeeks, { plateau: null }).kind).toBe('growing');
  });

  test('by hand: 1000 B/s for 100 s, a compacted log of 5000 B, and one cut by size', () => {
    const byAge = { bytesInPerSec: 1000, retainedSec: 100, limitBytes: null };
    const compacted = { bytesInPerSec: 10, retainedSec: null, limitBytes: 5000 };
    const bySize = { bytesInPerSec: 1000, retainedSec: 100, limitBytes: 20_000 };
    expect(plateauBytes([byAge, compacted, bySize])).toBe(100_000 + 5000 + 20_000);
  });

  test('one replica that grows without end has no plateau, unless nobody writes to it', () => {
    expect(plateauBytes([{ bytesInPerSec: 1, retainedSec: null, limitBytes: null }])).toBeNull();
    expect(plateauBytes([{ bytesInPerSec: 0, retainedSec: null, limitBytes: null }])).toBe(0);
    // A compacted log keeps what it has.
    expect(plateauBytes([{ bytesInPerSec: 0, retainedSec: null, limitBytes: 5000 }])).toBe(5000);
  });
});

test('the early edge is never later than the middle, nor the middle than the late one', () => {
  const noise = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 8 * 24, maxLength: 12 * 24 });
  fc.assert(
    fc.property(noise, fc.double({ min: 0, max: 0.2, noNaN: true }), (values, slope) => {
      const answer = forecast(values.map((value, hour) => 40 + hour * slope + value));
      fc.pre(answer.kind === 'growing');
      if (answer.kind !== 'growing') return;
      for (const { early, mid, late } of [answer.toThreshold, answer.toFull]) {
        expect(early!).toBeLessThanOrEqual(mid!);
        expect(mid!).toBeLessThanOrEqual(late ?? Number.POSITIVE_INFINITY);
      }
    }),
    { numRuns: 30 },
  );
});

test('the part of a series that fell silent ends as early as the whole', () => {
  const values = Float64Array.from({ length: 48 }, (_, hour) => (hour < 44 ? 50 : Number.NaN));
  const whole = new TrustedSeries({
    dimensions: {},
    periodSec: 3600,
    startMs: 0,
    values,
    expected: 48,
    silentSec: 4 * 3600,
  });
  const part = since(whole, 24 * 3_600_000);
  expect([part.values.length, part.startMs, part.endsEarly]).toEqual([24, 24 * 3_600_000, true]);
});
