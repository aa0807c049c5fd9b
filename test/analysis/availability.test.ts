import { describe, expect, test } from 'vitest';
import { availability, availabilityOf } from '../../lib/analysis/availability.ts';
import { trustedPoints } from '../../lib/analysis/series.ts';

const START_MS = 1_800_000_000_000;
const minuteAt = (minute: number) => START_MS + minute * 60_000;
const series = (metric: string, values: (number | null)[], startMs = START_MS) =>
  trustedPoints(
    { metric, statistic: 'Maximum', unit: 'Count', dimensions: {}, periodSec: 60, startMs, values },
    { dropLast: 0 },
  );
const controller = (values: (number | null)[]) => ({
  series: series('ActiveControllerCount', values),
  isDown: (value: number) => value < 1,
});
const offline = (values: (number | null)[], startMs?: number) => ({
  series: series('OfflinePartitionsCount', values, startMs),
  isDown: (value: number) => value > 0,
});
const mask = (from: number, to: number) => [{ startMs: minuteAt(from), endMs: minuteAt(to), because: 'patch' }];

describe('availability from minutes', () => {
  const counts = {
    observedMinutes: 1000,
    noControllerMinutes: 10,
    offlinePartitionMinutes: 20,
    overlapMinutes: 5,
    maintenanceMinutes: 100,
    downMinutesInsideMaintenance: 7,
  };

  test('by hand: 25 of 1000 down, 18 of the 900 outside maintenance', () => {
    expect(availability(counts)).toEqual({ downMinutes: 25, availabilityAll: 0.975, availabilityExMaintenance: 0.98 });
  });

  test('nothing but maintenance, or nothing at all, was seen', () => {
    expect(availability({ ...counts, maintenanceMinutes: 1000 }).availabilityExMaintenance).toBeNull();
    expect(availability({ ...counts, observedMinutes: 0 }).availabilityAll).toBeNull();
  });
});

describe('availability from series', () => {
  test('a minute with both signs is one minute down', () => {
    expect(availabilityOf([controller([1, 0, 0, 1, 1]), offline([0, 0, 3, 3, 0])], [])).toMatchObject({
      observedMinutes: 5,
      downMinutes: 3,
      availabilityAll: 0.4,
      availabilityExMaintenance: 0.4,
    });
  });

  test('a gap in one sign: down is seen all the same, up is not', () => {
    const answer = availabilityOf([controller([1, null, null, null]), offline([0, 0, 2, null])], []);
    expect(answer).toMatchObject({ observedMinutes: 2, downMinutes: 1, availabilityAll: 0.5 });
  });

  test('maintenance is counted apart, whole minutes that overlap it', () => {
    const answer = availabilityOf([controller([1, 0, 0, 1, 1, 1])], mask(1.5, 4));
    expect(answer).toMatchObject({
      observedMinutes: 6,
      downMinutes: 2,
      maintenanceMinutes: 3,
      downMinutesInsideMaintenance: 2,
      availabilityExMaintenance: 1,
    });
  });

  test('series that begin at different minutes are held against each other by time', () => {
    expect(availabilityOf([controller([1, 0, 1]), offline([1, 0], minuteAt(1))], [])).toMatchObject({
      observedMinutes: 2,
      downMinutes: 1,
    });
  });

  test('what only one of them saw before or after the other is seen if it is down', () => {
    expect(availabilityOf([controller([0, 1, 1]), offline([0, 0, 5], minuteAt(1))], [])).toMatchObject({
      observedMinutes: 4,
      downMinutes: 2,
    });
    expect(availabilityOf([offline([0, 0, 5], minuteAt(1)), controller([0, 1, 1])], [])).toMatchObject({
      downMinutes: 2,
    });
  });

  test('maintenance that ends or begins with a minute takes no other with it', () => {
    expect(availabilityOf([controller([1, 1, 1, 1, 1])], mask(2, 4))).toMatchObject({ maintenanceMinutes: 2 });
  });

  test('nothing measured is no availability', () => {
    expect(availabilityOf([], [])).toBeNull();
    expect(availabilityOf([controller([null, null])], [])).toMatchObject({ observedMinutes: 0, availabilityAll: null });
  });
});
