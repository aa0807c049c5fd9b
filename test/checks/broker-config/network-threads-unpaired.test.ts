import { describe, expect, test } from 'vitest';
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
});
