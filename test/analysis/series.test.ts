import { describe, expect, test } from 'vitest';
import {
  findSeries,
  joinedCoverage,
  latestPoint,
  longestRun,
  maxByTimestamp,
  minutesWhere,
  runsWhere,
  seriesQuantile,
  sumByTimestamp,
  trustedPoints,
} from '../../lib/analysis/series.ts';
import { METRICS } from '../../lib/facts/metric-catalogue.ts';
import type { MetricSeries } from '../../lib/snapshot/metrics-section.ts';

const MINUTE_MS = 60_000;
const START_MS = 1_800_000_000_000;

function series(values: (number | null)[], fields: Partial<MetricSeries> = {}): MetricSeries {
  return {
    metric: 'CpuUser',
    statistic: 'Average',
    unit: 'Percent',
    dimensions: { 'Cluster Name': 'orders', 'Broker ID': '1' },
    periodSec: 60,
    startMs: START_MS,
    values,
    ...fields,
  };
}

const all = (values: (number | null)[]) => trustedPoints(series(values), { dropLast: 0 });
const minuteAt = (i: number) => START_MS + i * MINUTE_MS;

describe('findSeries', () => {
  const metrics = {
    series: [
      series([1]),
      series([2], { dimensions: { 'Cluster Name': 'orders', 'Broker ID': '2' } }),
      series([3], { dimensions: { 'Cluster Name': 'orders' } }),
      series([4], { statistic: 'Maximum' }),
      series([5], { metric: 'CpuSystem' }),
    ],
    messages: [],
    cost: { metricsRequested: 0, calls: 0, usd: 0 },
  };

  test('takes the exact dimensions and statistic: the cluster-wide series is not a broker', () => {
    expect(findSeries(metrics, METRICS.cpuUser).map((each) => each.values[0])).toEqual([1, 2]);
  });

  test('narrows by a dimension value', () => {
    expect(findSeries(metrics, METRICS.cpuUser, { 'Broker ID': '2' }).map((each) => each.values[0])).toEqual([2]);
  });
});

describe('trustedPoints', () => {
  test('drops the last two periods, which CloudWatch delivers late, and does not expect them', () => {
    const trusted = trustedPoints(series([1, 2, 3, 4]));
    expect(trusted.points.map((point) => point.value)).toEqual([1, 2]);
    expect(trusted.expected).toBe(2);
    expect(trusted.coverage).toBe(1);
  });

  test('a gap stays a gap and lowers coverage', () => {
    const trusted = all([1, null, 3, null]);
    expect(trusted.points).toEqual([
      { atMs: minuteAt(0), value: 1 },
      { atMs: minuteAt(2), value: 3 },
    ]);
    expect(trusted.coverage).toBe(0.5);
  });

  test('a period that overlaps a masked interval is neither used nor expected; one that only touches it is', () => {
    const masked = [{ startMs: minuteAt(1) + 1, endMs: minuteAt(3), because: 'operation' }];
    const trusted = trustedPoints(series([1, 2, 3, 4]), { masked, dropLast: 0 });
    expect(trusted.points.map((point) => point.value)).toEqual([1, 4]);
    expect(trusted.expected).toBe(2);
  });

  test('nothing expected is no coverage, not full coverage', () => {
    expect(trustedPoints(series([1, 2])).coverage).toBe(0);
  });
});

describe('sumByTimestamp', () => {
  test('a broker that is missing at a time makes the sum invalid there', () => {
    const total = sumByTimestamp([all([1, 2, 3]), all([10, null, 30])]);
    expect(total.points.map((point) => point.value)).toEqual([11, 33]);
    expect(total.coverage).toBeCloseTo(2 / 3, 12);
  });

  test('a broker silent for long enough adds nothing instead of hiding the others', () => {
    const total = sumByTimestamp([all([1, 2, 3, 4]), all([10, null, null, 40])], { silentAfterSec: 120 });
    expect(total.points.map((point) => point.value)).toEqual([11, 2, 3, 44]);
  });

  test('one minute less than silent still makes the sum invalid', () => {
    const total = sumByTimestamp([all([1, 2, 3, 4]), all([10, null, null, 40])], { silentAfterSec: 180 });
    expect(total.points.map((point) => point.value)).toEqual([11, 44]);
  });

  test('a broker without any point makes every sum invalid unless silence is allowed', () => {
    const dead = all([null, null, null]);
    expect(sumByTimestamp([all([1, 2, 3]), dead]).points).toEqual([]);
    expect(sumByTimestamp([all([1, 2, 3]), dead], { silentAfterSec: 120 }).points).toHaveLength(3);
  });

  test('a broker whose series is shorter adds nothing after its end', () => {
    const total = sumByTimestamp([all([1, 2, 3, 4]), all([10])], { silentAfterSec: 120 });
    expect(total.points.map((point) => point.value)).toEqual([11, 2, 3, 4]);
  });

  test('series that start inside a period are summed with those that do not', () => {
    const late = trustedPoints(series([10, 20], { startMs: START_MS + 7_000 }), { dropLast: 0 });
    expect(sumByTimestamp([all([1, 2]), late]).points.map((point) => point.value)).toEqual([11, 22]);
  });
});

