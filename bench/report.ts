// How long judging and rendering takes on a large cluster, and how it grows: composed snapshots with all sections and all metrics that a
// daily report's budget holds. Every measurement is the first call of a process of its own.
import { parseArgs } from 'node:util';
import { badDay, denseCluster, PARTITIONS, type Size } from '../test/fixtures/clusters/dense.ts';
import { exponentOf, spreadOf } from './kafka/measure/statistics.ts';
import { type Bench, openBench, type Subject } from './report/processes.ts';
import type { Taken } from './report/subject.ts';

const WHOLE: Size = { brokers: 30, topics: 250, groups: 500 };
const FACTORS = [1, 2, 4, 8] as const;
const DEAREST = 10;
/** Of a hundred groups, on a common day. */
const LAGGING = 3;

const sizeText = ({ brokers, topics, groups }: Size) =>
  `${brokers} brokers, ${topics * PARTITIONS} partitions, ${groups} groups of ${PARTITIONS} partitions`;

function taken(label: string, all: readonly Taken[]): void {
  const [wall, cpu] = (['wallMs', 'cpuMs'] as const).map((key) => {
    const { median, min, max } = spreadOf(all.map((each) => each[key]));
    return `${median.toFixed(0)} ms (${min.toFixed(0)}..${max.toFixed(0)})`;
  });
  console.log(`  ${label.padEnd(34)} wall ${wall!.padEnd(24)} CPU ${cpu}`);
}

const both = (a: Taken, b: Taken): Taken => ({ wallMs: a.wallMs + b.wallMs, cpuMs: a.cpuMs + b.cpuMs });

function benchReport(subject: Subject, runs: number): void {
  const reports = subject.measure('report', runs);
  const parts = subject.measure('checks', runs);
  taken(
    'all checks (runChecks)',
    parts.map(({ checks }) => checks),
  );
  taken(
    'then all KPIs (runKpis)',
    parts.map(({ kpis }) => kpis),
  );
  taken(
    'judge: both, score and report',
    reports.map(({ judge }) => judge),
  );
  taken(
    'render html, email and json',
    reports.map(({ render }) => render),
  );
  taken(
    'judge and render',
    reports.map(({ judge, render }) => both(judge, render)),
  );
  for (const [file, [bytes, gzipped]] of Object.entries(reports[0]!.sizes))
    console.log(`  ${file.padEnd(34)} ${(bytes / 1024).toFixed(0)} KiB, ${(gzipped / 1024).toFixed(0)} KiB gzipped`);
}

function benchEach(subject: Subject, runs: number): void {
  const splits = subject.measure('split', runs).map(({ each }) => each);
  const medians = Object.keys(splits[0]!).map((id) => ({ id, ...spreadOf(splits.map((each) => each[id]!)) }));
  console.log(`\nthe dearest checks and KPIs, CPU; what several need is counted where it is needed first`);
  for (const { id, median, min, max } of medians.sort((a, b) => b.median - a.median).slice(0, DEAREST))
    console.log(`  ${id.padEnd(34)} ${median.toFixed(1)} ms (${min.toFixed(1)}..${max.toFixed(1)})`);
}

function benchGrowth(bench: Bench, title: string, sizes: readonly Size[], runs: number): void {
  console.log(`\n${title}`);
  const steps = sizes.map((size, i) => {
    const parts = bench.of(denseCluster(size, LAGGING)).measure('checks', runs);
    taken(
      `${size.brokers} brokers, ${size.topics * PARTITIONS} partitions`,
      parts.map(({ checks }) => checks),
    );
    const cpuMs = spreadOf(parts.map(({ checks, kpis }) => checks.cpuMs + kpis.cpuMs)).median;
    return { size: FACTORS[i]!, checks: spreadOf(parts.map(({ checks }) => checks.cpuMs)).median, all: cpuMs };
  });
  for (const [label, key] of [
    ['all checks', 'checks'],
    ['with KPIs', 'all'],
  ] as const) {
    const exponent = exponentOf(steps.map((step) => ({ size: step.size, value: step[key] })));
    console.log(`  ${label.padEnd(34)} CPU grows with the power ${exponent.toFixed(2)}`);
  }
}

function smaller(factor: number): Size {
  const part = (whole: number) => Math.round((whole * factor) / 8);
  return { brokers: Math.max(3, part(WHOLE.brokers)), topics: part(WHOLE.topics), groups: part(WHOLE.groups) };
}

const { values } = parseArgs({ options: { runs: { type: 'string', default: '7' } } });
const runs = Number(values.runs);
if (!Number.isInteger(runs) || runs < 1) throw new Error(`--runs ${values.runs}: a whole number from 1 on is allowed`);
const bench = await openBench();
try {
  console.log(`${sizeText(WHOLE)}; ${runs} processes each, median (least..most). Budget: 150 ms.`);
  const common = denseCluster(WHOLE, LAGGING);
  console.log(`\na common day: ${LAGGING} of 100 groups lag`);
  benchReport(bench.of(common), runs);
  benchEach(bench.of(common), runs);
  console.log('\na bad day: a dead broker, half of the groups lag');
  benchReport(bench.of(badDay(WHOLE)), runs);
  benchGrowth(bench, 'up to this size', FACTORS.map(smaller), runs);
  const larger = (factor: number): Size => ({ ...WHOLE, topics: WHOLE.topics * factor, groups: WHOLE.groups * factor });
  benchGrowth(bench, 'beyond it, on as many brokers', FACTORS.map(larger), Math.min(runs, 3));
} finally {
  bench.close();
}
