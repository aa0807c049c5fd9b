import { expect, test } from 'vitest';
import type { KeptRanking } from '../../../lib/collect/account/weekly-sections.ts';
import type { CloudWatchReader } from '../../../lib/collect/cloudwatch/cloudwatch-reader.ts';
import { MAX_RANKED_METRICS, rankedNames, rankingDays } from '../../../lib/collect/cloudwatch/kept-ranking.ts';
import { metricBudget, planMetrics, rankingShare } from '../../../lib/collect/cloudwatch/plan.ts';
import { explainCost } from '../../../lib/collect/cloudwatch/plan-cost.ts';
import { ids, pairs, request, topics } from './plan-requests.ts';

const NOW = Date.UTC(2026, 10, 20, 10);
const DAY_MS = 86_400_000;

function aRanking(over: Partial<KeptRanking> = {}): KeptRanking {
  const pair = { groupId: 'kept', topic: 't' };
  return { atMs: NOW - DAY_MS, metrics: 120, isTruncated: false, pairs: [pair], topics: [], ...over };
}

/** CloudWatch with so many pairs of group and topic, and one topic of a Serverless cluster. */
function cloudWatch(pairCount: number) {
  const asked: string[] = [];
  const reader: CloudWatchReader = {
    getMetricData: async ({ MetricDataQueries }) => {
      const { Expression = '' } = MetricDataQueries?.[0] ?? {};
      asked.push(Expression);
      const labels = Expression.includes('BytesInPerSec')
        ? ['t=busy']
        : pairs(pairCount).map(({ groupId }) => `t=t g=${groupId}`);
      return {
        $metadata: {},
        MetricDataResults: labels.map((Label) => ({ Label, Values: [1], StatusCode: 'Complete' as const })),
      };
    },
  };
  return { reader, asked };
}

const refused: CloudWatchReader = {
  getMetricData: async () => {
    throw Object.assign(new Error('no'), { name: 'AccessDeniedException' });
  },
};

const named = (reader: CloudWatchReader, kept?: KeptRanking, more: { brokerCount?: number; topics?: boolean } = {}) =>
  rankedNames(
    reader,
    { clusterName: 'orders', nowMs: NOW, brokerCount: 3, topics: false, ...more },
    kept,
    new AbortController().signal,
  );

// A fifth of 250, 1,600 and 4,500 metrics a report: 50, 320 and 900.
test.each([
  [3, 50, 1],
  [3, 51, 2],
  [3, 1_400, 28],
  [30, 320, 1],
  [30, 8_960, 28],
  [90, 10_000, 12],
])('%i brokers: a ranking of %i metrics serves %i days', (brokers, metrics, days) => {
  expect(rankingDays(metrics, brokers)).toBe(days);
});

test.each([
  [3, 1_400],
  [30, 8_960],
  [90, MAX_RANKED_METRICS],
])('%i brokers: up to %i pairs a day’s report and its part of the ranking stay within the budget', (brokers, most) => {
  const plan = planMetrics(
    request({
      brokerIds: ids(brokers),
      groupTopics: pairs(100),
      topics: topics(20),
      enhancedMonitoring: 'PER_BROKER',
      reserved: rankingShare(brokers),
    }),
  );
  for (const metrics of [1, 50, 320, most]) {
    const perDay = explainCost(plan).metricsRequested + metrics / rankingDays(metrics, brokers);
    expect(perDay).toBeLessThanOrEqual(metricBudget(brokers));
  }
});

test('beyond that the largest ranking there is costs 357 metrics a day: $0.0036', () => {
  expect(MAX_RANKED_METRICS / rankingDays(MAX_RANKED_METRICS, 3)).toBeCloseTo(357.1, 1);
});

test('a ranking that is not paid for yet is used again, and says of when it is', async () => {
  const { reader, asked } = cloudWatch(2);
  const kept = aRanking({ atMs: NOW - 2 * DAY_MS });
  expect(await named(reader, kept)).toEqual({ ranking: kept, cost: null, note: expect.stringContaining('2026-11-18') });
  expect(asked).toEqual([]);
});

test('one that is paid for, or none, leads to a new one; runs of a schedule may be half a day early', async () => {
  const { reader, asked } = cloudWatch(2);
  // 120 metrics are paid in three days.
  const due = await named(reader, aRanking({ atMs: NOW - 2.5 * DAY_MS }));
  expect(due).toMatchObject({ ranking: { atMs: NOW, metrics: 2, pairs: pairs(2) }, cost: { metricsRequested: 2 } });
  expect(due.note).toBeUndefined();
  expect((await named(reader)).ranking?.pairs).toEqual(pairs(2));
  expect((await named(reader, aRanking({ atMs: NOW + 60 * DAY_MS }))).ranking?.atMs).toBe(NOW);
  expect(asked).toHaveLength(3);
});

test('a list that CloudWatch cut is counted at the most that it can have cost, and said to be cut on every day', async () => {
  const { ranking, cost, problem } = await named(cloudWatch(500).reader);
  expect(ranking).toMatchObject({ metrics: MAX_RANKED_METRICS, isTruncated: true });
  expect(cost).toMatchObject({ usd: null });
  expect(problem).toContain('only some of the consumer groups');
  expect(await named(refused, { ...ranking!, atMs: NOW - DAY_MS })).toMatchObject({ cost: null, problem });
});

test('a refused ranking leaves the earlier one for four weeks, and the refusal is told', async () => {
  const problem = expect.stringContaining('could not be ranked by CloudWatch (AccessDeniedException)');
  const kept = aRanking({ atMs: NOW - 27 * DAY_MS });
  expect(await named(refused, kept)).toMatchObject({ ranking: kept, cost: null, problem });
  expect(await named(refused, aRanking({ atMs: NOW - 28 * DAY_MS }))).toMatchObject({ ranking: null, problem });
});

test('on Serverless topics are ranked too, by the sum over their partitions', async () => {
  const { reader, asked } = cloudWatch(2);
  const { ranking, cost } = await named(reader, undefined, { topics: true, brokerCount: 0 });
  expect(ranking).toMatchObject({ topics: ['busy'], metrics: 3 });
  expect(cost).toMatchObject({ metricsRequested: 3, calls: 2 });
  expect(asked[1]).toBe(
    `SELECT SUM(BytesInPerSec) FROM SCHEMA("AWS/Kafka", "Cluster Name", "Topic") WHERE "Cluster Name" = 'orders' ` +
      'GROUP BY "Topic" ORDER BY SUM() DESC LIMIT 500',
  );
});