test('maxByTimestamp takes the largest of those that are there', () => {
  expect(maxByTimestamp([all([1, null, 3]), all([2, 5, null])]).points.map((point) => point.value)).toEqual([2, 5, 3]);
});

test('minutesWhere counts measured minutes by the length of the period', () => {
  const fiveMinutes = trustedPoints(series([0, 1, 1, null], { periodSec: 300 }), { dropLast: 0 });
  expect(minutesWhere(fiveMinutes, (value) => value >= 1)).toBe(10);
});

test('what was not measured meets no condition, not even that of being anything else', () => {
  const broken = all([0, 5, null, 5]);
  expect(minutesWhere(broken, (value) => value !== 0)).toBe(2);
  expect(runsWhere(broken, (value) => value !== 0).map((run) => run.minutes)).toEqual([1, 1]);
});

test('a gap ends a run: two minutes before it and one after it are no three', () => {
  const flapping = all([1, 1, null, 1, 0, 1]);
  expect(runsWhere(flapping, (value) => value >= 1).map((run) => run.minutes)).toEqual([2, 1, 1]);
  expect(longestRun(flapping, (value) => value >= 1)).toEqual({
    startMs: minuteAt(0),
    endMs: minuteAt(2),
    periods: 2,
    minutes: 2,
  });
  expect(longestRun(flapping, (value) => value > 9)).toBeNull();
});

describe('the shared answer', () => {
  test('the same series, mask and allowance give the same points; another mask does not', () => {
    const one = series([1, 2, 3, 4]);
    const masked = [{ startMs: minuteAt(0), endMs: minuteAt(1), because: 'operation' }];
    expect(trustedPoints(one)).toBe(trustedPoints(one));
    expect(trustedPoints(one, { masked, dropLast: 0 }).points.map((point) => point.value)).toEqual([2, 3, 4]);
    expect(trustedPoints(one, { dropLast: 0 }).points).toHaveLength(4);
  });

  test('masks that overlap take a period out once', () => {
    const mask = { startMs: minuteAt(1), endMs: minuteAt(3), because: 'operation' };
    expect(trustedPoints(series([1, 2, 3, 4]), { masked: [mask, { ...mask }], dropLast: 0 }).expected).toBe(2);
  });

  test('a mask that began before the series takes its first period only', () => {
    const masked = [{ startMs: minuteAt(-9), endMs: minuteAt(0) + 1, because: 'operation' }];
    expect(trustedPoints(series([1, 2]), { masked, dropLast: 0 }).points.map((point) => point.value)).toEqual([2]);
  });
});

test('series that begin at different times are joined by time', () => {
  const later = trustedPoints(series([20, 30], { startMs: minuteAt(1) }), { dropLast: 0 });
  expect(maxByTimestamp([later, all([1, 2, 3])]).points).toEqual([
    { atMs: minuteAt(0), value: 1 },
    { atMs: minuteAt(1), value: 20 },
    { atMs: minuteAt(2), value: 30 },
  ]);
});

test('latest point, quantile and joined coverage answer for nothing, too', () => {
  const none = all([null]);
  expect([latestPoint(none), seriesQuantile(none, 0.95), joinedCoverage([])]).toEqual([null, null, 0]);
  expect(latestPoint(all([1, 2, null]))?.value).toBe(2);
  expect(joinedCoverage([all([1, 2]), none, all([null])])).toBe(0.5);
});
