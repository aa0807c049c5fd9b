import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { aSnapshot, type SnapshotBuilder } from '../../builders/a-snapshot.ts';
import { MINUTES_OF_DAY, PERIODS_OF_DAY } from '../minutes.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';
import { aGroup, withLag } from './groups.ts';

/** 600 a minute (10/s) come into each partition; the group, behind on partition 0, reads `perLook` a minute of it. */
const reading = (perLook: number) => aGroup([1000, 1000 + perLook, 1000 + 2 * perLook], { endPerSample: 600 });
/** CloudWatch has seen no backlog. */
const seen = (builder: SnapshotBuilder) => withLag(builder, () => 0);
/** 100 a second come in by CloudWatch. A backlog built up in an hour without reading falls by `perMinute` from minute 600 on. */
const backlog = (perMinute: number) => {
  const source = withLag(aGroup([10_000, 10_600, 11_200], { endPerSample: 600 }), (minute) => {
    if (minute < 540) return 0;
    return minute < 600 ? (minute - 540) * 6000 : Math.max(0, 360_000 - (minute - 600) * perMinute);
  });
  return source;
};
const produced = (builder: SnapshotBuilder) =>
  builder.withMetric(
    METRICS.topicMessagesIn,
    { 'Broker ID': 1, Topic: 'payments' },
    Array.from({ length: PERIODS_OF_DAY }, () => 100),
  );

describe('catch-up-capacity-low', () => {
  describeVerdicts('catch-up-capacity-low', [
    ['no-data: nobody had a backlog', seen(aGroup([10_000, 10_600, 11_200], { endPerSample: 600 })), 'no-data'],
    ['passes: with a backlog reads 1.2 times what is produced', seen(reading(720)), 'pass'],
    ['warns: just below 1.2 times', seen(reading(719)), 'warn', 'medium billing/payments'],
    ['warns: as fast as the producers', seen(reading(600)), 'warn', 'medium billing/payments'],
    ['warns: slower than the producers', seen(reading(300)), 'warn', 'medium billing/payments'],
    ['no-data here: standing still shows no speed', seen(reading(0)), 'no-data'],
    ['no-data: nothing is produced, so that any speed is enough', seen(aGroup([1000, 1600, 2200])), 'no-data'],
    [
      'no-data: not committed at the last look, which may be a slow committer',
      seen(aGroup([1000, 1300, 1300], { endPerSample: 600 })),
      'no-data',
    ],
    ['no-data: the window is not known', reading(720), 'no-data'],
    [
      'no-data: lagged at night, and what came in is not measured',
      withLag(reading(720), () => 0)
        .withGroup('audit', { commits: { payments: [10_000, 10_000] } })
        .withMetric(
          METRICS.sumOffsetLag,
          { 'Consumer Group': 'audit', Topic: 'payments' },
          Array.from({ length: MINUTES_OF_DAY }, (_, m) => (m > 60 && m < 120 ? 50_000 : 0)),
        ),
      'no-data',
    ],
    ['passes: the backlog of the night was read at twice the rate', produced(backlog(6000)), 'pass'],
    [
      'warns: the backlog of the night was read at 1.1 times the rate',
      produced(backlog(600)),
      'warn',
      'medium billing/payments',
    ],
    ['no-data: one look only', seen(reading(720)).without('kafkaSamples'), 'no-data'],
    ['passes on Kafka without AWS', reading(720).withKind('kafka'), 'pass'],
    ['warns on Serverless', reading(600).withKind('serverless'), 'warn', 'medium billing/payments'],
    ['not applicable: no groups', aSnapshot().withTopic('payments'), 'not-applicable'],
  ]);
  describeSeverities('catch-up-capacity-low', () => seen(reading(600)), {
    production: 'medium',
    staging: 'low',
    development: 'info',
  });

  test('recovery of half an hour by hand: 1,800 s x 10 / (11.5 - 10) = 12,000 s; limit of the policy 3 h', () => {
    const overrides = { version: 1 as const, checks: { 'catch-up-capacity-low': { minRatio: 1.1, recoveryHours: 3 } } };
    const result = runCheck('catch-up-capacity-low', seen(reading(690)), { overrides });
    expect(result.findings[0]!.note).toContain('an outage of 30 min is caught up after 3.33 h');
    expect(result.evidence[0]!.rows[0]).toMatchObject({
      ratio: expect.closeTo(1.15, 9),
      recoverySeconds: expect.closeTo(12_000, 3),
      from: 'looks',
    });
    expect(
      runCheck('catch-up-capacity-low', seen(reading(690)), {
        overrides: { version: 1, checks: { 'catch-up-capacity-low': { minRatio: 1.1 } } },
      }).status,
    ).toBe('pass');
  });

  test('one partition and one member: two members would be needed, so that only faster work helps', () => {
    const { recommendation } = runCheck('catch-up-capacity-low', seen(reading(600)));
    expect(recommendation!.action).toContain('2 members would be needed, and only 1 partitions');
  });
});
