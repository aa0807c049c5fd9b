import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { renderCommand } from '../../../lib/text/command.ts';
import { HISTORY_END_MS, HISTORY_HOURS } from '../../builders/a-snapshot.ts';
import { aMonitored, lastHours, rising } from '../monitored.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';
import { SICK } from '../sick.ts';

const B2 = { 'Broker ID': 2 };
const HOUR_MS = 3_600_000;
const used = (values: readonly (number | null)[]) => aMonitored().withHourly(METRICS.diskUsed, B2, values);

/** All volumes fill up; the only topic keeps a day of the traffic, which makes so much of a volume. */
const filling = (plateauPercent: number) => {
  const GiB = 1024 ** 3;
  // Three brokers hold all three copies each: a volume holds the traffic of the cluster for a day and the segment's hour, and a tenth more.
  const bytesPerSec = ((plateauPercent / 100) * 1000 * GiB) / (25.084 * 3600) / 1.1;
  return aMonitored()
    .withSection('kafkaTopics', [])
    .withTopic('t', {
      configs: { 'retention.ms': '86400000', 'segment.bytes': '1073741824000', 'segment.ms': '3600000' },
    })
    .withRates('t', [1000, 1000, 1000])
    .withSizes('t', 1e9)
    .withHourlyOfBrokers(METRICS.bytesIn, bytesPerSec / 3)
    .withHourlyOfBrokers(METRICS.diskUsed, rising(5, 58));
};

/** Four weeks of one level, with a wave over the day, and since so many days as many percent points a day more. */
const jumped = (level: number, sinceDays: number, perDay: number, hours = HISTORY_HOURS) =>
  Array.from(
    { length: hours },
    (_, i) => level + 2 * Math.sin((i / 12) * Math.PI) + Math.max(0, i - (hours - sinceDays * 24)) * (perDay / 24),
  );
/** Retention of a day and a half, and half of the traffic at weekends: the level falls within a day and a half and is back two days and a half later. */
const weekly = ({ high = 70, low = 30, perWeek = 0, endsOnHour = 0 }) =>
  Array.from({ length: HISTORY_HOURS }, (_, i) => {
    const hour = (i + endsOnHour) % 168;
    const quiet = hour < 36 ? hour / 36 : hour < 60 ? 1 : hour < 120 ? (120 - hour) / 60 : 0;
    return high - (high - low) * quiet + (perWeek * (i + 1 - HISTORY_HOURS)) / 168;
  });

