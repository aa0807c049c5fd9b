// `npm run bench:kafka`: what one collection asks of a real cluster, and how it stands against its peers. Counts and equal rows decide
// the exit code; times never do. A full run takes some ten minutes and keeps its figures in bench/results/.
import { buildClients } from './kafka/bundles.ts';
import { VoidComparisonError } from './kafka/compare.ts';
import { readEnvironment } from './kafka/environment.ts';
import { growthSteps } from './kafka/fixture/growth-steps.ts';
import { type Growth, measureGrowth } from './kafka/growth.ts';
import { stopOnSignals, unlessInterrupted, using } from './kafka/lifetime.ts';
import { measureMainLoad } from './kafka/main-load.ts';
import { measureCommitted } from './kafka/memory.ts';
import { type BenchOptions, readOptions } from './kafka/options.ts';
import { keepResults, renderResults } from './kafka/report.ts';
import { type BenchResults, wrongCounts } from './kafka/results.ts';

const startedMs = performance.now();
const say = (line: string): void =>
  console.error(`${((performance.now() - startedMs) / 1000).toFixed(1).padStart(6)} s  ${line}`);

async function bench(options: BenchOptions): Promise<BenchResults> {
  const environment = await readEnvironment(options.kafka);
  const committed = measureCommitted();
  const { busyShare, ...main } = await using(buildClients(), (bundles) => measureMainLoad(options, bundles, say));
  const growth: Growth[] = [];
  for (const steps of growthSteps(options.growth)) {
    growth.push(await measureGrowth(options.kafka, steps, options.runs, say));
  }
  return {
    kafka: options.kafka,
    environment: { ...environment, busyShare },
    load: options.load,
    ...main,
    growth,
    committed,
  };
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  const results = await bench(options);
  console.log(renderResults(results));
  if (options.isKept) for (const file of keepResults(results)) say(`written: ${file}`);
  else say('not kept: that takes the full load and at least seven runs');
  const wrong = wrongCounts(results);
  for (const line of wrong) console.error(`bench:kafka: wrong count: ${line}`);
  return wrong.length === 0 ? 0 : 1;
}

stopOnSignals(say);
process.exitCode = await main().catch(async (error: unknown) => {
  await unlessInterrupted();
  const said = error instanceof Error ? error.message : String(error);
  console.error(`bench:kafka: ${error instanceof VoidComparisonError ? `the comparison is void: ${said}` : said}`);
  return 1;
});
process.exit();
