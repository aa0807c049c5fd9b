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

  const recommended = (builder: SnapshotBuilder) => {
    const { action, commands } = runCheck('defaults-unsafe', builder).recommendation!;
    return {
      action,
      commands: commands.map(({ purpose, ...rest }) => `${purpose}: ${renderCommand({ purpose, ...rest })}`),
    };
  };

  test('as many copies as there are zones: two in two', () => {
    const two = defaults({ 'default.replication.factor': '1', 'min.insync.replicas': '1' }).withCluster({ azCount: 2 });
    expect(recommended(two).action).toBe('Set default.replication.factor=2');
    expect(recommended(defaults({ 'default.replication.factor': '1' })).action).toBe(
      'Set default.replication.factor=3',
    );
  });

  test('topics with two replicas that inherit min.insync.replicas keep 1 of their own before the default is 2', () => {
    const { commands } = recommended(
      defaults({ 'min.insync.replicas': '1' }).withTopic('pair', { replicationFactor: 2 }),
    );
    expect(commands[0]).toContain('--entity-name pair --add-config min.insync.replicas=1');
    expect(commands.join()).toContain('min.insync.replicas=2');
  });

  test('where topics were not read the line waits, the others do not', () => {
    const low = { 'min.insync.replicas': '1', 'default.replication.factor': '1' };
    const unread = recommended(defaults(low).without('kafkaTopics', 'unreachable'));
    expect(unread.action).toMatch(
      /^Set default.replication.factor=3; min.insync.replicas has to wait, because the list of topics/,
    );
    expect(unread.commands.join()).toContain('default.replication.factor=3');
    expect(unread.commands.join()).not.toContain('min.insync.replicas=2');
    const partly = recommended(defaults(low).withTopic('a').withPartial('kafkaTopics', 'half of them'));
    expect(partly.action).toContain('not all topics were read (half of them)');
    const alone = recommended(defaults({ 'min.insync.replicas': '1' }).without('kafkaTopics', 'unreachable'));
    expect(alone.commands).toEqual([]);
  });

  test('one new revision holds all lines', () => {
    const result = runCheck(
      'defaults-unsafe',
      defaults({ 'default.replication.factor': '1', 'min.insync.replicas': '1' }),
    );
    expect(result.findings).toHaveLength(2);
    // The API prints base64: uploaded as it is, it would be no configuration at all.
    expect(result.recommendation?.commands.map(renderCommand)[0]).toMatch(
      /describe-configuration-revision .*--query ServerProperties --output text \| base64 -d > server\.properties$/,
    );
    expect(result.recommendation?.commands.map(renderCommand)[1]).toContain(
      '--server-properties fileb://server.properties',
    );
    expect(result.recommendation?.action).toContain('default.replication.factor=3 and min.insync.replicas=2');
  });
});
