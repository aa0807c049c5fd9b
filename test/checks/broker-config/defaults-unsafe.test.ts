import { describe, expect, test } from 'vitest';
import { renderCommand } from '../../../lib/text/command.ts';
import { aSnapshot, type SnapshotBuilder } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const SAFE = {
  'default.replication.factor': '3',
  'min.insync.replicas': '2',
  'num.partitions': '6',
  'offsets.retention.minutes': '10080',
  'auto.create.topics.enable': 'false',
};
const defaults = (values: Record<string, string> = {}): SnapshotBuilder =>
  aSnapshot().withBrokerSettings({ ...SAFE, ...values });

describe('defaults-unsafe', () => {
  describeVerdicts('defaults-unsafe', [
    ['passes: three copies, two to write, six partitions', defaults(), 'pass'],
    [
      'warns: two copies in three zones',
      defaults({ 'default.replication.factor': '2' }),
      'warn',
      'medium default.replication.factor',
    ],
    [
      'passes: two copies in two zones',
      defaults({ 'default.replication.factor': '2', 'min.insync.replicas': '1' }).withCluster({ azCount: 2 }),
      'pass',
    ],
    [
      'warns: one copy to write in three zones',
      defaults({ 'min.insync.replicas': '1' }),
      'warn',
      'medium min.insync.replicas',
    ],
    ['passes: one partition, and topics are made on purpose', defaults({ 'num.partitions': '1' }), 'pass'],
    [
      'warns: one partition, and clients make topics',
      defaults({ 'num.partitions': '1', 'auto.create.topics.enable': 'true' }),
      'warn',
      'medium num.partitions',
    ],
    [
      'warns: one partition, and Kafka Streams is here',
      defaults({ 'num.partitions': '1' }).withGroup('s', { type: 'streams', commits: {} }),
      'warn',
      'medium num.partitions',
    ],
    ['passes: two partitions', defaults({ 'num.partitions': '2', 'auto.create.topics.enable': 'true' }), 'pass'],
    [
      'warns: commits are kept for less than a week',
      defaults({ 'offsets.retention.minutes': '10079' }),
      'warn',
      'medium offsets.retention.minutes',
    ],
    [
      'no-data: safe by the defaults of MSK, and the brokers were not asked',
      defaults().without('kafkaBrokerConfigs', 'unreachable'),
      'no-data',
    ],
    ['no-data: groups were not read', defaults().without('kafkaGroups', 'timed-out'), 'no-data'],
    [
      'warns on Kafka without AWS: one copy on three brokers',
      defaults({ 'default.replication.factor': '1' }).withKind('kafka'),
      'warn',
      'medium default.replication.factor',
    ],
    [
      'passes on one broker without AWS: one copy is all there can be',
      aSnapshot()
        .withBrokers(1)
        .withKind('kafka')
        .withBrokerSettings({ ...SAFE, 'default.replication.factor': '1', 'min.insync.replicas': '1' }),
      'pass',
    ],
    ['passes on Express, which fixes the copies', defaults().withKind('provisioned-express'), 'pass'],
    ['not applicable: Serverless', defaults().withKind('serverless'), 'not-applicable'],
  ]);

  describeSeverities('defaults-unsafe', () => defaults({ 'min.insync.replicas': '1' }), {
    production: 'medium',
    staging: 'low',
    development: 'info',
  });

  test('one new revision holds all lines', () => {
    const result = runCheck(
      'defaults-unsafe',
      defaults({ 'default.replication.factor': '1', 'min.insync.replicas': '1' }),
    );
    expect(result.findings).toHaveLength(2);
    expect(result.recommendation?.commands.map(renderCommand)[1]).toContain(
      '--server-properties fileb://server.properties',
    );
    expect(result.recommendation?.action).toContain('default.replication.factor=3 and min.insync.replicas=2');
  });
});
