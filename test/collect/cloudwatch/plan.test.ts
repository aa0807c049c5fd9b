import { expect, test } from 'vitest';
import { explainCost, type MetricPlanRequest, planMetrics } from '../../../lib/collect/cloudwatch/plan.ts';

const END = Date.UTC(2026, 10, 20, 10, 37);
const DAY = { startMs: END - 24 * 3_600_000, endMs: END };

function request(changes: Partial<MetricPlanRequest> = {}): MetricPlanRequest {
  return {
    kind: 'provisioned-standard',
    clusterName: 'orders',
    enhancedMonitoring: 'DEFAULT',
    brokerIds: ids(3),
    groupTopics: pairs(50),
    window: DAY,
    ...changes,
  };
}

const ids = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const pairs = (count: number) => ids(count).map((id) => ({ groupId: `g${id}`, topic: 't' }));

// Counted by hand over the catalogue for a Standard cluster with 50 pairs of group and topic:
// 60 s: OfflinePartitionsCount 1, UnderReplicated and UnderMinIsr 2 a broker, MaxOffsetLag 50; 70 queries of 1,440 points fit a call;
// 300 s: LeaderCount, PartitionCount, CpuUser, CpuSystem, ProduceTotalTimeMsMean, BytesIn, BytesOut 7 a broker, two lag metrics 100;
//        350 queries of 288 points fit a call;
// 3600 s: KafkaDataLogsDiskUsed 1 a broker.
test.each([
  { brokers: 3, metrics: 57 + 121 + 3, calls: 1 + 1 + 1, usd: 0.00181, budget: 0.0025 },
  { brokers: 30, metrics: 111 + 310 + 30, calls: 2 + 1 + 1, usd: 0.00451, budget: 0.016 },
  { brokers: 90, metrics: 231 + 730 + 90, calls: 4 + 3 + 1, usd: 0.01051, budget: 0.045 },
])('$brokers brokers cost $metrics metrics in $calls calls', ({ brokers, metrics, calls, usd, budget }) => {
  const cost = explainCost(planMetrics(request({ brokerIds: ids(brokers) })));
  expect(cost).toMatchObject({ metricsRequested: metrics, calls });
  expect(cost.usd).toBeCloseTo(usd, 8);
  expect(cost.usd).toBeLessThanOrEqual(budget);
});

test('no call is larger than one page of CloudWatch', () => {
  for (const windowHours of [1, 24, 72]) {
    const window = { startMs: END - windowHours * 3_600_000, endMs: END };
    for (const batch of planMetrics(request({ brokerIds: ids(90), window })).batches) {
      expect(batch.queries.length).toBeLessThanOrEqual(500);
      expect(batch.queries.length * batch.pointsPerQuery).toBeLessThanOrEqual(100_800);
    }
  }
});

test('501 queries of a short window are split by the limit of 500 a call', () => {
  const window = { startMs: END - 3_600_000, endMs: END };
  // 1 offline + 2 x 250 broker metrics at 60 s = 501 queries of 60 points: 30,060 points would fit one call.
  const { batches } = planMetrics(request({ brokerIds: ids(250), groupTopics: [], window }));
  expect(batches.filter((batch) => batch.periodSec === 60).map((batch) => batch.queries.length)).toEqual([500, 1]);
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

test('Express is not asked for what it does not publish', () => {
  const names = metricsOf(request({ kind: 'provisioned-express' }));
  expect(names).not.toContain('UnderReplicatedPartitions');
  expect(names).not.toContain('KafkaDataLogsDiskUsed');
  expect(names).toContain('CpuUser');
});

test('Serverless has lag only, and no broker', () => {
  expect(metricsOf(request({ kind: 'serverless', brokerIds: [] }))).toEqual(['MaxOffsetLag', 'SumOffsetLag']);
});

test('dimensions carry spaces and the cluster by name', () => {
  const queries = planMetrics(request({ groupTopics: [{ groupId: 'g', topic: 't' }] })).batches.flatMap(
    (batch) => batch.queries,
  );
  const dimensionsOf = (metric: string) => queries.find((query) => query.metric === metric)?.dimensions;
  expect(dimensionsOf('OfflinePartitionsCount')).toEqual({ 'Cluster Name': 'orders' });
  expect(dimensionsOf('CpuUser')).toEqual({ 'Cluster Name': 'orders', 'Broker ID': '1' });
  expect(dimensionsOf('MaxOffsetLag')).toEqual({ 'Cluster Name': 'orders', 'Consumer Group': 'g', Topic: 't' });
});

test('ids are unique over all batches and of the form that CloudWatch takes', () => {
  const all = planMetrics(request({ brokerIds: ids(90) })).batches.flatMap((batch) =>
    batch.queries.map((query) => query.id),
  );
  expect(new Set(all).size).toBe(all.length);
  for (const id of all) expect(id).toMatch(/^[a-z][a-zA-Z0-9_]*$/);
});

test.each(['a:b', 'gr\nup', 'grüppe', '\u202egroup', '   ', '', 'x'.repeat(1025)])(
  'a group named %j does not spoil the call: it is left out and counted',
  (groupId) => {
    const plan = planMetrics(
      request({
        groupTopics: [
          { groupId, topic: 't' },
          { groupId: 'fine', topic: 't' },
        ],
      }),
    );
    const groups = plan.batches.flatMap((batch) =>
      batch.queries.flatMap((query) => query.dimensions['Consumer Group'] ?? []),
    );
    expect(new Set(groups)).toEqual(new Set(['fine']));
    expect(plan.unnameablePairCount).toBe(1);
  },
);

test('only the first 50 pairs are asked for', () => {
  const groups = planMetrics(request({ groupTopics: pairs(80) })).batches.flatMap((batch) =>
    batch.queries.filter((query) => query.metric === 'MaxOffsetLag'),
  );
  expect(groups.map((query) => query.dimensions['Consumer Group'])).toEqual(pairs(50).map((pair) => pair.groupId));
});

test('a cluster without brokers and groups still asks for its own metrics', () => {
  const plan = planMetrics(request({ brokerIds: [], groupTopics: [] }));
  expect(explainCost(plan)).toMatchObject({ metricsRequested: 1, calls: 1 });
});

function metricsOf(wanted: MetricPlanRequest): string[] {
  return [...new Set(planMetrics(wanted).batches.flatMap((batch) => batch.queries.map((query) => query.metric)))];
}
