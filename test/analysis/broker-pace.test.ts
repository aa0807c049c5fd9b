import { describe, expect, test } from 'vitest';
import { brokerPaces, type PaceLimits } from '../../lib/analysis/broker-pace.ts';
import { TrustedSeries } from '../../lib/analysis/trusted-series.ts';
import { METRICS } from '../../lib/facts/metric-catalogue.ts';
import { aSnapshot, HISTORY_END_MS, HISTORY_HOURS } from '../builders/a-snapshot.ts';
import { sectionOf } from './sections.ts';

const MIB = 1024 ** 2;
const LIMITS: PaceLimits = {
  overHistory: 2,
  overPeers: 3,
  ofWindows: 4,
  minMiBPerSec: 1,
  minMs: 10,
  minHistoryHours: 100,
};

type Values = readonly (number | null)[];

function all(values: Record<string, Values>): Map<string, TrustedSeries> {
  return new Map(
    Object.entries(values).map(([id, list]) => {
      const own = Float64Array.from(list, (value) => value ?? Number.NaN);
      return [id, new TrustedSeries({ dimensions: {}, periodSec: 300, startMs: 0, values: own, expected: own.length })];
    }),
  );
}

const four = (value: number | null): Values => [value, value, value, value];

/** Broker 1 at so many ms and MiB/s, the others at 10 ms and 2 MiB/s; weeks of 10 ms and 2 MiB/s unless said otherwise. */
function first(
  ms: Values,
  {
    mibPerSec = four(2),
    others = four(10),
    usualMs = 10 as number | Values,
    usualMiBPerSec = 2,
    masked = [] as never[],
  } = {},
  limits: Partial<PaceLimits> = {},
) {
  const metrics = sectionOf(
    aSnapshot()
      .withHourlyOfBrokers(METRICS.produceTotalTimeMean, usualMs)
      .withHourlyOfBrokers(METRICS.bytesIn, usualMiBPerSec * MIB),
    'metrics',
  );
  const bytes = {
    1: mibPerSec.map((value) => (value === null ? null : value * MIB)),
    2: four(2 * MIB),
    3: four(2 * MIB),
  };
  return brokerPaces(all({ 1: ms, 2: others, 3: others }), all(bytes), metrics, { ...LIMITS, ...limits }, masked)[0]!;
}

describe('a slow window of a broker', () => {
  test('takes more than so many times the others and its own weeks', () => {
    expect(first(four(31))).toEqual({
      id: '1',
      isSeen: true,
      windows: [31, 31, 31, 31],
      slowWindows: 4,
      nowMs: 31,
      peersMs: 10,
      usualMs: 10,
    });
    expect(first(four(30)).slowWindows).toBe(0);
    expect(first([31, 30, 31, 30]).slowWindows).toBe(2);
  });

  test('takes more than its weeks did', () => {
    expect(first(four(31), { usualMs: 15.5 }).slowWindows).toBe(0);
    expect(first(four(31), { usualMs: 15.4 }).slowWindows).toBe(4);
  });

  test('is not fast in itself', () => {
    expect(first(four(31), {}, { minMs: 31 }).slowWindows).toBe(0);
    expect(first(four(31), {}, { minMs: 30.9 }).slowWindows).toBe(4);
  });

  test('is slow for each MiB too, against the others and against its weeks', () => {
    // 62 ms at 4 MiB/s are 15.5 ms a MiB, where the others take 5.
    expect(first(four(62), { mibPerSec: four(4) }).slowWindows).toBe(4);
    expect(first(four(60), { mibPerSec: four(4) }).slowWindows).toBe(0);
    // Its weeks: 10 ms at 0.5 MiB/s are 20 ms a MiB; twice that is more than 31 ms at 2 MiB/s.
    expect(first(four(31), { usualMiBPerSec: 0.5 }).slowWindows).toBe(0);
    expect(first(four(81), { usualMiBPerSec: 0.5 }).slowWindows).toBe(4);
    expect(first(four(80), { usualMiBPerSec: 0.5 }).slowWindows).toBe(0);
  });

  test('is slow in itself as well: little traffic makes each MiB slow', () => {
    // 30 ms at 1 MiB/s: six times the others for each MiB, and no more than three times as slow.
    expect(first(four(30), { mibPerSec: four(1) }).slowWindows).toBe(0);
    expect(first(four(30.1), { mibPerSec: four(1) }).slowWindows).toBe(4);
    expect(first(four(31), { mibPerSec: four(1), usualMs: 15.5 }).slowWindows).toBe(0);
    expect(first(four(31), { mibPerSec: four(1), usualMs: 15.4 }).slowWindows).toBe(4);
  });

  test('counts only with traffic on it and on two others', () => {
    expect(first(four(31), { mibPerSec: [2, 1, 0.99, null] }).windows).toHaveLength(2);
    expect(first(four(31), { others: [10, 10, 10, null] }).windows).toHaveLength(3);
    expect(first(four(31), { mibPerSec: four(0.5) })).toMatchObject({ nowMs: 0, peersMs: 0, slowWindows: 0 });
  });
});

describe('what is known of a broker', () => {
  test('it is seen once so many windows were measured, the newest of which count', () => {
    expect(first([31, 31, 31, null])).toMatchObject({ isSeen: false });
    expect(first([31, 31, 31, null]).windows).toHaveLength(3);
    expect(first([99, 10, 20, 30], {}, { ofWindows: 2 })).toMatchObject({ isSeen: true, windows: [30, 20], nowMs: 25 });
    expect(first(four(31), { mibPerSec: four(null) }).isSeen).toBe(false);
  });

  test('its weeks are their 90th percentile', () => {
    const hours = Array.from({ length: HISTORY_HOURS }, (_, i) => (i % 10 < 2 ? 40 : 10));
    expect(first(four(31), { usualMs: hours }).usualMs).toBe(40);
    expect(first(four(31), { usualMs: hours.map((_, i) => (i % 20 === 0 ? 40 : 10)) }).usualMs).toBe(10);
  });

  test('without enough hours, or traffic in them, nothing is usual and nothing slow', () => {
    const hours = (count: number) => Array.from({ length: count }, () => 10);
    expect(first(four(31), { usualMs: hours(100) })).toMatchObject({ usualMs: 10, slowWindows: 4 });
    expect(first(four(31), { usualMs: hours(99) })).toMatchObject({ usualMs: null, slowWindows: 0 });
    expect(first(four(31), { usualMiBPerSec: 0 })).toMatchObject({ usualMs: null, slowWindows: 0 });
    const masked = [{ startMs: HISTORY_END_MS - 600 * 3_600_000, endMs: HISTORY_END_MS, because: 'test' }] as never[];
    expect(first(four(31), { masked })).toMatchObject({ usualMs: null });
  });
});

test('each broker is held against the others alone, and its own weeks', () => {
  const metrics = sectionOf(
    aSnapshot()
      .withHourlyOfBrokers(METRICS.produceTotalTimeMean, 10)
      .withHourly(METRICS.produceTotalTimeMean, { 'Broker ID': 2 }, 7)
      .withHourlyOfBrokers(METRICS.bytesIn, 2 * MIB),
    'metrics',
  );
  const bytes = all({ 1: four(2 * MIB), 2: four(2 * MIB), 3: four(2 * MIB) });
  const found = brokerPaces(all({ 1: four(40), 2: four(10), 3: four(12) }), bytes, metrics, LIMITS, []);
  expect(found.map(({ id, peersMs, usualMs }) => [id, peersMs, usualMs])).toEqual([
    ['1', 11, 10],
    ['2', 26, 7],
    ['3', 25, 10],
  ]);
});
