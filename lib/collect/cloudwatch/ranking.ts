// Which pairs of group and topic lag most, by CloudWatch alone: for a report without a path to the brokers.
//
// One Metrics Insights query ranks up to 10,000 series and names 500 of them; its answer tells series apart by their label only. How a
// label looks that CloudWatch makes of two GROUP BY keys is documented nowhere, so we ask for a label of our own with the values of the
// dimensions in it. AWS documents such labels for searches (read 2026-11-21); that Metrics Insights fills them is unverified. Labels
// that do not come back filled lead to one SEARCH, whose labels are documented: it names 500 series too, but cannot choose which.
import type { GetMetricDataInput, MetricDataResult } from '@aws-sdk/client-cloudwatch';
import { GET_METRIC_DATA_USD_PER_METRIC } from '../../facts/cloudwatch-price.ts';
import { METRIC_NAMESPACE, METRICS } from '../../facts/metric-catalogue.ts';
import type { MetricCost } from '../../snapshot/metrics-section.ts';
import { classifyAwsError } from '../classify-aws-error.ts';
import { collectPages } from '../pages.ts';
import type { CloudWatchReader } from './cloudwatch-reader.ts';
import type { GroupTopic } from './lagging-pairs.ts';

/** Series that one query or search names at most: cloudwatch-metrics-insights-limits.html, read 2026-11-21. */
const MAX_SERIES = 500;
const PERIOD_SEC = 300;
/** Metrics Insights reached back three hours for years, now two weeks; two hours hold in both, also by a clock that is off. */
const WINDOW_MS = 2 * 3_600_000;
const MAX_PAGES = 5;

/** `=` is no character of a topic's name, so that no other label begins like this one; a space ends the topic for the same reason. */
const LABEL = "t=${PROP('Dim.Topic')} g=${PROP('Dim.Consumer Group')}";
const FILLED_LABEL = /^t=([A-Za-z0-9._-]{1,249}) g=([\x20-\x7e]{1,1024})$/;

export interface Ranking {
  /** Most lagging first, by the largest lag in two hours; ties by name. */
  pairs: (GroupTopic & { maxOffsetLag: number })[];
  method: 'metrics-insights' | 'search';
  /** There may be more pairs than CloudWatch names; after a search even more lagging ones. */
  isTruncated: boolean;
  messages: { code: string; value: string }[];
  cost: MetricCost;
}

export interface RankingRequest {
  clusterName: string;
  nowMs: number;
}

/** Rejects with the SDK's error when CloudWatch answers neither the query nor the search. */
export async function rankPairs(
  reader: CloudWatchReader,
  request: RankingRequest,
  signal: AbortSignal,
): Promise<Ranking> {
  const insights = await ask(
    reader,
    { Expression: insightsQuery(request.clusterName), Period: PERIOD_SEC },
    request,
    signal,
  ).catch((error: unknown) => {
    if (classifyAwsError(error).kind !== 'bad-request') throw error;
    return null;
  });
  if (insights?.results.every((result) => pairOf(result) !== null)) {
    return rankingOf('metrics-insights', [insights]);
  }
  const search = await ask(reader, { Expression: searchExpression(request.clusterName) }, request, signal);
  return rankingOf('search', insights === null ? [search] : [search, insights]);
}

/** The cost of a section that a ranking went before. */
export function withRankingCost<
  C extends { metricsRequested: number; calls: number; usd: number | null; points?: number | undefined },
>(cost: C, ranking: MetricCost): C & { ranking: MetricCost } {
  return {
    ...cost,
    metricsRequested: cost.metricsRequested + ranking.metricsRequested,
    calls: cost.calls + ranking.calls,
    points: (cost.points ?? 0) + ranking.points,
    usd: cost.usd === null || ranking.usd === null ? null : cost.usd + ranking.usd,
    ranking,
  };
}

function insightsQuery(clusterName: string): string {
  return [
    `SELECT MAX(${METRICS.maxOffsetLag.name})`,
    `FROM SCHEMA("${METRIC_NAMESPACE}", "Cluster Name", "Consumer Group", "Topic")`,
    `WHERE "Cluster Name" = '${quotable(clusterName)}'`,
    'GROUP BY "Topic", "Consumer Group" ORDER BY MAX() DESC',
    `LIMIT ${MAX_SERIES}`,
  ].join(' ');
}

