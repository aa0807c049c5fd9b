import { describe } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { HISTORY_END_MS, HISTORY_HOURS, TAKEN_AT_MS } from '../../builders/a-snapshot.ts';
import { aMonitored, lastHours, onDays, youngHours } from '../monitored.ts';
import { describeSeverities, describeVerdicts } from '../run.ts';
import { SICK } from '../sick.ts';

const HOUR_MS = 3_600_000;
const cluster = (values: (number | null)[]) => aMonitored().withHourlyOfBrokers(METRICS.bytesIn, values);
const topic = (values: (number | null)[]) =>
  aMonitored().withHourly(METRICS.topicBytesIn, { 'Broker ID': 1, Topic: 'orders' }, values);
/** A Sum of sixty minutes. */
const serverless = (values: number[]) =>
  aMonitored()
    .withKind('serverless')
    .withHourly(
      METRICS.serverlessBytesIn,
      { Topic: 't' },
      values.map((value) => value * 60),
    );
/** Quiet on Saturdays and Sundays; the report is moved to where its last hours lie in a weekend by the pattern itself. */
const weekend = Array.from({ length: HISTORY_HOURS }, (_, i) => {
  const day = new Date(HISTORY_END_MS - (HISTORY_HOURS - i) * HOUR_MS).getUTCDay();
  return day === 0 || day === 6 ? 1e5 : 2e6;
});

/** Half of twenty days, the first and the last among them. */
const TEN = [0, 3, 5, 7, 9, 11, 13, 15, 17, 19];

describe('traffic-anomalous', () => {
  describeVerdicts('traffic-anomalous', [
    ['passes: a healthy cluster', aMonitored(), 'pass'],
    ['passes: half of the usual', cluster(lastHours(4, 1e6, 2e6)), 'pass'],
    ['warns: less than half', cluster(lastHours(4, 0.99e6, 2e6)), 'warn', 'medium orders'],
    ['passes: twice the usual', cluster(lastHours(4, 4e6, 2e6)), 'pass'],
    ['warns: more than twice', cluster(lastHours(4, 4.1e6, 2e6)), 'warn', 'medium orders'],
    ['warns: three of the last four hours', cluster(lastHours(3, 0, 2e6)), 'warn', 'medium orders'],
    ['passes: two of them', cluster(lastHours(2, 0, 2e6)), 'pass'],
    [
      'passes: quiet at this hour every night',
      cluster(Array.from({ length: HISTORY_HOURS }, (_, i) => (i % 24 >= 20 ? 1e5 : 2e6))),
      'pass',
    ],
    ['passes: quiet at every weekend', cluster(weekend), 'pass'],
    ['warns: one topic dried up', topic(lastHours(4, 0, 1e6)), 'warn', 'medium orders'],
    ['passes: a topic of a few messages', topic(lastHours(4, 0, 10_000)), 'pass'],
    [
      'passes: a topic that began yesterday',
      topic([
        ...Array.from({ length: HISTORY_HOURS - 24 }, () => null),
        ...Array.from({ length: 24 }, (_, i) => 1e6 * i),
      ]),
      'pass',
    ],
    ['passes: a topic that never took in anything', topic(Array.from({ length: HISTORY_HOURS }, () => null)), 'pass'],
    [
      'no-data: the last hours are planned work',
      cluster(lastHours(4, 0, 2e6)).withOperation(
        'UPDATE_BROKER_TYPE',
        TAKEN_AT_MS - 8 * HOUR_MS,
        TAKEN_AT_MS - 1.5 * HOUR_MS,
      ),
      'no-data',
    ],
    ['no-data: 167 hours of history', cluster(youngHours(167, 2e6)), 'no-data'],
    ['passes: 168 hours of history, of a cluster that is a week old', cluster(youngHours(168, 2e6)), 'pass'],
    [
      'warns: a drop in a cluster that is a week old',
      cluster(youngHours(168, 2e6).map((bytes, i) => (i >= HISTORY_HOURS - 4 ? 0 : bytes))),
      'warn',
      'medium orders',
    ],
    ['passes: ten of the twenty days since it began', cluster(onDays(20, TEN, 2e6)), 'pass'],
    [
      'no-data: an hour less of them',
      cluster(onDays(20, TEN, 2e6).map((bytes, i) => (i === HISTORY_HOURS - 2 * 24 - 1 ? null : bytes))),
      'no-data',
    ],
    [
      'passes: ten hours of the unknown days were planned work',
      cluster(onDays(20, TEN, 2e6).map((bytes, i) => (i === HISTORY_HOURS - 2 * 24 - 1 ? null : bytes))).withOperation(
        'UPDATE_BROKER_TYPE',
        TAKEN_AT_MS - 42 * HOUR_MS,
        TAKEN_AT_MS - 32 * HOUR_MS,
      ),
      'pass',
    ],
    ['passes: five days before tell what is usual at this hour', cluster(onDays(10, [0, 1, 2, 3, 4, 9], 2e6)), 'pass'],
    ['no-data: four do not', cluster(onDays(10, [0, 1, 2, 3, 9], 2e6)), 'no-data'],
    ['no-data: six days of history', cluster(Array.from({ length: 6 * 24 }, () => 2e6)), 'no-data'],
    [
      'no-data: the topic was not asked for',
      aMonitored().withoutMetric(METRICS.topicBytesIn, { Topic: 'orders' }),
      'no-data',
    ],
    ['no-data: no history', aMonitored().withoutMetric(METRICS.bytesIn), 'no-data'],
    ['warns: Serverless', serverless(lastHours(4, 0, 60e6)), 'warn', 'medium orders', 'medium t'],
    ['passes: Serverless as usual', serverless(lastHours(4, 60e6, 60e6)), 'pass'],
    ['no-data: CloudWatch was not read', aMonitored().without('metrics', 'throttled'), 'no-data'],
    ['no-data: CloudWatch was read in part', aMonitored().withPartial('metrics', 'throttled'), 'no-data'],
    ['not applicable: Kafka without AWS', aMonitored().withKind('kafka'), 'not-applicable'],
  ]);

  describeSeverities('traffic-anomalous', SICK['traffic-anomalous'], {
    production: 'medium',
    staging: 'low',
    development: 'info',
  });
});
