import { describe, expect, test } from 'vitest';
import { EXACT, Log, search, searchOne, steady } from './a-log-search.ts';

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
    // No narrower than is worth asking for.
    expect(highSec[0]! - lowSec[0]!).toBeGreaterThan(0.001 * 79_499);
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

  test('a small age to 5 s, which is more than 1 % of it', () => {
    // Twenty records a second, so that none is hit by chance.
    const { low, high } = searchOne(
      new Log(Array.from({ length: 20_000 }, (_, i) => (19_999 - i) / 20)),
      15_999,
      EXACT,
    );
    expect(low! <= 200 && 200 <= high!).toBe(true);
    expect(high! - low!).toBeLessThanOrEqual(5);
    expect(high! - low!).toBeGreaterThan(2);
  });

  test('the groups that are furthest behind come first, whatever their order', () => {
    const day = steady(90_000);
    const hour = new Log(Array.from({ length: 7000 }, (_, i) => 6999 - i));
    const logs = [...Array.from({ length: 55 }, () => hour), ...Array.from({ length: 5 }, () => day)];
    const groups = Object.fromEntries(
      logs.map((own, i) => {
        // What else a group has left to read does not make it less late.
        const other = (log: Log, p: number) => (own === day && p === 54 ? log.end - 20 : log.end);
        return [`g${i}`, logs.map((log, p) => (p !== i ? other(log, p) : log === day ? 3000 : 500))];
      }),
    );
    const { lowSec, highSec } = search(logs, groups, EXACT);
    const isFine = (i: number) => {
      const at = i * logs.length + i;
      return highSec[at]! - lowSec[at]! <= 0.011 * lowSec[at]!;
    };
    const fine = logs.flatMap((_, i) => (isFine(i) ? [i] : []));
    expect(fine).toHaveLength(50);
    expect(fine).toEqual(expect.arrayContaining([55, 56, 57, 58, 59]));
  });

  test('of a group’s partitions those that are furthest behind, and of equals those with most messages', () => {
    const old = new Log(Array.from({ length: 900 }, (_, i) => (899 - i) * 100));
    const sparse = new Log(Array.from({ length: 7000 }, (_, i) => 6999 - i));
    const dense = new Log(Array.from({ length: 14_000 }, (_, i) => (13_999 - i) / 2));
    const asked = (logs: readonly Log[], commits: readonly number[]) =>
      new Set(search(logs, { g: commits }, EXACT).asked[6]!.map(({ partition }) => partition));
    // Two hours old all of them, for up to 20 of a group are refined.
    const many = [...Array.from({ length: 20 }, () => sparse), dense];
    expect(asked(many, [...Array.from({ length: 20 }, () => 500), 1000])).toContain(20);
    expect(asked([dense, ...many.slice(0, 20)], [1000, ...Array.from({ length: 20 }, () => 500)])).toContain(0);
    const last = search([...many.slice(0, 20), old], { g: [...Array.from({ length: 20 }, () => 500), 30] }, EXACT);
    expect(last.highSec[20]! - last.lowSec[20]!).toBeLessThanOrEqual(0.011 * 86_900);
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
