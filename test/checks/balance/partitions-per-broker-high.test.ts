import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { aSnapshot, type SnapshotBuilder } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

/** kafka.m7g.large: 1,000 recommended, 1,500 at most. */
function counts(...replicas: readonly number[]): SnapshotBuilder {
  return replicas.reduce(
    (builder, count, i) => builder.withMetric(METRICS.partitionCount, { 'Broker ID': i + 1 }, count),
    aSnapshot(),
  );
}

describe('partitions-per-broker-high', () => {
  describeVerdicts('partitions-per-broker-high', [
    ['passes: exactly 80 % of what is recommended', counts(800, 700, 700), 'pass'],
    ['warns: 801 of 1,000', counts(801, 700, 700), 'warn', 'medium 1'],
    ['warns: exactly what is recommended', counts(1000, 700, 700), 'warn', 'medium 1'],
    ['fails: 1,001', counts(700, 1001, 700), 'fail', 'high 2'],
    ['fails: just at the maximum it is high', counts(1500, 700, 700), 'fail', 'high 1'],
    ['fails: above it MSK refuses updates', counts(1501, 700, 700), 'fail', 'critical 1'],
    [
      'fails by metadata where CloudWatch was not read',
      aSnapshot().withTopic('t', { partitions: 1001 }).without('metrics'),
      'fail',
      'high 1',
      'high 2',
      'high 3',
    ],
    ['no-data: neither was read', counts(1, 1, 1).without('metrics').without('kafkaTopics', 'unreachable'), 'no-data'],
    [
      'no-data: part of the metadata, and no CloudWatch',
      counts(1, 1, 1).without('metrics').withPartial('kafkaTopics', 'x'),
      'no-data',
    ],
    ['no-data: nobody knows the size', counts(5000, 1, 1).withCluster({ instanceType: 'kafka.m9x.large' }), 'no-data'],
    ['passes: a larger size holds more', counts(3200, 1, 1).withCluster({ instanceType: 'kafka.m7g.4xlarge' }), 'pass'],
    ['fails on Express by its own limits', counts(1001, 1, 1).withKind('provisioned-express'), 'fail', 'high 1'],
    ['not applicable: Serverless', counts(5000, 1, 1).withKind('serverless'), 'not-applicable'],
    ['not applicable: Kafka without AWS', counts(5000, 1, 1).withKind('kafka'), 'not-applicable'],
  ]);

  describeSeverities('partitions-per-broker-high', () => counts(1001, 1, 1), {
    production: 'high',
    staging: 'medium',
    development: 'info',
  });
  describeSeverities('partitions-per-broker-high', () => counts(1501, 1, 1), {
    production: 'critical',
    staging: 'high',
    development: 'low',
  });

  test('no-data when one broker says nothing and the others are fine', () => {
    const source = counts(100, 100, 100).without('kafkaTopics', 'unreachable').build();
    const metrics = source.sections.metrics;
    if (metrics?.ok)
      metrics.value.series = metrics.value.series.filter(
        (s) => s.metric !== 'PartitionCount' || s.dimensions['Broker ID'] !== '3',
      );
    expect(runCheck('partitions-per-broker-high', source).status).toBe('no-data');
  });

  test('a larger size is the last step, and says what is blocked above the maximum', () => {
    const result = runCheck('partitions-per-broker-high', counts(1501, 1, 1));
    expect(result.recommendation?.action).toMatch(/^First delete topics that nobody uses/);
    expect(result.findings[0]?.note).toContain('SCRAM secrets can no longer be changed');
  });
});
