import { expect, test } from 'vitest';
import { planMetrics } from '../../../lib/collect/cloudwatch/plan.ts';
import { explainCost } from '../../../lib/collect/cloudwatch/plan-cost.ts';
import { planHistory } from '../../../lib/collect/cloudwatch/plan-history.ts';
import { historyOf, missingHours } from '../../../lib/history/hourly.ts';
import { askedNames, ids, queriesOf, request, topics } from './plan-requests.ts';

const HOUR_MS = 3_600_000;
const NOW = Date.UTC(2026, 10, 20, 10);
const weeks = (count: number) => [{ startMs: NOW - count * 7 * 24 * HOUR_MS, endMs: NOW }];
const history = (changes: Partial<Parameters<typeof planHistory>[0]> = {}) =>
  planHistory({ ...request({ topics: [] }), missing: weeks(4), ...changes });

test('nothing missing, nothing asked: the day rolls itself up', () => {
  expect(history({ missing: [] })).toEqual([]);
  expect(history({ missing: [{ startMs: NOW, endMs: NOW }] })).toEqual([]);
});

test('keeps for weeks what baselines, forecasts and sizing rest on', () => {
  const standard =
    `BytesInPerSec BytesOutPerSec ClientConnectionCount CpuSystem CpuUser KafkaDataLogsDiskUsed MessagesInPerSec
    PartitionCount ProduceTotalTimeMsMean`.split(/\s+/);
  expect(askedNames({ batches: history() })).toEqual(standard);
  const paid = `FetchConsumerLocalTimeMsMean FetchConsumerRequestQueueTimeMsMean FetchConsumerResponseQueueTimeMsMean
    FetchConsumerResponseSendTimeMsMean ReplicationBytesInPerSec RequestHandlerAvgIdlePercent VolumeReadBytes VolumeWriteBytes`;
  expect(askedNames({ batches: history({ enhancedMonitoring: 'PER_BROKER' }) })).toEqual(
    [...standard, ...paid.split(/\s+/)].sort(),
  );
  expect(askedNames({ batches: history({ kind: 'provisioned-express' }) })).toContain('StorageUsed');
  expect(askedNames({ batches: history({ kind: 'serverless', brokerIds: [], topics: topics(1) }) })).toEqual([
    'BytesInPerSec/topic',
    'BytesOutPerSec/topic',
  ]);
});

// 9 metrics a broker at DEFAULT, 17 at PER_BROKER; four weeks are 672 points, so that 150 queries fit a call.
test.each([
  { level: 'DEFAULT', brokers: 3, metrics: 27, calls: 1, usd: 0.00027 },
  { level: 'PER_BROKER', brokers: 30, metrics: 510, calls: 4, usd: 0.0051 },
  { level: 'PER_BROKER', brokers: 90, metrics: 1530, calls: 11, usd: 0.0153 },
] as const)('a first run over four weeks, $brokers brokers at $level: $metrics metrics', (expected) => {
  const batches = history({ enhancedMonitoring: expected.level, brokerIds: ids(expected.brokers) });
  const cost = explainCost({ batches });
  expect(cost).toMatchObject({
    metricsRequested: expected.metrics,
    calls: expected.calls,
    dataPoints: expected.metrics * 672,
  });
  expect(cost.groups.history.usd).toBeCloseTo(expected.usd, 10);
  expect(cost.usd).toBe(cost.groups.history.usd);
});

test('two gaps are spanned by one window: a metric is billed once a request, however many points', () => {
  const day = (daysAgo: number) => ({
    startMs: NOW - daysAgo * 24 * HOUR_MS,
    endMs: NOW - (daysAgo - 1) * 24 * HOUR_MS,
  });
  const batches = history({ missing: [day(3), day(9)] });
  expect(batches.map(({ startMs, endMs, pointsPerQuery }) => ({ startMs, endMs, pointsPerQuery }))).toEqual([
    { startMs: day(9).startMs, endMs: day(3).endMs, pointsPerQuery: 7 * 24 },
  ]);
  expect(explainCost({ batches }).metricsRequested).toBe(27);
});

/** What a run over the last `days` days has left of so many brokers. */
function stored(
  brokers: number,
  days: number,
  of = (_: number, broker: string | undefined): number | null => Number(broker),
) {
  const series = queriesOf({ batches: history({ brokerIds: ids(brokers) }) }).map(({ id: _id, ...name }) => ({
    ...name,
    periodSec: 3600,
    startMs: NOW - days * 24 * HOUR_MS,
    values: Array.from({ length: days * 24 }, (_, hour) => of(hour, name.dimensions['Broker ID'])),
  }));
  return historyOf(series, weeks(4)[0]!);
}

test('a broker that was added lacks four weeks: only its series are asked for', () => {
  const known = new Map([...stored(3, 28), ...stored(4, 1)].reverse());
  const batches = history({ brokerIds: ids(4), stored: known, missing: missingHours(known, weeks(4)[0]!) });
  expect(new Set(queriesOf({ batches }).map(({ dimensions }) => dimensions['Broker ID']))).toEqual(new Set(['4']));
  // 9 metrics a broker at DEFAULT.
  expect(explainCost({ batches }).metricsRequested).toBe(9);
});

test('an hour that nobody has read is asked for of all, one without a point of nobody', () => {
  const gap = { startMs: NOW - 5 * HOUR_MS, endMs: NOW - 4 * HOUR_MS };
  const without = stored(3, 28, () => null);
  expect(history({ stored: without, missing: [gap] })).toEqual([]);
  const until = historyOf(
    queriesOf({ batches: history() }).map(({ id: _id, ...name }) => ({
      ...name,
      periodSec: 3600,
      startMs: NOW - 9 * HOUR_MS,
      values: [1, 1, 1, 1],
    })),
    weeks(4)[0]!,
  );
  expect(explainCost({ batches: history({ stored: until, missing: [gap] }) }).metricsRequested).toBe(27);
});

test('asks in whole hours, and never further back than four weeks', () => {
  const [odd] = history({ missing: [{ startMs: NOW - 90 * 60_000, endMs: NOW - 60_000 }] });
  expect(odd).toMatchObject({ periodSec: 3600, startMs: NOW - 2 * HOUR_MS, endMs: NOW, pointsPerQuery: 2 });
  expect(history({ missing: weeks(9) })[0]).toMatchObject({ startMs: weeks(4)[0]!.startMs, pointsPerQuery: 672 });
});

test('no call is larger than a page, and its queries have ids of their own beside those of the day', () => {
  const day = planMetrics(request({ brokerIds: ids(90), enhancedMonitoring: 'PER_BROKER' }));
  const batches = [
    ...day.batches,
    ...history({ brokerIds: ids(90), enhancedMonitoring: 'PER_BROKER', topics: topics(20) }),
  ];
  for (const { queries, pointsPerQuery } of batches) {
    expect(queries.length).toBeLessThanOrEqual(500);
    expect(queries.length * pointsPerQuery).toBeLessThanOrEqual(100_800);
  }
  const all = queriesOf({ batches }).map(({ id }) => id);
  expect(new Set(all).size).toBe(all.length);
  expect(batches.filter(({ purpose }) => purpose === 'history').every(({ periodSec }) => periodSec === 3600)).toBe(
    true,
  );
});
