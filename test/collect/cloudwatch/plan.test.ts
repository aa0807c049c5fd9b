import fc from 'fast-check';
import { expect, test } from 'vitest';
import { metricBudget, planMetrics } from '../../../lib/collect/cloudwatch/plan.ts';
import { describeDropped, explainCost } from '../../../lib/collect/cloudwatch/plan-cost.ts';
import { askedNames, DAY, END, ids, pairs, queriesOf, request, topics } from './plan-requests.ts';

const full = { groupTopics: pairs(80), topics: topics(30) };

// By hand, for KRaft with IAM alone, 50 pairs of group and topic, 20 topics led by three brokers each.
//
// DEFAULT, 60 s (1,440 points; 70 queries a call): cluster 2 (controller, offline); a broker 4 (under-replicated, under min ISR, CpuIdle,
//   connections); a pair 2 (both lags).
// DEFAULT, 300 s (288 points; 350 queries a call): a broker 21 (leaders, partitions, CPU 2, heap, produce time, bytes 2; messages, I/O
//   wait, shaping, burst, memory 4, swap, network 4); a pair 1; a topic 3; evidence: cluster 2 (global counts), a broker 3 (packets 2,
//   request size).
// 3600 s (24 points): a broker 1 (disk).
// PER_BROKER adds a broker 1 at 60 s (connections created) and 21 at 300 s (idle 2, throttle 3, fetch phases 4, replication 1, volume 2;
//   IAM 1, produce phases 4, files 2, conversions 2), and 18 of evidence that no longer fit.
//
// 25 pairs come first, then 10 topics, then 25 pairs and 10 topics more.
//
//  3 brokers, DEFAULT: 2 + 26x3 + 3x25 = 155; 10 topics (30): 185; 65 left: 21 pairs (63), no further topic, the 2 global counts = 250.
//    60 s: 2 + 12 + 92 = 106, 2 calls; 300 s: 63 + 46 + 30 + 2 = 141, 1 call; 3600 s: 3, 1 call.
// 30 brokers, DEFAULT: 2 + 780 + 150 + 60 + 2 + 90 = 1,084.
//    60 s: 2 + 120 + 100 = 222, 4 calls; 300 s: 630 + 50 + 60 + 2 + 90 = 832, 3 calls; 3600 s: 30, 1 call.
// 90 brokers, DEFAULT: 2 + 2,340 + 150 + 60 + 2 + 270 = 2,824.
//    60 s: 2 + 360 + 100 = 462, 7 calls; 300 s: 1,890 + 50 + 60 + 2 + 270 = 2,272, 7 calls; 3600 s: 90, 1 call.
//  3 brokers, PER_BROKER: 2 + 48x3 + 75 = 221; 29 left: 9 topics (27), no further pair, the 2 global counts = 250.
//    60 s: 2 + 15 + 50 = 67, 1 call; 300 s: 126 + 25 + 27 + 2 = 180, 1 call; 3600 s: 3, 1 call.
// 30 brokers, PER_BROKER: 2 + 1,440 + 75 + 30 = 1,547; 53 left: 17 pairs (51), the 2 global counts = 1,600.
//    60 s: 2 + 150 + 84 = 236, 4 calls; 300 s: 1,260 + 42 + 30 + 2 = 1,334, 4 calls; 3600 s: 30, 1 call.
// 90 brokers, PER_BROKER: 2 + 4,320 + 75 + 30 = 4,427; 73 left: 24 pairs (72), 1 global count = 4,500.
//    60 s: 2 + 450 + 98 = 550, 8 calls; 300 s: 3,780 + 49 + 30 + 1 = 3,860, 12 calls; 3600 s: 90, 1 call.
test.each([
  { level: 'DEFAULT', brokers: 3, by: [106, 141, 3], calls: 2 + 1 + 1, usd: 0.0025, limit: 0.0025 },
  { level: 'DEFAULT', brokers: 30, by: [222, 832, 30], calls: 4 + 3 + 1, usd: 0.01084, limit: 0.016 },
  { level: 'DEFAULT', brokers: 90, by: [462, 2272, 90], calls: 7 + 7 + 1, usd: 0.02824, limit: 0.045 },
  { level: 'PER_BROKER', brokers: 3, by: [67, 180, 3], calls: 1 + 1 + 1, usd: 0.0025, limit: 0.0025 },
  { level: 'PER_BROKER', brokers: 30, by: [236, 1334, 30], calls: 4 + 4 + 1, usd: 0.016, limit: 0.016 },
  { level: 'PER_BROKER', brokers: 90, by: [550, 3860, 90], calls: 8 + 12 + 1, usd: 0.045, limit: 0.045 },
] as const)('$brokers brokers at $level cost $usd USD in $calls calls', ({ level, brokers, by, calls, usd, limit }) => {
  const plan = planMetrics(request({ ...full, enhancedMonitoring: level, brokerIds: ids(brokers) }));
  const cost = explainCost(plan);
  expect(cost).toMatchObject({
    metricsRequested: by[0] + by[1] + by[2],
    calls,
    dataPoints: by[0] * 1440 + by[1] * 288 + by[2] * 24,
  });
  expect(cost.usd).toBeCloseTo(usd, 10);
  expect(cost.usd).toBeLessThanOrEqual(limit + 1e-12);
});

