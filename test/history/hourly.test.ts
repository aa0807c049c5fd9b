import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { METRICS } from '../../lib/facts/metric-catalogue.ts';
import {
  type HourlyHistory,
  historyOf as historyWithin,
  hourlyKey,
  hourlyWindow,
  hoursToAsk,
  mergeHourly,
  missingHours,
  reportWindow,
  seriesOfHistory,
  settledHourEnd,
  takeUpHourly,
} from '../../lib/history/hourly.ts';
import { HOUR_MS, isHistoryMetric, rollUp } from '../../lib/history/hourly-rollup.ts';
import type { MetricSeries } from '../../lib/snapshot/metrics-section.ts';

const T0 = Date.UTC(2026, 10, 20, 6);
const FAR = { startMs: T0 - 100 * HOUR_MS, endMs: T0 + 100 * HOUR_MS };
const historyOf = (list: readonly MetricSeries[]) => historyWithin(list, FAR);
const hour = (index: number) => T0 + index * HOUR_MS;

function series(periodSec: number, values: (number | null)[], more: Partial<MetricSeries> = {}): MetricSeries {
  return {
    metric: METRICS.bytesIn.name,
    statistic: 'Average',
    unit: 'Bytes/Second',
    dimensions: { 'Cluster Name': 'orders', 'Broker ID': '1' },
    periodSec,
    startMs: T0,
    values,
    ...more,
  };
}

const hourly = (values: (number | null)[], more: Partial<MetricSeries> = {}) => series(3600, values, more);
const hoursOf = (history: HourlyHistory) =>
  Object.fromEntries([...history.values()].flatMap(({ hours }) => [...hours]));
const twelve = (of: (index: number) => number | null) => Array.from({ length: 12 }, (_, index) => of(index));

describe('rolling up', () => {
  test.each([
    ['Average', 6.5],
    ['Maximum', 12],
    ['Minimum', 1],
    ['Sum', 78],
  ] as const)('%s of twelve points is the hour’s', (statistic, expected) => {
    expect(
      rollUp([
        series(
          300,
          twelve((index) => index + 1),
          { statistic },
        ),
      ]),
    ).toMatchObject([{ periodSec: 3600, startMs: T0, values: [expected], statistic }]);
  });

  test('an average weighs the points that are there; an hour without any is null', () => {
    const values = [...twelve((index) => (index < 3 ? 10 * index : null)), ...twelve(() => null)];
    expect(rollUp([series(300, values)])[0]!.values).toEqual([10, null]);
  });

  test('hours of which the series holds only a part are left out', () => {
    const values = Array.from({ length: 59 + 60 + 59 }, () => 1);
    const [rolled] = rollUp([series(60, values, { startMs: T0 + 60_000 })]);
    expect(rolled).toMatchObject({ startMs: hour(1), values: [1] });
    expect(rollUp([series(60, values.slice(0, 59))])).toEqual([]);
  });

  test('an hour with an unread point is not an hour without a point', () => {
    const values = [...twelve(() => 5), ...twelve((index) => (index === 3 ? null : 5))];
    const rolled = rollUp([series(300, values, { incomplete: true })]);
    expect(hoursOf(historyOf(rolled))).toEqual({ [hour(0)]: 5 });
  });

  test('a series off its grid is not rolled up', () => {
    expect(
      rollUp([
        series(
          300,
          twelve(() => 1),
          { startMs: T0 + 1 },
        ),
      ]),
    ).toEqual([]);
  });

  test('is what CloudWatch answers at an hour: the statistic of all its points', () => {
    const minutes = fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 60, maxLength: 60 });
    fc.assert(
      fc.property(minutes, (values) => {
        const rolledAs = (statistic: MetricSeries['statistic'], periodSec: number, points: number[]) =>
          rollUp([series(periodSec, points, { statistic })])[0]!.values[0]!;
        const total = values.reduce((a, b) => a + b, 0);
        const fives = Array.from({ length: 12 }, (_, i) => values.slice(5 * i, 5 * i + 5));
        const fiveMeans = fives.map((five) => five.reduce((a, b) => a + b, 0) / 5);
        expect(rolledAs('Average', 300, fiveMeans)).toBeCloseTo(total / 60, 3);
        expect(rolledAs('Sum', 60, values)).toBeCloseTo(total, 3);
        expect(
          rolledAs(
            'Maximum',
            300,
            fives.map((five) => Math.max(...five)),
          ),
        ).toBe(Math.max(...values));
        expect(
          rolledAs(
            'Minimum',
            300,
            fives.map((five) => Math.min(...five)),
          ),
        ).toBe(Math.min(...values));
      }),
      { numRuns: 100 },
    );
  });

  test('only metrics whose row says so are kept', () => {
    expect(isHistoryMetric(series(300, []))).toBe(METRICS.bytesIn.history === true);
    expect(isHistoryMetric(series(300, [], { metric: 'CpuNothing' }))).toBe(false);
    expect(isHistoryMetric(series(300, [], { statistic: 'Minimum' }))).toBe(false);
    expect(isHistoryMetric(series(300, [], { dimensions: { 'Cluster Name': 'orders' } }))).toBe(false);
  });
});

