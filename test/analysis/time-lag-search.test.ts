import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BRACKETS_SEC, REFINEMENT, TimeLagSearch } from '../../lib/analysis/time-lag-search.ts';
import { DAY_SEC, EXACT, Log, NOW_MS, type SearchOptions, search, searchOne, steady } from './a-log-search.ts';

describe('brackets', () => {
  test('by hand: record 50 of 100 a minute apart is 49 minutes old', () => {
    const log = new Log(Array.from({ length: 100 }, (_, i) => (99 - i) * 60));
    // Older than 10 s, 1, 5, 15 min; then the record of an hour ago is found, which stands before it.
    expect(searchOne(log, 50)).toEqual({ low: 900, high: 3600, isUntrusted: false, steps: 5 });
  });

  test('the record at the offset itself tells its age to the millisecond', () => {
    expect(searchOne(new Log([7000, 2000.5, 30]), 1)).toMatchObject({ low: 2000.5, high: 2000.5 });
  });

  test('nothing waits: nothing is asked', () => {
    const { lowSec, highSec, asked } = search([steady(9)], { at: [9], beyond: [12] });
    expect({ lowSec, highSec, asked }).toEqual({ lowSec: [0, 0], highSec: [0, 0], asked: [] });
  });

  test('a step asks only the partitions that are still open, and each once for all its groups', () => {
    const { asked, lowSec } = search([steady(9000), steady(9000)], {
      near: [8990, 8999],
      far: [5000, 8999],
      further: [1000, 9000],
    });
    expect(asked.map((questions) => questions.map(({ partition }) => partition))).toEqual([
      [0, 1],
      [0],
      [0],
      [0],
      [0],
      [0],
    ]);
    expect(asked[1]).toEqual([{ topic: 't', partition: 0, timestampMs: NOW_MS - 60_000 }]);
    expect(lowSec).toEqual([0, 0, 3600, 0, 3600, 0]);
  });

  test('older than all brackets: the oldest record bounds the age', () => {
    const log = new Log(Array.from({ length: 100 }, (_, i) => (99 - i) * DAY_SEC));
    expect(searchOne(log, 50)).toEqual({ low: DAY_SEC, high: 99 * DAY_SEC, isUntrusted: false, steps: 8 });
  });

  test('unknown offsets, unlisted topics and partitions have no age', () => {
    const row = { groupId: 'g', topic: 't', partition: 0, offset: '5', error: null };
    const unread = { partition: 0, start: null, end: null, error: 'LEADER_NOT_AVAILABLE' };
    const running = new TimeLagSearch({
      offsets: {
        topics: { t: [unread] },
        committed: [row, { ...row, offset: null }, { ...row, topic: 'constructor' }, { ...row, partition: 7 }],
      },
      atMs: NOW_MS,
      kindOf: () => 'plain',
      bracketsSec: BRACKETS_SEC,
      refinement: REFINEMENT,
    });
    expect([...running.steps()]).toEqual([]);
    expect(running.result()).toMatchObject({ lowSec: [null, null, null, null], highSec: [null, null, null, null] });
  });
});

describe('what timestamps cannot tell', () => {
  test('a record from the future before the offset hides the age: no lag is claimed, and it is marked', () => {
    const log = new Log([9000, -DAY_SEC, 8000, 7000]);
    expect(searchOne(log, 2, EXACT)).toEqual({ low: 0, high: null, isUntrusted: true, steps: 1 });
    expect(searchOne(log, 0, EXACT)).toMatchObject({ low: 9000, high: 9000, isUntrusted: false });
  });

  test('a record from the future behind an honest one that was just produced hides nothing', () => {
    expect(searchOne(new Log([9000, 4, -DAY_SEC, 2]), 3, EXACT)).toMatchObject({ low: 0, high: 4, isUntrusted: false });
  });

  test('a producer whose clock is half a minute ahead is no traveller', () => {
    expect(searchOne(new Log([9000, -30, -30, -30]), 2)).toMatchObject({ low: 0, high: 0, isUntrusted: false });
  });

  test('the next record is deleted: at least as old as the oldest one left', () => {
    const log = new Log([9000, 8000, 7000, 40, 30], 2);
    expect(searchOne(log, 0, EXACT)).toEqual({ low: 7000, high: null, isUntrusted: false, steps: 6 });
  });

  test('the next record is deleted and no other is left: no age', () => {
    expect(searchOne(new Log([9000, 8000], 2), 1)).toMatchObject({ low: null, high: null, steps: 0 });
  });

  test('tiered storage is not asked: only that nothing waits is known', () => {
    const { lowSec, highSec, asked } = search([steady(9000)], { g: [10], h: [9000] }, { kindOf: () => 'tiered' });
    expect({ lowSec, highSec, asked }).toEqual({ lowSec: [null, 0], highSec: [null, 0], asked: [] });
  });

  test('compaction: not the age of the record before the gap, which was read long ago', () => {
    const log = new Log([10 * DAY_SEC, null, null, null, 45, 20]);
    const options: SearchOptions = { ...EXACT, kindOf: () => 'compacted' };
    expect(searchOne(log, 2, options)).toMatchObject({ low: 45, high: 10 * DAY_SEC });
    expect(searchOne(log, 0, options)).toMatchObject({ low: 10 * DAY_SEC, high: 10 * DAY_SEC });
    expect(searchOne(new Log([null, null, 45, 20]), 0, options)).toMatchObject({ low: 45, high: null });
  });
});

