// `npm test` and `npm run test:full`: check, build, then every test; ends with `N passed, N failed, N skipped` alone on a line.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** What is read of vitest's JSON report. */
interface VitestResults {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { assertionResults: { status: string; fullName: string }[] }[];
}

/** They hold figures against a clock or a rate, which another cluster on the same two cores would blur. */
const ALONE = ['aws-figures', 'figures', 'live-checks', 'time-lag'].map((name) => `test/e2e/${name}.test.ts`);

const skippedNames: string[] = [];

const isFull = process.argv.includes('--full');
const env = { ...process.env, MSK_CHECKUP_TEST_FULL: isFull ? '1' : '' };

/** Counts as one test: a step that fails must not leave a green line. */
function runStep(name: string, args: string[]): Counts {
  console.log(`\n== ${name}`);
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit', env });
  return status === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

function runVitest(name: string, which: readonly string[]): Counts {
  console.log(`\n== tests: ${name}`);
  const folder = mkdtempSync(join(tmpdir(), 'msk-checkup-test-'));
  const results = join(folder, 'results.json');
  const args = ['run', ...which, '--reporter=default', '--reporter=json', `--outputFile.json=${results}`];
  const { status } = spawnSync('vitest', args, { stdio: ['ignore', 'inherit', 'inherit'], env });
  const counts = readCounts(results);
  rmSync(folder, { recursive: true, force: true });
  // A failure outside any test (a broken import, a hook) is a failure too.
  if (status !== 0 && counts.failed === 0) counts.failed = 1;
  return counts;
}

function readCounts(path: string): Counts {
  try {
    const results = JSON.parse(readFileSync(path, 'utf8')) as VitestResults;
    const tests = results.testResults.flatMap(({ assertionResults }) => assertionResults);
    skippedNames.push(...tests.filter(({ status }) => status === 'skipped').map(({ fullName }) => fullName));
    return {
      passed: results.numPassedTests,
      failed: results.numFailedTests,
      skipped: results.numPendingTests + results.numTodoTests,
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

const all = [
  runStep('check', ['scripts/check.ts']),
  runStep('build', ['scripts/build.ts']),
  runVitest('unit', ['--project', 'unit*']),
  runStep('sandbox: what it downloads once', ['sandbox/prepare.ts', ...(isFull ? ['--all'] : [])]),
  runVitest('live', ['--project', 'live', ...ALONE.flatMap((file) => ['--exclude', file])]),
  runVitest('live, one at a time', ['--project', 'live', '--no-file-parallelism', ...ALONE]),
];
const total = all.reduce((sum, c) => ({
  passed: sum.passed + c.passed,
  failed: sum.failed + c.failed,
  skipped: sum.skipped + c.skipped,
}));
if (skippedNames.length > 0) {
  const reason = isFull ? 'see the warnings above for what is missing' : 'only `npm run test:full` runs them';
  console.log(`\nskipped (${reason}):\n${skippedNames.map((name) => `  ${name}`).join('\n')}`);
}
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 ? 0 : 1;
