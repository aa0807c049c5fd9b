import { afterEach, expect, test, vi } from 'vitest';
import { createCloudWatchReader } from '../../../lib/collect/cloudwatch/cloudwatch-reader.ts';
import { rankPairs, withRankingCost } from '../../../lib/collect/cloudwatch/ranking.ts';
import { AwsError } from '../../../sandbox/aws/http.ts';
import { type Answer, type AnsweredCall, type AwsFront, startAwsFront } from '../aws-front.ts';

const NOW = Date.UTC(2026, 10, 20, 10, 2);
const SIGNAL = new AbortController().signal;

let front: AwsFront;
let asked: { Expression: string; Period?: number; Label: string }[];

afterEach(async () => {
  vi.unstubAllEnvs();
  await front?.close();
});

async function rank(answer: Answer, clusterName = 'orders') {
  asked = [];
  const GetMetricData = (call: AnsweredCall) => {
    asked.push(...(call.input.MetricDataQueries as typeof asked));
    return typeof answer === 'function' ? answer(call) : answer;
  };
  front = await startAwsFront({ monitoring: { GetMetricData } });
  for (const [name, value] of Object.entries(front.env)) vi.stubEnv(name, value);
  const reader = await createCloudWatchReader({ region: 'us-east-1' });
  return rankPairs(reader, { clusterName, nowMs: NOW }, SIGNAL);
}

const isInsights = () => asked.at(-1)!.Expression.startsWith('SELECT');
const series = (Label: string, ...Values: number[]) => ({
  Id: 'rank',
  Label,
  StatusCode: 'Complete',
  Timestamps: Values.map((_, index) => NOW / 1000 - 300 * index),
  Values,
});
const answerOf = (...MetricDataResults: object[]) => ({ MetricDataResults });

test('names the pairs, the most lagging first; names with spaces and equals signs stay whole', async () => {
  const ranking = await rank(
    answerOf(
      series('t=orders g=billing', 5, 9),
      series('t=orders.v1 g=a group g=t=x', 400),
      series('t=audit_log g=billing', 9),
    ),
  );
  expect(ranking).toMatchObject({ method: 'metrics-insights', isTruncated: false });
  expect(ranking.pairs).toEqual([
    { groupId: 'a group g=t=x', topic: 'orders.v1', maxOffsetLag: 400 },
    { groupId: 'billing', topic: 'audit_log', maxOffsetLag: 9 },
    { groupId: 'billing', topic: 'orders', maxOffsetLag: 9 },
  ]);
  expect(ranking.cost).toMatchObject({ metricsRequested: 3, calls: 1, points: 4 });
  expect(ranking.cost.usd).toBeCloseTo(0.00003, 12);
});

test('asks one query of Metrics Insights, for the exact dimensions of the lag metrics and one cluster', async () => {
  let input: Record<string, unknown> = {};
  await rank((call) => {
    input = call.input;
    return answerOf();
  });
  expect(asked).toEqual([
    {
      Id: 'rank',
      Expression:
        'SELECT MAX(MaxOffsetLag) FROM SCHEMA("AWS/Kafka", "Cluster Name", "Consumer Group", "Topic") ' +
        `WHERE "Cluster Name" = 'orders' GROUP BY "Topic", "Consumer Group" ORDER BY MAX() DESC LIMIT 500`,
      Period: 300,
      Label: "t=${PROP('Dim.Topic')} g=${PROP('Dim.Consumer Group')}",
      ReturnData: true,
    },
  ]);
  // Metrics Insights reached back three hours only.
  expect(Number(input.EndTime) - Number(input.StartTime)).toBe(7200);
  expect(input.EndTime).toBe(Date.UTC(2026, 10, 20, 10, 5) / 1000);
});

test.each([
  ['of its own', 'orders billing'],
  ['with the placeholders as they were', "t=${PROP('Dim.Topic')} g=${PROP('Dim.Consumer Group')}"],
  ['with one placeholder as it was', "t=orders g=${PROP('Dim.Consumer Group')}"],
  ['of another topic than there can be', 't=or ders g=billing'],
  ['with a line break', 't=orders g=bil\nling'],
])('a label %s is not guessed at: the search is asked', async (_, label) => {
  const ranking = await rank(() =>
    isInsights() ? answerOf(series(label, 5)) : answerOf(series('t=orders g=billing', 5), series(label, 8)),
  );
  expect(ranking).toMatchObject({ method: 'search', pairs: [{ groupId: 'billing', topic: 'orders' }] });
  expect(asked[1]).toMatchObject({
    Expression:
      `SORT(SEARCH('{AWS/Kafka,"Cluster Name","Consumer Group","Topic"} MetricName="MaxOffsetLag" ` +
      `"Cluster Name"="orders"', 'Maximum', 300), MAX, DESC, 500)`,
  });
  expect(ranking.cost).toMatchObject({ metricsRequested: 3, calls: 2 });
});

test('a region that does not understand the query is searched', async () => {
  const ranking = await rank(() =>
    isInsights() ? new AwsError('ValidationError', 'Error in expression') : answerOf(series('t=orders g=billing', 5)),
  );
  expect(ranking).toMatchObject({ method: 'search', pairs: [{ groupId: 'billing' }] });
});

test('a refusal is a refusal, not a reason to search', async () => {
  await expect(rank(() => new AwsError('AccessDenied', 'x', 403))).rejects.toMatchObject({ name: 'AccessDenied' });
  expect(asked).toHaveLength(1);
  await front.close();
  await expect(rank(answerOf({ Id: 'rank', StatusCode: 'Forbidden' }))).rejects.toMatchObject({ name: 'Forbidden' });
});

test.each([
  ['no results', {}],
  ['an empty list', answerOf()],
  ['one result without points', answerOf({ Id: 'rank', Label: 'MaxOffsetLag', StatusCode: 'Complete', Values: [] })],
])('a cluster without lag metrics has no pairs: %s', async (_, answer) => {
  expect(await rank(answer)).toMatchObject({ method: 'metrics-insights', pairs: [], cost: { usd: 0 } });
});

test('a pair in two pages is one pair; messages are kept; endless pages end', async () => {
  const ranking = await rank(({ index }) => ({
    ...answerOf(series('t=orders g=billing', index)),
    Messages: [{ Code: 'C', Value: `${index}` }],
    NextToken: `${index}`,
  }));
  expect(ranking.pairs).toEqual([{ groupId: 'billing', topic: 'orders', maxOffsetLag: 4 }]);
  expect(ranking.messages).toHaveLength(5);
  expect(ranking.cost.calls).toBe(5);
});

test('500 series may be a part: what they cost is then not known', async () => {
  const many = Array.from({ length: 500 }, (_, index) => series(`t=orders g=group-${index}`, index));
  const { isTruncated, cost, pairs } = await rank(answerOf(...many));
  expect({ isTruncated, usd: cost.usd, first: pairs[0]!.groupId }).toEqual({
    isTruncated: true,
    usd: null,
    first: 'group-499',
  });
  const section = { metricsRequested: 10, calls: 1, points: 100, usd: 0.0001 };
  expect(withRankingCost(section, cost)).toMatchObject({ metricsRequested: 510, calls: 2, points: 600, usd: null });
});

test.each(["a' OR '1'='1", 'x"y', '', 'a b', 'x'.repeat(65)])('the name %j does not get into a query', async (name) => {
  await expect(rank(answerOf(), name)).rejects.toMatchObject({ name: 'UnusableClusterName' });
  expect(asked).toEqual([]);
});
