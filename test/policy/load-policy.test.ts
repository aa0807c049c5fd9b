import { describe, expect, test } from 'vitest';
import { parsePolicy } from '../../lib/policy/load-policy.ts';

function errorsOf(text: string): string[] {
  const parsed = parsePolicy(text, 'msk-checkup.yaml');
  return parsed.ok ? [] : parsed.errors.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

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
    ['two documents', 'version: 1\n---\nversion: 1', /not valid YAML: .*multiple documents/],
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
