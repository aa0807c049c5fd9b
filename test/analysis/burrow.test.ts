import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type BurrowCommit,
  type BurrowPartition,
  burrowGroupStatus,
  burrowPartitionStatus,
  burrowStatus,
} from '../../lib/analysis/burrow.ts';

type Row = [offset: number, seconds: number, lag: number | null];
const commits = (...rows: Row[]): BurrowCommit[] =>
  rows.map(([offset, seconds, lag]) => ({ offset, atMs: Math.round(seconds * 1000), lag }));

/** One commit every 100 s from second 100, of 1000 records each unless told. */
const every100s = (lags: (number | null)[], offsets = lags.map((_, i) => 1000 * (i + 1))) =>
  commits(...lags.map((lag, i): Row => [offsets[i]!, 100 * (i + 1), lag]));

/** A consumer that commits each record, one a second, and was at the end each time. */
const eager = commits(
  ...Array.from({ length: 15 }, (_, i): Row => [792_748_079 + i, 1_512_224_618.356 + 1.003 * i, 0]),
);

interface Case {
  window: BurrowCommit[];
  currentLag: number;
  now: number;
  ends?: number[];
  allowedLag?: number;
}

const statusOf = ({
  window,
  currentLag,
  now,
  ends = [(window.at(-1)!.offset as number) + currentLag],
  allowedLag = 0,
}: Case) => burrowStatus({ commits: window, brokerOffsets: ends, currentLag, nowMs: now * 1000, allowedLag });

const growing = [50, 100, 150, 200, 250];
const fromZero = [0, 50, 100, 150, 200];
const stuck = [1000, 1000, 1000, 1000, 1000];

describe("Burrow's own cases, in Burrow's own words", () => {
  test.each<[string, Case, string]>([
    ['no lag somewhere in the window', { window: every100s(fromZero), currentLag: 200, now: 600 }, 'OK'],
    ['silent exactly as long as the window took', { window: every100s(fromZero), currentLag: 200, now: 900 }, 'OK'],
    [
      'silent for longer, whatever the lag once was',
      { window: every100s(fromZero), currentLag: 200, now: 1000 },
      'STOP',
    ],
    ['silent for longer, always behind', { window: every100s(growing), currentLag: 250, now: 1000 }, 'STOP'],
    ['no progress, but no lag at first', { window: every100s(fromZero, stuck), currentLag: 200, now: 600 }, 'OK'],
    [
      'no progress and always behind',
      { window: every100s([100, 150, 200, 250, 300], stuck), currentLag: 300, now: 600 },
      'STALL',
    ],
    [
      'no progress and a lag that stays',
      { window: every100s([100, 100, 100, 100, 100], stuck), currentLag: 100, now: 600 },
      'STALL',
    ],
    ['no lag now, though behind at every commit', { window: every100s(growing), currentLag: 0, now: 1000 }, 'OK'],
    [
      'each commit at the end, then silent while records come',
      {
        window: eager,
        currentLag: 931,
        now: 1_512_224_650,
        ends: [792_749_024, 792_749_000, 792_748_800, 792_748_600, 792_748_500],
      },
      'STOP',
    ],
    [
      'the same, but the one record came only just',
      {
        window: eager,
        currentLag: 1,
        now: 1_512_224_650,
        ends: [792_748_094, 792_748_093, 792_748_093, 792_748_093],
      },
      'OK',
    ],
    [
      'commits of unknown lag change nothing',
      {
        window: every100s([0, null, 50, null, 100, null, 150, null, 200, null]),
        currentLag: 200,
        now: 1100,
      },
      'OK',
    ],
    ['slow: the lag grows at each commit', { window: every100s(growing), currentLag: 250, now: 600 }, 'WARN'],
    [
      'slow, among the lags that are known',
      { window: every100s([50, null, 50, null, 60]), currentLag: 60, now: 600 },
      'WARN',
    ],
    ['the lag fell once', { window: every100s([50, 100, 99, 200, 250]), currentLag: 250, now: 600 }, 'OK'],
  ])('%s', (_, given, status) => {
    expect(statusOf(given)).toBe(status);
  });
});