test('an Express cluster of 30 brokers: 34 metrics a broker, 50 pairs and 20 topics leave room for all evidence but one', () => {
  // 2 + 2 + 2 of the cluster; a broker 9 + 9 at DEFAULT, 11 + 5 at PER_BROKER; 150; 60; evidence a broker 3 + 8: all fit.
  const plan = planMetrics(
    request({ ...full, kind: 'provisioned-express', enhancedMonitoring: 'PER_BROKER', brokerIds: ids(30) }),
  );
  expect(explainCost(plan).metricsRequested).toBe(6 + 34 * 30 + 150 + 60 + 11 * 30);
  expect(plan.dropped).toEqual([]);
});

test('Serverless asks for all topics, which alone tell its throughput, then for pairs under both names of the time lag', () => {
  const plan = planMetrics(request({ groupTopics: pairs(80), topics: topics(30), kind: 'serverless', brokerIds: [] }));
  const { groups } = explainCost(plan);
  // 20 topics of 3; 250 - 60 = 190: 47 pairs of 4.
  expect([groups.groups.metricsRequested, groups.topics.metricsRequested]).toEqual([188, 60]);
  expect(plan.dropped).toEqual([{ what: 'pairs', count: 3, metrics: 12 }]);
});

test('at 3 brokers and PER_BROKER the largest topics keep a share beside the pairs', () => {
  const plan = planMetrics(request({ ...full, enhancedMonitoring: 'PER_BROKER' }));
  const { groups } = explainCost(plan);
  expect([groups.groups.metricsRequested, groups.topics.metricsRequested]).toEqual([25 * 3, 9 * 3]);
  expect(plan.dropped.slice(0, 2)).toEqual([
    { what: 'pairs', count: 25, metrics: 75 },
    { what: 'topics', count: 11, metrics: 33 },
  ]);
});

test('the budget is the one of 3, 30 and 90 brokers, on straight lines between and beyond', () => {
  expect([0, 1, 3, 6, 30, 60, 90, 120].map(metricBudget)).toEqual([250, 250, 250, 400, 1600, 3050, 4500, 5950]);
});

test('what does not fit is dropped in one order: evidence, further topics and pairs, checks, and the first pairs before no KPI', () => {
  // Four ways of authentication and every doubtful row: 3 brokers no longer hold all pairs.
  const { features: _features, ...unknown } = request({ ...full, enhancedMonitoring: 'PER_TOPIC_PER_BROKER' });
  const plan = planMetrics(unknown);
  const asked = new Set(askedNames(plan));
  expect(plan.dropped.slice(0, 2).map(({ what }) => what)).toEqual(['pairs', 'topics']);
  expect(explainCost(plan).groups.groups.metricsRequested).toBeGreaterThanOrEqual(25 * 3);
  for (const { what } of plan.dropped.slice(2)) expect(asked).not.toContain(what);
  expect(asked).toContain('RequestHandlerAvgIdlePercent');
  expect(describeDropped(plan)).toMatch(
    /^to stay within 250 metrics, not asked for: \d+ pairs \(\d+\), 20 topics \(\d+\), /,
  );
});

