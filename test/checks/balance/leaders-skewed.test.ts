import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { renderCommand } from '../../../lib/text/command.ts';
import { aSnapshot, type SnapshotBuilder, TAKEN_AT_MS } from '../../builders/a-snapshot.ts';
import { during5, onlyFirst, PERIODS_OF_DAY } from '../minutes.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const HOUR_MS = 3_600_000;

/** Three brokers with so many leaders each, now and in CloudWatch for so many trusted minutes until now. */
function leaders(counts: readonly [number, number, number], minutes = 24 * 60): SnapshotBuilder {
  const total = counts.reduce((a, b) => a + b, 0);
  const builder = aSnapshot().withTopic('orders', { partitions: total });
  const owners = counts.flatMap((count, i) => Array.from({ length: count }, () => i + 1));
  for (const [partition, leader] of owners.entries()) builder.withPartition('orders', partition, { leader });
  const from = PERIODS_OF_DAY - 2 - minutes / 5;
  for (const [i, count] of counts.entries()) {
    builder.withMetric(METRICS.leaderCount, { 'Broker ID': i + 1 }, during5(from, PERIODS_OF_DAY, count, total / 3));
  }
  return builder;
}

describe('leaders-skewed', () => {
  describeVerdicts('leaders-skewed', [
    ['passes: 40 leaders each', leaders([40, 40, 40]), 'pass'],
    ['passes: exactly 1.25 times the mean', leaders([50, 40, 30]), 'pass'],
    ['warns: one broker leads 43 % of the partitions, 1.275 times the mean', leaders([51, 39, 30]), 'warn', 'medium 1'],
    ['warns: two brokers carry what a third does not', leaders([60, 60, 0]), 'warn', 'medium 1', 'medium 2'],
    ['passes: uneven for 55 minutes only', leaders([60, 30, 30], 55), 'pass'],
    ['warns: uneven for 60 minutes', leaders([60, 30, 30], 60), 'warn', 'medium 1'],
    ['not applicable: just under 20 leaders a broker', leaders([39, 10, 10]), 'not-applicable'],
    ['warns: 20 leaders a broker', leaders([40, 10, 10]), 'warn', 'medium 1'],
    ['no-data: a broker is down and leads nothing by necessity', leaders([40, 40, 40]).withDeadBroker(3), 'no-data'],
    [
      'no-data: uneven now, while an operation runs',
      leaders([60, 30, 30]).withOperation('REBOOT_NODE', TAKEN_AT_MS - HOUR_MS, null),
      'no-data',
    ],
    ['passes on Kafka without AWS at exactly 1.25 times the mean', leaders([50, 40, 30]).withKind('kafka'), 'pass'],
    ['warns on Kafka without AWS from one look', leaders([60, 30, 30]).withKind('kafka'), 'warn', 'medium 1'],
    [
      'warns from one look when CloudWatch was not read',
      leaders([60, 30, 30]).without('metrics', 'throttled'),
      'warn',
      'medium 1',
    ],
    [
      'passes when CloudWatch was not read but leaders are even now',
      leaders([40, 40, 40]).without('metrics', 'throttled'),
      'pass',
    ],
    ['warns on CloudWatch alone', leaders([60, 30, 30]).without('kafkaTopics', 'unreachable'), 'warn', 'medium 1'],
    [
      'no-data on CloudWatch alone when a broker stopped publishing: it may be down',
      leaders([60, 30, 30])
        .without('kafkaTopics', 'unreachable')
        .withMetric(METRICS.leaderCount, { 'Broker ID': 3 }, onlyFirst(during5(0, 0, 0, 40), 0.9)),
      'no-data',
    ],
    [
      'no-data: neither source',
      leaders([40, 40, 40]).without('kafkaTopics', 'unreachable').without('metrics'),
      'no-data',
    ],
    ['warns on Express', leaders([60, 30, 30]).withKind('provisioned-express'), 'warn', 'medium 1'],
    ['not applicable: Serverless', leaders([60, 30, 30]).withKind('serverless'), 'not-applicable'],
    ['not applicable: no topics', aSnapshot(), 'not-applicable'],
    [
      'not applicable: one broker',
      aSnapshot().withKind('kafka').withBrokers(1).withTopic('t', { partitions: 60, replicationFactor: 1 }),
      'not-applicable',
    ],
  ]);

  describeSeverities('leaders-skewed', () => leaders([60, 30, 30]), {
    production: 'medium',
    staging: 'low',
    development: 'info',
  });

  test('by hand: 60 of 120 over 3 brokers are 1.5 times the mean, a third of the capacity is lost', () => {
    const result = runCheck('leaders-skewed', leaders([60, 30, 30]));
    expect(result.findings[0]).toMatchObject({ measured: 1.5, limit: 1.25, unit: 'ratio', confidence: 1 });
    expect(result.summary).toContain("33.3% of the cluster's capacity cannot be used");
  });

  test.each([
    ['even', [40, 40, 40], 1440],
    ['uneven', [60, 30, 30], 1440],
    ['uneven for a short time', [60, 30, 30], 55],
  ] as const)(
    'says "now" of what the brokers say, and the time of the datapoint of CloudWatch: %s',
    (_, counts, minutes) => {
      const text = (builder: SnapshotBuilder) => {
        const { summary, evidence } = runCheck('leaders-skewed', builder);
        return JSON.stringify([summary, evidence]);
      };
      expect(text(leaders(counts, minutes))).toMatch(/\bnow\b/);
      const ofCloudWatch = text(leaders(counts, minutes).without('kafkaTopics', 'unreachable'));
      expect(ofCloudWatch).not.toMatch(/\bnow\b/);
      expect(ofCloudWatch).toMatch(/in CloudWatch at 20\d\d-\d\d-\d\d \d\d:\d\d UTC/);
    },
  );

  test('one look is half as certain as a series', () => {
    expect(runCheck('leaders-skewed', leaders([60, 30, 30]).withKind('kafka')).findings[0]?.confidence).toBe(0.5);
  });

  test('proposes the election when preferred leaders would be even, else another replica order', () => {
    const even = runCheck('leaders-skewed', leaders([60, 30, 30])).recommendation!;
    expect(renderCommand(even.commands[0]!)).toBe(
      'kafka-leader-election.sh --bootstrap-server "$BOOTSTRAP" --admin.config client.properties --election-type preferred --all-topic-partitions',
    );
    const snapshot = leaders([60, 30, 30]).build();
    const topics = snapshot.sections.kafkaTopics;
    if (topics?.ok)
      for (const partition of topics.value[0]!.partitions)
        partition.replicas.sort((a) => (a === partition.leader ? -1 : 1));
    expect(runCheck('leaders-skewed', snapshot).recommendation!.action).toMatch(/^Change the replica order/);
  });
});
