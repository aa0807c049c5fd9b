import { describe, expect, test } from 'vitest';
import { aSnapshot } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';
import { aGroup } from './groups.ts';

/** 10,000 records retained (1,000 to 11,000), nothing produced; the group stands at `committed` and reads a little. */
const at = (committed: number, configs: Record<string, string> = {}) =>
  aGroup([committed, committed, committed], { start: 1000, end: 11_000, configs });

/** 10 records a second produced and so deleted, `perLook` read a minute, the first unread one `margin` records above the log start. */
const closing = (margin: number, perLook: number) =>
  aGroup([1000 + margin - 2 * perLook, 1000 + margin - perLook, 1000 + margin], {
    start: 1000,
    end: 5_000_000,
    endPerSample: 600,
  });

const hoursKept = (hours: number) => ({ 'retention.ms': String(hours * 3_600_000) });

/** Nothing was deleted of 11,000 records; who stands at `committed` has a next record between so many hours old. */
const whole = (low: number, high = low, configs: Record<string, string> = {}, committed = 100) =>
  aGroup([committed, committed, committed], { start: 0, end: 11_000, configs }).withTimeLags([
    [low * 3600, high * 3600],
    [0, 0],
  ]);

describe('retention-risk', () => {
  describeVerdicts('retention-risk', [
    ['passes: 10 % left to read', at(10_000), 'pass'],
    ['passes: exactly 50 % left to read', at(6000), 'pass'],
    ['fails: just over 50 % left to read', at(5999), 'fail', 'high billing/payments'],
    [
      'passes: a lag of 100 is never judged, however little is retained',
      aGroup([1000, 1000, 1000], { start: 990, end: 1100 }),
      'pass',
    ],
    ['passes here: below the log start it is lost, not at risk', at(900), 'pass'],
    ['passes: a compacted topic deletes nothing by age', at(2000, { 'cleanup.policy': 'compact' }), 'pass'],
    ['passes: retention without limits', at(2000, { 'retention.ms': '-1' }), 'pass'],
    ['passes: nothing deleted yet, and the next record has used half of its 168 hours', whole(84), 'pass'],
    ['fails: nothing deleted yet, but more than half is used', whole(84.01), 'fail', 'high billing/payments'],
    ['no-data: nothing deleted yet, and the next record is at least this old', whole(84, 100), 'no-data'],
    ['fails: at least so old that it does not matter', whole(85, 100), 'fail', 'high billing/payments'],
    [
      'no-data: nothing deleted yet, and nobody knows how old the next record is',
      aGroup([100, 100, 100], { start: 0, end: 11_000 }),
      'no-data',
    ],
    ['no-data: nor for how long it is kept', whole(100).without('kafkaTopicConfigs', 'not-permitted'), 'no-data'],
    ['passes: nothing deleted yet, and a lag of 100 is never judged', whole(100, 100, {}, 10_900), 'pass'],
    ['passes: nothing deleted yet, ever', whole(100, 100, { 'retention.ms': '-1' }), 'pass'],
    ['passes: 1 h of retention and a reader who is a minute behind', whole(1 / 60, 1 / 60, hoursKept(1)), 'pass'],
    [
      'fails: 1 h of retention and half an hour behind',
      whole(0.51, 0.51, hoursKept(1)),
      'fail',
      'high billing/payments',
    ],
    ['passes: 24 h of retention are never more ahead', whole(1, 1, hoursKept(24)), 'pass'],
    ['passes: 30 h of retention, of which 24 are left', whole(6, 6, hoursKept(30)), 'pass'],
    [
      'fails: 30 h of retention, of which less are left',
      whole(6.01, 6.01, hoursKept(30)),
      'fail',
      'high billing/payments',
    ],
    ['no-data: little left to read, but one look gives no rates', at(10_000).without('kafkaSamples'), 'no-data'],
    ['fails from one look when most is unread', at(2000).without('kafkaSamples'), 'fail', 'high billing/payments'],
    ['no-data: offsets were not read', at(10_000).without('kafkaOffsets', 'throttled'), 'no-data'],
    ['fails on Serverless', at(2000).withKind('serverless'), 'fail', 'high billing/payments'],
    ['fails on Kafka without AWS', at(2000).withKind('kafka'), 'fail', 'high billing/payments'],
    ['not applicable: no groups', aSnapshot().withTopic('payments'), 'not-applicable'],
  ]);

  describeSeverities('retention-risk', () => at(2000), { production: 'high', staging: 'medium', development: 'info' });

  test('time to loss by hand: 10 a second deleted, 5 read, a margin of 432,000 lasts exactly 24 h', () => {
    const limits = { checks: { 'retention-risk': { consumedPercent: 100 } } };
    const judge = (margin: number) =>
      runCheck('retention-risk', closing(margin, 300), { overrides: { version: 1, ...limits } });
    expect(judge(432_000).status).toBe('pass');
    const near = judge(431_990);
    expect(near.findings[0]).toMatchObject({ limit: 86_400, unit: 'durationSec' });
    expect(near.findings[0]?.measured).toBeCloseTo(86_398, 6);
  });

  test('says how old the next record is, and of how long it is kept', () => {
    const result = runCheck('retention-risk', whole(126));
    expect(result.findings[0]).toMatchObject({ measured: 75, limit: 50, unit: 'percent' });
    expect(result.summary).toContain('the next record is 5.25 d old of 7 d; at present rates');
    expect(result.evidence[0]!.rows[0]).toMatchObject({ ageSec: 126 * 3600, margin: null, secondsToLoss: 42 * 3600 });
  });

  test('says that nobody reads, and how much is left by hand: 9,000 of 10,000', () => {
    const source = aGroup([2000, 2000, 2000], { start: 1000, end: 11_000 }, { members: 0, state: 'Empty' });
    const result = runCheck('retention-risk', source);
    expect(result.findings[0]).toMatchObject({
      measured: 90,
      limit: 50,
      unit: 'percent',
      note: expect.stringContaining('no members'),
    });
  });

  test('shows both ends: deleted in 100 s at these rates, caught up never', () => {
    const source = aGroup([5000, 5300, 5600], { start: 5100, endPerSample: 600 });
    const [row] = runCheck('retention-risk', source).evidence[0]!.rows;
    expect(row).toMatchObject({ margin: 500, producePerSec: 10, consumePerSec: 5, secondsToLoss: 100, drainSec: null });
  });

  test('a group that was just reset does not run backwards into its loss', () => {
    // 4,000 of 900,000 retained messages went back in a minute; ten a second come.
    const source = aGroup([890_000, 886_000, 886_100], { start: 1, end: 900_000, endPerSample: 600 });
    expect(runCheck('offset-rewound', source).status).toBe('warn');
    expect(runCheck('retention-risk', source).status).toBe('pass');
  });
});
