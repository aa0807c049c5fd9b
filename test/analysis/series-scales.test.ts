import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { namesOf } from '../../lib/analysis/scales.ts';
import {
  asPercents,
  findHourly,
  findSeries,
  gapsOf,
  perMinute,
  sumByTimestamp,
  trustedPoints,
} from '../../lib/analysis/series.ts';
import { METRICS, type MetricDefinition } from '../../lib/facts/metric-catalogue.ts';
import type { MetricSeries } from '../../lib/snapshot/metrics-section.ts';

const MINUTE_MS = 60_000;
const START_MS = 1_800_000_000_000;
const DIMENSIONS = { 'Cluster Name': 'orders', 'Broker ID': '1' };

function series(values: (number | null)[], fields: Partial<MetricSeries> = {}): MetricSeries {
  return {
    metric: 'Any',
    statistic: 'Sum',
    unit: 'Count',
    dimensions: DIMENSIONS,
    periodSec: 60,
    startMs: START_MS,
    values,
    ...fields,
  };
}
const all = (values: (number | null)[], fields: Partial<MetricSeries> = {}) =>
  trustedPoints(series(values, fields), { dropLast: 0 });
const measured = (one: { points: readonly { value: number }[] }) => one.points.map(({ value }) => value);
const point = fc.option(fc.integer({ min: 0, max: 1_000 }), { nil: null });

describe('sums by the minute', () => {
  test('a Sum over five minutes is five times the connections', () => {
    expect(measured(perMinute(all([60, null, 120], { periodSec: 300 })))).toEqual([12, 24]);
    const untouched = all([7, 8]);
    expect(perMinute(untouched)).toBe(untouched);
  });

  test('the same minutes give the same mean at every period: 60 s, 300 s and an hour', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(10_000), { minLength: 60, maxLength: 60 }), (minutes) => {
        const mean = minutes.reduce((a, b) => a + b, 0) / 60;
        for (const periodSec of [60, 300, 3600]) {
          const per = periodSec / 60;
          const sums = Array.from({ length: 60 / per }, (_, i) =>
            minutes.slice(i * per, (i + 1) * per).reduce((a, b) => a + b, 0),
          );
          const read = perMinute(all(sums, { periodSec })).measured;
          expect(read.reduce((a, b) => a + b, 0) / read.length).toBeCloseTo(mean, 6);
        }
      }),
    );
  });
});

describe('idle shares in percent', () => {
  test('fractions become percents, percents stay, and nothing is more than idle', () => {
    expect(asPercents([all([0.25, 1.02])]).map(measured)).toEqual([[25, 100]]);
    expect(asPercents([all([25, 102])]).map(measured)).toEqual([[25, 100]]);
  });

  test('a broker that is busy beyond measure among percents is not taken for an idle one', () => {
    expect(asPercents([all([1.2, 0.8]), all([95, 97])]).map(measured)).toEqual([
      [1.2, 0.8],
      [95, 97],
    ]);
  });

  test('no points, no brokers', () => {
    expect(asPercents([])).toEqual([]);
    expect(asPercents([all([null])]).map(measured)).toEqual([[]]);
  });

  test('percents and fractions of the same shares read the same', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.double({ min: 0.02, max: 1, noNaN: true }), { minLength: 1 }), { minLength: 1 }),
        (shares) => {
          const fractions = asPercents(shares.map((each) => all(each)));
          const percents = asPercents(shares.map((each) => all(each.map((share) => share * 100))));
          for (const [index, one] of fractions.entries()) {
            for (const [i, value] of one.values.entries()) expect(value).toBeCloseTo(percents[index]!.values[i]!, 9);
          }
        },
      ),
    );
  });
});

