// docs/lint.md tells of each rule, each advised value and each option what is in the code, and the rules keep their form.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { SEVERITIES } from '../../lib/checks/check.ts';
import { LINT_RULES } from '../../lib/lint/rules/registry.ts';
import { ENVIRONMENTS } from '../../lib/policy/environment.ts';
import { lintPage } from '../../scripts/write-lint-page.ts';
import { cli } from '../cli/cli.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/lint.md'), 'utf8');

test('the generated parts of the page are what the code has (node scripts/write-lint-page.ts)', () => {
  expect(page).toBe(lintPage(page));
});

test('every option of the command is on the page', async () => {
  const { out } = await cli('lint', '--help');
  const options = [...out.matchAll(/^ {2}(--[a-z-]+)/gm)]
    .map(([, name]) => name!)
    .filter((name) => !['--debug', '--json'].includes(name));
  expect(options.length).toBeGreaterThan(8);
  expect(options.filter((name) => !page.includes(name))).toEqual([]);
});

describe.each(LINT_RULES)('$id', (rule) => {
  test('is named and worded as the others', () => {
    expect(rule.id).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(LINT_RULES.filter(({ id }) => id === rule.id)).toHaveLength(1);
    expect(rule.kinds.length).toBeGreaterThan(0);
    expect(rule.what).toMatch(/^[A-Z]/);
    for (const text of [rule.what, rule.why, rule.right]) expect(text).toMatch(/^\S.{5,}[^.\s]$/);
    expect(rule.reference).toMatch(
      /^https:\/\/(?:kafka\.apache\.org|cwiki\.apache\.org|docs\.aws\.amazon\.com|github\.com\/aws|docs\.oracle\.com|docs\.conduktor\.io)\//,
    );
  });

  test('is no milder in production than elsewhere', () => {
    const ranks = ENVIRONMENTS.map((environment) => SEVERITIES.indexOf(rule.severity[environment]));
    expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
  });
});

test('neither the linter nor its tables of settings enter the report function', async () => {
  const { metafile } = await build({
    entryPoints: [join(import.meta.dirname, '../../functions/report.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    write: false,
    metafile: true,
    outdir: 'unused',
    splitting: true,
  });
  const files = Object.keys(metafile.inputs);
  expect(files.length).toBeGreaterThan(100);
  expect(files.filter((file) => /lib\/lint\/|lib\/facts\/(?:library|kafka)-settings/.test(file))).toEqual([]);
});
