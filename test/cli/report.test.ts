import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadSnapshot } from '../../lib/snapshot/load.ts';
import { saveSnapshot } from '../../lib/snapshot/save.ts';
import type { Snapshot } from '../../lib/snapshot/schema.ts';
import { aSnapshot } from '../builders/a-snapshot.ts';
import { cli } from './cli.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'msk-checkup-cli-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function stored(name: string, snapshot: Snapshot): string {
  writeFileSync(join(root, name), saveSnapshot(snapshot));
  return join(root, name);
}

const healthy = () => aSnapshot().withTopic('orders').build();
const oneCopy = () => aSnapshot().withTopic('orders').withTopic('solo', { replicationFactor: 1 }).build();

describe('report from a snapshot', () => {
  test('prints the summary and the paths of the files it wrote', async () => {
    const out = join(root, 'out');
    const result = await cli('report', '--snapshot', stored('s.json', healthy()), '--out', out);
    expect(result.exitCode).toBe(0);
    expect(result.err).toBe('');
    expect(readdirSync(out).sort()).toEqual(['email.txt', 'report.html', 'report.json', 'snapshot.json']);
    for (const name of readdirSync(out)) expect(result.out).toContain(`${join(out, name)}\n`);
    expect(result.out).toContain('orders');
  });

  test('twice is byte for byte the same', async () => {
    const snapshot = stored('s.json', oneCopy());
    const [a, b] = [join(root, 'a'), join(root, 'b')];
    await cli('report', '--snapshot', snapshot, '--out', a);
    await cli('report', '--snapshot', snapshot, '--out', b);
    for (const name of readdirSync(a)) expect(readFileSync(join(a, name))).toEqual(readFileSync(join(b, name)));
  });

  test('takes the packed snapshot of the bucket as it is, and one that an editor has marked as UTF-8', async () => {
    const packed = join(root, 'snapshot.json.gz');
    writeFileSync(packed, gzipSync(saveSnapshot(healthy())));
    const marked = join(root, 'marked.json');
    writeFileSync(marked, `\uFEFF${saveSnapshot(healthy())}`);
    const [plain, same, edited] = [stored('s.json', healthy()), packed, marked].map((file) =>
      cli('report', '--snapshot', file, '--json'),
    );
    expect((await same!).out).toBe((await plain!).out);
    expect((await edited!).out).toBe((await plain!).out);
  });

  test('--json gives one document on the result stream, and files only where asked', async () => {
    const result = await cli('report', '--snapshot', stored('s.json', healthy()), '--json');
    expect(JSON.parse(result.out)).toMatchObject({ schemaVersion: 1, cluster: { name: 'orders' } });
    expect(readdirSync(root)).toEqual(['s.json']);
  });

  test('what is recorded is redacted and replays', async () => {
    const recorded = join(root, 'recorded.json');
    await cli('report', '--snapshot', stored('s.json', healthy()), '--json', '--record', recorded);
    const text = readFileSync(recorded, 'utf8');
    expect(text).not.toContain('b-1.example.test');
    expect(loadSnapshot(text).ok).toBe(true);
    expect((await cli('report', '--snapshot', recorded, '--json')).exitCode).toBe(0);
  });

  test('--format chooses the files, and the summary only when it is among them', async () => {
    const out = join(root, 'out');
    const result = await cli('report', '--snapshot', stored('s.json', healthy()), '--out', out, '--format', 'json');
    expect(readdirSync(out).sort()).toEqual(['report.json', 'snapshot.json']);
    expect(result.out).toBe(`${join(out, 'report.json')}\n${join(out, 'snapshot.json')}\n`);
  });

  test.each([
    ['critical', 1],
    ['low', 1],
    ['never', 0],
  ])('--fail-on %s ends with %i when a critical finding is there', async (severity, exitCode) => {
    const snapshot = stored('s.json', oneCopy());
    expect((await cli('report', '--snapshot', snapshot, '--json', '--fail-on', severity)).exitCode).toBe(exitCode);
  });

  test('--fail-on critical ends with 0 when there is none', async () => {
    const result = await cli('report', '--snapshot', stored('s.json', healthy()), '--json', '--fail-on', 'critical');
    expect(result.exitCode).toBe(0);
  });

  test('a bad file wins over findings', async () => {
    const snapshot = stored('s.json', oneCopy());
    const result = await cli(
      'report',
      '--snapshot',
      snapshot,
      '--json',
      '--fail-on',
      'low',
      '--policy',
      join(root, 'absent'),
    );
    expect(result.exitCode).toBe(2);
  });

  test('--history compares with the run before, and becomes it', async () => {
    const history = join(root, 'history');
    const report = async (snapshot: string) =>
      JSON.parse((await cli('report', '--snapshot', snapshot, '--json', '--history', history)).out);
    expect((await report(stored('1.json', healthy()))).changes.previous).toBeNull();
    const next = oneCopy();
    next.takenAtMs += 24 * 3_600_000;
    const second = await report(stored('2.json', next));
    expect(second.changes.previous).not.toBeNull();
    expect(second.changes.new).toHaveLength(1);
    expect(readdirSync(join(history, 'v1/latest/111122223333/eu-west-1'))).toEqual(['orders~a1b2c3d4.json']);
  });

  test('a policy decides, and the report names what it changed', async () => {
    const policy = join(root, 'msk-checkup.yaml');
    writeFileSync(policy, 'version: 1\nenvironment: development\n');
    const result = await cli('report', '--snapshot', stored('s.json', healthy()), '--json', '--policy', policy);
    expect(JSON.parse(result.out).environment.value).toBe('development');
    const won = await cli(
      'report',
      '--snapshot',
      join(root, 's.json'),
      '--json',
      '--policy',
      policy,
      '--environment',
      'staging',
    );
    expect(JSON.parse(won.out).environment.value).toBe('staging');
  });
});

describe('other commands', () => {
  test('checks lists every check, for people and for programs', async () => {
    const table = await cli('checks');
    const rows = JSON.parse((await cli('checks', '--json')).out) as { id: string }[];
    expect(rows.length).toBeGreaterThanOrEqual(15);
    expect(table.out.trim().split('\n')).toHaveLength(rows.length);
  });

  test('explain shows the page of a check', async () => {
    const result = await cli('explain', 'offline-partitions', '--json');
    expect(JSON.parse(result.out)).toMatchObject({ id: 'offline-partitions', area: 'availability' });
  });

  test('validate tells a policy from a snapshot', async () => {
    const snapshot = stored('s.json', healthy());
    expect((await cli('validate', snapshot)).out).toBe(`${snapshot}: a valid snapshot\n`);
    writeFileSync(join(root, 'p.yaml'), 'version: 1\n');
    expect((await cli('validate', join(root, 'p.yaml'))).out).toMatch(/a valid policy\n$/);
    writeFileSync(join(root, 'bad.yaml'), 'version: 1\ngoal: fast\nenvironment: mars\n');
    const bad = await cli('validate', join(root, 'bad.yaml'));
    expect(bad.exitCode).toBe(2);
    expect(bad.err.trim().split('\n')).toHaveLength(2);
  });

  test('--version and --help are results, not complaints', async () => {
    expect(await cli('--version')).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
      err: '',
    });
    const help = await cli('report', '--help');
    expect(help).toMatchObject({ exitCode: 0, err: '' });
    expect(help.out).toContain('--fail-on');
  });
});
