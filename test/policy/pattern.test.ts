import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { forName, matchesPattern, patternsOverlap } from '../../lib/policy/pattern.ts';

const letters = fc.constantFrom('a', 'b', '-');
const name = fc.array(letters, { maxLength: 7 }).map((parts) => parts.join(''));
const pattern = fc
  .array(fc.oneof({ weight: 3, arbitrary: letters }, fc.constantFrom('*', '?')), { maxLength: 7 })
  .map((parts) => parts.join(''));

/** The same meaning by another way: slow on purpose, and safe for the short texts of this test. */
function asRegExp(text: string): RegExp {
  const parts = text
    .split('')
    .map((char) => (char === '*' ? '.*' : char === '?' ? '.' : `\\u{${char.charCodeAt(0).toString(16)}}`));
  return new RegExp(`^${parts.join('')}$`, 'u');
}

describe('a pattern', () => {
  test.each([
    ['orders', 'orders', true],
    ['orders', 'orders-v2', false],
    ['orders-*', 'orders-', true],
    ['orders-?', 'orders-10', false],
    ['*-dlq', 'a.b-dlq', true],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'a-c-b', false],
    ['*', '', true],
    ['?', '', false],
    ['a.c', 'abc', false],
    ['a+', 'aa', false],
  ])('%s on %s: %s', (one, other, expected) => {
    expect(matchesPattern(one, other)).toBe(expected);
  });

  test('means what the regular expression of the same form means', () => {
    fc.assert(
      fc.property(pattern, name, (one, other) => {
        expect(matchesPattern(one, other)).toBe(asRegExp(one).test(other));
      }),
      { numRuns: 2000 },
    );
  });

  test('on a hostile name and many stars ends at once', () => {
    const started = performance.now();
    expect(matchesPattern(`${'*a'.repeat(150)}b`, 'a'.repeat(249))).toBe(false);
    expect(patternsOverlap('*a'.repeat(100), '*b'.repeat(100))).toBe(false);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe('two patterns overlap', () => {
  test.each([
    ['orders-*', '*-dlq', true],
    ['orders-*', 'payments-*', false],
    ['a?', '?b', true],
    ['a?c', 'ab', false],
    ['*', 'x', true],
    ['', '*', true],
  ])('%s and %s: %s', (one, other, expected) => {
    expect(patternsOverlap(one, other)).toBe(expected);
  });

  test('whenever a name fits both, whichever is named first', () => {
    fc.assert(
      fc.property(pattern, pattern, name, (one, other, both) => {
        expect(patternsOverlap(one, other)).toBe(patternsOverlap(other, one));
        if (matchesPattern(one, both) && matchesPattern(other, both)) expect(patternsOverlap(one, other)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  test('only then: a pair that overlaps has a name of the same letters that fits both', () => {
    const names: string[] = [''];
    for (let i = 0; i < names.length; i++)
      if (names[i]!.length < 6) names.push(...['a', 'b', '-'].map((char) => names[i]! + char));
    const short = fc.array(fc.constantFrom('a', 'b', '*', '?'), { maxLength: 3 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(short, short, (one, other) => {
        const witness = names.some((each) => matchesPattern(one, each) && matchesPattern(other, each));
        expect(patternsOverlap(one, other)).toBe(witness);
      }),
      { numRuns: 300 },
    );
  });
});

test('the value of the one pattern that fits; none where none does', () => {
  expect(forName({ 'a-*': 1, b: 2 }, 'a-x')).toBe(1);
  expect(forName({ 'a-*': 1, b: 2 }, 'c')).toBeUndefined();
});