describe('rewinds', () => {
  test.each<[string, number[], (number | null)[], string]>([
    ['fell back, and has not come up again', [10, 20, 30, 20], [5, 5, 5, 10], 'REWIND'],
    ['the same from no lag at all', [10, 20, 30, 20], [0, 0, 0, 10], 'REWIND'],
    ['came back to exactly where it fell from', [10, 20, 30, 20, 30], [9, 9, 9, 10, 15], 'WARN'],
    ['came back, and no lag before: forgiven', [20, 30, 20, 30], [0, 0, 10, 15], 'OK'],
    ['came back and fell again: only the first drop is looked at', [30, 20, 30, 10], [9, 10, 11, 12], 'WARN'],
    ['one short of where it fell from', [30, 20, 29], [9, 10, 9], 'REWIND'],
  ])('%s', (_, offsets, lags, status) => {
    expect(statusOf({ window: every100s(lags, offsets), currentLag: 15, now: 100 * offsets.length + 1 })).toBe(status);
  });

  test('a silent consumer is stopped, whatever it did before', () => {
    expect(statusOf({ window: every100s([5, 10], [30, 20]), currentLag: 10, now: 301 })).toBe('STOP');
  });
});

describe('allowed lag', () => {
  const stalled = { window: every100s([1, 1, 1], [7, 7, 7]), now: 301 };

  test('the end marker of a transaction is a lag of 1 for ever: allowed, it is none', () => {
    expect(statusOf({ ...stalled, currentLag: 1 })).toBe('STALL');
    expect(statusOf({ ...stalled, currentLag: 1, allowedLag: 1 })).toBe('OK');
  });

  test('a window that was once within it is well, though it is beyond now', () => {
    expect(statusOf({ ...stalled, currentLag: 2, allowedLag: 1 })).toBe('OK');
    expect(statusOf({ ...stalled, window: every100s([2, 2, 2], [7, 7, 7]), currentLag: 2, allowedLag: 1 })).toBe(
      'STALL',
    );
  });
});

const partition = (given: Partial<BurrowPartition>): BurrowPartition => ({
  topic: 'orders',
  partition: 0,
  commits: every100s(growing),
  brokerOffsets: [],
  currentLag: 250,
  ...given,
});

describe('completeness', () => {
  const half = partition({ commits: [null, null, null, null, null, ...every100s(growing)] });

  test.each([
    [0.5, 'WARN'],
    [0.51, 'OK'],
  ])('a window filled by half, at least %f asked for: %s', (minimumComplete, status) => {
    expect(burrowPartitionStatus(half, { nowMs: 600_000, minimumComplete })).toMatchObject({
      status,
      complete: 0.5,
      start: { offset: 1000 },
      end: { offset: 5000 },
    });
  });

  test.each([[[]], [[null, null]]])('nothing was ever committed (%j): nothing can be said', (none) => {
    expect(burrowPartitionStatus(partition({ commits: none }), { nowMs: 600_000 })).toMatchObject({
      status: 'OK',
      complete: 0,
      start: null,
      end: null,
    });
  });
});

