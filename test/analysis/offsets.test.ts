import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { distance, parseOffset } from '../../lib/analysis/offsets.ts';
import { slopePerSec } from '../../lib/analysis/produce-rates.ts';
import { theilSenSlope } from '../../lib/analysis/statistics.ts';

const int64 = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });

describe('offsets', () => {
  test('-1 and below are none, as Kafka answers', () => {
    expect([parseOffset(null), parseOffset('-1'), parseOffset('-1001')]).toEqual([null, null, null]);
    expect(parseOffset('0')).toBe(0);
  });

  test('every 64-bit offset survives, whatever form it takes', () => {
    fc.assert(
      fc.property(int64, (offset) => {
        expect(BigInt(parseOffset(String(offset))!)).toBe(offset);
      }),
    );
  });

  test('order and distance are those of the decimals, across the two forms', () => {
    const edge = 2n ** 53n;
    const near = fc.bigInt({ min: edge - 1000n, max: edge + 1000n });
    fc.assert(
      fc.property(near, near, (x, y) => {
        const [a, b] = [parseOffset(String(x))!, parseOffset(String(y))!];
        expect([a < b, a === b, a > b]).toEqual([x < y, x === y, x > y]);
        expect(distance(a, b)).toBe(Number(x - y));
      }),
    );
  });
});

test('the short way over three looks is the Theil-Sen slope', () => {
  const look = fc.record({ atMs: fc.nat({ max: 5 }).map((s) => s * 1000), value: fc.integer({ min: -500, max: 500 }) });
  fc.assert(
    fc.property(fc.array(look, { maxLength: 4 }), (looks) => {
      const expected = theilSenSlope(
        looks.map(({ atMs }) => atMs / 1000),
        looks.map(({ value }) => value),
      );
      const slope = slopePerSec(looks, ({ value }) => value);
      if (expected === null) expect(slope).toBeNull();
      else expect(slope).toBeCloseTo(expected, 9);
    }),
  );
});