describe('merging', () => {
  const of = (values: (number | null)[], more: Partial<MetricSeries> = {}) => historyOf([hourly(values, more)]);

  test('the newest word counts, but no point never replaces a point', () => {
    const merged = mergeHourly([of([1, 2, null]), of([10, null, 30, null])], FAR);
    expect(hoursOf(merged)).toEqual({ [hour(0)]: 10, [hour(1)]: 2, [hour(2)]: 30, [hour(3)]: null });
  });

  test('hours outside the window are dropped, and with them series that have no other', () => {
    const window = { startMs: hour(1), endMs: hour(2) };
    const other = of([1], { dimensions: { 'Cluster Name': 'orders', 'Broker ID': '2' } });
    const merged = mergeHourly([of([1, 2, 3]), other], window);
    expect(hoursOf(merged)).toEqual({ [hour(1)]: 2 });
    expect(merged.size).toBe(1);
  });

  test('series are one whatever the order of their dimensions', () => {
    const turned = { 'Broker ID': '1', 'Cluster Name': 'orders' };
    expect(mergeHourly([of([1]), of([2], { dimensions: turned })], FAR).size).toBe(1);
    expect(hourlyKey(hourly([], { dimensions: { a: 'b' } }))).not.toBe(
      hourlyKey(hourly([], { dimensions: { a: 'c' } })),
    );
  });

  test('merging again changes nothing, and neither does the grouping', () => {
    const history = fc
      .array(fc.option(fc.integer({ min: 0, max: 9 }), { nil: null }), { maxLength: 8 })
      .chain((values) => fc.nat(6).map((shift) => of(values, { startMs: hour(shift) })));
    fc.assert(
      fc.property(history, history, history, (a, b, c) => {
        const all = mergeHourly([a, b, c], FAR);
        expect(hoursOf(mergeHourly([all, all], FAR))).toEqual(hoursOf(all));
        expect(hoursOf(mergeHourly([all, c], FAR))).toEqual(hoursOf(all));
        expect(hoursOf(mergeHourly([mergeHourly([a, b], FAR), c], FAR))).toEqual(hoursOf(all));
      }),
    );
  });

  test('six digits of a value are kept', () => {
    expect(hoursOf(of([1_234_567.891, 0.000123456789, 0]))).toEqual({
      [hour(0)]: 1_234_570,
      [hour(1)]: 0.000123457,
      [hour(2)]: 0,
    });
  });

  test('as series of a snapshot the history fills the window, unread hours are null', () => {
    const window = { startMs: hour(-1), endMs: hour(3) };
    expect(seriesOfHistory(of([1, null]), window)).toEqual([{ ...hourly([null, 1, null, null]), startMs: hour(-1) }]);
  });
});

describe('hours to ask for', () => {
  const broker = (id: string, values: (number | null)[], startMs = T0) =>
    hourly(values, { startMs, dimensions: { 'Cluster Name': 'orders', 'Broker ID': id } });
  const window = { startMs: hour(0), endMs: hour(6) };

  test('all of them where nothing is stored', () => {
    expect(missingHours(new Map(), window)).toEqual([window]);
  });

  test('only those that were never read: an hour without a point was read', () => {
    const history = historyOf([broker('1', [1, null]), broker('1', [5, 6], hour(4))]);
    expect(missingHours(history, window)).toEqual([{ startMs: hour(2), endMs: hour(4) }]);
  });

  test('those that one of the brokers lacks, and a new broker lacks all', () => {
    const history = historyOf([broker('1', [1, 1, 1, 1, 1, 1]), broker('2', [1, 1], hour(4))]);
    expect(missingHours(history, window)).toEqual([{ startMs: hour(0), endMs: hour(4) }]);
  });

  test('not those of a broker that is gone', () => {
    const history = historyOf([broker('1', [1, 1, 1, 1, 1, 1]), broker('2', [1, 1, 1])]);
    expect(missingHours(history, window)).toEqual([]);
  });

  test('topics and groups come and go without a request of their own; Serverless has nothing else', () => {
    const topic = (name: string, values: number[], startMs = T0) =>
      hourly(values, { startMs, dimensions: { 'Cluster Name': 'orders', Topic: name } });
    const topics = [topic('old', [1, 1, 1, 1]), topic('new', [1], hour(5))];
    expect(missingHours(historyOf([broker('1', [1, 1, 1, 1, 1, 1]), ...topics]), window)).toEqual([]);
    expect(missingHours(historyOf(topics), window)).toEqual([{ startMs: hour(4), endMs: hour(5) }]);
  });

  test('what is missing is what is not there, for any window', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(30)), fc.nat(30), fc.nat(10), (known, from, count) => {
        const history = historyOf(known.map((index) => broker('1', [index], hour(index))));
        const range = { startMs: hour(from), endMs: hour(from + count) };
        const asked = missingHours(history, range).flatMap(({ startMs, endMs }) =>
          Array.from({ length: (endMs - startMs) / HOUR_MS }, (_, index) => startMs + index * HOUR_MS),
        );
        const expected = Array.from({ length: count }, (_, index) => from + index).filter(
          (index) => !known.includes(index),
        );
        expect(asked).toEqual(expected.map(hour));
      }),
    );
  });
});

