import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { aSnapshot, type SnapshotBuilder, TAKEN_AT_MS } from '../../builders/a-snapshot.ts';
import { during, onlyFirst } from '../minutes.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const HOUR_MS = 3_600_000;
const healthy = () => aSnapshot().withTopic('orders');
const counted = (builder: SnapshotBuilder, values: readonly (number | null)[], broker = 2) =>
  builder.withMetric(METRICS.underMinIsr, { 'Broker ID': broker }, values);
const below = () => healthy().withPartition('orders', 0, { isr: [1] });

/** An operation that began five minutes ago: masked are these and the fifteen before, from minute 1420 on. */
const operating = (builder: SnapshotBuilder) => builder.withOperation('REBOOT_NODE', TAKEN_AT_MS - 5 * 60_000, null);

describe('partitions-under-min-isr', () => {
  describeVerdicts('partitions-under-min-isr', [
    ['passes: every ISR is complete', healthy(), 'pass'],
    ['passes: the ISR is exactly the minimum of 2', healthy().withPartition('orders', 0, { isr: [1, 2] }), 'pass'],
    ['fails: one replica in sync where two are wanted', below(), 'fail', 'critical orders'],
    [
      'passes: one replica and a minimum of 2 stays writable since Kafka 3.7',
      aSnapshot().withTopic('solo', { replicationFactor: 1 }),
      'pass',
    ],
    [
      'fails: one replica and a minimum of 2 was never writable with acks=all before Kafka 3.7',
      aSnapshot().withCluster({ kafkaVersion: '3.6.0' }).withTopic('solo', { partitions: 1, replicationFactor: 1 }),
      'fail',
      'critical solo',
    ],
    [
      'passes: a partition without a leader is the finding of another check',
      healthy().withPartition('orders', 0, { leader: -1, isr: [] }),
      'pass',
    ],
    ['fails: one minute in the night, over now', counted(healthy(), during(60, 61, 1)), 'fail', 'critical orders'],
    [
      'passes: the minute lies inside maintenance',
      counted(healthy(), during(601, 602, 1)).withOperation(
        'SECURITY_PATCHING',
        TAKEN_AT_MS - 14 * HOUR_MS,
        TAKEN_AT_MS - 13 * HOUR_MS,
      ),
      'pass',
    ],
    [
      'warns only: below the minimum while an operation runs',
      below().withOperation('REBOOT_NODE', TAKEN_AT_MS - HOUR_MS, null),
      'warn',
      'low orders',
    ],
    [
      'fails: below for hours before the operation began, which excuses only its own minutes',
      counted(operating(below()), during(1260, 1440, 1)),
      'fail',
      'critical orders',
    ],
    [
      'warns only: below from the first masked minute on',
      counted(operating(below()), during(1420, 1440, 1)),
      'warn',
      'low orders',
    ],
    [
      'fails for the minutes of the night, while what is below in the operation stays excused',
      counted(
        operating(
          healthy()
            .withTopic('t')
            .withPartition('t', 0, { isr: [1] }),
        ),
        during(60, 61, 1),
      ),
      'fail',
      'critical orders',
      'low t',
    ],
    [
      'no-data: the minimum was not read and an ISR is not complete',
      below().without('kafkaTopicConfigs', 'not-permitted'),
      'no-data',
    ],
    [
      'passes: the minimum was not read but every ISR is complete',
      healthy().without('kafkaTopicConfigs', 'not-permitted'),
      'pass',
    ],
    ['no-data: one broker has too few datapoints', counted(healthy(), onlyFirst(during(0, 0, 0), 0.4)), 'no-data'],
    ['no-data: CloudWatch was not read', healthy().without('metrics', 'throttled'), 'no-data'],
    ['passes on CloudWatch alone', healthy().without('kafkaTopics', 'unreachable'), 'pass'],
    [
      'no-data on Express without Kafka',
      healthy().withKind('provisioned-express').without('kafkaTopics', 'unreachable'),
      'no-data',
    ],
    ['fails on Express from metadata', below().withKind('provisioned-express'), 'fail', 'critical orders'],
    ['fails on a Kafka cluster without AWS', below().withKind('kafka'), 'fail', 'critical orders'],
    ['not applicable: Serverless', below().withKind('serverless'), 'not-applicable'],
    ['not applicable: no topics', aSnapshot(), 'not-applicable'],
  ]);

  describeSeverities('partitions-under-min-isr', below, {
    production: 'critical',
    staging: 'high',
    development: 'medium',
  });

  test.each([
    ['production', 1, 'fail'],
    ['staging', 4, 'pass'],
    ['staging', 5, 'fail'],
    ['development', 4, 'pass'],
    ['development', 5, 'warn'],
  ] as const)('%s: %i minutes in the window give %s', (environment, minutes, status) => {
    expect(
      runCheck('partitions-under-min-isr', counted(healthy(), during(60, 60 + minutes, 1)), { environment }).status,
    ).toBe(status);
  });

  test('staging: four minutes before the operation are too few to count against it, five are not', () => {
    const judged = (minutes: number) =>
      runCheck('partitions-under-min-isr', counted(operating(below()), during(1420 - minutes, 1440, 1)), {
        environment: 'staging',
      }).findings.map(({ severity }) => severity);
    expect([judged(4), judged(5)]).toEqual([['low'], ['high']]);
  });

  test('adds up minutes over brokers without counting one twice: 60..63 and 62..64 are 4', () => {
    const both = counted(counted(healthy(), during(60, 63, 1), 1), during(62, 64, 1), 2);
    expect(runCheck('partitions-under-min-isr', both).findings[0]).toMatchObject({ measured: 4, unit: 'minutes' });
  });

  test('gives ISR and minimum, names the missing brokers, and never advises a lower minimum', () => {
    const result = runCheck('partitions-under-min-isr', below());
    expect(result.findings[0]).toMatchObject({
      measured: 1,
      limit: 2,
      note: '1 partition, not in sync: brokers 2 and 3',
    });
    expect(result.recommendation?.action).toContain('leave min.insync.replicas as it is');
    expect(result.recommendation?.commands.every((command) => command.effect === 'read')).toBe(true);
  });
});
