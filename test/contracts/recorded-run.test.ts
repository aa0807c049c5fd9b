// Without Java, Maven or Python `npm start` shows the recorded run: it says what is missing, that it is recorded, and still leaves a report.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadSnapshot } from '../../lib/snapshot/load.ts';

const root = join(import.meta.dirname, '../..');

describe('npm start on a machine without Java, Maven and Python', () => {
  let folder: string;
  let result: { status: number | null; stdout: string; stderr: string };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'msk-checkup-recorded-'));
    result = spawnSync(process.execPath, [join(root, 'sandbox/start.ts')], {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: '/nonexistent', NO_COLOR: '1' },
    });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('names each missing program with the line that installs it', () => {
    for (const program of ['Java', 'Maven', 'Python']) {
      expect(result.stderr).toMatch(new RegExp(`${program}.* is missing; install it with: apt-get install`));
    }
    expect(result.stderr).not.toMatch(/\n {4}at /);
  });

  test('says on the screen and in the report that it is recorded, and when', () => {
    expect(result.status).toBe(0);
    expect(result.stdout).toMatch(/RECORDED/);
    const html = readFileSync(join(folder, 'msk-checkup-report/report.html'), 'utf8');
    expect(html).toMatch(/Recorded run: everything here was read on 20\d\d-/);
  });

  test('the recording loads, and judging it finds the groups that the demo makes', () => {
    const loaded = loadSnapshot(readFileSync(join(root, 'sandbox/recorded/snapshot.json'), 'utf8'));
    expect(loaded.ok).toBe(true);
    const report = JSON.parse(readFileSync(join(folder, 'msk-checkup-report/report.json'), 'utf8'));
    const status = Object.fromEntries(report.groups.rows.map((row: any) => [row.groupId, row.status]));
    expect(status).toMatchObject({ 'stock-sync': 'STALLED', 'shipping-labels-v1': 'STOPPED', billing: 'OK' });
  });
});
