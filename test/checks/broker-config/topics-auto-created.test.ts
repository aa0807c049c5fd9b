import { describe, expect, test } from 'vitest';
import { aSnapshot, type SnapshotBuilder } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const KEY = 'auto.create.topics.enable';
const auto = (value: string): SnapshotBuilder =>
  aSnapshot()
    .withTopic('orders', { partitions: 1 })
    .withBrokerSettings({ [KEY]: value, 'num.partitions': '1' });

describe('topics-auto-created', () => {
  describeVerdicts('topics-auto-created', [
    ['passes: off', auto('false'), 'pass'],
    ['warns: on', auto('true'), 'warn', 'medium orders'],
    [
      'warns: on at one broker',
      auto('false').withBrokerSettings({ [KEY]: 'true' }, { brokers: [3] }),
      'warn',
      'medium orders',
    ],
    [
      'no-data: off by the default of MSK, and the brokers were not asked',
      auto('false').without('kafkaBrokerConfigs', 'unreachable'),
      'no-data',
    ],
    [
      'warns: on in the revision in use',
      auto('false')
        .without('kafkaBrokerConfigs', 'unreachable')
        .withSection('configuration', { arn: 'a', revision: 1, properties: { [KEY]: 'true' } }),
      'warn',
      'medium orders',
    ],
    [
      'no-data on Kafka without AWS when nobody answers',
      auto('true').without('kafkaBrokerConfigs', 'timed-out').withKind('kafka'),
      'no-data',
    ],
    ['warns on Express', auto('true').withKind('provisioned-express'), 'warn', 'medium orders'],
    ['not applicable: Serverless', auto('true').withKind('serverless'), 'not-applicable'],
  ]);

  describeSeverities('topics-auto-created', () => auto('true'), {
    production: 'medium',
    staging: 'low',
    development: 'info',
  });

  test('shows topics that may have come about so, and lowers the confidence of what no broker said', () => {
    const result = runCheck('topics-auto-created', auto('true'));
    expect(result.evidence[1]?.rows).toEqual([{ topic: 'orders', partitions: 1 }]);
    expect(result.findings[0]?.confidence).toBe(1);
    expect(runCheck('topics-auto-created', auto('false')).evidence).toHaveLength(1);
    const byRevision = auto('true')
      .without('kafkaBrokerConfigs', 'unreachable')
      .withSection('configuration', { arn: 'a', revision: 1, properties: { 'auto.create.topics.enable': 'true' } });
    expect(runCheck('topics-auto-created', byRevision).findings[0]?.confidence).toBe(0.6);
  });
});
