import { describe, expect, test } from 'vitest';
import { catchUp, drainSeconds, drainSecondsDiurnal } from '../../lib/analysis/lag-forecast.ts';

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
