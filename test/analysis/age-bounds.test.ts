import { expect, test } from 'vitest';
import { AgeBounds, type FoundRecord } from '../../lib/analysis/age-bounds.ts';

const NOW_MS = 1_000_000;
const at = (offset: number, timestampMs: number | null): FoundRecord => ({ offset, timestampMs });

/** What look-ups told of the record at offset 10, in their order. */
function bounds(learned: readonly [askedMs: number, found: FoundRecord | null][], mayHaveGaps = false) {
  const age = new AgeBounds(10, mayHaveGaps);
  for (const [askedMs, found] of learned) age.learn(askedMs, found);
  return { low: age.lowSec(NOW_MS), high: age.highSec(NOW_MS), isOpen: age.isOpen, isUnproven: age.isUnproven };
}

test('nothing asked, nothing known, and nothing between bounds to ask for', () => {
  expect(bounds([])).toEqual({ low: null, high: null, isOpen: false, isUnproven: false });
});

test('the record itself: its age to the millisecond', () => {
  expect(bounds([[880_000, at(10, 900_000)]])).toEqual({ low: 100, high: 100, isOpen: false, isUnproven: false });
});

test('the record itself ends the search, whatever was known before', () => {
  const learned: [number, FoundRecord | null][] = [
    [900_000, null],
    [840_000, at(10, 850_000)],
  ];
  expect(bounds(learned)).toEqual({ low: 150, high: 150, isOpen: false, isUnproven: false });
  expect(bounds(learned.toReversed())).toMatchObject({ low: 150, high: 150, isOpen: false });
});

test('an earlier record: at most so old, and nobody knows how young', () => {
  expect(bounds([[700_000, at(9, 750_000)]])).toEqual({ low: 0, high: 250, isOpen: false, isUnproven: false });
});

test('a broker that tells no time has told that the record is as young as was asked for', () => {
  expect(bounds([[700_000, at(9, null)]])).toMatchObject({ low: 0, high: 300 });
  // At the offset itself as well: it may be younger.
  expect(bounds([[700_000, at(10, null)]])).toMatchObject({ low: 0, high: 300, isOpen: false });
});

test('nothing up to the offset is as young as was asked for: at least so old, once a later answer shows the log whole', () => {
  const before: [number, null] = [900_000, null];
  // The log start may have passed the offset since the first answer.
  const first = bounds([[700_000, at(9, 750_000)], before]);
  expect(first).toEqual({ low: 0, high: 250, isOpen: true, isUnproven: true });
  const proven = bounds([before, [700_000, at(9, 750_000)]]);
  expect(proven).toEqual({ low: 100, high: 250, isOpen: true, isUnproven: false });
});

test('a record beyond the offset: the next one is not younger', () => {
  expect(bounds([[900_000, at(11, 950_000)]])).toMatchObject({ low: 50, high: null, isUnproven: false });
  const both = bounds([
    [900_000, at(11, 950_000)],
    [920_000, at(12, 940_000)],
  ]);
  expect(both.low).toBe(60);
});

test('with gaps the next record in the log counts, not the moment that was asked for', () => {
  const learned: [number, FoundRecord | null][] = [
    [800_000, at(11, 950_000)],
    [700_000, at(9, 750_000)],
  ];
  expect(bounds(learned, true)).toMatchObject({ low: 50, high: 250 });
  expect(bounds(learned, false)).toMatchObject({ low: 200, high: 250 });
});

test('between bounds there is something to ask for until one millisecond is left', () => {
  const between = (sinceMs: number, beforeMs: number) =>
    bounds([
      [beforeMs, null],
      [sinceMs - 5, at(9, sinceMs)],
    ]);
  expect(between(899_998, 900_000)).toMatchObject({ isOpen: true, low: 100, high: 100.002 });
  expect(between(899_999, 900_000)).toMatchObject({ isOpen: false, low: 100.001, high: 100.001 });
});

test('the youngest record up to the offset bounds the age, in whatever order it was found', () => {
  const learned: [number, FoundRecord][] = [
    [600_000, at(8, 650_000)],
    [700_000, at(9, 750_000)],
  ];
  expect(bounds(learned).high).toBe(250);
  expect(bounds(learned.toReversed()).high).toBe(250);
});

test('a record from after now is no negative age', () => {
  expect(bounds([[900_000, at(10, NOW_MS + 5_000)]])).toMatchObject({ low: 0, high: 0 });
  expect(bounds([[NOW_MS + 9_000, null]])).toMatchObject({ low: null, high: null });
});
