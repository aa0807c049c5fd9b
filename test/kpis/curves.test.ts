import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  describeCurve,
  erf,
  logNormal,
  logNormalScore,
  piecewise,
  piecewiseScore,
  scoreOn,
} from '../../lib/kpis/curves.ts';

describe('log-normal curve', () => {
  test('90 at good, 50 at bad, 100 at nothing', () => {
    expect(logNormalScore(25, 25, 100)).toBeCloseTo(90, 9);
    expect(logNormalScore(100, 25, 100)).toBeCloseTo(50, 5);
    expect(logNormalScore(0, 25, 100)).toBe(100);
    expect(logNormalScore(-1, 25, 100)).toBe(100);
  });

  test('a hair beyond a control point is in the next class, whatever erf rounds to', () => {
    expect(logNormalScore(25, 25, 100)).toBeGreaterThanOrEqual(90);
    expect(logNormalScore(25.0000001, 25, 100)).toBeLessThan(90);
    expect(logNormalScore(100, 25, 100)).toBeGreaterThanOrEqual(50);
    expect(logNormalScore(100.0000001, 25, 100)).toBeLessThan(50);
  });

  test('erf keeps its promised error', () => {
    expect(Math.abs(erf(0.5) - 0.5204998778)).toBeLessThan(1.5e-7);
    expect(Math.abs(erf(-1) + 0.8427007929)).toBeLessThan(1.5e-7);
    expect(erf(0)).toBe(0);
  });
});

describe('piecewise curve', () => {
  const cpu = piecewise(40, 60, 70, 90);

  test.each([
    [0, 100],
    [40, 100],
    [50, 95],
    [60, 90],
    [65, 70],
    [70, 50],
    [80, 25],
    [90, 0],
    [500, 0],
  ])('lower is better: %d scores %d', (value, score) => {
    expect(scoreOn(cpu, value)).toBeCloseTo(score, 9);
  });

  test('higher is better when the anchors fall', () => {
    const durable = piecewise(100, 99, 95, 80);
    expect([100, 99.5, 97, 95, 87.5, 10].map((value) => scoreOn(durable, value))).toEqual([100, 95, 70, 50, 25, 0]);
  });

  test('values below nothing are fine on a logarithmic axis', () => {
    const anchors = [
      [256, 0],
      [2048, 50],
    ] as const;
    expect(piecewiseScore({ anchors, axis: 'log2' }, 0)).toBe(0);
    expect(piecewiseScore({ anchors, axis: 'log2' }, 724.0773439350247)).toBeCloseTo(25, 9);
  });
});

describe('every curve', () => {
  const anchors = fc
    .uniqueArray(fc.integer({ min: -1000, max: 100_000 }), { minLength: 4, maxLength: 4 })
    .map((values) => [...values].sort((a, b) => a - b) as [number, number, number, number]);
  const value = fc.double({ min: -2000, max: 200_000, noNaN: true });

  test('piecewise: within 0..100 and never better for a worse value, in both directions', () => {
    fc.assert(
      fc.property(anchors, value, value, ([a, b, c, d], x, y) => {
        const [low, high] = [Math.min(x, y), Math.max(x, y)];
        const falling = piecewise(a, b, c, d);
        const rising = piecewise(d, c, b, a);
        expect(scoreOn(falling, low)).toBeGreaterThanOrEqual(scoreOn(falling, high) - 1e-9);
        expect(scoreOn(rising, low)).toBeLessThanOrEqual(scoreOn(rising, high) + 1e-9);
        expect(scoreOn(falling, x)).toBeGreaterThanOrEqual(0);
        expect(scoreOn(falling, x)).toBeLessThanOrEqual(100);
      }),
    );
  });

  test('log-normal: within 0..100 and never better for a larger value', () => {
    const good = fc.double({ min: 0.1, max: 1000, noNaN: true });
    fc.assert(
      fc.property(good, fc.double({ min: 1.1, max: 50, noNaN: true }), value, value, (p10, factor, x, y) => {
        const score = (at: number) => logNormalScore(at, p10, p10 * factor);
        // The approximation of erf may wobble by its error.
        expect(score(Math.min(x, y))).toBeGreaterThanOrEqual(score(Math.max(x, y)) - 2e-5);
        expect(score(x)).toBeGreaterThanOrEqual(0);
        expect(score(x)).toBeLessThanOrEqual(100);
      }),
    );
  });
});

test('a curve says in words where its control points are', () => {
  expect(describeCurve(piecewise(40, 60, 70, 90))).toBe('100 at 40, 90 at 60, 50 at 70, 0 at 90');
  expect(describeCurve(logNormal(25, 100))).toBe('90 at 25, 50 at 100, log-normal');
});
