import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  beyondEnd,
  type LagStatus,
  type PartitionWindow,
  partitionStatus,
  worstStatus,
} from '../../lib/analysis/partition-status.ts';

interface Shape extends Partial<Omit<PartitionWindow, 'samples'>> {
  committed: number[];
  end: number[];
  stepSec?: number;
  fromMs?: number;
}

function judge({ committed, end, stepSec = 60, fromMs = 0, ...rest }: Shape) {
  return partitionStatus({
    samples: committed.map((offset, i) => ({
      atMs: fromMs + i * stepSec * 1000,
      committed: BigInt(offset),
      end: BigInt(end[i]!),
    })),
    logStart: 0n,
    assigned: true,
    groupState: 'Stable',
    allowedLag: 100,
    minSamples: 3,
    minSpanSec: 120,
    ...rest,
  });
}

const behind = { committed: [1000, 1000, 1000], end: [2000, 2600, 3200] };

describe.each<[string, Shape, LagStatus]>([
  [
    'the next record is already deleted',
    { committed: [499, 499, 499], end: [900, 900, 900], logStart: 500n },
    'DATA_LOSS',
  ],
  [
    'a caught-up group whose records are gone is still a loss',
    { committed: [499], end: [500], logStart: 500n },
    'DATA_LOSS',
  ],
  ['the next record is the oldest one: nothing is lost yet', { committed: [500], end: [550], logStart: 500n }, 'OK'],
  ['an unknown log start proves no loss', { committed: [0], end: [50], logStart: null }, 'OK'],
  ['lag at the allowance is well', { committed: [900, 900, 900], end: [1000, 1000, 1000] }, 'OK'],
  ['one look is enough to be well', { committed: [900], end: [1000] }, 'OK'],
  [
    'one message over the allowance without progress',
    { committed: [899, 899, 899], end: [1000, 1000, 1000] },
    'STALLED',
  ],
  ['two looks are too few to judge', { committed: [1000, 1000], end: [2000, 2600], stepSec: 200 }, 'INSUFFICIENT'],
  ['119 s are too short to judge', { ...behind, stepSec: 59.5 }, 'INSUFFICIENT'],
  ['119 s of any day', { ...behind, stepSec: 59.5, fromMs: Date.UTC(2026, 10, 20) }, 'INSUFFICIENT'],
  ['120 s are long enough', { ...behind, stepSec: 60 }, 'STALLED'],
  ['no look at all', { committed: [], end: [] }, 'INSUFFICIENT'],
  ['fell back and has not regained it', { committed: [5000, 5600, 1000], end: [6000, 6600, 7200] }, 'REWIND'],
  [
    'fell back from where it had come within the window',
    { committed: [5000, 5900, 5600], end: [6100, 6700, 7300] },
    'REWIND',
  ],
  [
    'fell back and regained exactly what it had',
    { committed: [5000, 4000, 5000], end: [6000, 6600, 7200] },
    'FALLING_BEHIND',
  ],
  [
    'rewound to the start of a small lag: rewind is told first',
    { committed: [5950, 1000, 1001], end: [6000, 6600, 7200] },
    'REWIND',
  ],
  ['was caught up once within the window', { committed: [1950, 1950, 1950], end: [2000, 2600, 3200] }, 'OK'],
  ['held by a member, no progress', behind, 'STALLED'],
  ['held by a member of a KIP-848 group that reconciles', { ...behind, groupState: 'Reconciling' }, 'STALLED'],
  ['held by a member, but the group rebalances', { ...behind, groupState: 'PreparingRebalance' }, 'STOPPED'],
  ['nobody holds the partition', { ...behind, assigned: false }, 'STOPPED'],
  ['the group is empty', { ...behind, assigned: false, groupState: 'Empty' }, 'STOPPED'],
  ['the members are unknown: not called dead', { ...behind, assigned: null }, 'INSUFFICIENT'],
  ['consumes half of what is produced', { committed: [0, 300, 600], end: [1000, 1600, 2200] }, 'FALLING_BEHIND'],
  ['consumes more than is produced', { committed: [0, 1000, 2000], end: [9000, 9600, 10_200] }, 'DRAINING'],
  ['keeps its distance', { committed: [0, 600, 1200], end: [9000, 9600, 10_200] }, 'BEHIND_STEADY'],
  // Produce rate 100/s, so 1/s is noise: 120 messages more lag in 120 s is exactly noise, 121 are a trend.
  [
    'grows by exactly one percent of the produce rate',
    { committed: [0, 5940, 11_880], end: [1000, 7000, 13_000] },
    'BEHIND_STEADY',
  ],
  [
    'grows by more than one percent of the produce rate',
    { committed: [0, 5939, 11_878], end: [1000, 7000, 13_000] },
    'FALLING_BEHIND',
  ],
  [
    'shrinks by exactly one percent of the produce rate',
    { committed: [0, 6060, 12_120], end: [1000, 7000, 13_000] },
    'BEHIND_STEADY',
  ],
  [
    'shrinks by more than one percent of the produce rate',
    { committed: [0, 6061, 12_122], end: [1000, 7000, 13_000] },
    'DRAINING',
  ],
  ['commits in one burst are progress', { committed: [0, 0, 900], end: [9000, 9000, 9000] }, 'DRAINING'],
])('%s', (_, shape, status) => {
  test(`is ${status}`, () => {
    expect(judge(shape).status).toBe(status);
  });
});

