import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { aSnapshot, type SnapshotBuilder } from '../../builders/a-snapshot.ts';
import { PERIODS_OF_DAY } from '../minutes.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';
import { aGroup } from './groups.ts';

/** Ends move by 600 a minute (10/s); the group reads `perLook` a minute. */
const reading = (perLook: number, first = 1000) =>
  aGroup([first, first + perLook, first + 2 * perLook], { endPerSample: 600 });
/** A value by five minutes, for each of their minutes: lag is asked for by the minute. */
const byMinute = (value: (period: number) => number) =>
  Array.from({ length: 5 * PERIODS_OF_DAY }, (_, minute) => value(Math.floor(minute / 5)));
const trend = (builder: SnapshotBuilder, perPeriod: number, last = 50_000, group = 'billing') =>
  builder.withMetric(
    METRICS.sumOffsetLag,
    { 'Consumer Group': group, Topic: 'payments' },
    byMinute((i) => last - (PERIODS_OF_DAY - 1 - i) * perPeriod),
  );

const fresh = (builder: SnapshotBuilder, sec: number) =>
  builder.withMetric(METRICS.rollingTimeLag, { 'Consumer Group': 'billing', Topic: 'payments' }, sec);

describe('lag-growing', () => {
  describeVerdicts('lag-growing', [
    ['passes: caught up', aGroup([10_000, 10_600, 11_200], { endPerSample: 600 }), 'pass'],
    ['passes: behind and as fast as the producers, now and for hours', trend(reading(600), 0), 'pass'],
    ['passes: behind and draining, falling for hours', trend(reading(700), -200), 'pass'],
    ['passes: slower by 1 % of what is produced, which is noise', trend(reading(594), 0), 'pass'],
    ['no-data: steady now, and the hours before are not known', reading(600), 'no-data'],
    ['no-data: CloudWatch could not be read', reading(600).without('metrics', 'throttled'), 'no-data'],
    [
      'passes: steady on Kafka without AWS, where nobody publishes the hours before',
      reading(600).withKind('kafka'),
      'pass',
    ],
    ['fails: slower by more than 1 % of what is produced', reading(593), 'fail', 'high billing'],
    ['passes here: standing still is another finding', reading(0), 'pass'],
    ['fails: steady now, rising for six hours', trend(reading(600), 200), 'fail', 'high billing'],
    ['warns: draining now, rising for six hours', trend(reading(700), 200), 'warn', 'medium billing'],
    [
      'passes: caught up now, whatever the hours before',
      trend(aGroup([10_000, 10_600, 11_200], { endPerSample: 600 }), 200),
      'pass',
    ],
    // 1 % of 20 messages a second over both partitions is 0.2/s, 60 in five minutes.
    ['passes: rising by exactly 1 % of what is produced', trend(reading(600), 60), 'pass'],
    ['fails: rising by just over 1 % of what is produced', trend(reading(600), 61), 'fail', 'high billing'],
    ['passes: falling for six hours', trend(reading(600), -200), 'pass'],
    [
      'fails on CloudWatch alone, marked as partial',
      trend(reading(600), 200).without('kafkaGroups', 'unreachable'),
      'fail',
      'high billing',
    ],
    [
      'no-data: CloudWatch alone, lag that rises with traffic and is a minute old',
      fresh(trend(reading(600), 200), 60).without('kafkaGroups', 'unreachable'),
      'no-data',
    ],
    [
      'fails: CloudWatch alone, rising and more than a minute old',
      fresh(trend(reading(600), 200), 61).without('kafkaGroups', 'unreachable'),
      'fail',
      'high billing',
    ],
    [
      'fails: rising by more than 1 % of what is produced, however fresh',
      fresh(trend(reading(600), 200), 5),
      'fail',
      'high billing',
    ],
    [
      'no-data: CloudWatch alone shows no growth, but does not see every group',
      trend(reading(600), 0).without('kafkaGroups', 'unreachable'),
      'no-data',
    ],
    ['no-data: one look only', reading(500).without('kafkaSamples'), 'no-data'],
    ['fails on Serverless', reading(500).withKind('serverless'), 'fail', 'high billing'],
    ['fails on Kafka without AWS', reading(500).withKind('kafka'), 'fail', 'high billing'],
    ['not applicable: no groups', aSnapshot().withTopic('payments'), 'not-applicable'],
  ]);

  describeSeverities('lag-growing', () => reading(500), { production: 'high', staging: 'medium', development: 'low' });

  test('by hand: 10 a second produced, 500 a minute read, lag grows by 1.667 a second', () => {
    const result = runCheck('lag-growing', reading(500));
    expect(result.findings[0]?.measured).toBeCloseTo(10 - 500 / 60, 9);
    expect(result.findings[0]?.unit).toBe('countPerSec');
  });

  test('says where the short and the long view agree and where not', () => {
    const note = (source: SnapshotBuilder) => runCheck('lag-growing', source).findings[0];
    expect(note(trend(reading(500), 500))).toMatchObject({
      confidence: 1,
      note: expect.stringContaining('growing over hours as well'),
    });
    expect(note(trend(reading(500), -500))).toMatchObject({
      confidence: 0.5,
      note: expect.stringContaining('no growth over hours'),
    });
    expect(note(reading(500))?.confidence).toBe(0.7);
  });

  test('says when the target is missed and when records are lost, by hand', () => {
    // 10 a second come, 500 a minute are read: the lag grows by 5/3 a second.
    const source = aGroup([9800, 10_300, 10_800], { start: 9000, end: 10_401, endPerSample: 600 });
    const [row] = runCheck('lag-growing', source).evidence[0]!.rows;
    // Lag 801 of the 3,000 that 300 s of records are; 1,800 messages above the log start.
    expect(row!.breachSec).toBeCloseTo((3000 - 801) / (5 / 3), 6);
    expect(row!.lossSec).toBeCloseTo(1800 / (5 / 3), 6);
    expect(row!.drainSec).toBeNull();
    expect(runCheck('lag-growing', source).findings[0]!.note).toContain(
      'later than its target in 22 min; records are deleted unread in 18 min',
    );
  });

  test('a burst at the end is no trend: p is far from 0.05', () => {
    const burst = reading(600).withMetric(
      METRICS.sumOffsetLag,
      { 'Consumer Group': 'billing', Topic: 'payments' },
      byMinute((i) => (i === PERIODS_OF_DAY - 3 ? 90_000 : 20_000)),
    );
    expect(runCheck('lag-growing', burst).status).toBe('pass');
  });

  test('says in words that lag should not grow', () => {
    expect(runCheck('lag-growing', reading(500)).summary).toMatch(
      /grows by [\d.]+\/s, and should not grow for long\.$/,
    );
  });
});
