import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ALGORITHMS } from './algorithms.ts';
import { firstDifference } from './compare.ts';
import { parseExamples, verdictOf } from './examples.ts';

/** The worked examples lie beside the repository, not in it. */
const FILE = new URL('../../../shared/reference/worked-examples.json', import.meta.url);

if (existsSync(FILE)) {
  const examples = parseExamples(readFileSync(FILE, 'utf8')).filter(({ algorithm }) => algorithm in ALGORITHMS);
  test.each(examples.map((example) => [`${example.id} ${example.algorithm}`, example] as const))('%s', (_, example) => {
    expect(verdictOf(example).line).toBe(`${example.id} ok`);
  });
} else if (process.env.CI === 'true') {
  test('worked examples', () => {
    throw new Error(`${FILE.pathname} is missing: the worked examples must be there in CI`);
  });
} else {
  test.skip(`worked examples: SKIPPED, because ${FILE.pathname} is missing`);
}

describe('comparison', () => {
  test('numbers agree up to and including the tolerance', () => {
    expect(firstDifference({ a: [1, 2.5] }, { a: [1, 2.75] }, 0.25)).toBeNull();
    expect(firstDifference({ a: [1, 2.5] }, { a: [1, 2.76] }, 0.25)).toEqual({
      field: 'a[1]',
      expected: 2.5,
      got: 2.76,
    });
  });

  test('fields that were not asked for do not matter, missing ones do', () => {
    expect(firstDifference({ a: 1 }, { a: 1, b: 2 }, 0)).toBeNull();
    expect(firstDifference({ a: 1, b: null }, { a: 1 }, 0)).toMatchObject({ field: 'b' });
  });

  test.each([
    [1, Number.NaN],
    [1, '1'],
    [null, 0],
    ['OK', 'ok'],
    [[1], [1, 2]],
    [[], {}],
    [{ a: 1 }, null],
    [true, 1],
  ])('%j is not %j', (expected, got) => {
    expect(firstDifference(expected, got, 0.5)).not.toBeNull();
  });
});

describe('npm run worked', () => {
  const example = {
    id: 'E1',
    algorithm: 'skew.measures',
    inputs: { leaders: [0, 2] },
    expected: { gini: 0.5 },
    tolerance: 0.01,
  };
  const run = (content: string) => {
    const file = join(mkdtempSync(join(tmpdir(), 'worked-')), 'examples.json');
    writeFileSync(file, content);
    const script = new URL('./run.ts', import.meta.url).pathname;
    return spawnSync(process.execPath, [script, file], { encoding: 'utf8' });
  };
  const runExamples = (...examples: unknown[]) => run(JSON.stringify({ examples }));

  test('all agree: exit 0', () => {
    expect(runExamples(example)).toMatchObject({ status: 0, stdout: 'E1 ok\n' });
  });

  test('one differs: exit 1, naming field, expected and got', () => {
    expect(runExamples(example, { ...example, id: 'E2', expected: { gini: 0.6 } })).toMatchObject({
      status: 1,
      stdout: 'E1 ok\nE2 differs: gini, expected 0.6, got 0.5\n',
    });
  });

  test('an algorithm that is not there yet: exit 1', () => {
    expect(runExamples({ ...example, algorithm: 'constructor' })).toMatchObject({
      status: 1,
      stdout: 'E1 missing: constructor\n',
    });
  });

  test('inputs that make a function throw are a difference, not a crash', () => {
    const result = runExamples({ ...example, inputs: {} });
    expect(result.status).toBe(1);
    expect(result.stdout).toMatch(/^E1 differs: .*\n$/);
  });

  test.each([
    ['no JSON', '{'],
    ['no examples', '{}'],
    ['no tolerance', '{"examples":[{"id":"E1","algorithm":"x"}]}'],
  ])('%s: exit 2 and one line', (_, content) => {
    const result = run(content);
    expect(result).toMatchObject({ status: 2, stdout: '' });
    expect(result.stderr.trim().split('\n')).toHaveLength(1);
  });
});