describe('numbers', () => {
  test('lag is that of the last look, its slope messages a second', () => {
    expect(judge({ committed: [0, 1000, 2000], end: [9000, 9600, 10_200] })).toMatchObject({
      lag: 8200,
      lagSlopePerSec: expect.closeTo(-400 / 60, 9),
    });
  });

  test('a commit beyond the log end, read a moment earlier, is no negative lag', () => {
    expect(judge({ committed: [1005], end: [1000] })).toEqual({ status: 'OK', lag: 0, lagSlopePerSec: null });
  });

  test('offsets beyond 2^53 keep their difference', () => {
    const base = 9_007_199_254_740_993n;
    const { lag } = partitionStatus({
      samples: [{ atMs: 0, committed: base, end: base + 6n }],
      logStart: base,
      assigned: true,
      groupState: 'Stable',
      allowedLag: 100,
      minSamples: 3,
      minSpanSec: 120,
    });
    expect(lag).toBe(6);
  });
});

describe('invariances', () => {
  const steps = fc.array(fc.tuple(fc.integer({ min: -50, max: 2000 }), fc.nat({ max: 2000 })), {
    minLength: 3,
    maxLength: 8,
  });
  const windowOf = (deltas: [number, number][], shift: number) => {
    let [committed, end] = [shift + 1000, shift + 4000];
    const shape: Shape = { committed: [], end: [], logStart: BigInt(shift) };
    for (const [consumed, produced] of deltas) {
      shape.committed.push(committed);
      shape.end.push(end);
      end += produced;
      committed = Math.min(committed + consumed, end);
    }
    return shape;
  };

  test('a status does not depend on where the offsets begin, nor on when the window was', () => {
    fc.assert(
      fc.property(steps, fc.nat({ max: 1e9 }), (deltas, shift) => {
        expect(judge(windowOf(deltas, shift))).toEqual(judge(windowOf(deltas, 0)));
      }),
    );
  });

  test('a larger allowance never makes a status worse', () => {
    fc.assert(
      fc.property(steps, fc.nat({ max: 5000 }), (deltas, more) => {
        const strict = judge(windowOf(deltas, 0)).status;
        const lenient = judge({ ...windowOf(deltas, 0), allowedLag: 100 + more }).status;
        expect(worstStatus([strict, lenient])).toBe(strict);
      }),
    );
  });
});

test('the worst of several statuses leads; not judged stands before OK', () => {
  expect(worstStatus(['OK', 'DRAINING', 'STALLED', 'REWIND'])).toBe('STALLED');
  expect(worstStatus(['OK', 'INSUFFICIENT'])).toBe('INSUFFICIENT');
  expect(worstStatus(['DRAINING', 'INSUFFICIENT'])).toBe('DRAINING');
  expect(worstStatus([])).toBe('INSUFFICIENT');
});

describe('beyondEnd', () => {
  const at = (atMs: number, committed: number | bigint) => ({ atMs, committed });
  const end = (atMs: number, offset: number | bigint) => ({ atMs, offset });

  test.each([
    ['beyond an end that was read later', [at(0, 12), at(60, 12)], [end(0, 10), end(60, 10)], 2],
    ['exactly at the end', [at(0, 10), at(60, 10)], [end(0, 10), end(60, 10)], 0],
    ['reached by the log at the last look', [at(0, 12), at(60, 30)], [end(0, 10), end(60, 12)], 0],
    ['beyond at one look: a race as well', [at(0, 12)], [end(0, 10)], null],
    ['behind at one look', [at(0, 9)], [end(0, 10)], 0],
    ['no end was read after the commit', [at(60, 12)], [end(0, 10)], null],
    ['no commit was read', [], [end(0, 10)], null],
    ['no end was read', [at(0, 12)], [], null],
    ['offsets beyond what a number holds', [at(0, 2n ** 60n + 3n)], [end(60, 2n ** 60n)], 3],
  ])('%s', (_, looks, ends, expected) => {
    expect(beyondEnd(looks, ends)).toBe(expected);
  });

  test('no reader that commits only what it read is ever taken for one, whatever comes between the reads', () => {
    const step = fc.tuple(fc.nat(1000), fc.nat(1000), fc.nat(100));
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 5 }), (steps) => {
        let log = 0;
        const looks: { atMs: number; committed: number }[] = [];
        const ends: { atMs: number; offset: number }[] = [];
        steps.forEach(([before, between, behind], atMs) => {
          log += before;
          ends.push({ atMs, offset: log });
          log += between;
          looks.push({ atMs, committed: Math.max(looks.at(-1)?.committed ?? 0, log - behind) });
        });
        expect(beyondEnd(looks, ends) ?? 0).toBe(0);
      }),
    );
  });
});