describe('group', () => {
  const well = partition({ commits: every100s([0, 0, 0, 0, 0]), currentLag: 0 });
  const stopped = partition({ partition: 1, commits: [null, ...every100s(growing).slice(1)], currentLag: 300 });
  const slow = partition({ partition: 2 });

  test('nothing known of it', () => {
    expect(burrowGroupStatus(null, { nowMs: 0 })).toMatchObject({ status: 'NOTFOUND', complete: 1, partitions: [] });
  });

  test('no partitions left after its topic went: well, and not complete', () => {
    expect(burrowGroupStatus([], { nowMs: 0 })).toMatchObject({ status: 'OK', complete: 0, maxLag: null });
  });

  test('one slow partition: the group warns', () => {
    expect(burrowGroupStatus([well, slow], { nowMs: 600_000 })).toMatchObject({
      status: 'WARN',
      complete: 1,
      totalLag: 250,
      maxLag: { partition: 2 },
    });
  });

  test('worse than an error shows as one; the share of whole windows and the largest lag are those of the group', () => {
    const status = burrowGroupStatus([well, stopped], { nowMs: 10_000_000 });
    expect(status).toMatchObject({
      status: 'ERR',
      complete: 0.5,
      totalLag: 300,
      maxLag: { partition: 1, status: 'STOP' },
    });
  });
});

test('without lag beyond what is allowed nothing is ever wrong, and the status depends on differences of offsets only', () => {
  const rows = fc.array(fc.record({ offset: fc.nat(50), lag: fc.option(fc.nat(20)), gap: fc.nat(200) }), {
    minLength: 1,
    maxLength: 8,
  });
  fc.assert(
    fc.property(
      rows,
      fc.nat(30),
      fc.nat(5),
      fc.nat(2000),
      fc.array(fc.nat(80)),
      (steps, currentLag, allowedLag, wait, ends) => {
        const gaps = steps.map(({ gap }) => gap);
        const timeOf = (i: number) => gaps.slice(0, i + 1).reduce((a, b) => a + b);
        const window = steps.map(({ offset, lag }, i) => ({ offset, lag, atMs: timeOf(i) }));
        const big = 2n ** 60n;
        const shifted = window.map((each) => ({ ...each, offset: big + BigInt(each.offset) }));
        const given = { currentLag, allowedLag, nowMs: timeOf(steps.length - 1) + wait };
        const status = burrowStatus({ commits: window, brokerOffsets: ends, ...given });
        expect(burrowStatus({ commits: shifted, brokerOffsets: ends.map((end) => big + BigInt(end)), ...given })).toBe(
          status,
        );
        if (currentLag <= allowedLag) expect(status).toBe('OK');
      },
    ),
  );
});

describe('where Burrow’s rules end', () => {
  test('a commit that repeats the one before is no drop, and hides none that comes after', () => {
    const window = every100s([10, 10, 10, 10], [1000, 1000, 500, 600]);
    expect(statusOf({ window, currentLag: 10, now: 410 })).toBe('REWIND');
    const repeated = every100s([10, 10, 10, 10], [1000, 1000, 1500, 1600]);
    expect(statusOf({ window: repeated, currentLag: 10, now: 410 })).toBe('WARN');
  });

  test('commits that have not happened yet are not part of the window; without any there is nothing to judge', () => {
    const partition = (commitsSeen: BurrowPartition['commits']): BurrowPartition => ({
      topic: 't',
      partition: 0,
      commits: commitsSeen,
      brokerOffsets: [99_999],
      currentLag: 10,
    });
    const [first, second] = every100s([10, 10]);
    expect(burrowPartitionStatus(partition([null, null]), { nowMs: 0 })).toMatchObject({
      status: 'OK',
      complete: 0,
      start: null,
      end: null,
    });
    expect(burrowPartitionStatus(partition([null, null, first!, second!]), { nowMs: 210_000 })).toMatchObject({
      complete: 0.5,
      start: first,
      end: second,
    });
  });

  test('of equal lags the first partition has the largest', () => {
    const partition = (index: number, currentLag: number): BurrowPartition => ({
      topic: 't',
      partition: index,
      commits: every100s([0, 0]),
      brokerOffsets: [99_999],
      currentLag,
    });
    const group = burrowGroupStatus([partition(0, 5), partition(1, 9), partition(2, 9), partition(3, 1)], {
      nowMs: 210_000,
    });
    expect(group).toMatchObject({ totalLag: 24, maxLag: { partition: 1 } });
  });
});