test('a metric that the budget did not hold is told as not requested', () => {
  const plan = planMetrics(request({ ...full, enhancedMonitoring: 'PER_BROKER' }));
  expect(plan.unavailable).toContainEqual({
    metric: 'VolumeQueueLength',
    dimensions: ['Cluster Name', 'Broker ID'],
    reason: 'not-requested',
  });
  expect(describeDropped(planMetrics(request()))).toBeNull();
});

test('the price is told by what it is for, with its source and its day', () => {
  const cost = explainCost(planMetrics(request({ groupTopics: pairs(2), topics: topics(1) })));
  expect(cost.groups).toMatchObject({
    cluster: { metricsRequested: 4, dataPoints: 2 * 1440 + 2 * 288 },
    brokers: { metricsRequested: 29 * 3 },
    groups: { metricsRequested: 6, dataPoints: 4 * 1440 + 2 * 288 },
    topics: { metricsRequested: 3, dataPoints: 3 * 288 },
    history: { metricsRequested: 0, usd: 0 },
  });
  expect(cost.priceSource).toMatch(/^https:/);
  expect(cost.priceAsOfDate).toMatch(/^\d{4}-\d\d-\d\d$/);
});

test('every batch covers whole periods, as many as the window holds, up to the one in which the window ends', () => {
  const { batches } = planMetrics(request());
  expect(
    batches.map(({ periodSec, startMs, endMs, pointsPerQuery }) => ({ periodSec, startMs, endMs, pointsPerQuery })),
  ).toEqual([
    { periodSec: 60, startMs: DAY.startMs, endMs: END, pointsPerQuery: 1440 },
    {
      periodSec: 300,
      startMs: Date.UTC(2026, 10, 19, 10, 40),
      endMs: Date.UTC(2026, 10, 20, 10, 40),
      pointsPerQuery: 288,
    },
    { periodSec: 3600, startMs: Date.UTC(2026, 10, 19, 11), endMs: Date.UTC(2026, 10, 20, 11), pointsPerQuery: 24 },
  ]);
});

test('a window that ends on a full hour asks for nothing in the future', () => {
  const endMs = Date.UTC(2026, 10, 20, 10);
  const { batches } = planMetrics(request({ window: { startMs: endMs - 86_400_000, endMs } }));
  expect(batches.map((batch) => batch.endMs)).toEqual([endMs, endMs, endMs]);
});

test('501 queries of a short window are split by the limit of 500 a call', () => {
  const window = { startMs: END - 3_600_000, endMs: END };
  // 3600 s: the disk of each broker.
  const { batches } = planMetrics(request({ brokerIds: ids(501), groupTopics: [], topics: [], window }));
  expect(batches.filter((batch) => batch.periodSec === 3600).map((batch) => batch.queries.length)).toEqual([500, 1]);
});

test('dimensions carry spaces, the cluster by name and the order of the catalogue', () => {
  const queries = queriesOf(planMetrics(request()));
  const dimensionsOf = (metric: string) =>
    queries.filter((query) => query.metric === metric).map((query) => Object.entries(query.dimensions).flat());
  expect(dimensionsOf('OfflinePartitionsCount')).toEqual([['Cluster Name', 'orders']]);
  expect(dimensionsOf('CpuUser')[0]).toEqual(['Cluster Name', 'orders', 'Broker ID', '1']);
  expect(dimensionsOf('MaxOffsetLag')).toEqual([['Cluster Name', 'orders', 'Consumer Group', 'g1', 'Topic', 't']]);
  expect(dimensionsOf('BytesInPerSec').at(-1)).toEqual(['Cluster Name', 'orders', 'Broker ID', '3', 'Topic', 't1']);
});

