import { describe, expect, test } from 'vitest';
import { parsePolicy } from '../../lib/policy/load-policy.ts';
import { hasExpired, plannedIntervals } from '../../lib/policy/objectives.ts';
import { resolvePolicy } from '../../lib/policy/resolve-policy.ts';

const NOW = Date.UTC(2026, 10, 22, 6);
const HOUR = 3_600_000;

function errors(text: string, nowMs?: number): string[] {
  const parsed = parsePolicy(`version: 1\n${text}`, 'p', nowMs);
  return parsed.ok ? [] : parsed.errors.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

function policy(text: string) {
  const parsed = parsePolicy(`version: 1\n${text}`, 'p');
  if (!parsed.ok) throw new Error(parsed.errors[0]?.message);
  return resolvePolicy({ overrides: parsed.overrides, tags: null, clusterName: '' });
}

const WAIVER = 'check: cpu-high, reason: known, owner: me, expires: 2026-12-31';

describe('what a policy names', () => {
  test.each([
    [
      'a waiver without an end',
      'waivers: {w: {check: cpu-high, reason: r, owner: o}}',
      /^2:11 the key `waivers.w.expires` is missing/,
    ],
    [
      'a waiver without a reason',
      'waivers: {w: {check: cpu-high, owner: o, expires: 2027-01-01}}',
      /`waivers.w.reason` is missing/,
    ],
    [
      'an empty reason',
      `waivers: {w: {${WAIVER.replace('known', '" "')}}}`,
      /^2:\d+ `waivers.w.reason` is " "; allowed is a sentence/,
    ],
    [
      'a check that does not exist',
      `waivers: {w: {${WAIVER.replace('cpu-high', 'cpu')}}}`,
      /`waivers.w.check` is "cpu"; allowed is the id of a check/,
    ],
    [
      'a day that does not exist',
      `waivers: {w: {${WAIVER.replace('12-31', '02-30')}}}`,
      /`waivers.w.expires` is "2026-02-30"; allowed is a day that exists/,
    ],
    [
      'an unknown key of a waiver',
      `waivers: {w: {${WAIVER}, until: x}}`,
      /unknown key `waivers.w.until`; allowed: check, resource, reason, owner, expires/,
    ],
    [
      'two waivers of one check for the same resource',
      `waivers:\n  a: {${WAIVER}, resource: "1*"}\n  b: {${WAIVER}, resource: "*2"}`,
      /^4:\d+ the waivers "a" and "b" of cpu-high can match the same resource/,
    ],
    [
      'two patterns that fit one name',
      'groups:\n  "pay-*": {maxTimeLagSec: 5}\n  "*-dev": {owner: x}',
      /^4:3 the patterns "pay-\*" and "\*-dev" of groups can match the same name/,
    ],
    [
      'an objective out of bounds',
      'groups: {g: {maxTimeLagSec: 0}}',
      /`groups.g.maxTimeLagSec` is 0; allowed is a number from 1 to 31536000/,
    ],
    ['an empty pattern', 'topics: {"": {ephemeral: true}}', /a pattern needs at least one character/],
    [
      'planned work without a time',
      'planned: {p: {because: x}}',
      /^2:11 planned work is either `from` and `to`, or `every`/,
    ],
    [
      'planned work of both kinds',
      'planned: {p: {because: x, from: 2026-01-01T00:00Z, to: 2026-01-02T00:00Z, hours: 2}}',
      /planned work is either/,
    ],
    [
      'planned work that ends before it begins',
      'planned: {p: {because: x, from: 2026-01-02T00:00Z, to: 2026-01-01T00:00Z}}',
      /^2:\d+ `to` 2026-01-01T00:00Z must be after `from`/,
    ],
    [
      'a time without a zone',
      'planned: {p: {because: x, from: 2026-01-02T00:00, to: 2026-01-03T00:00Z}}',
      /allowed is a time with its zone/,
    ],
    [
      'no weight at all',
      'weights: {categories: {availability: 0, performance: 0, consumers: 0, balance: 0, capacity: 0, security: 0, cost: 0}}',
      /^2:11 every category weighs 0/,
    ],
    ['a KPI that does not exist', 'weights: {kpis: {K99: 1}}', /unknown key `weights.kpis.K99`; allowed: K01, K02/],
    [
      'an impossible order in one environment',
      'environments: {staging: {checks: {cpu-high: {mediumPercent: 75}}}}',
      /^2:\d+ impossible order in cpu-high: mediumPercent 75 must be below highPercent 70 \(its default\)/,
    ],
    [
      'an impossible order of two layers',
      'checks: {cpu-high: {highPercent: 66}}\ngoals: {cost: {checks: {cpu-high: {mediumPercent: 68}}}}',
      /^3:\d+ impossible order in cpu-high: mediumPercent 68 must be below highPercent 66/,
    ],
  ])('%s', (_why, text, expected) => {
    expect(errors(text)[0]).toMatch(expected);
  });

  test('a waiver of the same check for other resources, and of another check for the same, stand side by side', () => {
    const other = WAIVER.replace('cpu-high', 'disk-used-high');
    expect(
      errors(`waivers:\n  a: {${WAIVER}, resource: "1"}\n  b: {${WAIVER}, resource: "2"}\n  c: {${other}}`),
    ).toEqual([]);
  });

  test('a waiver that has expired is a mistake in a file that is checked, and none in one that is in use', () => {
    const text = `waivers:\n  old: {${WAIVER.replace('2026-12-31', '2026-11-21')}}`;
    expect(errors(text, NOW)[0]).toMatch(/^3:\d+ the waiver "old" expired on 2026-11-21/);
    expect(errors(text)).toEqual([]);
  });

  test('a waiver holds through its last day', () => {
    expect(hasExpired({ expires: '2026-11-22' }, NOW)).toBe(false);
    expect(hasExpired({ expires: '2026-11-22' }, Date.UTC(2026, 10, 23) - 1)).toBe(false);
    expect(hasExpired({ expires: '2026-11-22' }, Date.UTC(2026, 10, 23))).toBe(true);
  });
});

describe('layers of thresholds', () => {
  const text = `checks: {cpu-high: {mediumPercent: 50}}
goals: {cost: {checks: {cpu-high: {mediumPercent: 55}}}}
environments: {staging: {checks: {cpu-high: {mediumPercent: 58}}}}`;

  test.each([
    ['for all', '', 50],
    ['for the goal', 'goal: cost\n', 55],
    ['for the environment, over the goal', 'goal: cost\nenvironment: staging\n', 58],
  ])('%s', (_why, choice, expected) => {
    expect(policy(choice + text).checks['cpu-high'].mediumPercent).toBe(expected);
  });
});

describe('weights of a policy', () => {
  test('categories stay shares of a hundred, and a factor takes the place of ours', () => {
    const { weights } = policy('weights: {categories: {cost: 95}, kpis: {K26: 3}}');
    // Balanced: 25 + 20 + 20 + 8 + 15 + 7 = 95, and 95.
    expect(weights.categories.cost).toBeCloseTo(50, 9);
    expect(weights.categories.availability).toBeCloseTo(2500 / 190, 9);
    expect([weights.kpis.K26, weights.kpis.K28]).toEqual([3, 1]);
  });
});

describe('planned work', () => {
  const day = { startMs: NOW - 24 * HOUR, endMs: NOW };
  const intervals = (text: string, window = day) =>
    plannedIntervals(policy(`planned: {p: {because: b, ${text}}}`).planned, window).map(({ startMs, endMs }) => [
      new Date(startMs).toISOString().slice(5, 16),
      new Date(endMs).toISOString().slice(5, 16),
    ]);

  test.each([
    [
      'once, within the window',
      'from: 2026-11-21T22:00Z, to: 2026-11-22T02:00+02:00',
      [['11-21T22:00', '11-22T00:00']],
    ],
    ['once, long ago', 'from: 2026-10-21T22:00Z, to: 2026-10-22T02:00Z', []],
    ['every saturday', 'every: saturday, startUtc: "22:30", hours: 3', [['11-21T22:30', '11-22T01:30']]],
    [
      'every sunday, begun just before the end',
      'every: sunday, startUtc: "05:59", hours: 3',
      [['11-22T05:59', '11-22T08:59']],
    ],
    ['every monday', 'every: monday, startUtc: "22:30", hours: 3', []],
    [
      'every day, the one that began before the window included',
      'every: day, startUtc: "05:00", hours: 2',
      [
        ['11-21T05:00', '11-21T07:00'],
        ['11-22T05:00', '11-22T07:00'],
      ],
    ],
  ])('%s', (_why, text, expected) => {
    expect(intervals(text)).toEqual(expected);
  });
});
