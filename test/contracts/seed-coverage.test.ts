// Every name in docs/seed-coverage.md exists: what it promises for a statement is really there.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CHECKS } from '../../lib/checks/registry.ts';
import { KPIS } from '../../lib/kpis/registry.ts';
import { LINT_RULES } from '../../lib/lint/rules/registry.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/seed-coverage.md'), 'utf8');
const quoted = [...new Set(Array.from(page.matchAll(/`([^`]+)`/g), (match) => match[1]!))];
const VERDICTS = ['right', 'partly', 'wrong', 'stale', 'outside'];

/** Lines of each chapter that hold a statement; prose, headings and code frames between them need no row. */
const rows = page.split('\n').filter((line) => /^\| \d/.test(line));

describe('docs/seed-coverage.md', () => {
  test('names checks that exist', () => {
    const ids = new Set<string>(CHECKS.map(({ id }) => id));
    const named = quoted.filter((name) => /^[a-z0-9]+(-[a-z0-9]+)+$/.test(name));
    expect(named.length).toBeGreaterThan(50);
    expect(named.filter((name) => !ids.has(name))).toEqual([]);
  });

  test('names rules of the linter that exist', () => {
    const ids = new Set<string>(LINT_RULES.map(({ id }) => id));
    const named = quoted.filter((name) => name.startsWith('lint:')).map((name) => name.slice(5));
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !ids.has(name))).toEqual([]);
  });

  test('names KPIs that exist', () => {
    const ids = new Set(KPIS.map(({ id }) => id));
    const named = new Set(page.match(/\bK\d\d\b/g));
    expect([...named].filter((id) => !ids.has(id))).toEqual([]);
  });

  test('names files that exist', () => {
    const paths = quoted.filter((name) => /^(lib|docs|test)\//.test(name));
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    const links = Array.from(page.matchAll(/\]\(([^)#]+)\)/g), (match) => match[1]!);
    expect(links.filter((link) => !existsSync(join(root, 'docs', link)))).toEqual([]);
  });

  test('gives each statement a verdict and an answer', () => {
    expect(rows.length).toBeGreaterThan(130);
    for (const row of rows) {
      const [, lines, statement, verdict, answer] =
        row.split(' | ').length === 4 ? ['', ...row.slice(2, -2).split(' | ')] : [];
      expect([row, lines?.replaceAll(/\d+(–\d+)?(, )?/g, '')]).toEqual([row, '']);
      expect(VERDICTS).toContain(verdict);
      expect(`${statement}${answer}`.length).toBeGreaterThan(20);
    }
  });
});
