// What the documents say is held against the code: policies, schemas, links, scripts, and nothing of the machine they were written on.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CHECKS } from '../../lib/checks/registry.ts';
import { KPIS } from '../../lib/kpis/registry.ts';
import { schemaFiles } from '../../scripts/write-schemas.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path !== '' && existsSync(join(root, path)));
const pages = tracked.filter((path) => path.endsWith('.md'));

/** The first JSON block after a heading or marker. */
function jsonAfter(text: string, marker: string): unknown {
  const from = text.indexOf('```json\n', text.indexOf(marker)) + '```json\n'.length;
  return JSON.parse(text.slice(from, text.indexOf('```', from)));
}

test('the IAM policy of the README is the one of the permissions page', () => {
  const ofReadme = jsonAfter(read('README.md'), '<!-- policy: cli -->');
  expect(ofReadme).toEqual(jsonAfter(read('docs/permissions.md'), '## For the command line'));
});

test('the README counts the checks and KPIs that there are', () => {
  expect(read('README.md')).toContain(
    `${CHECKS.length} checks ([docs/checks.md](docs/checks.md)) and ${KPIS.length} KPIs`,
  );
});

test('the published schemas are what the loaders use', () => {
  const published = Object.fromEntries(
    readdirSync(join(root, 'docs/schema')).map((name) => [name, read(`docs/schema/${name}`)]),
  );
  expect(published).toEqual(schemaFiles());
});

test.each(pages)('%s: every relative link leads somewhere', (page) => {
  const links = [...read(page).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, target]) => target!);
  const broken = links.filter((target) => !/^[a-z]+:/i.test(target) && !existsSync(join(root, dirname(page), target)));
  expect(broken).toEqual([]);
});

test('every npm script that the documents name exists', () => {
  const scripts = JSON.parse(read('package.json')).scripts as Record<string, string>;
  const named = pages.flatMap((page) =>
    [...read(page).matchAll(/npm run (?:-s |--silent )?([a-z:]+)/g)].map(([, name]) => name!),
  );
  expect([...new Set(named)].filter((name) => !(name in scripts))).toEqual([]);
});

describe('nothing of one machine is committed', () => {
  const texts = tracked.filter(
    (path) => /\.(ts|mjs|json|md|ya?ml|txt|in)$|^\.ci\//.test(path) && !path.startsWith('test/golden/'),
  );
  test.each([
    ['paths of a home or work folder', /(?<![\w.])\/(?:root|home\/\w+|Users\/\w+|work)\//],
    [
      'addresses of package registries',
      /registry\.npmjs|pypi\.org|files\.pythonhosted|repo1?\.maven\.(?:apache|org)|deb\.debian\.org/,
    ],
    ['AWS access keys', /\bAKIA[0-9A-Z]{16}\b(?<!EXAMPLE)/],
  ])('%s', (_name, pattern) => {
    const self = 'test/contracts/documents.test.ts';
    expect(texts.filter((path) => path !== self && pattern.test(read(path)))).toEqual([]);
  });
});
