import { describe, expect, test } from 'vitest';
import { parsePolicy } from '../../lib/policy/load-policy.ts';

function errorsOf(text: string): string[] {
  const parsed = parsePolicy(text, 'msk-checkup.yaml');
  return parsed.ok ? [] : parsed.errors.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

/** What is wrong, without the words on what is allowed. */
const named = (text: string) => errorsOf(text).map((line) => line.split(';', 1)[0]);

describe('all that somebody has to mend is named at once', () => {
  const ORDER = 'impossible order in cpu-high: mediumPercent 90 must be below highPercent';

  test('a contradiction beside an unknown key, whoever sets the other side', () => {
    expect(named('version: 1\ngaol: cost\nchecks:\n  cpu-high: {mediumPercent: 90}')).toEqual([
      '2:1 unknown key `gaol`',
      `4:14 ${ORDER} 70 (its default)`,
    ]);
    expect(named('goal: 5\nchecks:\n  cpu-high: {mediumPercent: 90, highPercent: 80, criticalPrcent: 95}')).toEqual([
      '1:1 the key `version` is missing',
      '1:1 `goal` is 5',
      `3:14 ${ORDER} 80`,
      '3:50 unknown key `checks.cpu-high.criticalPrcent`',
    ]);
  });

  test('all unknown keys of one map, and a list beside them', () => {
    expect(named('version: 1\nfoo: 1\nbar: 2\nowner: [a]\nchecks:\n  cpu-high: {a: 1, b: 2}')).toEqual([
      '2:1 unknown key `foo`',
      '3:1 unknown key `bar`',
      '4:1 `owner` is a list',
      '6:14 unknown key `checks.cpu-high.a`',
      '6:20 unknown key `checks.cpu-high.b`',
    ]);
  });

  test('a value that is wrong is not missing as well', () => {
    const waiver = 'version: 1\nwaivers:\n  w: {check: cpu-high, reason: [a], owner: 5, expires: soon}';
    expect(named(waiver)).toEqual([
      '3:24 `waivers.w.reason` is a list',
      '3:37 `waivers.w.owner` is 5',
      '3:47 `waivers.w.expires` is "soon"',
    ]);
  });

  test('patterns, planned work, waivers and sampling beside what is not well formed', () => {
    const text = [
      'version: 1',
      'goal: speed',
      'topics: {"a*": {ephemeral: 5}, "ab*": {}}',
      'planned: {x: {because: 1, from: 2026-01-02T00:00Z, to: 2026-01-01T00:00Z}}',
      'waivers:',
      '  w: {check: cpu-high, reason: x, owner: y}',
      '  z: {check: cpu-high, reason: x, owner: y, expires: 2020-01-01}',
      'sampling: {samples: 3, intervall: 5}',
      'lag: {minSamples: 5}',
    ].join('\n');
    const errors = parsePolicy(text, 'p', Date.UTC(2026, 0, 1));
    expect(errors.ok ? [] : errors.errors.map(({ line, message }) => `${line} ${message.split(/[;:]/, 1)[0]}`)).toEqual(
      [
        '2 `goal` is "speed"',
        '3 `topics.a*.ephemeral` is 5',
        '3 the patterns "a*" and "ab*" of topics can match the same name',
        '4 `planned.x.because` is 1',
        '4 `to` 2026-01-01T00',
        '6 the key `waivers.w.expires` is missing',
        '7 the waivers "w" and "z" of cpu-high can match the same resource',
        '7 the waiver "z" expired on 2020-01-01',
        '8 unknown key `sampling.intervall`',
        '9 lag.minSamples 5 is more than sampling.samples 3',
      ],
    );
  });

  test.each([
    ['the other side is not a number', 'checks:\n  cpu-high: {mediumPercent: 90, highPercent: many}'],
    ['a slip may be the other side', 'checks:\n  cpu-high: {mediumPercent: 90, highPrcent: 95}'],
    [
      'a slip in the name of a check may hold it',
      'checks:\n  cpu-high: {mediumPercent: 90}\n  cpu-hihg: {highPercent: 95}',
    ],
    ['a slip at the top may hold it', 'cheks: {cpu-high: {highPercent: 95}}\nchecks:\n  cpu-high: {mediumPercent: 90}'],
    [
      'a layer above is not well formed',
      'checks: {cpu-high: {highPercent: 80}}\nenvironments:\n  production: {checks: {cpu-high: {mediumPercent: 85, highPrcent: 95}}}',
    ],
    ['half of planned work is misspelt', 'planned: {x: {because: u, form: 2026-01-01T00:00Z, to: 2026-01-02T00:00Z}}'],
    [
      'the resource of a waiver is no pattern',
      'waivers:\n  w: {check: cpu-high, resource: 5, reason: x, owner: y, expires: 2030-01-01}\n  z: {check: cpu-high, reason: x, owner: y, expires: 2030-01-01}',
    ],
    ['sampling is no map', 'sampling: 5\nlag: {minSamples: 10}'],
  ])('no contradiction is claimed where %s', (_, text) => {
    const lines = named(`version: 1\n${text}`);
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toMatch(/impossible order|either|can match|more than/);
  });
});

describe('parsePolicy', () => {
  test('takes a policy that sets single keys, in YAML or JSON', () => {
    const overrides = { version: 1, environment: 'staging', checks: { 'cpu-high': { mediumPercent: 50 } } };
    expect(parsePolicy('version: 1\nenvironment: staging\nchecks:\n  cpu-high: {mediumPercent: 50}\n', 'p')).toEqual({
      ok: true,
      overrides,
    });
    expect(parsePolicy(JSON.stringify(overrides), 'p')).toEqual({ ok: true, overrides });
    expect(errorsOf('version: 1')).toEqual([]);
  });

  test.each([
    [
      'an unknown key',
      'version: 1\nenviroment: staging',
      '2:1 unknown key `enviroment`; allowed: version, environment, goal, sampling, lag, checks, environments, goals, weights, owner, topics, groups, planned, waivers',
    ],
    [
      'an unknown check',
      'version: 1\nchecks:\n  cpu: {}',
      /^3:3 unknown key `checks\.cpu`; `msk-checkup checks` lists the \d{3} that there are$/,
    ],
    [
      'a check’s name with a slip',
      'version: 1\nchecks:\n  cpu-hihg: {}',
      /^3:3 unknown key `checks\.cpu-hihg`; did you mean `cpu-high`\? `msk-checkup checks` lists/,
    ],
    [
      'an unknown threshold',
      'version: 1\nchecks:\n  cpu-high:\n    mediumPercent: 50\n    warnPercent: 50',
      /^5:5 unknown key `checks\.cpu-high\.warnPercent`; allowed: mediumPercent, highPercent, criticalPercent/,
    ],
    [
      'a threshold where the check has none',
      'version: 1\nchecks:\n  min-isr-equal-rf: {x: 1}',
      '3:22 unknown key `checks.min-isr-equal-rf.x`; no key is allowed here',
    ],
    ['no version', 'goal: cost', '1:1 the key `version` is missing; add `version: 1`'],
    ['a newer version', 'version: 2', '1:1 `version` is 2; allowed is 1'],
    [
      'a word for a number',
      'version: 1\nlag:\n  allowedMessages: many',
      '3:3 `lag.allowedMessages` is "many"; allowed is a whole number from 0 to 1000000000',
    ],
    [
      'a number out of range',
      'version: 1\nchecks:\n  cpu-high: {highPercent: 170}',
      '3:14 `checks.cpu-high.highPercent` is 170; allowed is a number from 0 to 100',
    ],
    [
      'a negative number',
      'version: 1\nsampling:\n  samples: -3',
      '3:3 `sampling.samples` is -3; allowed is a whole number from 1 to 20',
    ],
    [
      'a fraction for a count',
      'version: 1\nsampling: {samples: 2.5}',
      '2:12 `sampling.samples` is 2.5; allowed is a whole number from 1 to 20',
    ],
    [
      'a word for a switch',
      'version: 1\nsampling: {readData: yes}',
      '2:12 `sampling.readData` is "yes"; allowed is true or false',
    ],
    [
      'infinity',
      'version: 1\nlag: {allowedSeconds: .inf}',
      '2:7 `lag.allowedSeconds` is Infinity; allowed is a number from 0 to 604800',
    ],
    ['no number at all', 'version: 1\nlag: {allowedSeconds: .nan}', /^2:7 `lag\.allowedSeconds` is NaN; allowed/],
    [
      'an unknown word',
      'version: 1\nenvironment: prod',
      '2:1 `environment` is "prod"; allowed is one of production, staging, development',
    ],
    ['an empty value', 'version: 1\nchecks:\n', /^2:1 `checks` is empty; allowed is a map with offline-partitions/],
    ['a list for a map', 'version: 1\nlag: [1]', '2:1 `lag` is a list; a policy has maps and single values only'],
    [
      'an empty list for a map',
      'version: 1\nchecks: {cpu-high: []}',
      '2:10 `checks.cpu-high` is a list; a policy has maps and single values only',
    ],
    ['a list as the whole file', '- version: 1', '1:1 a policy is a map of keys; the shortest one is `version: 1`'],
    ['an empty file', '', '1:1 a policy is a map of keys; the shortest one is `version: 1`'],
    ['a key given twice', 'version: 1\ngoal: cost\ngoal: latency', /^3:1 not valid YAML: Map keys must be unique/],
    ['broken YAML', 'version: 1\nchecks: {cpu-high: [', /^\d+:\d+ not valid YAML: /],
    ['two documents', 'version: 1\n---\nversion: 1', /^2:1 a policy is one document/],
    ['an alias without an anchor', 'version: 1\nchecks: *nope', /^2:9 the alias \*nope has no anchor$/],
    [
      'nesting that no parser survives',
      `version: 1\nchecks: ${'{a: '.repeat(3_000)}1${'}'.repeat(3_000)}`,
      /nested too deeply/,
    ],
    [
      'a tag under which keys would pass unread',
      'version: 1\nchecks: !!set {cpu-high}',
      /^2:9 not valid YAML: Unresolved tag/,
    ],
    ['a map for a key', 'version: 1\ngroups:\n  ? {a: b}\n  : {owner: x}', /^3:5 a key must be a single word/],
    [
      'a key that JavaScript keeps for itself',
      'version: 1\ngroups:\n  constructor: {owner: x}',
      /^3:3 `constructor` cannot be a key$/,
    ],
    ['a name of blanks', 'version: 1\nowner: "  "', /^2:1 `owner` is " {2}"; allowed is the name/],
    [
      'planned work on a day that no month has',
      'version: 1\nplanned:\n  a: {because: x, from: 2026-02-31T22:00Z, to: 2026-12-01T22:00Z}',
      /^3:19 `planned\.a\.from`/,
    ],
  ])('%s', (_why, text, expected) => {
    const errors = errorsOf(text);
    if (typeof expected === 'string') expect(errors).toEqual([expected]);
    else expect(errors[0]).toMatch(expected);
  });

  test.each([
    [
      'cpu-high: {mediumPercent: 75}',
      '3:14 impossible order in cpu-high: mediumPercent 75 must be below highPercent 70 (its default)',
    ],
    [
      'cpu-high: {mediumPercent: 70, highPercent: 70}',
      '3:14 impossible order in cpu-high: mediumPercent 70 must be below highPercent 70',
    ],
    [
      'disk-used-high: {criticalPercent: 80}',
      '3:20 impossible order in disk-used-high: highPercent 85 (its default) must be below criticalPercent 80',
    ],
    [
      'disk-used-high: {targetPercent: 90}',
      '3:20 impossible order in disk-used-high: targetPercent 90 must be below highPercent 85 (its default)',
    ],
    [
      'version-unsupported: {highDays: 180}',
      '3:25 impossible order in version-unsupported: highDays 180 must be below mediumDays 180 (its default)',
    ],
    [
      'partitions-under-replicated: {minMinutes: 45}',
      '3:33 impossible order in partitions-under-replicated: minMinutes 45 must be below criticalMinutes 30 (its default)',
    ],
  ])('an impossible order: %s', (slice, expected) => {
    expect(errorsOf(`version: 1\nchecks:\n  ${slice}`)).toEqual([expected]);
  });

  test('an order that holds once both are moved', () => {
    expect(
      errorsOf('version: 1\nchecks:\n  cpu-high: {mediumPercent: 75, highPercent: 85, criticalPercent: 90}'),
    ).toEqual([]);
  });

  test.each([
    [
      'sampling: {samples: 2}',
      '2:12 lag.minSamples 3 is more than sampling.samples 2: no consumer could ever be judged',
    ],
    ['lag: {minSamples: 5}', '2:7 lag.minSamples 5 is more than sampling.samples 3: no consumer could ever be judged'],
    [
      'sampling: {intervalSec: 20}',
      /^2:12 lag\.minSpanSec 120 is more than the 40 s between the first and the last of 3 samples 20 s apart/,
    ],
    ['lag: {minSpanSec: 121}', /^2:7 lag\.minSpanSec 121 is more than the 120 s/],
  ])('sampling that could never judge a consumer: %s', (lines, expected) => {
    const [error] = errorsOf(`version: 1\n${lines}`);
    if (typeof expected === 'string') expect(error).toBe(expected);
    else expect(error).toMatch(expected);
  });

  test('the short looks of the sandbox, both sides set', () => {
    expect(errorsOf('version: 1\nsampling: {samples: 3, intervalSec: 2}\nlag: {minSpanSec: 4}')).toEqual([]);
  });

  test('all errors at once, in the order of the file, each with a place to click on', () => {
    const parsed = parsePolicy('version: 1\ngoal: fast\nlag: {minSamples: 1}\nfoo: 1', 'my.yaml');
    expect(parsed.ok ? [] : parsed.errors.map(({ at }) => at)).toEqual(['my.yaml:2:1', 'my.yaml:3:7', 'my.yaml:4:1']);
  });

  test('hostile text is quoted harmlessly, and an alias bomb is refused', () => {
    expect(errorsOf('version: 1\n"\\u202e\\nx": 1')[0]).toContain('unknown key `\\u202e\\nx`');
    const bomb = [
      'a: &a [x, x, x, x, x, x, x, x, x, x]',
      ...'bcdefghi'.split('').map((c, i) => `${c}: &${c} [${`*${'abcdefgh'[i]},`.repeat(10)}]`),
    ].join('\n');
    expect(errorsOf(`version: 1\n${bomb}`)[0]).toMatch(/not valid YAML|unknown key/);
  });
});
