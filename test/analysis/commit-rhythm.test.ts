import { describe, expect, test } from 'vitest';
import { commitRhythm, isWithinRhythm, lastFallMs, lastReadMs } from '../../lib/analysis/commit-rhythm.ts';
import type { GroupStatus, PartitionStatus } from '../../lib/analysis/consumer-status.ts';
import { TrustedSeries } from '../../lib/analysis/trusted-series.ts';

const MINUTE_MS = 60_000;

/** One value a minute from 0 on; null = no point. */
function lag(values: readonly (number | null)[]): TrustedSeries {
  const own = Float64Array.from(values, (value) => value ?? Number.NaN);
  return new TrustedSeries({ dimensions: {}, periodSec: 60, startMs: 0, values: own, expected: own.length });
}

/** Commits in minutes 0, 5 and 10 of what waited. */
const EVERY_FIVE = [0, 10, 20, 30, 40, 1, 11, 21, 31, 41, 2, 12, 22];

describe('the rhythm of commits', () => {
  test('the time for which records waited before the lag fell, and when it last did', () => {
    expect(commitRhythm(lag(EVERY_FIVE), 39)).toEqual({ intervalSec: 300, lastMs: 10 * MINUTE_MS });
  });

  test('only those intervals count in which more than is allowed waited', () => {
    expect(commitRhythm(lag(EVERY_FIVE), 40)).toBeNull();
  });

  test('the median of unequal ones', () => {
    // Falls in minutes 4, 10 and 20 after a start at nothing: 4, 6 and 10 minutes.
    const values = Array.from({ length: 22 }, (_, i) =>
      i === 0 ? 0 : i < 4 ? i * 10 : i < 10 ? i - 3 : i < 20 ? i - 9 : i - 19,
    );
    values[3] = 90;
    values[9] = 80;
    values[19] = 70;
    expect(commitRhythm(lag(values), 20)).toEqual({ intervalSec: 360, lastMs: 20 * MINUTE_MS });
  });

  test('the first fall has nothing before it to be measured from, unless there was nothing to read', () => {
    expect(commitRhythm(lag([10, 20, 30, 1, 10, 20, 30, 1, 10]), 5)).toBeNull();
    expect(commitRhythm(lag([0, 10, 20, 30, 1, 10, 20, 30, 1, 10]), 5)).toMatchObject({ intervalSec: 240 });
  });

  test('hours without anything to read are no waiting', () => {
    const idle = [0, 0, 0, 0, 10, 20, 30, 1, 10, 20, 30, 1];
    expect(commitRhythm(lag(idle), 5)).toMatchObject({ intervalSec: 240 });
  });

  test('one interval is no rhythm; a fall in every other point is noise', () => {
    expect(commitRhythm(lag(EVERY_FIVE.slice(0, 10)), 5)).toBeNull();
    expect(commitRhythm(lag([0, 50, 10, 50, 10, 50, 10]), 5)).toBeNull();
    expect(commitRhythm(lag([0, 40, 50, 10, 40, 50, 10, 40, 50, 10]), 5)).toMatchObject({ intervalSec: 180 });
  });

  test('a lag that stands still between two commits is none', () => {
    expect(commitRhythm(lag([0, 50, 50, 50, 1, 50, 50, 50, 1]), 5)).toEqual({
      intervalSec: 240,
      lastMs: 8 * MINUTE_MS,
    });
  });

  test('a lag that stands still or rises is never committed; no series, no rhythm', () => {
    expect(commitRhythm(lag([5, 5, 5, 6, 7]), 1)).toBeNull();
    expect(commitRhythm(null, 1)).toBeNull();
  });
});

test('when the lag last fell: over gaps too, but not at the first point', () => {
  expect(lastFallMs(lag([9, 10, 4, 4, 5]))).toBe(2 * MINUTE_MS);
  expect(lastFallMs(lag([9, null, 4, 5]))).toBe(2 * MINUTE_MS);
  expect(lastFallMs(lag([4, 4, 5]))).toBeNull();
  expect(lastFallMs(null)).toBeNull();
});

test('when a group last read: the lag fell, or was no more than is allowed, whichever came later', () => {
  expect(lastReadMs(lag([9, 10, 4, 4, 5]), 3)).toBe(2 * MINUTE_MS);
  expect(lastReadMs(lag([9, 10, 4, 4, 5]), 4)).toBe(3 * MINUTE_MS);
  expect(lastReadMs(lag([2, 9, 9, 7, 9]), 3)).toBe(3 * MINUTE_MS);
  expect(lastReadMs(lag([2, 9, 9, 9]), 3)).toBe(0);
  expect(lastReadMs(lag([7, 8, 9]), 3)).toBeNull();
});

describe('a commit that is overdue', () => {
  const row = (topic: string, lastProgressMs: number | null = null) => ({ topic, lastProgressMs }) as PartitionStatus;
  const group = (...partitions: PartitionStatus[]) => ({ groupId: 'g', partitions }) as unknown as GroupStatus;
  const within = (
    rows: PartitionStatus[],
    minutes: number,
    series: Record<string, TrustedSeries> = { t: lag(EVERY_FIVE) },
  ) =>
    isWithinRhythm(group(...rows), rows, {
      seriesOf: (groupId, topic) => (groupId === 'g' ? (series[topic] ?? null) : null),
      allowedMessages: 5,
      untilMs: minutes * MINUTE_MS,
      intervals: 2,
    });

  test('two of its own intervals after the last one, not later', () => {
    expect(within([row('t')], 20)).toBe(true);
    expect(within([row('t')], 20.01)).toBe(false);
  });

  test('every topic must be within its own', () => {
    expect(within([row('t'), row('u')], 15)).toBe(false);
    expect(within([row('t'), row('u')], 15, { t: lag(EVERY_FIVE), u: lag(EVERY_FIVE) })).toBe(true);
  });

  test('one that committed while we looked commits more often than that', () => {
    expect(within([row('t', 1), row('t')], 15)).toBe(false);
  });
});