test('positions that are not trusted are told in their order, whatever the order of partitions', () => {
  const logs = [new Log([-300, 100, 50]), new Log([-300, 100, 50])];
  const { untrusted } = search(logs, { a: [1, 1], b: [1, 1] });
  expect(untrusted).toEqual([0, 1, 2, 3]);
});

describe('partitions that do not answer', () => {
  const logs = [steady(9000), steady(9000)];

  test('are not asked again, and lose nobody else’s age', () => {
    const { lowSec, highSec, asked } = search(
      logs,
      { g: [100, 100] },
      { ...EXACT, silent: (partition) => partition === 0 },
    );
    expect([lowSec[0], highSec[0]]).toEqual([null, null]);
    expect(lowSec[1]).toBeGreaterThan(8700);
    expect(asked.flat().filter(({ partition }) => partition === 0)).toHaveLength(1);
  });

  test('keep the bounds that were known', () => {
    const { lowSec, highSec } = search(
      logs,
      { g: [100, 100] },
      { silent: (partition, step) => partition === 0 && step === 3 },
    );
    // The first record of the last five minutes lies beyond the offset.
    expect([lowSec[0], highSec[0]]).toEqual([300, null]);
  });
});

/** Ages in seconds, from now to forty days, some of them equal. */
const age = fc.oneof(
  fc.integer({ min: 0, max: 120 }),
  fc.integer({ min: 0, max: 7200 }),
  fc.integer({ min: 0, max: 40 * DAY_SEC }),
  fc.double({ min: 0, max: 400, noNaN: true }),
);
const ages = fc.array(age, { minLength: 1, maxLength: 40 });
const rising = ages.map((list) => list.sort((a, b) => b - a));
const mode = fc.constantFrom<SearchOptions[]>({}, EXACT);

describe('over random logs', () => {
  test('the bounds hold the lag as D3 defines it, in any order of timestamps, in few steps', () => {
    const partitions = fc.array(fc.tuple(fc.oneof(ages, rising), fc.nat(), fc.nat(), fc.nat()), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(partitions, mode, (shapes, options) => {
        const logs = shapes.map(([list, start]) => new Log(list, start % list.length));
        const commits = (pick: (shape: (typeof shapes)[number]) => number) =>
          logs.map((log, i) => log.start + (pick(shapes[i]!) % (log.end - log.start + 1)));
        const groups = { a: commits(([, , at]) => at), b: commits(([, , , at]) => at) };
        const { lowSec, highSec, asked } = search(logs, groups, options);
        Object.values(groups)
          .flat()
          .forEach((committed, position) => {
            const log = logs[position % logs.length]!;
            const lag = committed >= log.end ? 0 : log.lagSec(committed);
            expect(lowSec[position]).toBeLessThanOrEqual(lag);
            expect(highSec[position]).toBeGreaterThanOrEqual(lag);
          });
        expect(asked.length).toBeLessThanOrEqual(options.refinement ? 8 + 12 : 8);
        for (const questions of asked) {
          expect(new Set(questions.map(({ partition }) => partition)).size).toBe(questions.length);
          for (const { timestampMs } of questions)
            expect(Number.isSafeInteger(timestampMs) && timestampMs > 0).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('exact mode settles the worst one', () => {
    fc.assert(
      fc.property(ages, fc.nat(), (list, at) => {
        const log = new Log(list);
        const { low, high } = searchOne(log, at % log.end, EXACT);
        expect(high! - low!).toBeLessThanOrEqual(Math.max(low! === 0 ? 10 : 5, 0.01 * low!));
      }),
      { numRuns: 1000 },
    );
  });

  test('a compacted log: the bounds hold the age of the record that is read next', () => {
    const compacted = fc.array(fc.option(age, { freq: 2 }), { minLength: 1, maxLength: 30 }).map((list) => {
      const kept = list.filter((each) => each !== null).sort((a, b) => b - a);
      return [...list.map((each) => (each === null ? null : kept.shift()!)), 0];
    });
    fc.assert(
      fc.property(compacted, fc.nat(), mode, (list, at, options) => {
        const log = new Log(list);
        const committed = at % log.end;
        const next = log.records.find(({ offset }) => offset >= committed)!;
        const { low, high } = searchOne(log, committed, { ...options, kindOf: () => 'compacted' });
        expect(low).toBeLessThanOrEqual((NOW_MS - next.atMs) / 1000);
        expect(high ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual((NOW_MS - next.atMs) / 1000);
      }),
      { numRuns: 1000 },
    );
  });

  test('a log that is purged while it is searched: no larger lag is claimed than there was', () => {
    const moments = fc.nat({ max: 18 });
    fc.assert(
      fc.property(
        rising,
        fc.tuple(fc.nat(), fc.nat()),
        fc.nat(),
        fc.nat(),
        moments,
        mode,
        (list, at, to, rolled, step, options) => {
          const log = new Log(list);
          const committed = at.map((offset) => offset % log.end);
          const ages = committed.map((offset) => log.lagSec(offset));
          log.rolledAt = rolled % log.end;
          const { lowSec, highSec } = search(
            [log],
            { a: [committed[0]!], b: [committed[1]!] },
            {
              ...options,
              beforeStep: (now) => {
                if (now === step) log.start = to % (log.end + 1);
              },
            },
          );
          ages.forEach((lag, i) => {
            expect(lowSec[i] ?? 0).toBeLessThanOrEqual(lag);
            expect(highSec[i] ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(lag);
          });
        },
      ),
      { numRuns: 5000 },
    );
  });
});
