import { describe, expect, test } from 'vitest';
import {
  beganWithOperation,
  isMasked,
  isOperationRunning,
  maintenanceIntervals,
} from '../../lib/analysis/maintenance.ts';
import { TrustedSeries } from '../../lib/analysis/trusted-series.ts';
import type { Cluster } from '../../lib/snapshot/aws-sections.ts';
import { aSnapshot, TAKEN_AT_MS } from '../builders/a-snapshot.ts';

const QUARTER_MS = 15 * 60_000;
const HOUR_MS = 4 * QUARTER_MS;

function clusterIn(state: string, activeOperationArn: string | null = null): Cluster {
  const section = aSnapshot().withCluster({ state, activeOperationArn }).build().sections.cluster;
  if (!section?.ok) throw new Error('the builder describes a cluster');
  return section.value;
}

function operation(startMs: number | null, endMs: number | null, state = 'UPDATE_COMPLETE') {
  return { arn: 'arn', type: 'UPDATE_BROKER_TYPE', state, startMs, endMs };
}

describe('masked intervals', () => {
  test('an operation is masked with a quarter of an hour on either side, and named', () => {
    const [interval, ...others] = maintenanceIntervals([operation(1 * HOUR_MS, 2 * HOUR_MS)], null, TAKEN_AT_MS);
    expect(others).toEqual([]);
    expect(interval).toEqual({
      startMs: HOUR_MS - QUARTER_MS,
      endMs: 2 * HOUR_MS + QUARTER_MS,
      because: 'cluster operation UPDATE_BROKER_TYPE (UPDATE_COMPLETE)',
    });
  });

  test('a running operation is masked up to now', () => {
    const running = operation(TAKEN_AT_MS - HOUR_MS, null, 'UPDATE_IN_PROGRESS');
    expect(maintenanceIntervals([running], clusterIn('UPDATING'), TAKEN_AT_MS)).toEqual([
      expect.objectContaining({ startMs: TAKEN_AT_MS - HOUR_MS - QUARTER_MS, endMs: TAKEN_AT_MS + QUARTER_MS }),
    ]);
  });

  test('an operation that ended at an unknown time is masked at its start only', () => {
    expect(maintenanceIntervals([operation(HOUR_MS, null)], null, TAKEN_AT_MS)).toEqual([
      expect.objectContaining({ startMs: HOUR_MS - QUARTER_MS, endMs: HOUR_MS + QUARTER_MS }),
    ]);
  });

  test('an operation without any time masks nothing', () => {
    expect(maintenanceIntervals([operation(null, null)], null, TAKEN_AT_MS)).toEqual([]);
  });

  test.each(['MAINTENANCE', 'UPDATING', 'REBOOTING_BROKER'])(
    'state %s without a listed operation masks now',
    (state) => {
      const intervals = maintenanceIntervals(null, clusterIn(state), TAKEN_AT_MS);
      expect(isMasked(intervals, TAKEN_AT_MS)).toBe(true);
      expect(isMasked(intervals, TAKEN_AT_MS - QUARTER_MS - 1)).toBe(false);
    },
  );

  test('HEALING is trouble, not maintenance', () => {
    expect(maintenanceIntervals([], clusterIn('HEALING'), TAKEN_AT_MS)).toEqual([]);
  });

  test.each([null, TAKEN_AT_MS - HOUR_MS])('neither is an operation that heals: ended %s', (endMs) => {
    const heals = { ...operation(TAKEN_AT_MS - 2 * HOUR_MS, endMs, 'HEALING'), type: 'HEAL_CLUSTER' };
    expect(maintenanceIntervals([heals], clusterIn('HEALING'), TAKEN_AT_MS)).toEqual([]);
    // Still, MSK refuses updates until it is over.
    expect(isOperationRunning([heals], null)).toBe(endMs === null);
  });

  test('an operation of unknown start is masked at its end', () => {
    expect(maintenanceIntervals([operation(null, HOUR_MS)], null, TAKEN_AT_MS)).toEqual([
      expect.objectContaining({ startMs: HOUR_MS - QUARTER_MS, endMs: HOUR_MS + QUARTER_MS }),
    ]);
  });

  test('a moment is masked within its interval, both ends included, whichever of several it is', () => {
    const intervals = [
      { startMs: 100, endMs: 200, because: 'a' },
      { startMs: 300, endMs: 400, because: 'b' },
    ];
    const masked = [99, 100, 200, 201, 299, 300, 400, 401].filter((atMs) => isMasked(intervals, atMs));
    expect(masked).toEqual([100, 200, 300, 400]);
  });

  test('of two that begin together the shorter comes first', () => {
    const list = [
      operation(3 * HOUR_MS, 9 * HOUR_MS),
      operation(3 * HOUR_MS, 4 * HOUR_MS),
      operation(HOUR_MS, 20 * HOUR_MS),
    ];
    expect(maintenanceIntervals(list, null, TAKEN_AT_MS).map((each) => (each.endMs - QUARTER_MS) / HOUR_MS)).toEqual([
      20, 4, 9,
    ]);
  });

  test('intervals come oldest first', () => {
    const list = [operation(9 * HOUR_MS, 9 * HOUR_MS), operation(3 * HOUR_MS, 3 * HOUR_MS)];
    expect(maintenanceIntervals(list, null, TAKEN_AT_MS).map((each) => each.startMs)).toEqual([
      3 * HOUR_MS - QUARTER_MS,
      9 * HOUR_MS - QUARTER_MS,
    ]);
  });
});

test('an operation that runs excuses what began with it, not what was wrong at the last minute before', () => {
  const running = { maintenance: [{ startMs: 100, endMs: 200, because: 'a' }], takenAtMs: 150 };
  const before = (...values: number[]) =>
    new TrustedSeries({
      dimensions: {},
      periodSec: 60,
      startMs: 0,
      values: Float64Array.from(values),
      expected: values.length,
    });
  const isWrong = (value: number) => value > 5;
  expect(beganWithOperation(running, before(9, 5), isWrong)).toBe(true);
  expect(beganWithOperation(running, before(5, 6), isWrong)).toBe(false);
  // Nothing is known of the time before.
  expect(beganWithOperation(running, null, isWrong)).toBe(true);
  expect(beganWithOperation(running, before(), () => true)).toBe(true);
  expect(beganWithOperation({ ...running, takenAtMs: 201 }, before(5), isWrong)).toBe(false);
  expect(beganWithOperation({ ...running, takenAtMs: 201 }, null, isWrong)).toBe(false);
});

describe('isOperationRunning', () => {
  test.each<[string, ReturnType<typeof operation>[] | null, Cluster | null, boolean]>([
    ['an active cluster at rest', [operation(1, 2)], clusterIn('ACTIVE'), false],
    ['a cluster that heals', [], clusterIn('HEALING'), true],
    ['an active cluster with an operation of its own', [], clusterIn('ACTIVE', 'arn:op'), true],
    ['an operation in progress', [operation(1, null, 'UPDATE_IN_PROGRESS')], clusterIn('ACTIVE'), true],
    ['an operation that waits', [operation(null, null, 'PENDING')], clusterIn('ACTIVE'), true],
    ['a failed operation without an end', [operation(1, null, 'UPDATE_FAILED')], clusterIn('ACTIVE'), false],
    [
      'an operation with an end, whatever its state is called',
      [operation(1, 2, 'REBOOTED')],
      clusterIn('ACTIVE'),
      false,
    ],
    ['no MSK cluster at all', null, null, false],
  ])('%s', (_, operations, cluster, expected) => {
    expect(isOperationRunning(operations, cluster)).toBe(expected);
  });
});
