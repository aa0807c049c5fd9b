// Mutation score of analysis and scorecard: how many planted mistakes the unit tests of these folders see. Outside CI, for it takes an hour.
// `npm run mutation` for all of it, which renews bench/results/mutation.md; `npm run mutation -- lib/scorecard/caps.ts …` shows the survivors of some files.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const REPORT = join(ROOT, 'msk-checkup-report/mutation.json');
const RESULTS = join(import.meta.dirname, 'results/mutation.md');

/** What is read of Stryker's report, whose schema is that of the mutation testing elements. */
interface StrykerReport {
  files: Record<string, { mutants: { status: string }[] }>;
}

interface Counts {
  killed: number;
  survived: number;
  uncovered: number;
  /** Not tried: sentences, and what runs once when a module is loaded. */
  ignored: number;
}

function countsOf(mutants: readonly { status: string }[]): Counts {
  const count = (...statuses: string[]) => mutants.filter(({ status }) => statuses.includes(status)).length;
  return {
    killed: count('Killed', 'Timeout'),
    survived: count('Survived'),
    uncovered: count('NoCoverage'),
    ignored: count('Ignored'),
  };
}

function row(name: string, { killed, survived, uncovered, ignored }: Counts): string {
  const tried = killed + survived + uncovered;
  const score = tried === 0 ? 'none' : `${((100 * killed) / tried).toFixed(1)} %`;
  return `| ${name} | ${score} | ${killed} | ${survived} | ${uncovered} | ${ignored} |`;
}

function page({ files }: StrykerReport): string {
  const all = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
  const folder = (path: string) => path.split('/').slice(0, 2).join('/');
  const folders = Map.groupBy(all, ([path]) => folder(path));
  const head = ['killed', 'survived', 'not covered', 'not tried'].join(' | ');
  return `# Mutation score

Made by \`npm run mutation\`. Planted in every function of these folders, and tried against the tests of analysis, scorecard and the worked
examples alone. Sentences and what runs once when a module is loaded are not tried.

| | score | ${head} |
| --- | ---: | ---: | ---: | ---: | ---: |
${[...folders].map(([name, list]) => row(`**${name}**`, countsOf(list.flatMap(([, file]) => file.mutants)))).join('\n')}
${all.map(([path, { mutants }]) => row(path, countsOf(mutants))).join('\n')}
`;
}

const only = process.argv.slice(2);
const { status } = spawnSync(
  'stryker',
  ['run', 'bench/mutation/stryker.config.json', ...(only.length > 0 ? ['--mutate', only.join(',')] : [])],
  { stdio: 'inherit', cwd: ROOT },
);
if (status !== 0) process.exit(status ?? 1);
if (only.length === 0) {
  mkdirSync(join(RESULTS, '..'), { recursive: true });
  writeFileSync(RESULTS, page(JSON.parse(readFileSync(REPORT, 'utf8')) as StrykerReport));
}
