import { describe, expect, test } from 'vitest';
import { aSnapshot, type SnapshotBuilder, TAKEN_AT_MS } from '../../builders/a-snapshot.ts';
import { MINUTES_OF_DAY } from '../minutes.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';
import { aGroup, withLag } from './groups.ts';

const calm = () => aGroup([10_000, 10_000, 10_000]);
/** The latest two minutes are not judged. */
const JUDGED = MINUTES_OF_DAY - 2;
/** No point in `missing` single minutes of the day, every other minute from 100 on. */
const gaps = (missing: number, builder: SnapshotBuilder = calm(), group = 'billing') =>
  withLag(builder, (m) => (m >= 100 && m < 100 + 2 * missing && m % 2 === 0 ? null : 5), group);
const atLimit = Math.floor(0.05 * JUDGED);
const audit = () => calm().withGroup('audit', { commits: { payments: [10_000, 10_000] } });
const stuck = () => gaps(0, aGroup([5000, 5000, 5000], {}, { state: 'PreparingRebalance' }));

describe('rebalances-frequent', () => {
  describeVerdicts('rebalances-frequent', [
    ['passes: a lag in every minute', gaps(0), 'pass'],
    ['passes: 71 of 1,438 minutes are missing, just under 5 %', gaps(atLimit), 'pass'],
    ['warns: 72 of 1,438 minutes', gaps(atLimit + 1), 'warn', 'medium billing'],
    ['warns: the other group was steady', gaps(0, gaps(200, audit()), 'audit'), 'warn', 'medium billing'],
    ['passes: no group at all had a lag in these minutes', gaps(200, gaps(200, audit()), 'audit'), 'pass'],
    [
      'passes: minutes of maintenance',
      withLag(calm(), (m) => (m >= 240 && m < 360 ? null : 5)).withOperation(
        'UPDATE',
        TAKEN_AT_MS - 20 * 3_600_000,
        TAKEN_AT_MS - 18 * 3_600_000,
      ),
      'pass',
    ],
    ['passes: a group that came in the afternoon', withLag(calm(), (m) => (m < 900 ? null : 5)), 'pass'],
    ['no-data: less than six hours', withLag(calm(), (m) => (m < JUDGED - 359 ? null : 5)), 'no-data'],
    ['passes: six hours', withLag(calm(), (m) => (m < JUDGED - 360 ? null : 5)), 'pass'],
    ['no-data: CloudWatch has no lag of the group', calm(), 'no-data'],
    ['no-data: CloudWatch could not be read', gaps(0).without('metrics', 'throttled'), 'no-data'],
    ['warns: in a rebalance, and nothing is committed for two minutes', stuck(), 'warn', 'medium billing'],
    [
      'passes: found in a rebalance, and reading again',
      gaps(0, aGroup([5000, 5100, 5200], {}, { state: 'CompletingRebalance' })),
      'pass',
    ],
    ['no-data: found in a rebalance and looked at once', stuck().without('kafkaSamples'), 'no-data'],
    ['no-data: found in a rebalance, offsets not read', stuck().without('kafkaOffsets', 'timed-out'), 'no-data'],
    [
      'passes: nobody is in the group, and nothing rebalances',
      aGroup([10_000, 10_000, 10_000], {}, { members: 0, state: 'Empty' }),
      'pass',
    ],
    [
      'passes: workers of Connect commit nothing, and have no lag',
      gaps(0).withGroup('connect', { commits: {}, members: 2 }),
      'pass',
    ],
    ['no-data on Kafka without AWS, where nobody publishes lag', calm().withKind('kafka'), 'no-data'],
    ['warns on Kafka without AWS: a rebalance that does not end', stuck().withKind('kafka'), 'warn', 'medium billing'],
    ['warns on Serverless', gaps(200).withKind('serverless'), 'warn', 'medium billing'],
    ['warns on CloudWatch alone', gaps(200).without('kafkaGroups', 'unreachable'), 'warn', 'medium billing'],
    ['no-data: CloudWatch alone does not know every group', gaps(0).without('kafkaGroups', 'unreachable'), 'no-data'],
    ['not applicable: no groups', aSnapshot().withTopic('payments'), 'not-applicable'],
  ]);
  describeSeverities('rebalances-frequent', () => gaps(200), {
    production: 'medium',
    staging: 'low',
    development: 'info',
  });

  test('counts the gaps and names members without a static id', () => {
    const result = runCheck('rebalances-frequent', gaps(144));
    expect(result.findings[0]).toMatchObject({
      measured: expect.closeTo((100 * 144) / JUDGED, 9),
      limit: 5,
      confidence: 0.6,
    });
    expect(result.findings[0]!.note).toBe('144 gaps; 1 of 1 member without group.instance.id, assignor range');
    expect(result.evidence[0]!.rows[0]).toMatchObject({ gaps: 144, longest: 1, static: 0, clients: 'billing-client' });
  });

  test('a group of the newer protocol is not told to change its assignor', () => {
    const action = (type: 'classic' | 'consumer') =>
      runCheck('rebalances-frequent', gaps(200).withGroupFields('billing', { type })).recommendation!.action;
    expect(action('classic')).toContain('CooperativeStickyAssignor');
    expect(action('consumer')).not.toContain('CooperativeStickyAssignor');
  });
});
