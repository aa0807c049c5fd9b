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

  const commandsOf = (builder: SnapshotBuilder) =>
    runCheck('io-threads-low', builder).recommendation!.commands.map(
      (command) => `${command.purpose}: ${renderCommand(command)}`,
    );

  test('twice as many are raised at once, and the file says the same', () => {
    const commands = commandsOf(busy(60));
    expect(commands[0]).toContain('--entity-default --add-config num.io.threads=16');
    expect(commands.join()).toContain('num.io.threads=16, num.network.threads=8');
  });

  test('four times as many by the file alone: Kafka refuses the step, and a lesser dynamic value would outrank the file', () => {
    const large = busy(60, { instanceType: 'kafka.m7g.8xlarge' });
    expect(runCheck('io-threads-low', large).recommendation?.action).toContain('num.io.threads to 32');
    expect(commandsOf(large).join()).toContain('num.io.threads=32, num.network.threads=16');
    expect(commandsOf(large).join()).not.toContain('--add-config');
  });

  test('a broker with a value of its own gets the new one too', () => {
    const own = busy(60).withBrokerSettings({ 'num.io.threads': '8' }, { brokers: [2], source: 'dynamic-broker' });
    expect(commandsOf(own)[1]).toContain('--entity-type brokers --entity-name 2 --add-config num.io.threads=16');
    const fewer = busy(60).withBrokerSettings({ 'num.io.threads': '4' }, { brokers: [2], source: 'dynamic-broker' });
    expect(commandsOf(fewer).join()).not.toContain('--add-config');
  });

  test('the file never lowers network threads', () => {
    const many = busy(60).withBrokerSettings({ 'num.network.threads': '12' });
    expect(commandsOf(many).join()).toContain('num.io.threads=16, num.network.threads=12');
  });

  test.each([
    ['twice as many as cores', busy(71, { threads: '32' }), '32 handlers for 16 vCPU'],
    ['one for every core', busy(71, { threads: '16' }), '16 handlers for 16 vCPU'],
    ['a small broker with the defaults', busy(71, { instanceType: 'kafka.m7g.large' }), '8 handlers for 2 vCPU'],
    ['a size that nobody knows', busy(71, { instanceType: 'kafka.x9.huge' }), '8 handlers that are busy'],
  ])('no more threads: %s', (_why, source, words) => {
    const { action } = runCheck('io-threads-low', source).recommendation!;
    expect(action).toMatch(/^Look at the volume/);
    expect(action).toContain(words);
    expect(commandsOf(source)).toEqual([expect.stringContaining('--metric-name VolumeQueueLength')]);
  });

  test('a small broker with fewer threads than cores gets as many', () => {
    const small = busy(71, { instanceType: 'kafka.m7g.2xlarge', threads: '4' });
    expect(commandsOf(small)[0]).toContain('num.io.threads=8');
  });
});
