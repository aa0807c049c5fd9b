// How long judging and rendering takes on a large cluster: 30 brokers, 10,000 partitions, 500 groups of 40 partitions. Composed
// snapshots. Every measurement is the first call of a process of its own: that is how a Lambda and the command line pay it.
import { execFileSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import { ARTIFACT_FORMATS, judge, renderArtifacts } from '../lib/checkup.ts';
import { METRICS } from '../lib/facts/metric-catalogue.ts';
import { resolvePolicy } from '../lib/policy/resolve-policy.ts';
import type { Snapshot } from '../lib/snapshot/schema.ts';
import { aSnapshot, CLUSTER_NAME, type SnapshotBuilder } from '../test/builders/a-snapshot.ts';

const BROKERS = 30;
const TOPICS = 250;
const PARTITIONS = 40;
const GROUPS = 500;
/** What a daily report asks CloudWatch for (lib/collect/cloudwatch/plan.ts). */
const GROUPS_IN_CLOUDWATCH = 50;
const RUNS = 7;

const HOUR_OF_FIVE_MINUTES = 12;
const DAY = 24 * HOUR_OF_FIVE_MINUTES;

/** A value for each period of a day, rising and falling; the same in every run. */
function wave(periods: number, low: number, high: number, shift = 0): number[] {
  return Array.from({ length: periods }, (_, i) => {
    const turn = (2 * Math.PI * (i + shift)) / periods;
    return low + ((high - low) * (1 + Math.sin(turn))) / 2;
  });
}

function base(): SnapshotBuilder {
  const builder = aSnapshot().withBrokers(BROKERS);
  for (let broker = 1; broker <= BROKERS; broker++) {
    const of = { 'Broker ID': broker };
    builder
      .withMetric(METRICS.underReplicated, of, 0)
      .withMetric(METRICS.underMinIsr, of, 0)
      .withMetric(METRICS.leaderCount, of, 333)
      .withMetric(METRICS.partitionCount, of, 1000)
      .withMetric(METRICS.cpuUser, of, wave(DAY, 15, 45, broker))
      .withMetric(METRICS.cpuSystem, of, wave(DAY, 3, 8, broker))
      .withMetric(METRICS.diskUsed, of, wave(24, 40, 60, broker))
      .withMetric(METRICS.produceTotalTimeMean, of, wave(DAY, 2, 20, broker))
      .withMetric(METRICS.bytesIn, of, wave(DAY, 1e6, 3e7, broker))
      .withMetric(METRICS.bytesOut, of, wave(DAY, 2e6, 6e7, broker));
  }
  return builder;
}

const topicName = (index: number) => `topic-${String(index).padStart(3, '0')}`;

/** `lagging` of a hundred groups are behind, in three different ways. */
function composed(lagging: number): SnapshotBuilder {
  const builder = base();
  const end = (partition: number) => 4_000_000_000 + 1_000_003 * partition;
  const perPartition = <T>(make: (partition: number) => T) => Array.from({ length: PARTITIONS }, (_, i) => make(i));
  for (let topic = 0; topic < TOPICS; topic++) {
    builder.withTopic(topicName(topic), { partitions: PARTITIONS });
    builder.withOffsets(
      topicName(topic),
      perPartition((partition) => [end(partition) - 3_000_000, end(partition)] as const),
      6000,
    );
  }
  for (let group = 0; group < GROUPS; group++) {
    const topic = topicName(group % TOPICS);
    const isBehind = group % 100 < lagging;
    const behind = isBehind ? 1_500_000 : 50;
    const perLook = isBehind ? [0, 3000, 9000][group % 3]! : 6000;
    builder.withGroup(`group-${String(group).padStart(3, '0')}`, {
      commits: { [topic]: [0, 1, 2].map((look) => perPartition((p) => end(p) - behind + look * perLook)) },
      members: 8,
    });
    if (group >= GROUPS_IN_CLOUDWATCH) continue;
    const of = { 'Consumer Group': `group-${String(group).padStart(3, '0')}`, Topic: topic };
    builder
      .withMetric(METRICS.maxOffsetLag, of, wave(5 * DAY, 10, 900, group))
      .withMetric(METRICS.sumOffsetLag, of, wave(5 * DAY, 100, 9000, group))
      .withMetric(METRICS.rollingTimeLag, of, wave(DAY, 1, 20, group));
  }
  return builder;
}

const CLUSTERS: Readonly<Record<string, () => Snapshot>> = {
  'a common day: 3 of 100 groups lag': () => composed(3).build(),
  'a bad day: a dead broker, half of the groups lag': () => composed(50).withDeadBroker(7).build(),
};

interface Measured {
  judgeMs: number;
  renderMs: number;
  /** CPU of the main thread: what the wall clock shows when nobody else wants the processor. */
  judgeCpuMs: number;
  renderCpuMs: number;
  sizes: Record<string, [bytes: number, gzipped: number]>;
}

function now() {
  const { user, system } = process.threadCpuUsage();
  return { wallMs: performance.now(), cpuMs: (user + system) / 1000 };
}

function measureOnce(name: string): Measured {
  const snapshot = CLUSTERS[name]!();
  // What composing the snapshot left behind is not the report's to clean up.
  globalThis.gc?.();
  const policy = resolvePolicy({ overrides: null, tags: null, clusterName: CLUSTER_NAME });
  const started = now();
  const report = judge({ snapshot, policy, previous: null, runId: 'bench', toolVersion: '0' });
  const judged = now();
  const artifacts = renderArtifacts(report, ARTIFACT_FORMATS);
  const rendered = now();
  return {
    judgeMs: judged.wallMs - started.wallMs,
    renderMs: rendered.wallMs - judged.wallMs,
    judgeCpuMs: judged.cpuMs - started.cpuMs,
    renderCpuMs: rendered.cpuMs - judged.cpuMs,
    sizes: Object.fromEntries(
      artifacts.map(({ name: file, body }) => [file, [Buffer.byteLength(body), gzipSync(body).length]]),
    ),
  };
}

function spread(values: readonly number[]): string {
  const ordered = values.toSorted((a, b) => a - b);
  const shown = [ordered[0]!, ordered[ordered.length >> 1]!, ordered.at(-1)!].map((value) => value.toFixed(0));
  return `${shown.join(' / ')} ms`;
}

function bench(): void {
  console.log(`${BROKERS} brokers, ${TOPICS * PARTITIONS} partitions, ${GROUPS} groups of ${PARTITIONS} partitions`);
  console.log(`${RUNS} processes each, first call; min / median / max. Budget: 150 ms for both together.`);
  for (const name of Object.keys(CLUSTERS)) {
    const runs = Array.from({ length: RUNS }, (): Measured => {
      const output = execFileSync(process.execPath, ['--expose-gc', import.meta.filename, name], { encoding: 'utf8' });
      return JSON.parse(output) as Measured;
    });
    console.log(`\n${name}`);
    console.log(`  judge   ${spread(runs.map(({ judgeMs }) => judgeMs))}`);
    console.log(`  render  ${spread(runs.map(({ renderMs }) => renderMs))}`);
    console.log(`  both    ${spread(runs.map(({ judgeMs, renderMs }) => judgeMs + renderMs))}`);
    console.log(`  CPU     ${spread(runs.map(({ judgeCpuMs, renderCpuMs }) => judgeCpuMs + renderCpuMs))}`);
    for (const [file, [bytes, gzipped]] of Object.entries(runs[0]!.sizes)) {
      console.log(`  ${file.padEnd(12)} ${(bytes / 1024).toFixed(0)} KiB, ${(gzipped / 1024).toFixed(0)} KiB gzipped`);
    }
  }
}

const [, , only] = process.argv;
if (only === undefined) bench();
else console.log(JSON.stringify(measureOnce(only)));
