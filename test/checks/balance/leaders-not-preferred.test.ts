import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { renderCommand } from '../../../lib/text/command.ts';
import { aSnapshot, type SnapshotBuilder, TAKEN_AT_MS } from '../../builders/a-snapshot.ts';
import { during5, PERIODS_OF_DAY } from '../minutes.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const KEY = 'auto.leader.rebalance.enable';

/** So many of 40 partitions led by their second replica; LeaderCount last changed so many minutes before its last point. */
function moved(count: number, { minutes = 23 * 60, partitions = 40, auto = 'true' } = {}): SnapshotBuilder {
  const builder = aSnapshot()
    .withTopic('orders', { partitions })
    .withBrokerSettings({ [KEY]: auto });
  for (let partition = 0; partition < count; partition++) {
    const leader = ((partition + 1) % 3) + 1;
    builder.withPartition('orders', partition, { leader });
  }
  const changed = PERIODS_OF_DAY - 3 - minutes / 5;
  for (const id of [1, 2, 3])
    builder.withMetric(METRICS.leaderCount, { 'Broker ID': id }, during5(changed + 1, PERIODS_OF_DAY, 40, 30));
  return builder;
}

describe('leaders-not-preferred', () => {
  describeVerdicts('leaders-not-preferred', [
    ['passes: every leader where it belongs', moved(0), 'pass'],
    ['passes: 4 of 40 are just 10 %', moved(4), 'pass'],
    ['warns: 5 of 40', moved(5), 'warn', 'low orders'],
    ['passes: leaders moved 55 minutes ago', moved(20, { minutes: 55 }), 'pass'],
    ['warns: an hour ago', moved(20, { minutes: 60 }), 'warn', 'low orders'],
    ['passes: two of five, too few partitions to judge', moved(2, { partitions: 5 }), 'pass'],
    ['warns: Kafka does not hand leadership back', moved(0, { auto: 'false' }), 'warn', `low ${KEY}`],
    ['no-data: a broker is down', moved(0).withDeadBroker(2), 'no-data'],
    ['no-data: an operation is running', moved(20).withOperation('REBOOT_NODE', TAKEN_AT_MS - 1000, null), 'no-data'],
    [
      'no-data: even now, and the brokers were not asked',
      moved(0).without('kafkaBrokerConfigs', 'timed-out'),
      'no-data',
    ],
    ['no-data: no way to the brokers', moved(20).withTopicApi(), 'no-data'],
    ['warns on Kafka without AWS, by one look', moved(20).withKind('kafka'), 'warn', 'low orders'],
    ['warns on Express', moved(20).withKind('provisioned-express'), 'warn', 'low orders'],
    ['not applicable: Serverless', moved(20).withKind('serverless'), 'not-applicable'],
  ]);

  describeSeverities('leaders-not-preferred', () => moved(20), {
    production: 'low',
    staging: 'low',
    development: 'info',
  });

  test('one look is half as certain; the election is proposed', () => {
    expect(runCheck('leaders-not-preferred', moved(20).without('metrics')).findings[0]?.confidence).toBe(0.5);
    const { recommendation } = runCheck('leaders-not-preferred', moved(20));
    expect(renderCommand(recommendation!.commands[0]!)).toContain('kafka-leader-election.sh');
  });
});
