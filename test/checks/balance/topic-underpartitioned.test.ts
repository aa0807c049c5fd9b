import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { renderCommand } from '../../../lib/text/command.ts';
import { aSnapshot, type SnapshotBuilder } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const MIB = 1024 ** 2;

/** Records of 1 KiB: a topic's MiB/s into each partition. */
function topic(mib: readonly number[]): SnapshotBuilder {
  return aSnapshot()
    .withTopic('orders', { partitions: mib.length, end: 1000 })
    .withRates(
      'orders',
      mib.map((each) => each * 1024),
    )
    .withSizes('orders', 1000 * 1024);
}

/** 1 MiB/s now, 10 MiB/s all day, as the topic's own series of these brokers says. */
const series = (brokers: readonly number[]) =>
  brokers.reduce(
    (builder, id) => builder.withMetric(METRICS.topicBytesIn, { 'Broker ID': id, Topic: 'orders' }, 10 * MIB),
    topic([1, 1, 1]),
  );

/** A group of so many members on three partitions that are written 100 a second and read so many a second. */
function readers(members: number, consumePerSec: number): SnapshotBuilder {
  const commits = [0, 60, 120].map((sec) => [0, 1, 2].map(() => 100 + sec * consumePerSec));
  return aSnapshot()
    .withTopic('orders', { end: 50_000 })
    .withRates('orders', [100, 100, 100])
    .withSizes('orders', 1000)
    .withGroup('g', { members, commits: { orders: commits } });
}

