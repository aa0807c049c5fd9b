import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Comparison, Figure } from './compare.ts';
import { COMMAND_LINE, KAFKA_TOOL, KAFKAJS, OURS, PLATFORMATIC } from './peers.ts';
import type { BenchResults } from './results.ts';
import { spreadText, targetsOf, timesText } from './targets.ts';

const RESULTS = join(import.meta.dirname, '../results');
const ROOT = join(import.meta.dirname, '../..');

/** The whole account of one run, in Markdown. */
export function renderResults(results: BenchResults): string {
  const { kafka, environment: on, load, local, oneMillisecond, growth } = results;
  return `${[
    `# One collection of Apache Kafka ${kafka}`,
    `${on.startedAt}, ${on.cores} × ${on.cpuModel}, ${on.memoryGiB} GiB, ${on.platform}, Node ${on.node}, ${on.java}. Load average of the last ` +
      `minute ${on.loadAverageAtStart.toFixed(2)} before anything was started; processors ${Math.round(100 * on.busyShare)} % busy before the comparison, ` +
      'with the brokers at rest.',
    `Three brokers and a controller on the same machine. ${load.topics} topics × ${load.partitionsPerTopic} partitions, ${load.groups} groups without members × ` +
      `${load.topicsPerGroup * load.partitionsPerTopic} committed partitions, ${load.liveGroups} groups of ${load.membersPerGroup} live members with as many. ` +
      'Medians, with minimum and maximum.',
    `"Process" is all of a process, from its start to its end. "Collection" is the part from the first connection to all answers in memory, in that same cold ` +
      'process; our command line and the Java tool do not tell it. Our collector and the two Node.js clients read topics, log start and log end, groups with members, ' +
      'committed offsets and topic configurations; our command line also log directories, quorum, quotas, reassignments and time lag; the Java tool ' +
      'only log end, members and committed offsets. All of them leave the same rows, or the run is void.',
    '## Targets',
    table(
      ['what', 'found', 'target', 'met'],
      targetsOf(results).map((t) => [t.what, t.found, t.target, t.met ? 'yes' : '**no**']),
    ),
    '## At the brokers',
    comparisonTable(local),
    '## At 1 ms round trip',
    comparisonTable(oneMillisecond),
    '## Growth',
    table(
      ['what grows', 'sizes', 'ms', 'MB received', 'exponent of time', 'exponent of bytes'],
      growth.map(({ what, around, steps, wallExponent, bytesExponent }) => [
        `${what} (${around})`,
        steps.map(({ size }) => size).join(', '),
        steps.map(({ wallMs }) => wallMs.median.toFixed(0)).join(', '),
        steps.map(({ receivedBytes }) => (receivedBytes / 1e6).toFixed(2)).join(', '),
        wallExponent.toFixed(2),
        bytesExponent.toFixed(2),
      ]),
    ),
  ].join('\n\n')}\n`;
}

/** Each client is a whole process, from its start to its end, and leaves the same rows. */
function comparisonTable({ rows, runs, ratios }: Comparison): string {
  const cells = Object.entries(runs).map(([name, each]) => {
    const ratio = ratios[name];
    const times = (figure: Figure) => (ratio?.[figure] ? timesText(ratio[figure]) : '');
    const process = [spreadText(each, 'wallMs'), times('wallMs'), spreadText(each, 'cpuMs'), times('cpuMs')];
    const collection = [
      spreadText(each, 'collectMs'),
      times('collectMs'),
      spreadText(each, 'collectCpuMs'),
      times('collectCpuMs'),
    ];
    return [name, ...process, spreadText(each, 'peakRssMb'), ...collection];
  });
  const note = `${rows} rows, the same in every run of every client.`;
  const head = ['client', 'process ms', 'by ours', 'CPU ms', 'by ours', 'peak MB'];
  const alone = ['collection ms', 'by ours', 'CPU ms', 'by ours'];
  return `${table([...head, ...alone], cells)}\n\n${note}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Writes the run's own two files and the short table over all versions that the README shows. @returns what was written */
export function keepResults(results: BenchResults): string[] {
  mkdirSync(RESULTS, { recursive: true });
  const write = (name: string, text: string): string => {
    writeFileSync(join(RESULTS, name), text);
    return relative(ROOT, join(RESULTS, name));
  };
  return [
    write(`kafka-${results.kafka}.json`, `${JSON.stringify(results, null, 2)}\n`),
    write(`kafka-${results.kafka}.md`, renderResults(results)),
    write('kafka.md', shortTable(keptResults())),
  ];
}

function keptResults(): BenchResults[] {
  const files = readdirSync(RESULTS).filter((file) => /^kafka-[\d.]+\.json$/.test(file));
  return files.sort().map((file) => JSON.parse(readFileSync(join(RESULTS, file), 'utf8')) as BenchResults);
}

function shortTable(all: readonly BenchResults[]): string {
  const rows = all.flatMap(({ kafka, local, oneMillisecond, counts }) => {
    const row = (name: string, { runs, ratios }: Comparison, where: string) => [
      kafka,
      name === OURS ? `${name}, ${counts[0]?.requests} requests` : name,
      where,
      spreadText(runs[name] ?? [], 'wallMs'),
      ratios[name]?.wallMs ? timesText(ratios[name].wallMs) : '1',
      spreadText(runs[name] ?? [], 'cpuMs'),
      spreadText(runs[name] ?? [], 'peakRssMb'),
    ];
    const far = [OURS, PLATFORMATIC, KAFKAJS].map((name) => row(name, oneMillisecond, '1 ms'));
    return [
      ...[OURS, COMMAND_LINE, PLATFORMATIC, KAFKAJS, KAFKA_TOOL].map((name) => row(name, local, 'local')),
      ...far,
    ];
  });
  return `${table(['Kafka', 'client, whole process', 'brokers', 'wall ms', 'by ours', 'CPU ms', 'peak MB'], rows)}\n`;
}
