import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CHECKS } from '../../lib/checks/registry.ts';
import { LIVE_CHECKS, type LiveCheck, SCENARIOS } from '../e2e/live-checks.ts';

const ROOT = join(import.meta.dirname, '../..');
const all = Object.entries(LIVE_CHECKS);

test('every check of the registry has its line, in the registry’s order, and no other has', () => {
  expect(all.map(([id]) => id)).toEqual(CHECKS.map(({ id }) => id));
});

test('a check that no cluster can be put into has a reason of a sentence', () => {
  for (const [id, shown] of all)
    if ('cannot' in shown) expect([id, shown.cannot]).toEqual([id, expect.stringMatching(/^[A-Z].{39,}\.$/)]);
});

test('the others say how, and where it is shown', () => {
  for (const [id, shown] of all) {
    if ('cannot' in shown) continue;
    expect([id, shown.how]).toEqual([id, expect.stringMatching(/^.{7,}[^.]$/)]);
    if ('file' in shown) expect([id, existsSync(join(ROOT, 'test/e2e', shown.file))]).toEqual([id, true]);
  }
});

test('each scenario shows a check', () => {
  const used = new Set(all.flatMap(([, shown]) => ('in' in shown ? [shown.in] : [])));
  expect([...used].sort()).toEqual(Object.keys(SCENARIOS).sort());
});

test('docs/live-checks.md is this table', async () => {
  const names = all.flatMap(([, shown]) => ('cannot' in shown ? [] : [shown]));
  const text = [
    '# Checks on a real cluster',
    '',
    `${names.length} of ${all.length} checks are seen to fire on a real Kafka cluster of the [sandbox](../sandbox/README.md), to name what they must, and to be clear once`,
    'that is undone (`npm run live`). Settings of MSK are those of the emulated account. Points of CloudWatch are the brokers’ own,',
    'back-dated where a rule wants hours. Where a limit is named, the small machine could not reach the usual one: it holds while the check fires',
    'and while it is clear.',
    '',
    ...table('How it is brought about', (shown) => ('cannot' in shown ? null : `${shown.how}${place(shown)}`)),
    '## Not on the sandbox',
    '',
    ...table('Why', (shown) => ('cannot' in shown ? shown.cannot : null)),
  ].join('\n');
  await expect(text).toMatchFileSnapshot('../../docs/live-checks.md');
});

function place(shown: Exclude<LiveCheck, { cannot: string }>): string {
  return 'file' in shown ? ` (\`${shown.file}\`)` : '';
}

function table(title: string, cell: (shown: LiveCheck) => string | null): string[] {
  const rows = all.flatMap(([id, shown]) => {
    const text = cell(shown);
    const area = CHECKS.find((check) => check.id === id)?.area;
    return text === null ? [] : [`| [${id}](../lib/checks/${area}/${id}.md) | ${text.replaceAll('|', '\\|')} |`];
  });
  return [`| check | ${title.toLowerCase()} |`, '| --- | --- |', ...rows, ''];
}
