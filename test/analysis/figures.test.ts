import { describe, expect, test } from 'vitest';
import { clusterFigures } from '../../lib/analysis/figures.ts';
import { METRICS, type MetricDefinition } from '../../lib/facts/metric-catalogue.ts';
import { aSnapshot, type SnapshotBuilder } from '../builders/a-snapshot.ts';

const MIB = 2 ** 20;

function onBrokers(cluster: SnapshotBuilder, definition: MetricDefinition, values: readonly (number | number[])[]) {
  values.forEach((value, i) => {
    cluster.withMetric(definition, { 'Broker ID': i + 1 }, value);
  });
  return cluster;
}

/** 3 MiB/s in, 6 MiB/s out, 3,072 messages a second, over three brokers. */
function busy(): SnapshotBuilder {
  const cluster = aSnapshot().withTopic('t', { partitions: 6 }).withTopic('__consumer_offsets', { internal: true });
  onBrokers(cluster, METRICS.bytesIn, [MIB, MIB, MIB]);
  onBrokers(cluster, METRICS.bytesOut, [MIB, 2 * MIB, 3 * MIB]);
  return onBrokers(cluster, METRICS.messagesIn, [1024, 1024, 1024]);
}

const figures = (cluster: SnapshotBuilder, usd: number | null = null) => clusterFigures(cluster.build(), usd);

describe('by hand', () => {
  test('sums over brokers, record size and how often a byte is read', () => {
    expect(figures(busy())).toMatchObject({
      messagesPerSec: { mean: 3072 },
      bytesInPerSec: { mean: 3 * MIB },
      bytesOutPerSec: { mean: 6 * MIB },
      averageRecordBytes: 1024,
      readFanOut: 2,
      peakToMean: 1,
      topics: 1,
      partitions: 6,
    });
  });

  test('one period of four times the load in a mean of little more than one', () => {
    const spike = Array.from({ length: 288 }, (_, i) => (i === 100 ? 4 * MIB : MIB));
    const { peakToMean, bytesInPerSec } = figures(onBrokers(busy(), METRICS.bytesIn, [spike, spike, spike]));
    // 286 periods are judged: (285 + 4) / 286 on the mean.
    expect(peakToMean).toBeCloseTo((4 * 286) / 289, 9);
    expect(bytesInPerSec).toMatchObject({ max: 12 * MIB, p95: 3 * MIB });
  });

  test('replication a quarter above what two further copies ask for', () => {
    const replicated = onBrokers(busy(), METRICS.replicationBytesIn, [2.5 * MIB, 2.5 * MIB, 2.5 * MIB]);
    expect(figures(replicated).replicationExcess).toBeCloseTo(0.25, 9);
    expect(figures(busy()).replicationExcess).toBeNull();
  });

  test('a month of 730 hours at 3 MiB/s is 7,699 GiB', () => {
    expect(figures(busy(), 7699.21875).usdPerGiBIngested).toBeCloseTo(1, 9);
    expect(figures(busy()).usdPerGiBIngested).toBeNull();
  });

  test('groups with members are active; of one whose members are unknown nobody knows', () => {
    const cluster = () =>
      busy()
        .withGroup('g', { commits: { t: [1, 1, 1] }, members: 2 })
        .withGroup('idle', { commits: { t: [1, 1, 1] }, members: 0, state: 'Empty' });
    expect(figures(cluster())).toMatchObject({ activeGroups: 1, members: 2 });
    const groups = cluster().build().sections.kafkaGroups!;
    const hidden = groups.ok ? groups.value.map((group) => ({ ...group, members: null })) : [];
    expect(figures(cluster().withSection('kafkaGroups', hidden))).toMatchObject({ activeGroups: null, members: null });
  });
});

describe('what is not known is null, never small', () => {
  test('a broker without its series hides the sum', () => {
    const cluster = busy();
    const { metrics } = cluster.build().sections;
    const series = metrics!.ok ? metrics!.value.series : [];
    const kept = series.filter(
      ({ metric, dimensions }) => metric !== 'BytesInPerSec' || dimensions['Broker ID'] !== '2',
    );
    cluster.withSection('metrics', { ...(metrics!.ok ? metrics!.value : ({} as never)), series: kept });
    expect(figures(cluster)).toMatchObject({ bytesInPerSec: null, averageRecordBytes: null, readFanOut: null });
  });

  test('no metrics, no Kafka', () => {
    const cluster = busy()
      .without('metrics', 'not-permitted')
      .without('kafkaTopics', 'unreachable')
      .without('kafkaGroups');
    expect(Object.values(figures(cluster, 100)).filter((value) => value !== null)).toEqual([]);
  });

  test('an idle cluster has no record size and no peak over its mean', () => {
    const idle = onBrokers(onBrokers(busy(), METRICS.bytesIn, [0, 0, 0]), METRICS.messagesIn, [0, 0, 0]);
    expect(figures(idle, 100)).toMatchObject({
      bytesInPerSec: { mean: 0 },
      averageRecordBytes: null,
      readFanOut: null,
      peakToMean: null,
      usdPerGiBIngested: null,
    });
  });

  test('Serverless adds up its topics, each Sum of a minute over its partitions', () => {
    const cluster = aSnapshot().withKind('serverless').withTopic('a').withTopic('b');
    cluster
      .withMetric(METRICS.serverlessBytesIn, { Topic: 'a' }, MIB)
      .withMetric(METRICS.serverlessBytesIn, { Topic: 'b' }, 2 * MIB);
    expect(figures(cluster).bytesInPerSec).toMatchObject({ mean: 3 * MIB });
  });

  test('MSK’s topic API stands in for the metadata', () => {
    expect(figures(busy().withTopicApi())).toMatchObject({ topics: 1, partitions: 6, activeGroups: null });
  });
});