describe('from day to day', () => {
  const DAY = 24 * HOUR_MS;
  /** What a run at this time reads of its report window, at 300 s. */
  const dayOf = (nowMs: number) => {
    const { startMs } = reportWindow(nowMs, 24);
    const count = Math.ceil((nowMs - startMs) / 300_000);
    return {
      series: [
        series(
          300,
          Array.from({ length: count }, (_, i) => (startMs + i * 300_000) / HOUR_MS),
          { startMs },
        ),
      ],
    };
  };

  test('a report window begins with a whole hour whose points had not all arrived yesterday', () => {
    expect(settledHourEnd(hour(2) + 9 * 60_000)).toBe(hour(1));
    expect(settledHourEnd(hour(2) + 10 * 60_000)).toBe(hour(2));
    expect(reportWindow(hour(2) + 45 * 60_000 + 7, 24)).toEqual({ startMs: hour(-22), endMs: hour(2) + 45 * 60_000 });
    expect(reportWindow(hour(2) + 35 * 60_000, 24).startMs).toBe(hour(-23));
  });

  test.each([0, 5, 9, 10, 15, 31, 59])(
    'daily runs at minute %i ask for the past once, and then for nothing',
    (minute) => {
      let stored: HourlyHistory = new Map();
      const asked: number[] = [];
      for (let day = 0; day < 40; day += 1) {
        // The schedule has a flexible window.
        const nowMs = T0 + day * DAY + minute * 60_000 + (day % 3) * 20_000;
        const wanted = hoursToAsk(stored, nowMs, reportWindow(nowMs, 24));
        asked.push(wanted.reduce((sum, range) => sum + (range.endMs - range.startMs) / HOUR_MS, 0));
        const answered = wanted.map(({ startMs, endMs }) =>
          hourly(
            Array.from({ length: (endMs - startMs) / HOUR_MS }, () => 1),
            { startMs },
          ),
        );
        const { hourly: all, added } = takeUpHourly({ ...dayOf(nowMs), hourly: answered }, stored, nowMs);
        expect(all).toHaveLength(1);
        expect(all[0]!.values).toHaveLength(28 * 24);
        expect(all[0]!.values.filter((value) => value === null)).toEqual([]);
        stored = mergeHourly([stored, added], hourlyWindow(nowMs));
      }
      expect([27 * 24, 27 * 24 - 1]).toContain(asked[0]);
      expect(asked.slice(1)).toEqual(Array(39).fill(0));
    },
  );

  test('a run adds only what the store does not have', () => {
    const nowMs = T0 + 15 * 60_000;
    const first = takeUpHourly(dayOf(nowMs), new Map(), nowMs);
    expect([...[...first.added.values()][0]!.hours]).toHaveLength(25);
    expect(takeUpHourly(dayOf(nowMs), first.added, nowMs).added.size).toBe(0);
    const tomorrow = takeUpHourly(dayOf(nowMs + DAY), first.added, nowMs + DAY);
    expect([...[...tomorrow.added.values()][0]!.hours]).toHaveLength(24);
  });

  test('a clock that is ahead does not end an hour whose points are still to come', () => {
    const nowMs = T0 + 15 * 60_000;
    const read = dayOf(nowMs);
    const [first] = takeUpHourly(read, new Map(), nowMs + 3 * HOUR_MS).added.values();
    expect(first!.hours.newestMs()).toBe(hour(-1));
    const toCome = hourly([null, null, null], { startMs: hour(0) });
    const { hourly: all, added } = takeUpHourly({ ...read, hourly: [toCome] }, new Map(), nowMs + 3 * HOUR_MS);
    expect([...added.values()][0]!.hours.newestMs()).toBe(hour(-1));
    expect(all[0]!.startMs + all[0]!.values.length * HOUR_MS).toBe(hour(0));
  });
});
