import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { timeLagByInterpolation } from '../../lib/analysis/time-lag.ts';

const looks = (...pairs: [seconds: number, offset: number][]) =>
  pairs.map(([seconds, offset]) => ({ atMs: seconds * 1000, offset: BigInt(offset) }));

const table = looks([0, 1000], [60, 1600], [120, 1600], [180, 1600], [240, 2800]);

describe('time lag by interpolation', () => {
  test('by hand: offset 1300 was produced half way between the first two looks', () => {
    expect(timeLagByInterpolation(table, 1300n, 240_000)).toEqual({
      kind: 'interpolated',
      lagSec: 210,
      producedAtMs: 30_000,
    });
  });

  test('a flat stretch counts by its last look: the next record came after it', () => {
    expect(timeLagByInterpolation(table, 2200n, 240_000)).toMatchObject({
      kind: 'interpolated',
      producedAtMs: 210_000,
    });
    // The record at the offset where the log stood still is the first that came afterwards.
    expect(timeLagByInterpolation(table, 1600n, 240_000)).toMatchObject({ lagSec: 60, producedAtMs: 180_000 });
  });

  test('at or beyond the log end there is no lag', () => {
    expect(timeLagByInterpolation(table, 2800n, 240_000)).toMatchObject({ kind: 'caught-up', lagSec: 0 });
    expect(timeLagByInterpolation(table, 9999n, 240_000)?.lagSec).toBe(0);
  });

  test('older than the table: on the line from the oldest to the newest look, and marked', () => {
    // 1800 messages in 240 s: offset 100 lies 900 messages = 120 s before the first look.
    expect(timeLagByInterpolation(table, 100n, 240_000)).toEqual({
      kind: 'extrapolated',
      lagSec: 360,
      producedAtMs: expect.closeTo(-120_000, 3),
    });
  });

  test('nothing was produced: the age of the backlog cannot be told', () => {
    expect(timeLagByInterpolation(looks([0, 50], [60, 50]), 10n, 60_000)).toBeNull();
    expect(timeLagByInterpolation([], 10n, 60_000)).toBeNull();
  });

  test('what comes out of order, or twice at one time, is no look', () => {
    expect(timeLagByInterpolation(looks([100, 100], [90, 110], [100, 120]), 0n, 110_000)).toBeNull();
    expect(timeLagByInterpolation(looks([100, 100], [90, 110], [200, 200]), 150n, 200_000)).toMatchObject({
      kind: 'interpolated',
      producedAtMs: 150_000,
    });
  });

  test('a log end that fell begins another log: no line leads from the old one', () => {
    const created = looks([0, 1000], [60, 50], [120, 1550]);
    // 1500 messages in 60 s: offset 25 lies 25 messages = 1 s before the look at 50.
    expect(timeLagByInterpolation(created, 25n, 120_000)).toEqual({
      kind: 'extrapolated',
      lagSec: 61,
      producedAtMs: 59_000,
    });
    expect(timeLagByInterpolation(looks([0, 1000], [60, 50]), 20n, 60_000)).toBeNull();
  });

  test('a smaller committed offset is never a younger record', () => {
    const rising = fc.array(fc.nat({ max: 500 }), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(rising, fc.nat({ max: 3000 }), fc.nat({ max: 3000 }), (steps, a, b) => {
        let offset = 1000;
        const points = steps.map((step, i) => {
          offset += step;
          return { atMs: i * 60_000, offset: BigInt(offset) };
        });
        const [first, last] = [points[0]!.offset, points.at(-1)!.offset];
        // Inside the table only: outside, the straight line may cross the bent one.
        const [low, high] = [Math.min(a, b), Math.max(a, b)].map(
          (each) => first + (BigInt(each) % (last - first + 1n)),
        );
        const ages = [low! < high! ? low! : high!, low! < high! ? high! : low!].map(
          (committed) => timeLagByInterpolation(points, committed, 600_000)?.lagSec ?? null,
        );
        fc.pre(ages[0] !== null && ages[1] !== null);
        expect(ages[0]!).toBeGreaterThanOrEqual(ages[1]! - 1e-9);
      }),
    );
  });
});
