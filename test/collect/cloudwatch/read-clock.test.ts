import { expect, test } from 'vitest';
import { atServerTime, isClockOff } from '../../../lib/collect/cloudwatch/server-clock.ts';
import { aBatch, aQuery } from './a-plan.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const at = (hour: number, minute: number) => Date.UTC(2026, 10, 20, hour, minute);

/** A window that ends at 10:02, each period rounded up as a plan does it. */
const BATCHES = [
  aBatch(60, [aQuery('q0', 'A')], at(9, 2), at(10, 2)),
  aBatch(300, [aQuery('q1', 'B')], at(9, 5), at(10, 5)),
  aBatch(3600, [aQuery('q2', 'C')], at(8, 0), at(11, 0)),
];
const endsOf = (offsetMs: number) => atServerTime(BATCHES, offsetMs).map(({ endMs }) => endMs);

test('every period ends with the one that holds the server’s time, and is as long as before', () => {
  expect(endsOf(0)).toEqual([at(10, 2), at(10, 5), at(11, 0)]);
  expect(endsOf(10 * MINUTE)).toEqual([at(10, 12), at(10, 15), at(11, 0)]);
  expect(endsOf(-10 * MINUTE)).toEqual([at(9, 52), at(9, 55), at(10, 0)]);
  expect(endsOf(2.5 * MINUTE)).toEqual([at(10, 5), at(10, 5), at(11, 0)]);
  for (const [index, { startMs, endMs, pointsPerQuery, periodSec }] of atServerTime(BATCHES, HOUR).entries()) {
    expect(endMs - startMs).toBe(BATCHES[index]!.endMs - BATCHES[index]!.startMs);
    expect(endMs - startMs).toBe(pointsPerQuery * periodSec * 1000);
  }
});

test('hours of the history are fixed hours', () => {
  const history = { ...aBatch(3600, [aQuery('h0', 'A')], at(1, 0), at(4, 0)), purpose: 'history' as const };
  expect(atServerTime([...BATCHES, history], 3 * HOUR).at(-1)).toEqual(history);
  expect(atServerTime([history], 3 * HOUR)).toEqual([history]);
});

test.each([
  [0, false],
  [-60_000, false],
  [60_001, true],
  [-600_000, true],
])('a clock that is off by %i ms is asked again by the server’s: %s', (offsetMs, isOff) => {
  expect(isClockOff(offsetMs)).toBe(isOff);
});
