import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { aSnapshot, type SnapshotBuilder, TAKEN_AT_MS } from '../../builders/a-snapshot.ts';
import { PERIODS_OF_DAY } from '../minutes.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';
import { aGroup } from './groups.ts';

const PAIR = { 'Consumer Group': 'billing', Topic: 'payments' };
/** Seconds late by five minutes of the day; the latest two are not judged. */
const series = (builder: SnapshotBuilder, value: (period: number) => number, metric = METRICS.rollingTimeLag) =>
  builder.withMetric(
    metric,
    PAIR,
    Array.from({ length: PERIODS_OF_DAY }, (_, i) => value(i)),
  );
const fine = (builder: SnapshotBuilder) => series(builder, () => 5);
const caughtUp = () =>
  aGroup([10_000, 10_600, 11_200], { endPerSample: 600 }).withTimeLags([
    [0, 0],
    [0, 0],
  ]);
/** Partition 0 is `sec` late by its timestamps, and stands still or drains. */
const late = (sec: number, commits = [5000, 5000, 5000]) =>
  aGroup(commits, { endPerSample: 600 }).withTimeLags([
    [sec, sec],
    [0, 0],
  ]);
const draining = [5000, 6000, 7000];
const last = PERIODS_OF_DAY - 3;

describe('time-lag-over-target', () => {
  describeVerdicts('time-lag-over-target', [
    ['passes: caught up now and all day', fine(caughtUp()), 'pass'],
    ['passes: 300 s late is the target', fine(late(300)), 'pass'],
    ['warns: 301 s late, not proven to last', fine(late(301)), 'warn', 'medium billing/payments'],
    ['warns: target and 899 s', fine(late(1199)), 'warn', 'medium billing/payments'],
    ['fails: target and 900 s prove that it lasts', fine(late(1200)), 'fail', 'high billing/payments'],
    ['passes: 1,199 s late and draining', fine(late(1199, draining)), 'pass'],
    ['fails: 1,200 s late, though draining', fine(late(1200, draining)), 'fail', 'high billing/payments'],
    [
      'fails: above the target to the end of the window, 15 min',
      series(caughtUp(), (i) => (i > last - 3 ? 301 : 5)),
      'fail',
      'high billing/payments',
    ],
    ['passes: above it for 10 min only', series(caughtUp(), (i) => (i > last - 2 ? 301 : 5)), 'pass'],
    [
      'passes: one bad hour at night is not the 95th percentile',
      series(caughtUp(), (i) => (i > 50 && i <= 62 ? 900 : 5)),
      'pass',
    ],
    [
      'fails: a bad hour and a half',
      series(caughtUp(), (i) => (i > 50 && i <= 68 ? 900 : 5)),
      'fail',
      'high billing/payments',
    ],
    [
      'passes: peaks of 10 min all day, never 15',
      series(caughtUp(), (i) => (i % 4 < 2 && i < last - 3 ? 900 : 5)),
      'pass',
    ],
    [
      'warns: above the good point for more than half of the day',
      series(caughtUp(), (i) => (i <= 143 ? 61 : 5)),
      'warn',
      'medium billing/payments',
    ],
    ['passes: above it for exactly half of the day', series(caughtUp(), (i) => (i <= 142 ? 61 : 5)), 'pass'],
    ['passes: exactly the good point all day', series(caughtUp(), () => 60), 'pass'],
    ['no-data: without the series the night is not known', caughtUp(), 'no-data'],
    ['no-data: CloudWatch could not be read', caughtUp().without('metrics', 'not-permitted'), 'no-data'],
    ['no-data: two hours of a day', series(caughtUp(), (i) => (i > 264 ? 5 : Number.NaN)), 'no-data'],
    [
      'fails on CloudWatch alone',
      series(caughtUp(), () => 900).without('kafkaGroups', 'unreachable'),
      'fail',
      'high billing/payments',
    ],
    [
      'no-data: CloudWatch alone does not know every group',
      fine(caughtUp()).without('kafkaGroups', 'unreachable'),
      'no-data',
    ],
    ['passes on Kafka without AWS, where the question is about now', caughtUp().withKind('kafka'), 'pass'],
    ['fails on Kafka without AWS', late(1200).withKind('kafka'), 'fail', 'high billing/payments'],
    [
      'fails on Serverless by the time that catching up would take',
      series(caughtUp(), () => 900, METRICS.serverlessTimeLag).withKind('serverless'),
      'fail',
      'high billing/payments',
    ],
    [
      'passes: the hour of maintenance is not judged',
      series(caughtUp(), (i) => (i > 50 && i <= 68 ? 900 : 5)).withOperation(
        'UPDATE',
        TAKEN_AT_MS - 20 * 3_600_000,
        TAKEN_AT_MS - 18 * 3_600_000,
      ),
      'pass',
    ],
    [
      'passes: old timestamps of a group that reads along',
      fine(
        aGroup([9_950, 10_550, 11_150], { endPerSample: 600 }).withTimeLags([
          [90_000, 90_000],
          [0, 0],
        ]),
      ),
      'pass',
    ],
    [
      'fails: 20 records that nobody has read for an hour',
      fine(
        aGroup([9_980, 9_980, 9_980]).withTimeLags([
          [3600, 3600],
          [0, 0],
        ]),
      ),
      'fail',
      'high billing/payments',
    ],
    ['fails: nobody reads any more', fine(stopped(90_000)), 'fail', 'high billing/payments'],
    [
      'passes: exactly the target to the end of the window',
      series(caughtUp(), (i) => (i > last - 6 ? 300 : 5)),
      'pass',
    ],
    [
      'passes: a few records, whose age is only guessed from the log ends',
      aGroup([9_950, 9_950, 9_950], { endPerSample: 1 }).withKind('kafka'),
      'pass',
    ],
    ['no-data: nothing tells the age of what waits', fine(aGroup([5000, 5000, 5000])), 'no-data'],
    ['not applicable: no groups', aSnapshot().withTopic('payments'), 'not-applicable'],
    ['passes: what a person looked at once', console_(), 'pass'],
  ]);

  describeVerdicts('time-lag-over-target', [['passes: the goal cost allows an hour', fine(late(1200)), 'pass']], {
    goal: 'cost',
  });
  describeVerdicts(
    'time-lag-over-target',
    [['fails: the policy allows this group a minute', fine(late(961)), 'fail', 'high billing/payments']],
    { overrides: { version: 1, groups: { 'bill*': { maxTimeLagSec: 60 } } } },
  );
  describeVerdicts('time-lag-over-target', [['passes: a job that runs every two hours', fine(late(7000)), 'pass']], {
    overrides: { version: 1, groups: { 'bill*': { batchEveryHours: 2 } } },
  });
  describeSeverities('time-lag-over-target', () => fine(late(90_000)), {
    production: 'high',
    staging: 'medium',
    development: 'low',
  });

  test('the window is the measure, the look is what is true now', () => {
    const [finding] = runCheck(
      'time-lag-over-target',
      series(caughtUp(), () => 900),
    ).findings;
    expect(finding).toMatchObject({ measured: 900, limit: 300, now: 0, unit: 'durationSec', confidence: 0.6 });
  });

  test('says by what an estimate is one', () => {
    const serverless = series(caughtUp(), () => 900, METRICS.serverlessTimeLag).withKind('serverless');
    const note = (source: SnapshotBuilder) => runCheck('time-lag-over-target', source).findings[0]!.note;
    expect(note(serverless)).toContain('EstimatedMaxTimeLag, the time that catching up would take');
    expect(note(series(caughtUp(), () => 900))).toContain('RollingEstimatedTimeLagMax, an estimate');
  });

  test('a lower bound says so', () => {
    const source = aGroup([5000, 5000, 5000], { endPerSample: 600 }).withTimeLags([
      [86_400, null],
      [0, 0],
    ]);
    expect(runCheck('time-lag-over-target', fine(source)).findings[0]?.note).toContain('at least by the timestamp');
  });

  test('every group late: the brokers first', () => {
    const one = fine(late(1200));
    const recovering = runCheck('time-lag-over-target', fine(late(1200, draining)));
    expect(recovering.recommendation!.action).toContain('its processing first');
    expect(recovering.findings[0]!.note).toContain('draining');
    expect(runCheck('time-lag-over-target', one).recommendation!.action).toContain('few partitions');
    const all = late(1200)
      .withGroup('audit', { commits: { payments: [5000, 5000] } })
      .withTimeLags([
        [1200, 1200],
        [0, 0],
        [1300, 1300],
        [1300, 1300],
      ]);
    expect(runCheck('time-lag-over-target', all).recommendation!.action).toContain('brokers first');
  });
});

function stopped(sec: number) {
  return aGroup([5000, 5000, 5000], {}, { members: 0, state: 'Empty' }).withTimeLags([
    [sec, sec],
    [0, 0],
  ]);
}

function console_() {
  const source = caughtUp().withGroup('console-consumer-4711', {
    commits: { payments: [10, 10] },
    members: 0,
    state: 'Empty',
  });
  return fine(
    source.withTimeLags([
      [0, 0],
      [0, 0],
      [90_000, 90_000],
      [90_000, 90_000],
    ]),
  );
}
