import { describe, expect, test } from 'vitest';
import { renderCommand } from '../../../lib/text/command.ts';
import { aSnapshot, type SnapshotBuilder } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const threads = (network: string, io: string): SnapshotBuilder =>
  aSnapshot().withBrokerSettings({ 'num.network.threads': network, 'num.io.threads': io });

describe('network-threads-unpaired', () => {
  describeVerdicts('network-threads-unpaired', [
    ['passes: the defaults of MSK', threads('5', '8'), 'pass'],
    ['warns: raised above 5 beside the default handlers', threads('6', '8'), 'warn', 'low orders'],
    ['passes: three quarters of the handlers', threads('12', '16'), 'pass'],
    ['warns: more than three quarters', threads('13', '16'), 'warn', 'low orders'],
    ['passes: the defaults of Apache Kafka', threads('3', '8').withKind('kafka'), 'pass'],
    [
      'no-data: defaults, and the brokers were not asked',
      threads('5', '8').without('kafkaBrokerConfigs', 'unreachable'),
      'no-data',
    ],
    [
      'no-data: nobody knows',
      threads('5', '8').without('kafkaBrokerConfigs').without('cluster', 'not-permitted').withKind('kafka'),
      'no-data',
    ],
    ['not applicable: Express', threads('13', '16').withKind('provisioned-express'), 'not-applicable'],
  ]);

  describeSeverities('network-threads-unpaired', () => threads('13', '16'), {
    production: 'low',
    staging: 'low',
    development: 'info',
  });

  test('says what the handlers should be first', () => {
    expect(runCheck('network-threads-unpaired', threads('16', '16')).recommendation?.action).toMatch(
      /^Bring num.io.threads to 32 first/,
    );
  });

  // Kafka takes no less than half and no more than twice of what runs; MSK's default of 5 network threads is the least.
  test.each([
    ['12', '16', 'kafka.m7g.4xlarge', null, null],
    ['13', '16', 'kafka.m7g.4xlarge', 26, 8],
    ['13', '16', 'kafka.m7g.8xlarge', 32, 8],
    ['6', '8', 'kafka.m7g.large', 12, 5],
    ['6', '8', 'kafka.m5.24xlarge', 16, 5],
    ['32', '8', 'kafka.m7g.large', 16, 16],
    ['33', '16', 'kafka.m7g.large', 32, 17],
    ['5', '6', 'kafka.m7g.large', 10, null],
  ])('%s network threads, %s handlers on %s', (network, io, instanceType, first, back) => {
    const result = runCheck('network-threads-unpaired', threads(network, io).withCluster({ instanceType }));
    if (first === null) return expect(result.status).toBe('pass');
    const commands = result.recommendation!.commands.map((command) => `${command.purpose}: ${renderCommand(command)}`);
    expect(commands[0]).toContain(`--entity-default --add-config num.io.threads=${first}`);
    expect(commands.join()).toContain(`num.io.threads=${first}, num.network.threads=${network}, every`);
    const lowered = commands.filter((command) => command.includes('--add-config num.network.threads'));
    expect(lowered).toEqual(back === null ? [] : [expect.stringContaining(`num.network.threads=${back}`)]);
  });
});
