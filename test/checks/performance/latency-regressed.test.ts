import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { HISTORY_HOURS } from '../../builders/a-snapshot.ts';
import { aMonitored, lastHours, onDays, youngHours } from '../monitored.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';
import { SICK } from '../sick.ts';

const produce = (values: (number | null)[]) => aMonitored().withHourlyOfBrokers(METRICS.produceTotalTimeMean, values);
/** The last hours of every day are slow. */
const daily = Array.from({ length: HISTORY_HOURS }, (_, i) => (i % 24 >= 20 ? 12 : 4));

describe('latency-regressed', () => {
  describeVerdicts('latency-regressed', [
    ['passes: a healthy cluster', aMonitored(), 'pass'],
    ['passes: the third hour is not there yet', produce(lastHours(2, 8, 4)), 'pass'],
    ['warns: three of the last four hours', produce(lastHours(3, 8, 4)), 'warn', 'medium orders/produce'],
    ['passes: 49 % more of 4 ms is below what is felt', produce(lastHours(4, 5.9, 4)), 'pass'],
    ['warns: 2 ms more', produce(lastHours(4, 6, 4)), 'warn', 'medium orders/produce'],
    ['passes: 20 % more', produce(lastHours(4, 24, 20)), 'pass'],
    ['warns: just over 20 % more', produce(lastHours(4, 24.1, 20)), 'warn', 'medium orders/produce'],
    ['passes: faster than usual', produce(lastHours(4, 2, 8)), 'pass'],
    ['passes: it is over', produce(lastHours(10, 8, 4).map((ms, i) => (i >= HISTORY_HOURS - 4 ? 4 : ms))), 'pass'],
    [
      'warns: fetches',
      aMonitored().withHourlyOfBrokers(METRICS.fetchConsumerLocalTimeMean, lastHours(4, 9, 1)),
      'warn',
      'medium orders/fetch',
    ],
    [
      'passes: ten per cent more traffic explain it',
      produce(lastHours(4, 8, 4)).withHourlyOfBrokers(METRICS.bytesIn, lastHours(4, 2.2e6, 2e6)),
      'pass',
    ],
    [
      'warns: nine per cent more traffic do not',
      produce(lastHours(4, 8, 4)).withHourlyOfBrokers(METRICS.bytesIn, lastHours(4, 2.18e6, 2e6)),
      'warn',
      'medium orders/produce',
    ],
    [
      'warns: slower although a third of the traffic is gone',
      produce(lastHours(4, 24, 4)).withHourlyOfBrokers(METRICS.bytesIn, lastHours(4, 1.3e6, 2e6)),
      'warn',
      'medium orders/produce',
    ],
    ['passes: the same hour is always slow', produce(daily), 'pass'],
    ['no-data: 167 hours of history', produce(youngHours(167, 4)), 'no-data'],
    ['passes: 168 hours of history, of a cluster that is a week old', produce(youngHours(168, 4)), 'pass'],
    [
      'warns: slower in a cluster that is a week old',
      produce(youngHours(168, 4).map((ms, i) => (i >= HISTORY_HOURS - 4 ? 8 : ms))),
      'warn',
      'medium orders/produce',
    ],
    [
      'no-data: nine of the twenty days since it began',
      produce(onDays(20, [0, 5, 7, 9, 11, 13, 15, 17, 19], 4)),
      'no-data',
    ],
    ['no-data: six days of history', produce(Array.from({ length: 6 * 24 }, () => 4)), 'no-data'],
    ['no-data: no history', aMonitored().withoutMetric(METRICS.produceTotalTimeMean), 'no-data'],
    ['no-data: CloudWatch was not read', aMonitored().without('metrics', 'throttled'), 'no-data'],
    ['no-data: CloudWatch was read in part', aMonitored().withPartial('metrics', 'throttled'), 'no-data'],
    ['not applicable: Serverless', aMonitored().withKind('serverless'), 'not-applicable'],
    ['not applicable: Kafka without AWS', aMonitored().withKind('kafka'), 'not-applicable'],
  ]);

  describeSeverities('latency-regressed', SICK['latency-regressed'], {
    production: 'medium',
    staging: 'low',
    development: 'info',
  });

  test('says that the traffic fell, from the change on that counts as one', () => {
    const note = (bytesIn: number) =>
      runCheck(
        'latency-regressed',
        produce(lastHours(4, 8, 4)).withHourlyOfBrokers(METRICS.bytesIn, lastHours(4, bytesIn, 2e6)),
      ).findings[0]?.note;
    expect(note(1.8e6)).toContain('while traffic fell by 10%');
    expect(note(1.82e6)).not.toContain('traffic');
  });

  test('comes after a broker that is slow by itself', () => {
    const { recommendation } = runCheck('latency-regressed', SICK['latency-regressed']());
    expect(recommendation!.causedBy).toEqual(['broker-slow']);
  });
});
