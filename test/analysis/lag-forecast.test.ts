import { describe, expect, test } from 'vitest';
import { catchUp, drainSeconds, drainSecondsDiurnal, observedCatchUp } from '../../lib/analysis/lag-forecast.ts';
import { TrustedSeries } from '../../lib/analysis/trusted-series.ts';

describe('drain at constant rates', () => {
  test('the surplus works the backlog off', () => {
    expect(drainSeconds(1000, 30, 10)).toBe(50);
  });

  test('a surplus of one percent or less never does', () => {
    expect(drainSeconds(1000, 101, 100)).toBeNull();
    expect(drainSeconds(1000, 102, 100)).toBe(500);
  });

  test('no lag is gone already', () => {
    expect(drainSeconds(0, 1, 100)).toBe(0);
  });
});

describe('drain over a daily pattern', () => {
  test('an hour with more production adds to the lag', () => {
    // +3600 in the first hour, then 20/s: 7200 messages in 360 s.
    expect(drainSecondsDiurnal(3600, 10, [11, -10])).toBe(3600 + 360);
  });

  test('the pattern repeats', () => {
    // Every two hours the lag shrinks by 3600; the sixth hour works off the last 7200.
    expect(drainSecondsDiurnal(10_800, 10, [11, 8])).toBe(6 * 3600);
  });

  test('no lag is gone already, whatever is produced next', () => {
    expect(drainSecondsDiurnal(0, 10, [11, 9])).toBe(0);
  });

  test('what takes a year still ends; one message more does not', () => {
    const year = 365 * 24 * 3600;
    expect(drainSecondsDiurnal(year, 10, [9])).toBe(year);
    expect(drainSecondsDiurnal(year + 1, 10, [9])).toBeNull();
  });

  test('a pattern that never nets out is never', () => {
    expect(drainSecondsDiurnal(1_000_000, 10, [11, 9])).toBeNull();
    expect(drainSecondsDiurnal(5, 10, [])).toBeNull();
  });
});

test('catch-up after an outage, by hand', () => {
  // 100/s for 600 s = 60,000; surplus 50/s: 1200 s. In 300 s it takes 100 + 200 = 300/s: twice the members.
  expect(
    catchUp({
      producePerSec: 100,
      consumeMaxPerSec: 150,
      outageSeconds: 600,
      members: 3,
      partitions: 5,
      targetRecoverySeconds: 300,
    }),
  ).toEqual({
    backlog: 60_000,
    catchUpRatio: 1.5,
    recoverySeconds: 1200,
    neededConsumePerSec: 300,
    membersNeeded: 6,
    withinPartitions: false,
  });
});

test('an outage of a topic into which nothing comes leaves nothing to catch up with', () => {
  const load = { producePerSec: 0, consumeMaxPerSec: 150, outageSeconds: 600, members: 3, partitions: 5 };
  expect(catchUp({ ...load, targetRecoverySeconds: 300 })).toMatchObject({
    backlog: 0,
    catchUpRatio: null,
    recoverySeconds: 0,
    neededConsumePerSec: 0,
  });
});

describe('observed catch-up', () => {
  const series = (values: number[], startMs = 0) =>
    new TrustedSeries({
      dimensions: {},
      periodSec: 60,
      startMs,
      values: Float64Array.from(values),
      expected: values.length,
    });
  const steady = series([100, 100, 100, 100, 100, 100]);

  test('by hand: lag falls by 3000 a minute at 100/s produced, so 150/s are read', () => {
    expect(observedCatchUp(series([0, 9000, 6000, 3000, 0, 0]), steady, 10)).toEqual({
      consumeMaxPerSec: 150,
      produceP95PerSec: 100,
      catchUpRatio: 1.5,
    });
  });

  test('the minute in which it caught up, or fell behind, was not spent on the backlog alone', () => {
    expect(observedCatchUp(series([0, 9000, 0, 0, 0, 0]), steady, 10)).toBeNull();
  });

  test('never behind by more than is allowed: not observed', () => {
    expect(observedCatchUp(series([10, 10, 10, 10, 10, 10]), steady, 10)).toBeNull();
  });

  test('gaps on either side count for nothing, and series are matched by time', () => {
    const lag = series([9000, 6000, Number.NaN, 3000, 1500], 180_000);
    const produced = series([0, 100, 100, 100, 100, Number.NaN], 120_000);
    expect(observedCatchUp(lag, produced, 10)).toMatchObject({ consumeMaxPerSec: 150 });
  });

  test('a group that lags and reads nothing has a speed, and it is 0', () => {
    expect(observedCatchUp(series([6000, 12_000, 18_000]), steady, 10)).toMatchObject({
      consumeMaxPerSec: 0,
      catchUpRatio: 0,
    });
  });

  test('nothing is produced while the backlog is read: no ratio', () => {
    expect(observedCatchUp(series([9000, 6000, 3000]), series([0, 0, 0]), 0)).toEqual({
      consumeMaxPerSec: 50,
      produceP95PerSec: 0,
      catchUpRatio: null,
    });
  });
});

test('a quotient a rounding error above a whole number asks for no further member', () => {
  // 0.1 + 0.2 and friends: 3 x (1.1 + 1.1 x 100/1000)/1.21 is 3.0000000000000004.
  const load = { producePerSec: 1.1, consumeMaxPerSec: 1.21, outageSeconds: 100, members: 3, partitions: 3 };
  expect(catchUp({ ...load, targetRecoverySeconds: 1000 })).toMatchObject({ membersNeeded: 3, withinPartitions: true });
  expect(catchUp({ ...load, producePerSec: 0, targetRecoverySeconds: 1000 }).membersNeeded).toBe(0);
});
