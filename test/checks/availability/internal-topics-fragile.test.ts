import { describe, expect, test } from 'vitest';
import { aSnapshot } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const KEY = 'min.insync.replicas';
const topic = (name: string, replicationFactor: number, minIsr = '2') =>
  aSnapshot().withTopic(name, { internal: name.startsWith('__'), replicationFactor, configs: { [KEY]: minIsr } });
const OFFSETS = '__consumer_offsets';

describe('internal-topics-fragile', () => {
  describeVerdicts('internal-topics-fragile', [
    ['passes: three replicas, two of them needed', topic(OFFSETS, 3), 'pass'],
    ['fails: one replica', topic(OFFSETS, 1, '1'), 'fail', `high ${OFFSETS}`],
    ['fails: two replicas in three zones', topic(OFFSETS, 2, '1'), 'fail', `high ${OFFSETS}`],
    ['passes: two replicas in two zones', topic(OFFSETS, 2, '1').withCluster({ azCount: 2 }), 'pass'],
    ['fails: every replica is needed', topic('__transaction_state', 3, '3'), 'fail', 'high __transaction_state'],
    ['passes: one of three needed is another finding', topic(OFFSETS, 3, '1'), 'pass'],
    ['fails: schemas', topic('_schemas', 1, '1'), 'fail', 'high _schemas'],
    ['fails: offsets of Connect', topic('connect-offsets', 1, '1'), 'fail', 'high connect-offsets'],
    [
      'fails: a named Connect cluster',
      topic('billing-connect-configs', 1, '1'),
      'fail',
      'high billing-connect-configs',
    ],
    ['not applicable: a topic of clients that only sounds like it', topic('connect-orders', 1, '1'), 'not-applicable'],
    ['not applicable: no internal topics yet', topic('orders', 1, '1'), 'not-applicable'],
    ['no-data: the setting was not read', topic(OFFSETS, 3).withSection('kafkaTopicConfigs', {}), 'no-data'],
    ['no-data: no settings', topic(OFFSETS, 3).without('kafkaTopicConfigs', 'unreachable'), 'no-data'],
    [
      'fails by its replicas without settings',
      topic(OFFSETS, 1).without('kafkaTopicConfigs', 'unreachable'),
      'fail',
      `high ${OFFSETS}`,
    ],
    ['no-data: no metadata', topic(OFFSETS, 3).without('kafkaTopics', 'unreachable'), 'no-data'],
    [
      'not applicable: one broker',
      aSnapshot().withKind('kafka').withBrokers(1).withTopic(OFFSETS, { replicationFactor: 1 }),
      'not-applicable',
    ],
    ['not applicable: Express', topic(OFFSETS, 1).withKind('provisioned-express'), 'not-applicable'],
    ['not applicable: Serverless', topic(OFFSETS, 1).withKind('serverless'), 'not-applicable'],
    ['fails without AWS', topic(OFFSETS, 1, '1').withKind('kafka'), 'fail', `high ${OFFSETS}`],
  ]);

  describeSeverities('internal-topics-fragile', () => topic(OFFSETS, 1, '1'), {
    production: 'high',
    staging: 'medium',
    development: 'low',
  });

  test('adds replicas first, then lowers what is needed', () => {
    const snapshot = topic(OFFSETS, 1, '1').withTopic('__transaction_state', {
      internal: true,
      configs: { [KEY]: '3' },
    });
    const { action, commands } = runCheck('internal-topics-fragile', snapshot).recommendation!;
    expect(action).toBe(
      'Raise __consumer_offsets to 3 replicas, then set min.insync.replicas of __transaction_state to one less than the replicas',
    );
    expect(commands.at(-1)?.argv.at(-1)).toBe('min.insync.replicas=2');
  });

  test('nothing is lowered while a replica is missing', () => {
    const snapshot = topic('__transaction_state', 3, '3').withPartition('__transaction_state', 0, { isr: [1, 2] });
    expect(runCheck('internal-topics-fragile', snapshot).recommendation!.commands).toEqual([]);
  });
});