function searchExpression(clusterName: string): string {
  const schema = `{${METRIC_NAMESPACE},"Cluster Name","Consumer Group","Topic"}`;
  const terms = `MetricName="${METRICS.maxOffsetLag.name}" "Cluster Name"="${quotable(clusterName)}"`;
  return `SORT(SEARCH('${schema} ${terms}', 'Maximum', ${PERIOD_SEC}), MAX, DESC, ${MAX_SERIES})`;
}

/** How a quotation mark is escaped in a query is not relied on: MSK's names have letters, digits and hyphens. */
function quotable(clusterName: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(clusterName)) return clusterName;
  throw Object.assign(new Error('a cluster of this name cannot be put into a query'), { name: 'UnusableClusterName' });
}

interface Answered {
  results: MetricDataResult[];
  messages: { code: string; value: string }[];
  calls: number;
}

async function ask(
  reader: CloudWatchReader,
  query: { Expression: string; Period?: number },
  { nowMs }: RankingRequest,
  signal: AbortSignal,
): Promise<Answered> {
  const endMs = Math.ceil(nowMs / (PERIOD_SEC * 1000)) * PERIOD_SEC * 1000;
  const messages: Answered['messages'] = [];
  let calls = 0;
  const { items } = await collectPages(async (nextToken) => {
    const input: GetMetricDataInput = {
      StartTime: new Date(endMs - WINDOW_MS),
      EndTime: new Date(endMs),
      ScanBy: 'TimestampDescending',
      MetricDataQueries: [{ Id: 'rank', Label: LABEL, ReturnData: true, ...query }],
      ...(nextToken === undefined ? {} : { NextToken: nextToken }),
    };
    const output = await reader.getMetricData(input, signal);
    calls += 1;
    messages.push(...(output.Messages ?? []).map(({ Code = '', Value = '' }) => ({ code: Code, value: Value })));
    return { items: output.MetricDataResults ?? [], nextToken: output.NextToken };
  }, MAX_PAGES);
  if (items.length > 0 && items.every(({ StatusCode }) => StatusCode === 'Forbidden')) {
    throw Object.assign(new Error('the query was refused'), { name: 'Forbidden' });
  }
  // A query without a match may be answered by one result without points or a name.
  return { results: items.filter(({ Values }) => (Values?.length ?? 0) > 0), messages, calls };
}

function rankingOf(method: Ranking['method'], answers: readonly [Answered, ...Answered[]]): Ranking {
  const [{ results, messages }] = answers;
  const lagByPair = new Map<string, Ranking['pairs'][number]>();
  for (const result of results) {
    const pair = pairOf(result);
    if (pair === null) continue;
    const key = JSON.stringify([pair.groupId, pair.topic]);
    const highest = (result.Values ?? []).reduce((a, b) => Math.max(a, b), lagByPair.get(key)?.maxOffsetLag ?? 0);
    lagByPair.set(key, { ...pair, maxOffsetLag: highest });
  }
  const pairs = [...lagByPair.values()].sort(
    (a, b) => b.maxOffsetLag - a.maxOffsetLag || compare(a.groupId, b.groupId) || compare(a.topic, b.topic),
  );
  const isTruncated = results.length >= MAX_SERIES;
  return { pairs, method, isTruncated, messages, cost: costOf(answers, isTruncated) };
}

/**
 * Both forms are billed by the metrics that they look at, as far as is known (unverified): those are the pairs of the cluster, which
 * the answer tells unless it is cut off.
 */
function costOf(answers: readonly Answered[], isTruncated: boolean): MetricCost {
  const total = (of: (answer: Answered) => number) => answers.reduce((sum, answer) => sum + of(answer), 0);
  const metricsRequested = total(({ results }) => results.length);
  return {
    metricsRequested,
    calls: total(({ calls }) => calls),
    points: total(({ results }) => results.reduce((sum, { Values }) => sum + (Values?.length ?? 0), 0)),
    usd: isTruncated ? null : metricsRequested * GET_METRIC_DATA_USD_PER_METRIC.usd,
  };
}

/** Null when the label did not come back with the values in it. */
function pairOf({ Label }: MetricDataResult): GroupTopic | null {
  const [, topic, groupId] = FILLED_LABEL.exec(Label ?? '') ?? [];
  if (topic === undefined || groupId === undefined || groupId === "${PROP('Dim.Consumer Group')}") return null;
  return { groupId, topic };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