test.each(['a:b', 'gr\nup', 'grüppe', '\u202egroup', '   ', '', 'x'.repeat(1025)])(
  'a group named %j does not spoil the call: it is left out and counted',
  (groupId) => {
    const groupTopics = [
      { groupId, topic: 't' },
      { groupId: 'fine', topic: 't' },
    ];
    const plan = planMetrics(request({ groupTopics }));
    const groups = queriesOf(plan).flatMap((query) => query.dimensions['Consumer Group'] ?? []);
    expect(new Set(groups)).toEqual(new Set(['fine']));
    expect(plan.unnameablePairCount).toBe(1);
  },
);

test('only the first 50 pairs and the first 20 topics are asked for', () => {
  const queries = queriesOf(planMetrics(request({ ...full, brokerIds: ids(30) })));
  const lag = queries.filter((query) => query.metric === 'MaxOffsetLag');
  expect(lag.map((query) => query.dimensions['Consumer Group'])).toEqual(pairs(50).map((pair) => pair.groupId));
  const byTopic = queries.flatMap(({ dimensions }) => ('Consumer Group' in dimensions ? [] : (dimensions.Topic ?? [])));
  expect([...new Set(byTopic)]).toEqual(topics(20).map(({ topic }) => topic));
});

test('a cluster without brokers and groups still asks for its own metrics', () => {
  const plan = planMetrics(request({ brokerIds: [], groupTopics: [], topics: [] }));
  expect(explainCost(plan)).toMatchObject({ metricsRequested: 4, calls: 2 });
});

test('whatever the cluster, a plan keeps to its budget and to what one call may hold, and asks nothing twice', () => {
  const name = fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom('orders', 'g', 't', ' ', 'a:b', 'ü'));
  const flag = fc.constantFrom(true, false, null);
  const anyRequest = fc.record({
    kind: fc.constantFrom('provisioned-standard', 'provisioned-express', 'serverless'),
    clusterName: name,
    enhancedMonitoring: fc.constantFrom(
      'DEFAULT',
      'PER_BROKER',
      'PER_TOPIC_PER_BROKER',
      'PER_TOPIC_PER_PARTITION',
      'unknown',
    ),
    features: fc.record({
      burstable: flag,
      zookeeper: flag,
      tiered: flag,
      intelligentRebalancing: flag,
      kafkaVersion: fc.constantFrom(null, '2.8.2.tiered', '3.6.0', '4.0.x.kraft', 'odd'),
      authentication: fc.record({ iam: flag, scram: flag, tls: flag, unauthenticated: flag }),
    }),
    brokerIds: fc.array(fc.integer({ min: 0, max: 120 }), { maxLength: 120 }),
    groupTopics: fc.array(fc.record({ groupId: name, topic: name }), { maxLength: 80 }),
    topics: fc.array(
      fc.record({ topic: name, leaders: fc.array(fc.integer({ min: 1, max: 90 }), { maxLength: 30 }) }),
      {
        maxLength: 30,
      },
    ),
    window: fc.integer({ min: 1, max: 72 }).map((hours) => ({ startMs: END - hours * 3_600_000, endMs: END })),
  });
  fc.assert(
    fc.property(anyRequest, (any) => {
      const plan = planMetrics(any as Parameters<typeof planMetrics>[0]);
      const queries = queriesOf(plan);
      expect(queries.length).toBeLessThanOrEqual(metricBudget(any.brokerIds.length));
      for (const { queries: own, pointsPerQuery, startMs, endMs, periodSec } of plan.batches) {
        expect(own.length).toBeLessThanOrEqual(500);
        expect(own.length * pointsPerQuery).toBeLessThanOrEqual(100_800);
        expect([startMs % (periodSec * 1000), endMs - startMs]).toEqual([0, pointsPerQuery * periodSec * 1000]);
      }
      for (const { id } of queries) expect(id).toMatch(/^[a-z][a-zA-Z0-9_]*$/);
      expect(new Set(queries.map(({ id }) => id)).size).toBe(queries.length);
      const series = queries.map(({ metric, dimensions }) => JSON.stringify([metric, dimensions]));
      expect(new Set(series).size).toBe(queries.length);
      for (const value of queries.flatMap(({ dimensions }) => Object.values(dimensions))) {
        expect(value).toMatch(/^[\x20-\x7e]{1,1024}$/);
      }
    }),
    { numRuns: 60, seed: 5 },
  );
});