describe('one metric under several names', () => {
  const definition: MetricDefinition = {
    ...METRICS.bytesIn,
    name: 'NewName',
    otherNames: [{ name: 'OldName' }, { name: 'OlderName', before: '3.6' }],
    statistic: 'Sum',
    dimensions: ['Cluster Name', 'Broker ID'],
  };
  const metricsOf = (...list: MetricSeries[]) => ({
    series: list,
    messages: [],
    cost: { metricsRequested: 0, calls: 0, usd: 0 },
  });
  const named = (metric: string, values: (number | null)[], fields: Partial<MetricSeries> = {}) =>
    series(values, { metric, ...fields });

  test('is one series for each set of dimensions, under today’s name, which wins where both have a point', () => {
    const other = { 'Broker ID': '2', 'Cluster Name': 'orders' };
    const metrics = metricsOf(
      named('OlderName', [1, 1, null, null]),
      named('NewName', [null, 5, 6, null]),
      named('OldName', [7], { dimensions: other }),
      named('NewName', [8], { statistic: 'Average' }),
      named('NewName', [9], { dimensions: { 'Cluster Name': 'orders' } }),
    );
    const found = findSeries(metrics, definition);
    expect(found.map(({ metric, values }) => [metric, values])).toEqual([
      ['NewName', [1, 5, 6, null]],
      ['NewName', [7]],
    ]);
    expect(findSeries(metrics, definition, { 'Broker ID': '2' })).toHaveLength(1);
    // Trusted points are kept by the identity of a series.
    expect(findSeries(metrics, definition)[0]).toBe(found[0]);
    expect(namesOf(definition)).toEqual(['NewName', 'OldName', 'OlderName']);
  });

  test('dimensions are the same in whatever order they are written; another value makes another series', () => {
    const [written, turned] = [
      { 'Cluster Name': 'orders', 'Broker ID': '2' },
      { 'Broker ID': '2', 'Cluster Name': 'orders' },
    ];
    const metrics = metricsOf(
      named('OldName', [1], { dimensions: written }),
      named('NewName', [null, 2], { dimensions: turned }),
      named('OldName', [3], { dimensions: { ...turned, 'Broker ID': '1' } }),
    );
    expect(findSeries(metrics, definition).map(({ values }) => values)).toEqual([[1, 2], [3]]);
  });

  test('what is joined of whole series is whole, of one that is not it is not', () => {
    const isIncomplete = (first: object, second: object) =>
      findSeries(metricsOf(named('OldName', [1], first), named('NewName', [2], second)), definition)[0]!.incomplete;
    expect(isIncomplete({}, {})).toBeUndefined();
    expect(isIncomplete({ incomplete: true }, {})).toBe(true);
    expect(isIncomplete({}, { incomplete: true })).toBe(true);
  });

  test('series that begin at different times are joined in their places', () => {
    const metrics = metricsOf(
      named('NewName', [5], { startMs: START_MS + 2 * MINUTE_MS }),
      named('OldName', [1, 2], { incomplete: true }),
    );
    expect(findSeries(metrics, definition)).toMatchObject([{ startMs: START_MS, values: [1, 2, 5], incomplete: true }]);
  });

  test('merging loses no point and makes none up', () => {
    fc.assert(
      fc.property(
        fc.array(point, { maxLength: 6 }),
        fc.array(point, { maxLength: 6 }),
        fc.nat(4),
        (now, before, shift) => {
          const metrics = metricsOf(
            named('OldName', before),
            named('NewName', now, { startMs: START_MS + shift * MINUTE_MS }),
          );
          const points = findSeries(metrics, definition).flatMap((one) => [
            ...trustedPoints(one, { dropLast: 0 }).points,
          ]);
          const expected = new Map(
            before.flatMap((value, i) => (value === null ? [] : [[START_MS + i * MINUTE_MS, value]])),
          );
          for (const [i, value] of now.entries())
            if (value !== null) expected.set(START_MS + (i + shift) * MINUTE_MS, value);
          expect(new Map(points.map(({ atMs, value }) => [atMs, value]))).toEqual(expected);
        },
      ),
    );
  });

  test('hours are looked up the same way, and are absent where none were read', () => {
    const hours = named('OldName', [1], { periodSec: 3600 });
    expect(findHourly({ ...metricsOf(), hourly: [hours] }, definition)).toMatchObject([
      { metric: 'NewName', values: [1] },
    ]);
    expect(findHourly(metricsOf(hours), definition)).toEqual([]);
  });
});

describe('a gap is information', () => {
  const of = (text: string) => all(text.split('').map((char) => (char === '.' ? null : 1)));

  test('each stretch without a point, at the edges too', () => {
    expect(
      gapsOf(of('.1..1.')).map(({ startMs, endMs, periods, minutes }) => [startMs, endMs, periods, minutes]),
    ).toEqual([
      [START_MS, START_MS + MINUTE_MS, 1, 1],
      [START_MS + 2 * MINUTE_MS, START_MS + 4 * MINUTE_MS, 2, 2],
      [START_MS + 5 * MINUTE_MS, START_MS + 6 * MINUTE_MS, 1, 1],
    ]);
    expect(gapsOf(of('11'))).toEqual([]);
  });

  test('masked minutes are not missing ones, and end a gap', () => {
    const masked = [{ startMs: START_MS + 2 * MINUTE_MS, endMs: START_MS + 3 * MINUTE_MS, because: 'operation' }];
    const trusted = trustedPoints(series([1, null, null, null, 1]), { masked, dropLast: 0 });
    expect(gapsOf(trusted, masked).map(({ periods }) => periods)).toEqual([1, 1]);
  });

  test('gaps and points together are the whole series', () => {
    fc.assert(
      fc.property(fc.array(point), (values) => {
        const trusted = all(values);
        const missing = gapsOf(trusted).reduce((sum, gap) => sum + gap.periods, 0);
        expect(missing + trusted.count).toBe(values.length);
      }),
    );
  });
});

describe('the sum of a cluster', () => {
  const broker = fc.array(point, { minLength: 5, maxLength: 5 });

  test('has a value exactly where every broker has a point, and it is their sum', () => {
    fc.assert(
      fc.property(fc.array(broker, { minLength: 1, maxLength: 4 }), (brokers) => {
        const total = sumByTimestamp(brokers.map((values) => all(values)));
        const expected = Array.from({ length: 5 }, (_, i) => {
          const row = brokers.map((values) => values[i]!);
          return row.some((value) => value === null) ? null : row.reduce<number>((a, b) => a + b!, 0);
        });
        const known = expected.flatMap((value, i) =>
          value === null ? [] : [{ atMs: START_MS + i * MINUTE_MS, value }],
        );
        expect(total.points).toEqual(known);
      }),
    );
  });

  test('does not depend on the order of the brokers', () => {
    fc.assert(
      fc.property(
        fc.array(broker, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(undefined, 120, 240),
        (brokers, silentAfterSec) => {
          const options = silentAfterSec === undefined ? {} : { silentAfterSec };
          const list = brokers.map((values) => all(values));
          expect(sumByTimestamp(list.toReversed(), options).points).toEqual(sumByTimestamp(list, options).points);
        },
      ),
    );
  });
});
