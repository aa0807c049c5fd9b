// Replicas on each broker against what AWS recommends for its size, and against the number above which MSK refuses updates.
// Source: https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html (Standard), limits.html (Express).
import { replicasByBroker } from '../../analysis/topology.ts';
import { type BrokerSize, brokerSizeOf } from '../../facts/broker-sizes.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import type { CheckThresholds } from '../../policy/thresholds/index.ts';
import { formatQuantity } from '../../text/units.ts';
import { defineCheck, type FindingDraft, type Recommendation, type RunContext, type Severity } from '../check.ts';
import { kafkaTool } from '../shared/commands.ts';
import { conclude } from '../shared/conclude.ts';
import { brokerTable } from '../shared/levels.ts';
import { brokerSeries, expectedBrokers } from '../shared/series.ts';
import { milder, severityFor } from '../shared/severity.ts';
import { SIZE_CHANGE_RISK, type SizeUp, sizeUp, sizeUpCommands, sizeUpImpact } from '../shared/size-up.ts';
import { brokers } from '../shared/wording.ts';

type Thresholds = CheckThresholds['partitions-per-broker-high'];

const BLOCKED = {
  standard: 'configuration, version, a smaller size and SCRAM secrets can no longer be changed',
  express: 'no partition can be added',
} as const;

export default defineCheck({
  id: 'partitions-per-broker-high',
  area: 'balance',
  title: { pass: 'Brokers hold few enough partitions', fail: 'Too many partitions on the brokers' },
  why: 'Each replica costs memory, file handles and time at every restart; above the maximum MSK refuses updates.',
  references: [
    'https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html',
    'https://docs.aws.amazon.com/msk/latest/developerguide/limits.html',
  ],
  appliesTo: ['provisioned-standard', 'provisioned-express'],
  notApplicable: {
    serverless: 'MSK Serverless has no brokers; its quota of partitions is judged by itself.',
    kafka: 'No limit is published for brokers outside MSK.',
  },
  needs: ['cluster'],
  mayUse: ['metrics', 'kafkaTopics', 'nodes', 'kafkaBrokers', 'prices'],
  // Metadata stands in for CloudWatch only where it was read whole.
  toleratesPartial: ['cluster', 'metrics', 'kafkaTopics', 'nodes', 'kafkaBrokers', 'prices'],
  evaluate({ cluster, metrics, kafkaTopics, nodes, kafkaBrokers, prices }, thresholds, run) {
    if (cluster.kind === 'serverless') return { kind: 'not-applicable', because: 'MSK Serverless has no brokers.' };
    const size = brokerSizeOf(cluster.instanceType);
    if (size === null) {
      return { kind: 'no-data', because: `Not measured: no limit is known for ${cluster.instanceType}.` };
    }
    const expected = expectedBrokers(nodes, kafkaBrokers);
    const series = metrics.ok
      ? brokerSeries(metrics.value, METRICS.partitionCount, run, { masked: false, dropLast: 0 })
      : new Map();
    const seen =
      kafkaTopics.ok && kafkaTopics.partial === undefined
        ? replicasByBroker(kafkaTopics.value)
        : new Map<number, number>();
    const ids = [...new Set([...expected, ...series.keys(), ...[...seen.keys()].map(String)])];
    const counts = ids.map((id) => {
      const published: number | null = series.get(id)?.latest?.value ?? null;
      const inMetadata = seen.get(Number(id)) ?? null;
      return { id, count: published === null ? inMetadata : Math.max(published, inMetadata ?? 0) };
    });
    const unknown = counts.filter(({ count }) => count === null).map(({ id }) => id);
    const known = counts
      .flatMap(({ id, count }) => (count === null ? [] : [{ id, count }]))
      .sort((a, b) => b.count - a.count);
    const step = sizeUp({ ok: true, value: cluster, asOfMs: run.takenAtMs });
    return conclude({
      findings: known.flatMap(({ id, count }) => finding(id, count, size, thresholds, run)),
      gap:
        known.length === 0
          ? `neither ${METRICS.partitionCount.name} nor metadata was read`
          : unknown.length > 0
            ? `partitions of ${brokers(unknown)} are not known`
            : null,
      evidence: [
        brokerTable(
          'Partition replicas by broker',
          known.map(({ id }) => id),
          [
            ['count', 'Replicas', 'count', (broker) => known.find(({ id }) => id === broker)?.count ?? null],
            ['recommended', 'Recommended', 'count', () => size.recommendedPartitionCount],
            ['max', 'Maximum', 'count', () => size.maxPartitionCount],
          ],
          {
            source: `CloudWatch ${METRICS.partitionCount.name}, latest, and the metadata where that shows more; limits of ${cluster.instanceType}: ${size.source}`,
          },
        ),
      ],
      pass: `The fullest broker holds ${known[0]?.count} replicas (${cluster.instanceType}: ${size.recommendedPartitionCount} recommended).`,
      fail: (worst) =>
        `Broker ${worst.resource} holds ${formatQuantity(worst.measured, 'count')} replicas (limit ${formatQuantity(worst.limit, 'count')}; ${cluster.instanceType}: ${size.recommendedPartitionCount} recommended, ${size.maxPartitionCount} at most).`,
      recommend: () => recommend(step, prices, run),
    });
  },
});

function finding(id: string, count: number, size: BrokerSize, thresholds: Thresholds, run: RunContext): FindingDraft[] {
  const { recommendedPartitionCount: recommended, maxPartitionCount: max } = size;
  const ladder: readonly [Severity, number][] = [
    ['critical', max],
    ['high', (recommended * thresholds.highPercent) / 100],
    ['medium', (recommended * thresholds.mediumPercent) / 100],
  ];
  const step = ladder.find(([, limit]) => count > limit);
  if (step === undefined) return [];
  const [severity, limit] = step;
  const blocked = BLOCKED[run.clusterKind === 'provisioned-express' ? 'express' : 'standard'];
  return [
    {
      scope: 'broker',
      resource: id,
      severity: severityFor(run, [severity, milder(severity, 1), milder(severity, 3)]),
      measured: count,
      limit,
      unit: 'count',
      note:
        count > max
          ? `above the maximum: ${blocked}`
          : `${formatQuantity((100 * count) / recommended, 'percent')} of what is recommended`,
      confidence: 1,
    },
  ];
}

function recommend(step: SizeUp | null, prices: Parameters<typeof sizeUpImpact>[1], run: RunContext): Recommendation {
  const larger = step === null ? 'add brokers' : `add brokers or go from ${step.from} to ${step.to}`;
  return {
    action: `First delete topics that nobody uses and give new ones fewer partitions; only then ${larger}`,
    confirmFirst: 'Rule out a test or a stream application that is being reset: their topics go away by themselves.',
    commands: [
      kafkaTool('kafka-topics.sh', { purpose: 'Show every topic with its partitions', args: ['--describe'] }),
      ...sizeUpCommands(step, run),
    ],
    risk: `A topic cannot lose partitions: it takes a new topic and a copy. ${SIZE_CHANGE_RISK}`,
    expectedEffect: 'Brokers restart and elect leaders faster, and MSK accepts updates again.',
    verifyAfter: 'PartitionCount of every broker is below the recommended number.',
    effort: 'migration',
    impact: sizeUpImpact(step, prices),
  };
}
