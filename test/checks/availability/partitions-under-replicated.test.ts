import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { aSnapshot, type SnapshotBuilder, TAKEN_AT_MS } from '../../builders/a-snapshot.ts';
import { during, MINUTES_OF_DAY, onlyFirst } from '../minutes.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const HOUR_MS = 3_600_000;
const healthy = () => aSnapshot().withTopic('orders', { partitions: 20 });
const counted = (builder: SnapshotBuilder, values: readonly (number | null)[], broker = 1) =>
  builder.withMetric(METRICS.underReplicated, { 'Broker ID': broker }, values);
const behind = () => healthy().withPartition('orders', 0, { isr: [1, 2] });
/** Up to the last minute but two: CloudWatch delivers the latest points late. */
const until = (minutes: number, value = 1) => during(MINUTES_OF_DAY - 2 - minutes, MINUTES_OF_DAY, value);
/** In and out of sync every five minutes, `changes` times, in sync at the end. */
const flapping = (changes: number) =>
  Array.from({ length: MINUTES_OF_DAY }, (_, i) => (Math.min(Math.floor(i / 5), changes) + changes) % 2);

/** An operation that began five minutes ago: masked are these and the fifteen before, from minute 1420 on. */
const operating = (builder: SnapshotBuilder) => builder.withOperation('REBOOT_NODE', TAKEN_AT_MS - 5 * 60_000, null);

