import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { renderCommand } from '../../../lib/text/command.ts';
import { aSnapshot, type SnapshotBuilder } from '../../builders/a-snapshot.ts';
import { during5, PERIODS_OF_DAY } from '../minutes.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

/** Broker 1 this busy (in fractions of idle, as CloudWatch has it), the others at rest. */
function busy(
  percent: number,
  { cpu = 25, threads = '8', instanceType = 'kafka.m7g.4xlarge', hours = 24 } = {},
): SnapshotBuilder {
  const builder = aSnapshot()
    .withCluster({ instanceType })
    .withBrokerSettings({ 'num.io.threads': threads, 'num.network.threads': '5' });
  for (const id of [1, 2, 3]) {
    const idle = id === 1 ? during5(PERIODS_OF_DAY - hours * 12, PERIODS_OF_DAY, 1 - percent / 100, 0.9) : 0.9;
    builder.withMetric(METRICS.requestHandlerIdle, { 'Broker ID': id }, idle);
    builder.withMetric(METRICS.cpuUser, { 'Broker ID': id }, cpu - 5);
  }
  return builder;
}

describe('io-threads-low', () => {
  describeVerdicts('io-threads-low', [
    ['passes: half busy with 8 threads on 16 cores', busy(50), 'pass'],
    ['warns: 51 % busy with 8 threads on 16 cores', busy(51), 'warn', 'medium 1'],
    ['passes: as busy with a thread for every core', busy(51, { threads: '16' }), 'pass'],
    ['passes: as busy on a small broker', busy(69, { instanceType: 'kafka.m7g.large' }), 'pass'],
    [
      'warns: 71 % busy on a small broker with CPU to spare',
      busy(71, { instanceType: 'kafka.m7g.large' }),
      'warn',
      'medium 1',
    ],
    [
      'passes: 71 % busy on a small broker whose CPU is short, too',
      busy(71, { instanceType: 'kafka.m7g.large', cpu: 60 }),
      'pass',
    ],
    ['passes: busy for two hours only', busy(90, { hours: 2 }), 'pass'],
    [
      'no-data: the level that publishes it is not on',
      aSnapshot().withBrokerSettings({ 'num.io.threads': '8', 'num.network.threads': '5' }),
      'no-data',
    ],
    [
      'no-data: no CPU of a busy small broker',
      busy(71, { instanceType: 'kafka.m7g.large' }).withMetric(METRICS.cpuUser, { 'Broker ID': 1 }, []),
      'no-data',
    ],
    [
      'no-data: quiet, and the brokers were not asked',
      busy(20).without('kafkaBrokerConfigs', 'unreachable'),
      'no-data',
    ],
    ['warns from the default of MSK', busy(60).without('kafkaBrokerConfigs', 'unreachable'), 'warn', 'medium 1'],
    ['not applicable: Express', busy(90).withKind('provisioned-express'), 'not-applicable'],
    ['not applicable: Kafka without AWS', busy(90).withKind('kafka'), 'not-applicable'],
  ]);

  describeSeverities('io-threads-low', () => busy(60), { production: 'medium', staging: 'low', development: 'info' });

  test('raises the threads at once, at most doubled, and keeps the file equal', () => {
    const { recommendation } = runCheck('io-threads-low', busy(60, { instanceType: 'kafka.m7g.8xlarge' }));
    expect(recommendation?.action).toContain('num.io.threads to 32');
    expect(renderCommand(recommendation!.commands[0]!)).toContain('--entity-default --add-config num.io.threads=16');
  });
});