describe('topic-underpartitioned', () => {
  describeVerdicts('topic-underpartitioned', [
    ['passes: 6.9 MiB/s on each of three partitions', topic([6.9, 6.9, 6.9]), 'pass'],
    ['warns: 7.1 MiB/s, more than 70 % of 10', topic([7.1, 7.1, 7.1]), 'warn', 'medium orders'],
    ['passes: one hot partition is no lack of partitions', topic([8, 1, 1]), 'pass'],
    ['warns: a group is late with a reader for every partition', readers(3, 90), 'warn', 'medium orders'],
    ['passes: as late, and two readers for three partitions', readers(2, 90), 'pass'],
    ['passes: late, and reads half as much again as is written', readers(3, 150), 'pass'],
    ['warns: two partitions on three brokers, all of the traffic', topic([2, 2]), 'warn', 'medium orders'],
    ['passes: two partitions, and next to no traffic', topic([0.4, 0.4]), 'pass'],
    [
      'passes: two partitions, 4 % of the traffic',
      topic([0.6, 0.6])
        .withTopic('big', { partitions: 6, end: 1000 })
        .withRates('big', Array(6).fill(5 * 1024))
        .withSizes('big', 1_024_000),
      'pass',
    ],
    ['warns: its own series peaks where this run saw little', series([1, 2, 3]), 'warn', 'medium orders'],
    ['no-data: a broker with traffic publishes nothing of the topic', series([1, 2]), 'no-data'],
    [
      'no-data: neither sizes nor CloudWatch tell its bytes',
      topic([9, 9, 9]).without('kafkaLogDirs').without('metrics'),
      'no-data',
    ],
    [
      'warns by its share of all messages where sizes are not known',
      topic([9, 9, 9])
        .without('kafkaLogDirs')
        .withMetric(METRICS.bytesIn, { 'Broker ID': 1 }, 30 * MIB),
      'warn',
      'medium orders',
    ],
    ['no-data: groups were not read', topic([1, 1, 1]).without('kafkaGroups', 'timed-out'), 'no-data'],
    [
      'warns on Express above 70 % of 15 MB/s',
      topic([10.1, 10.1, 10.1]).withKind('provisioned-express'),
      'warn',
      'medium orders',
    ],
    ['passes on Express below', topic([9.9, 9.9, 9.9]).withKind('provisioned-express'), 'pass'],
    [
      'warns on Serverless above 70 % of 5 MB/s',
      topic([3.4, 3.4, 3.4]).withKind('serverless'),
      'warn',
      'medium orders',
    ],
    ['not applicable: no topics', aSnapshot(), 'not-applicable'],
  ]);

  describeSeverities('topic-underpartitioned', () => topic([8, 8, 8]), {
    production: 'medium',
    staging: 'low',
    development: 'info',
  });

  test('by hand: 24 MiB/s at 7 each are 4 partitions, 6 as a multiple of three brokers; both commands', () => {
    const result = runCheck('topic-underpartitioned', topic([8, 8, 8]));
    expect(result.findings[0]?.note).toContain('3 partitions, 6 would do');
    expect(result.recommendation?.commands.map(renderCommand)[0]).toContain('--alter --topic orders --partitions 6');
    expect(result.recommendation?.commands.map(renderCommand)[1]).toContain('update-topic --region eu-west-1');
  });

  const recommended = (builder: SnapshotBuilder) => {
    const { action, commands } = runCheck('topic-underpartitioned', builder).recommendation!;
    return { action, tools: commands.map(({ argv }) => (argv[0] === 'aws' ? argv[2] : argv[0])) };
  };

  test.each([
    ['Kafka 3.6', topic([8, 8, 8]).withCluster({ kafkaVersion: '3.6.0' }), true],
    ['Kafka 4', topic([8, 8, 8]).withCluster({ kafkaVersion: '4.0.x.kraft' }), true],
    ['Express', topic([11, 11, 11]).withKind('provisioned-express'), true],
    ['Kafka 3.5', topic([8, 8, 8]).withCluster({ kafkaVersion: '3.5.1' }), false],
    ['Kafka 2.8', topic([8, 8, 8]).withCluster({ kafkaVersion: '2.8.2.tiered' }), false],
    ['Serverless', topic([8, 8, 8]).withKind('serverless'), false],
    ['unknown', topic([8, 8, 8]).without('cluster', 'not-permitted'), false],
  ] as const)('the topic API of MSK where there is one: %s', (_why, source, hasApi) => {
    expect(recommended(source).tools).toEqual(['kafka-topics.sh', ...(hasApi ? ['update-topic'] : [])]);
  });

  /** 24 MiB/s into three partitions of a topic of that name; sizes tell no rate of a compacted one. */
  const named = (name: string, configs: Record<string, string> = {}) =>
    aSnapshot()
      .withTopic(name, { end: 1000, configs })
      .withRates(name, [8 * 1024, 8 * 1024, 8 * 1024])
      .withMetric(METRICS.bytesIn, { 'Broker ID': 1 }, 24 * MIB);

  test.each([
    ['app-counts-changelog', {}],
    ['app-by-key-repartition', {}],
    ['_schemas', {}],
    ['connect-configs', {}],
    ['customers', { 'cleanup.policy': 'compact' }],
    ['latest', { 'cleanup.policy': 'compact,delete' }],
  ])('no command where adding partitions breaks the application: %s', (name, configs) => {
    const { action, tools } = recommended(named(name, configs));
    expect(tools).toEqual([]);
    expect(action).toContain(`leave ${name} as they are, because compaction, Kafka Streams and Connect break`);
  });

  test('nor where nobody knows whether it is compacted', () => {
    expect(recommended(named('orders').withSection('kafkaTopicConfigs', {})).tools).toEqual([]);
  });

  test('the others get theirs', () => {
    const both = named('app-counts-changelog')
      .withTopic('changelogs', { end: 1000 })
      .withRates('changelogs', [8 * 1024, 8 * 1024, 8 * 1024])
      .withMetric(METRICS.bytesIn, { 'Broker ID': 2 }, 24 * MIB);
    const { action, tools } = recommended(both);
    expect(tools).toEqual(['kafka-topics.sh', 'update-topic']);
    expect(action).toContain('add some to changelogs where');
  });
});
