import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  BRACKETS_SEC,
  type FoundRecord,
  REFINEMENT,
  type TimeLagInput,
  TimeLagSearch,
  type TimeLags,
} from '../../lib/analysis/time-lag-search.ts';

const NOW_MS = 1_800_000_000_000;
const DAY_SEC = 86_400;

/** A partition as a broker holds it: records in the order of their offsets. */
class Log {
  readonly records: readonly { offset: number; atMs: number }[];
  start: number;
  readonly end: number;
  /** Offset before which lies another segment. */
  rolledAt = 0;

  /** @param agesSec of the records by offset; null where compaction took one away */
  constructor(agesSec: readonly (number | null)[], start = 0) {
    this.records = agesSec.flatMap((age, offset) =>
      age === null ? [] : [{ offset, atMs: NOW_MS - Math.round(age * 1000) }],
    );
    this.start = start;
    this.end = agesSec.length;
  }

  /** As Kafka searches: in the first segment that has a record as young, deleted ones included, and in no other. */
  find(timestampMs: number): FoundRecord | null {
    const isYoung = (record: { atMs: number }) => record.atMs >= timestampMs;
    const older = this.records.filter(({ offset }) => offset < this.rolledAt);
    const segment = older.some(isYoung) ? older : this.records.filter(({ offset }) => offset >= this.rolledAt);
    const found = segment.find((record) => isYoung(record) && record.offset >= this.start);
    return found === undefined ? null : { offset: found.offset, timestampMs: found.atMs };
  }

  /** D3 by definition: now - M, where M is the youngest of the records up to the offset. */
  lagSec(committed: number): number {
    const upTo = this.records.filter(({ offset }) => offset <= committed && offset >= this.start);
    return Math.max(0, NOW_MS - Math.max(...upTo.map(({ atMs }) => atMs))) / 1000;
  }
}

interface Outcome extends TimeLags {
  /** Questions by step. */
  asked: { topic: string; partition: number; timestampMs: number }[][];
}

interface SearchOptions extends Partial<Pick<TimeLagInput, 'kindOf' | 'bracketsSec' | 'refinement'>> {
  /** Answers of a partition that does not answer are lost. */
  silent?: (partition: number, step: number) => boolean;
  beforeStep?: (step: number) => void;
}

/** Groups by name with a committed offset for each partition of topic `t`. */
function search(logs: readonly Log[], groups: Record<string, readonly number[]>, options: SearchOptions = {}): Outcome {
  const { silent = () => false, beforeStep = () => {}, ...input } = options;
  const committed = Object.entries(groups).flatMap(([groupId, offsets]) =>
    offsets.map((offset, partition) => ({ groupId, topic: 't', partition, offset: String(offset), error: null })),
  );
  const topics = {
    t: logs.map(({ start, end }, partition) => ({ partition, start: String(start), end: String(end), error: null })),
  };
  const running = new TimeLagSearch({
    offsets: { topics, committed },
    atMs: NOW_MS,
    kindOf: () => 'plain',
    bracketsSec: BRACKETS_SEC,
    refinement: null,
    ...input,
  });
  const asked: Outcome['asked'] = [];
  for (const questions of running.steps()) {
    beforeStep(asked.length);
    asked.push(questions.map(({ log: { topic, partition }, timestampMs }) => ({ topic, partition, timestampMs })));
    for (const question of questions) {
      const { partition } = question.log;
      if (!silent(partition, asked.length - 1)) running.learn(question, logs[partition]!.find(question.timestampMs));
    }
  }
  return { ...running.result(), asked };
}

/** One partition, one group. */
function searchOne(log: Log, committed: number, options: SearchOptions = {}) {
  const { lowSec, highSec, untrusted, asked } = search([log], { g: [committed] }, options);
  return { low: lowSec[0], high: highSec[0], isUntrusted: untrusted.length > 0, steps: asked.length };
}

const EXACT: SearchOptions = { refinement: REFINEMENT };
/** One record a second, the last one now. */
const steady = (count: number) => new Log(Array.from({ length: count }, (_, i) => count - 1 - i));

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

describe('refinement', () => {
  test('the worst partition of each group, to 5 s or 1 % of its age', () => {
    const logs = [steady(90_000), steady(90_000)];
    const { lowSec, highSec, asked } = search(logs, { a: [10_500, 70_000], b: [89_999, 80_000] }, EXACT);
    for (const [position, lag] of [
      [0, 79_499],
      [3, 9999],
    ] as const) {
      expect(highSec[position]! - lowSec[position]!).toBeLessThanOrEqual(0.01 * lag);
      expect(lowSec[position]! <= lag && lag <= highSec[position]!).toBe(true);
    }
    // Nobody's worst: still between the brackets, narrowed by what the other group's answers happened to tell.
    expect(highSec[1]! - lowSec[1]!).toBeGreaterThan(1000);
    expect(asked.length).toBeLessThanOrEqual(7 + 12);
  });

  test('groups within the first bracket are left alone', () => {
    expect(searchOne(steady(100), 95, EXACT)).toMatchObject({ low: 0, high: 10, steps: 1 });
  });

  test('groups on one partition take turns and learn from each other', () => {
    const groups = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`g${i}`, [10_000 + i * 2000]]));
    const { asked, lowSec, highSec } = search([steady(90_000)], groups, EXACT);
    expect(Math.max(...asked.map((questions) => questions.length))).toBe(1);
    expect(asked.length).toBeLessThanOrEqual(7 + 12);
    // The last question is no new one: whether the record found at a whole second is still there.
    expect(asked.at(-1)![0]!.timestampMs % 1000).toBe(0);
    // Ages from 6 to 22 hours, for 11 questions between the brackets.
    const shares = lowSec.map((low, i) => (highSec[i]! - low!) / low!);
    expect(Math.max(...shares)).toBeLessThan(0.5);
  });

  test('at most 50 groups, the furthest behind', () => {
    const ages = Array.from({ length: 90_000 }, (_, i) => 89_999 - i + 0.4);
    const logs = Array.from({ length: 60 }, (_, i) => new Log(ages.slice(0, 1000 + i)));
    const groups = Object.fromEntries(logs.map((_, i) => [`g${i}`, logs.map((log, p) => (p === i ? 500 : log.end))]));
    const { asked } = search(logs, groups, EXACT);
    const refined = new Set(asked.slice(8).flatMap((questions) => questions.map(({ partition }) => partition)));
    expect(refined.size).toBeLessThanOrEqual(50);
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
