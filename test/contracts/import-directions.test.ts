// The directions of docs/architecture.md are a lint rule; this plants one violation of each and sees `npm run check` refuse it.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
/** What `npm run check` needs. The product itself stays away: that it is clean, the check of the tree says. */
const COPIED = [
  'scripts',
  'package.json',
  'tsconfig.json',
  'biome.json',
  '.oxlintrc.json',
  '.gitignore',
  'vitest.config.ts',
];

/** Each planted file, with the words of the rule that must name it. */
const VIOLATIONS: [file: string, code: string, refusal: RegExp][] = [
  ['lib/analysis/planted-node.ts', "export { readFileSync } from 'node:fs';", /Pure folders import no SDK/],
  ['lib/snapshot/planted-sdk.ts', "export { S3Client } from '@aws-sdk/client-s3';", /Pure folders import no SDK/],
  ['lib/lint/planted-node.ts', "export { readFileSync } from 'node:fs';", /Pure folders import no SDK/],
  ['lib/kpis/planted-kafkajs.ts', "export { Kafka } from 'kafkajs';", /Pure folders import no SDK/],
  ['lib/diagnosis/planted-node.ts', "export { readFileSync } from 'node:fs';", /Pure folders import no SDK/],
  ['lib/policy/planted-collect.ts', "export * from '../collect/collect-snapshot.ts';", /Pure folders take data/],
  ['lib/report/planted-publish.ts', "export * from '../publish/s3.ts';", /Pure folders take data/],
  ['lib/scorecard/planted-settings.ts', "export * from '../settings.ts';", /Pure folders take data/],
  ['lib/facts/planted-cli.ts', "export * from '../cli/main.ts';", /Pure folders take data/],
  [
    'lib/checks/capacity/planted-check.ts',
    "export { default } from '../availability/offline-partitions.ts';",
    /A check never imports another check/,
  ],
  [
    'lib/report/html/planted-renderer.ts',
    "export * from '../../analysis/statistics.ts';",
    /A renderer sees only the Report/,
  ],
  ['lib/publish/planted-judge.ts', "export * from '../scorecard/score.ts';", /Publishing sees only rendered artifacts/],
  ['lib/collect/planted-judge.ts', "export * from '../checks/registry.ts';", /Collecting ends at the snapshot/],
  ['functions/planted-cli.ts', "export * from '../lib/cli/main.ts';", /Only the command line/],
  ['lib/cli/planted-sandbox.ts', "export * from '../../sandbox/sandbox.ts';", /never imports test, sandbox/],
  ['cdk/planted-test.ts', "export * from '../test/builders/a-snapshot.ts';", /never imports test, sandbox/],
  ['lib/analysis/planted-clock.ts', 'export const now = (): number => Date.now();', /Time is an input/],
  ['lib/checks/planted-random.ts', 'export const dice = (): number => Math.random();', /Randomness is an input/],
  ['lib/text/planted-environment.ts', 'export const home = process.env.HOME;', /The environment is an input/],
  [
    'lib/analysis/planted-cycle-a.ts',
    "import { b } from './planted-cycle-b.ts';\nexport const a = (): number => b();",
    /no-cycle/,
  ],
];

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'msk-checkup-directions-'));
  for (const path of COPIED) {
    cpSync(join(root, path), join(folder, path), {
      recursive: true,
      filter: (source) => !source.includes('node_modules'),
    });
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const [file, code] of VIOLATIONS) plant(file, code);
  plant(
    'lib/analysis/planted-cycle-b.ts',
    "import { a } from './planted-cycle-a.ts';\nexport const b = (): number => a();",
  );
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function plant(file: string, code: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), `${code}\n`);
}

test('check refuses every planted violation, each at its own file', () => {
  const { status, stdout } = spawnSync(process.execPath, ['scripts/check.ts'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
    maxBuffer: 64 * 1024 * 1024,
  });
  expect(status).toBe(1);
  expect(stdout).toContain('FAILED types and import directions');
  const reports = stdout.split(/\n\s*\n/);
  const unnoticed = VIOLATIONS.filter(([file, , refusal]) => !reports.some((r) => r.includes(file) && refusal.test(r)));
  expect(unnoticed.map(([file]) => file)).toEqual([]);
}, 120_000);