describe('disk-full-forecast', () => {
  describeVerdicts('disk-full-forecast', [
    ['passes: a healthy cluster', aMonitored(), 'pass'],
    // A line over four weeks without noise has no band: days = (85 - now) / slope a day.
    ['fails: 85 % in less than a week', used(rising(30, 75)), 'fail', 'high 2'],
    ['warns: in more than a week', used(rising(30, 71)), 'warn', 'medium 2'],
    ['passes: in more than a month', used(rising(30, 55)), 'pass'],
    ['passes: falls', used(rising(70, 40)), 'pass'],
    ['passes: 80 % for weeks', used(Array.from({ length: HISTORY_HOURS }, () => 80)), 'pass'],
    [
      'passes: a daily wave without a trend',
      used(Array.from({ length: HISTORY_HOURS }, (_, i) => 50 + 20 * Math.sin((i / 12) * Math.PI))),
      'pass',
    ],
    [
      'passes: made room yesterday, and a week is not over',
      used([...rising(30, 75).slice(0, -24), ...rising(20, 21, 24)]),
      'no-data',
    ],
    [
      'warns: since the volumes were enlarged ten days ago',
      used([...rising(60, 90).slice(0, -240), ...rising(45, 62, 240)]).withOperation(
        'UPDATE_STORAGE',
        HISTORY_END_MS - 241 * HOUR_MS,
        HISTORY_END_MS - 240 * HOUR_MS,
      ),
      'warn',
      'medium 2',
    ],
    ['fails: ten points a day since the day before yesterday', used(jumped(50, 2, 10)), 'fail', 'high 2'],
    ['fails: five points a day for four days', used(jumped(50, 4, 5)), 'fail', 'high 2'],
    ['fails: four points a day for nine days, as in the week before', used(jumped(30, 9, 4)), 'fail', 'high 2'],
    ['passes: the rate of two days fills it in more than a week', used(jumped(40, 2, 5)), 'pass'],
    [
      'passes: ten points at once yesterday, and no more since',
      used(jumped(60, 1, 0).map((v, i) => (i > 642 ? v + 10 : v))),
      'pass',
    ],
    [
      'passes: ten points three days ago, and no more since',
      used(jumped(60, 1, 0).map((v, i) => (i > 600 ? v + 10 : v))),
      'pass',
    ],
    [
      'passes: one hour lies fifteen points above the others',
      used(jumped(60, 1, 0).map((v, i) => (i === 660 ? v + 15 : v))),
      'pass',
    ],
    ...[12, 36, 60, 84, 108, 120, 144].map(
      (endsOnHour) =>
        [
          `passes: the level falls every week and is back, ${endsOnHour} hours ago`,
          used(weekly({ endsOnHour })),
          'pass',
        ] as const,
    ),
    [
      'warns: ten points a week, and each week begins with ten',
      used(weekly({ high: 68, low: 58, perWeek: 10.5, endsOnHour: 118 })),
      'warn',
      'medium 2',
    ],
    [
      'passes: after a week of holidays the level comes back',
      used(
        jumped(70, 0, 0).map((v, i) => v - Math.min(Math.max(0, i - 480) / 5, 28) + (10 * Math.max(0, i - 624)) / 24),
      ),
      'pass',
    ],
    [
      'passes: a point and a half a day since two days, and one hour of a peak',
      used(jumped(60, 2, 1.5).map((v, i) => (i === 660 ? v + 15 : v))),
      'pass',
    ],
    [
      'passes: one point a day since two days, and six at once yesterday',
      used(jumped(65, 2, 1).map((v, i) => (i > 642 ? v + 6 : v))),
      'pass',
    ],
    ['warns: the busy hours of a steady growth are no other rate', used(jumped(32, 28, 1.5)), 'warn', 'medium 2'],
    [
      'warns: two days alone, since the volumes were enlarged: less is known',
      used([...rising(60, 90).slice(0, -72), ...jumped(20, 3, 12, 72)]),
      'warn',
      'medium 2',
    ],
    ['passes: retention will hold it below the line', filling(60), 'pass'],
    [
      'passes: retention will hold what was written in the last two days as well',
      filling(60).withHourlyOfBrokers(METRICS.diskUsed, jumped(40, 2, 10)),
      'pass',
    ],
    [
      'fails: retention will not hold the rate of the last two days',
      filling(60)
        .withHourlyOfBrokers(METRICS.diskUsed, jumped(40, 2, 10))
        .withHourlyOfBrokers(METRICS.bytesIn, lastHours(48, 2.6e7, 1e6)),
      'fail',
      'high 1',
      'high 2',
      'high 3',
    ],
    ['warns: retention will not hold it', filling(160), 'warn', 'medium 1', 'medium 2', 'medium 3'],
    [
      'warns: nobody knows the retention',
      filling(60).without('kafkaTopicConfigs'),
      'warn',
      'medium 1',
      'medium 2',
      'medium 3',
    ],
    ['warns: nobody knows the sizes', filling(60).without('kafkaLogDirs'), 'warn', 'medium 1', 'medium 2', 'medium 3'],
    ['no-data: six days of history', used(rising(30, 40, 6 * 24)), 'no-data'],
    ['no-data: a broker is missing', aMonitored().withoutMetric(METRICS.diskUsed, B2), 'no-data'],
    [
      'no-data: too few hours of a broker',
      used(Array.from({ length: HISTORY_HOURS }, (_, i) => (i % 10 === 0 || i > 500 ? 30 : null))),
      'no-data',
    ],
    [
      'fails: another broker is missing',
      used(rising(30, 75)).withoutMetric(METRICS.diskUsed, { 'Broker ID': 1 }),
      'fail',
      'high 2',
    ],
    ['not applicable: Express', aMonitored().withKind('provisioned-express'), 'not-applicable'],
    ['no-data: CloudWatch was not read', aMonitored().without('metrics', 'throttled'), 'no-data'],
    ['no-data: CloudWatch was read in part', aMonitored().withPartial('metrics', 'throttled'), 'no-data'],
    ['not applicable: Serverless', aMonitored().withKind('serverless'), 'not-applicable'],
    ['not applicable: Kafka without AWS', aMonitored().withKind('kafka'), 'not-applicable'],
  ]);

  describeSeverities('disk-full-forecast', SICK['disk-full-forecast'], {
    production: 'high',
    staging: 'medium',
    development: 'medium',
  });

  test('sizes the expansion for the level of the month to come: 75 % and 30 days of 1.61 % are 123.3 %, of 1000 GiB to 60 %', () => {
    const { recommendation } = runCheck('disk-full-forecast', SICK['disk-full-forecast']());
    expect(recommendation!.commands.map(renderCommand).at(-1)).toContain('"VolumeSizeGB":2056}]');
    expect(recommendation!.impact).toMatchObject({
      kind: 'added-cost',
      usdPerMonth: expect.closeTo(1056 * 3 * 0.1, 6),
    });
  });

  test('by hand: 45 percent points in 671 hours, 10 points to go', () => {
    const [finding] = runCheck('disk-full-forecast', SICK['disk-full-forecast']()).findings;
    expect(finding!.measured).toBeCloseTo(10 / ((45 / 671) * 24), 0);
  });
});
