// The bundles themselves, built into a place where no node_modules can help them, each in a process of its own.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { saveSnapshot } from '../../lib/snapshot/save.ts';
import { buildAll } from '../../scripts/build.ts';
import { aSnapshot } from '../builders/a-snapshot.ts';
import { cli } from '../cli/cli.ts';

let root: string;
let refused: string[];
beforeAll(async () => {
  vi.spyOn(console, 'log').mockImplementation(() => {});
  root = mkdtempSync(join(tmpdir(), 'msk-checkup-bundle-'));
  refused = await buildAll(root);
}, 120_000);
afterAll(() => {
  vi.restoreAllMocks();
  rmSync(root, { recursive: true, force: true });
});

function node(...args: string[]) {
  return spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
}

test('keep within their budgets, and the collector holds no AWS client', () => {
  expect(refused).toEqual([]);
});

test.each(['report', 'collect-kafka'])('the %s function loads in a clean process', (name) => {
  writeFileSync(
    join(root, 'load.mjs'),
    `const { handler } = await import('./dist/functions/${name}/index.mjs'); console.log(typeof handler);`,
  );
  expect(node(join(root, 'load.mjs'))).toMatchObject({ status: 0, stdout: 'function\n', stderr: '' });
});

test('the command line replays a snapshot to the same bytes as the source', async () => {
  const snapshot = join(root, 's.json');
  writeFileSync(snapshot, saveSnapshot(aSnapshot().withTopic('solo', { replicationFactor: 1 }).build()));
  const bundled = node('dist/cli/main.mjs', 'report', '--snapshot', snapshot, '--out', join(root, 'bundled'));
  expect(bundled).toMatchObject({ status: 0, stderr: '' });
  await cli('report', '--snapshot', snapshot, '--out', join(root, 'source'));
  const names = readdirSync(join(root, 'source'));
  expect(names.length).toBeGreaterThanOrEqual(4);
  for (const name of names) {
    expect(readFileSync(join(root, 'bundled', name))).toEqual(readFileSync(join(root, 'source', name)));
  }
});

test('the command line carries the pages of the checks', async () => {
  const ids = JSON.parse((await cli('checks', '--json')).out) as { id: string }[];
  for (const { id } of ids.slice(0, 3)) {
    const source = await cli('explain', id);
    expect(node('dist/cli/main.mjs', 'explain', id).stdout).toBe(source.out);
  }
});
