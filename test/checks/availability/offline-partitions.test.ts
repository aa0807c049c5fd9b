import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { aSnapshot, type SnapshotBuilder, TAKEN_AT_MS } from '../../builders/a-snapshot.ts';
import { during, onlyFirst, onlyLast, without } from '../minutes.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const HOUR_MS = 3_600_000;
const healthy = () => aSnapshot().withTopic('orders');
const counted = (builder: SnapshotBuilder, values: readonly (number | null)[]) =>
  builder.withMetric(METRICS.offlinePartitions, {}, values);
const patched = (builder: SnapshotBuilder) =>
  builder.withOperation('SECURITY_PATCHING', TAKEN_AT_MS - 14 * HOUR_MS, TAKEN_AT_MS - 13 * HOUR_MS);

const leaderless = () => healthy().withPartition('orders', 0, { leader: -1 });
/** An operation that began five minutes ago: masked are these and the fifteen before, from minute 1420 on. */
const operating = (builder: SnapshotBuilder) => builder.withOperation('REBOOT_NODE', TAKEN_AT_MS - 5 * 60_000, null);

describe('offline-partitions', () => {
  describeVerdicts('offline-partitions', [
    ['passes: every partition has a leader and the controller counted none', healthy(), 'pass'],
    [
      'fails: a partition has no leader now, whatever CloudWatch says',
      healthy().withPartition('orders', 1, { leader: -1 }),
      'fail',
      'critical orders-1',
    ],
    [
      'fails: one minute with one partition offline, over now',
      counted(healthy(), during(100, 101, 1)),
      'fail',
      'critical orders',
    ],
    [
      'passes: all offline minutes are inside maintenance and its margin',
      patched(counted(healthy(), during(585, 675, 2))),
      'pass',
    ],
    [
      'fails: one offline minute before the margin of maintenance',
      patched(counted(healthy(), during(584, 585, 2))),
      'fail',
      'critical orders',
    ],
    [
      'warns only: no leader now while an operation runs',
      healthy()
        .withPartition('orders', 0, { leader: -1 })
        .withOperation('REBOOT_NODE', TAKEN_AT_MS - HOUR_MS, null),
      'warn',
      'low orders-0',
    ],
    [
      'fails: without a leader for hours before the operation began, which excuses only its own minutes',
      counted(operating(leaderless()), during(1260, 1440, 1)),
      'fail',
      'critical orders-0',
    ],
    [
      'fails: offline in the minute before the mask, and still so',
      counted(operating(leaderless()), during(1419, 1420, 1)),
      'fail',
      'critical orders-0',
    ],
    [
      'warns only: offline from the first masked minute on',
      counted(operating(leaderless()), during(1420, 1440, 1)),
      'warn',
      'low orders-0',
    ],
    [
      'fails for the outage of the night, while what is offline in the operation stays excused',
      counted(operating(leaderless()), during(100, 103, 1)),
      'fail',
      'critical orders',
      'low orders-0',
    ],
    [
      'fails: no leader now while MSK heals a broker, which is the trouble itself',
      counted(leaderless(), during(1430, 1440, 1)).withOperation('HEAL_CLUSTER', TAKEN_AT_MS - 5 * 60_000, null),
      'fail',
      'critical orders-0',
    ],
    [
      'no-data: leaders now, but without CloudWatch the night is unknown',
      healthy().without('metrics', 'not-permitted'),
      'no-data',
    ],
    ['no-data: just under half of the datapoints', counted(healthy(), onlyLast(during(0, 0, 0), 0.499)), 'no-data'],
    ['passes: exactly half of the datapoints', counted(healthy(), onlyLast(during(0, 0, 0), 0.5)), 'pass'],
    ['passes: silent for 29 minutes, as CloudWatch is late', counted(healthy(), without(during(0, 0, 0), 29)), 'pass'],
    ['no-data: silent for 30 minutes', counted(healthy(), without(during(0, 0, 0), 30)), 'no-data'],
    [
      'fails: silent now, and one was bad before',
      counted(healthy(), without(during(5, 6, 1), 180)),
      'fail',
      'critical orders',
    ],
    [
      'fails: too few datapoints to pass, but one of them is bad',
      counted(healthy(), onlyFirst(during(5, 6, 1), 0.01)),
      'fail',
      'critical orders',
    ],
    ['passes on CloudWatch alone when Kafka was not reached', healthy().without('kafkaTopics', 'unreachable'), 'pass'],
    ['no-data: neither source', healthy().without('kafkaTopics', 'unreachable').without('metrics'), 'no-data'],
    [
      'no-data: only part of the topics was read',
      healthy().withPartial('kafkaTopics', 'two brokers did not answer'),
      'no-data',
    ],
    ['not applicable: no topics', aSnapshot(), 'not-applicable'],
    ['passes on Express with metadata alone', healthy().withKind('provisioned-express').without('metrics'), 'pass'],
    [
      'fails on a Kafka cluster without AWS',
      healthy().withKind('kafka').withPartition('orders', 2, { leader: -1 }),
      'fail',
      'critical orders-2',
    ],
    [
      'no-data on Serverless without Kafka access',
      healthy().withKind('serverless').without('kafkaTopics', 'unreachable'),
      'no-data',
    ],
  ]);

  describeSeverities('offline-partitions', () => healthy().withPartition('orders', 1, { leader: -1 }), {
    production: 'critical',
    staging: 'critical',
    development: 'high',
  });

  test('counts the minutes by hand: 3 of a two-partition outage', () => {
    const result = runCheck('offline-partitions', counted(healthy(), during(30, 33, 2)));
    expect(result.findings[0]).toMatchObject({ measured: 3, limit: 0, unit: 'minutes', scope: 'cluster' });
    expect(result.findings[0]?.note).toContain('up to 2 partitions at once');
  });

  test('names the broker that is gone and the single replica', () => {
    const result = runCheck(
      'offline-partitions',
      aSnapshot().withTopic('solo', { replicationFactor: 1 }).withDeadBroker(2),
    );
    expect(result.summary).toContain('solo-1; broker 2 is not in the cluster');
    expect(result.findings[0]?.note).toContain('one replica only');
    expect(result.recommendation?.action).toContain('broker 2');
  });

  test('says that internal topics are internal', () => {
    const result = runCheck(
      'offline-partitions',
      aSnapshot()
        .withTopic('__consumer_offsets', { internal: true })
        .withPartition('__consumer_offsets', 0, { leader: -1 }),
    );
    expect(result.findings[0]?.note).toContain("every group's committed offsets");
  });
});