describe('partitions-under-replicated', () => {
  describeVerdicts('partitions-under-replicated', [
    ['passes: all replicas are in sync', healthy(), 'pass'],
    ['passes: 14 minutes on end, in sync again', counted(healthy(), during(60, 74, 1)), 'pass'],
    ['fails: 15 minutes on end, in sync again', counted(healthy(), during(60, 75, 1)), 'fail', 'high orders'],
    [
      'passes: two stretches of 10 minutes are no lasting one',
      counted(healthy(), [...during(60, 70, 1).slice(0, 720), ...during(60, 70, 1).slice(0, 720)]),
      'pass',
    ],
    ['fails: a follower has been missing for 15 minutes and still is', counted(behind(), until(15)), 'fail', 'high 3'],
    ['warns: a follower is missing now, for 14 minutes so far', counted(behind(), until(14)), 'warn', 'medium 3'],
    ['warns: a broker is gone now, not yet long', healthy().withDeadBroker(2), 'warn', 'medium 2'],
    [
      'fails: a broker is gone and no series can tell how long',
      healthy().withKind('kafka').withDeadBroker(2),
      'fail',
      'high 2',
    ],
    [
      'fails: a broker is gone and CloudWatch, which could tell how long, may not be read',
      healthy().withDeadBroker(2).without('metrics', 'not-permitted'),
      'fail',
      'high 2',
    ],
    [
      'fails critically without Kafka: 10 of 120 led partitions for 31 minutes',
      counted(healthy(), during(60, 91, 10)).without('kafkaTopics', 'unreachable'),
      'fail',
      'critical orders',
    ],
    ['warns: one look at a live broker out of sync, without a series', behind().withKind('kafka'), 'warn', 'medium 3'],
    [
      'passes: the stretch is inside maintenance',
      counted(healthy(), during(590, 670, 3)).withOperation(
        'SECURITY_PATCHING',
        TAKEN_AT_MS - 14 * HOUR_MS,
        TAKEN_AT_MS - 13 * HOUR_MS,
      ),
      'pass',
    ],
    [
      'passes with a note: out of sync while an operation runs',
      behind().withOperation('REBOOT_NODE', TAKEN_AT_MS - HOUR_MS, null),
      'pass',
      'info 3',
    ],
    [
      'fails: out of sync for a quarter of an hour before the operation began, which excuses only its own minutes',
      counted(operating(behind()), during(1405, 1440, 1)),
      'fail',
      'high 3',
    ],
    [
      'passes with a note: 14 minutes before the operation began',
      counted(operating(behind()), during(1406, 1440, 1)),
      'pass',
      'info 3',
    ],
    [
      'fails critically: many partitions for 31 minutes before the operation began',
      counted(operating(behind()), during(1389, 1440, 2)),
      'fail',
      'critical 3',
    ],
    [
      'fails for the quarter of an hour of the night, while what is behind in the operation stays excused',
      counted(operating(behind()), during(60, 75, 1)),
      'fail',
      'high orders',
      'info 3',
    ],
    ['warns: behind now, after 5 changes', counted(behind(), flapping(5)), 'warn', 'medium 3'],
    [
      'fails: behind now, after 6 changes as bad as when all are in sync',
      counted(behind(), flapping(6)),
      'fail',
      'high 3',
    ],
    ['passes: 5 changes between in and out of sync', counted(healthy(), flapping(5)), 'pass'],
    ['fails: 6 changes between in and out of sync', counted(healthy(), flapping(6)), 'fail', 'high orders'],
    [
      'fails at high: exactly 5 % of 20 partitions, which is not more than 5 %, for an hour',
      counted(healthy(), during(60, 120, 1)),
      'fail',
      'high orders',
    ],
    [
      'fails critically: 10 % of the partitions for 31 minutes',
      counted(healthy(), during(60, 91, 2)),
      'fail',
      'critical orders',
    ],
    [
      'fails at high: 10 % of the partitions for exactly 30 minutes',
      counted(healthy(), during(60, 90, 2)),
      'fail',
      'high orders',
    ],
    ['no-data: a broker has too few datapoints', counted(healthy(), onlyFirst(during(0, 0, 0), 0.3)), 'no-data'],
    ['no-data: CloudWatch was not read', healthy().without('metrics', 'not-permitted'), 'no-data'],
    ['passes on CloudWatch alone', healthy().without('kafkaTopics', 'unreachable'), 'pass'],
    ['passes on Express from metadata', healthy().withKind('provisioned-express'), 'pass'],
    ['no-data on Kafka without metadata', healthy().withKind('kafka').without('kafkaTopics', 'timed-out'), 'no-data'],
    ['not applicable: Serverless', healthy().withKind('serverless'), 'not-applicable'],
    ['not applicable: no topics', aSnapshot(), 'not-applicable'],
  ]);

  describeSeverities('partitions-under-replicated', () => counted(healthy(), during(60, 75, 1)), {
    production: 'high',
    staging: 'medium',
    development: 'low',
  });

  test('many partitions for long are critical in production only', () => {
    const wide = () => counted(healthy(), during(60, 200, 10));
    expect(runCheck('partitions-under-replicated', wide(), { environment: 'staging' }).findings[0]?.severity).toBe(
      'medium',
    );
    expect(runCheck('partitions-under-replicated', wide()).findings[0]?.severity).toBe('critical');
  });

  test('sums brokers per minute, and a dead broker that publishes nothing does not hide the others', () => {
    const silent = counted(counted(healthy(), during(60, 80, 1), 1), onlyFirst(during(0, 0, 0), 0.02), 2);
    expect(runCheck('partitions-under-replicated', silent).findings[0]).toMatchObject({
      measured: 20,
      limit: 15,
      unit: 'minutes',
    });
  });

  test('says of a broker that is behind now that its replicas come and go', () => {
    const note = (changes: number) =>
      runCheck('partitions-under-replicated', counted(behind(), flapping(changes))).findings[0]?.note;
    expect(note(6)).toContain('again and again');
    expect(note(5)).not.toContain('again and again');
  });

  test('one finding a broker that lacks replicas, the one that lacks most first', () => {
    const two = healthy()
      .withPartition('orders', 0, { isr: [1] })
      .withPartition('orders', 1, { isr: [2, 1] });
    const result = runCheck('partitions-under-replicated', two);
    expect(result.findings.map(({ resource, measured }) => [resource, measured])).toEqual([
      ['3', 2],
      ['2', 1],
    ]);
  });

  test('replicas that a reassignment is still adding are not missing', () => {
    const moving = () => healthy().withPartition('orders', 0, { isr: [1, 2] });
    const move = { topic: 'orders', partition: 0, replicas: [1, 2, 3], adding: [3], removing: [] };
    expect(runCheck('partitions-under-replicated', moving()).findings).toHaveLength(1);
    expect(runCheck('partitions-under-replicated', moving().withSection('kafkaReassignments', [move])).status).toBe(
      'pass',
    );
  });

  test('shows what may slow the broker down that is behind', () => {
    const snapshot = aSnapshot()
      .withTopic('t')
      .withPartition('t', 0, { isr: [1, 2] })
      .withMetric(METRICS.volumeQueueLength, { 'Broker ID': 3 }, 9);
    const table = runCheck('partitions-under-replicated', snapshot).evidence.at(-1)!;
    expect(table.rows).toEqual([{ broker: '3', user: 20, system: 5, queue: 9, shaped: null, replicated: null }]);
  });
});
