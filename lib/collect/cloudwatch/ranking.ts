// Which pairs of group and topic lag most, and which topics of a Serverless cluster have traffic, by CloudWatch alone: for a report
// without a path to the brokers.
//
// One Metrics Insights query ranks up to 10,000 series and names 500 of them; its answer tells series apart by their label only. How a
// label looks that CloudWatch makes of two GROUP BY keys is documented nowhere, so we ask for a label of our own with the values of the
// dimensions in it. AWS documents such labels for searches (read 2026-11-21); that Metrics Insights fills them is unverified. Labels
// that do not come back filled lead to one SEARCH, whose labels are documented: it names 500 series too, but cannot choose which.
import type { GetMetricDataInput, MetricDataResult } from '@aws-sdk/client-cloudwatch';
import { GET_METRIC_DATA_USD_PER_METRIC } from '../../facts/cloudwatch-price.ts';
import { METRIC_NAMESPACE, METRICS, type MetricDefinition } from '../../facts/metric-catalogue.ts';
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

interface Ranked {
  method: 'metrics-insights' | 'search';
  /** There may be more than CloudWatch names; after a search even higher ones. */
  isTruncated: boolean;
  messages: { code: string; value: string }[];
  cost: MetricCost;
}

export interface Ranking extends Ranked {
  /** Most lagging first, by the largest lag in two hours; ties by name. */
  pairs: (GroupTopic & { maxOffsetLag: number })[];
}

export interface RankingRequest {
  clusterName: string;
  nowMs: number;
}

/** What is ranked: one metric by its dimensions beside the cluster, and the names in the label of an answer. */
interface Subject<T> {
  metric: MetricDefinition;
  dimensions: readonly string[];
  /** Keys in the order of the query. */
  groupBy: readonly string[];
  /** Of the query, and of the search. */
  statistic: readonly ['MAX', 'Maximum'] | readonly ['SUM', 'Sum'];
  label: string;
  /** Null when the label did not come back with the values in it. */
  named: (label: string | undefined) => T | null;
}

const PAIRS: Subject<GroupTopic> = {
  metric: METRICS.maxOffsetLag,
  dimensions: ['Consumer Group', 'Topic'],
  groupBy: ['Topic', 'Consumer Group'],
  statistic: ['MAX', 'Maximum'],
  label: LABEL,
  named: (label) => {
    const [, topic, groupId] = FILLED_LABEL.exec(label ?? '') ?? [];
    if (topic === undefined || groupId === undefined || groupId === "${PROP('Dim.Consumer Group')}") return null;
    return { groupId, topic };
  },
};

/** One datapoint a partition: only the sum is the topic's. */
const TOPICS: Subject<string> = {
  metric: METRICS.serverlessBytesIn,
  dimensions: ['Topic'],
  groupBy: ['Topic'],
  statistic: ['SUM', 'Sum'],
  label: "t=${PROP('Dim.Topic')}",
  named: (label) => /^t=([A-Za-z0-9._-]{1,249})$/.exec(label ?? '')?.[1] ?? null,
};

/** Rejects with the SDK's error when CloudWatch answers neither the query nor the search. */
export async function rankPairs(
  reader: CloudWatchReader,
  request: RankingRequest,
  signal: AbortSignal,
): Promise<Ranking> {
  const { found, ...ranked } = await rank(PAIRS, reader, request, signal);
  const pairs = found.map(({ name, value }) => ({ ...name, maxOffsetLag: value }));
  const sorted = pairs.sort(
    (a, b) => b.maxOffsetLag - a.maxOffsetLag || compare(a.groupId, b.groupId) || compare(a.topic, b.topic),
  );
  return { ...ranked, pairs: sorted };
}

/** Topics of a Serverless cluster, those with most bytes in two hours first; rejects like `rankPairs`. */
export async function rankTopics(
  reader: CloudWatchReader,
  request: RankingRequest,
  signal: AbortSignal,
): Promise<Ranked & { topics: string[] }> {
  const { found, ...ranked } = await rank(TOPICS, reader, request, signal);
  const sorted = found.sort((a, b) => b.value - a.value || compare(a.name, b.name));
  return { ...ranked, topics: sorted.map(({ name }) => name) };
}

async function rank<T>(
  subject: Subject<T>,
  reader: CloudWatchReader,
  request: RankingRequest,
  signal: AbortSignal,
): Promise<Ranked & { found: { name: T; value: number }[] }> {
  const query = (Expression: string) => ({ Expression, Label: subject.label });
  const insights = await ask(
    reader,
    { ...query(insightsQuery(subject, request.clusterName)), Period: PERIOD_SEC },
    request,
    signal,
  ).catch((error: unknown) => {
    if (classifyAwsError(error).kind !== 'bad-request') throw error;
    return null;
  });
  if (insights?.results.every(({ Label }) => subject.named(Label) !== null)) {
    return rankedOf(subject, 'metrics-insights', [insights]);
  }
  const search = await ask(reader, query(searchExpression(subject, request.clusterName)), request, signal);
  return rankedOf(subject, 'search', insights === null ? [search] : [search, insights]);
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

const quoted = (names: readonly string[]) => names.map((name) => `"${name}"`);

function insightsQuery(
  { metric, dimensions, groupBy, statistic: [aggregate] }: Subject<unknown>,
  clusterName: string,
): string {
  return [
    `SELECT ${aggregate}(${metric.name})`,
    `FROM SCHEMA("${METRIC_NAMESPACE}", ${quoted(['Cluster Name', ...dimensions]).join(', ')})`,
    `WHERE "Cluster Name" = '${quotable(clusterName)}'`,
    `GROUP BY ${quoted(groupBy).join(', ')} ORDER BY ${aggregate}() DESC`,
    `LIMIT ${MAX_SERIES}`,
  ].join(' ');
}

function searchExpression({ metric, dimensions, statistic }: Subject<unknown>, clusterName: string): string {
  const schema = `{${[METRIC_NAMESPACE, ...quoted(['Cluster Name', ...dimensions])].join(',')}}`;
  const terms = `MetricName="${metric.name}" "Cluster Name"="${quotable(clusterName)}"`;
  return `SORT(SEARCH('${schema} ${terms}', '${statistic[1]}', ${PERIOD_SEC}), ${statistic[0]}, DESC, ${MAX_SERIES})`;
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
  query: { Expression: string; Label: string; Period?: number },
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
      MetricDataQueries: [{ Id: 'rank', ReturnData: true, ...query }],
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

function rankedOf<T>(
  { named }: Subject<T>,
  method: Ranked['method'],
  answers: readonly [Answered, ...Answered[]],
): Ranked & { found: { name: T; value: number }[] } {
  const [{ results, messages }] = answers;
  const highest = new Map<string, { name: T; value: number }>();
  for (const { Label, Values = [] } of results) {
    const name = named(Label);
    if (name === null) continue;
    const key = JSON.stringify(name);
    highest.set(key, { name, value: Values.reduce((a, b) => Math.max(a, b), highest.get(key)?.value ?? 0) });
  }
  const isTruncated = results.length >= MAX_SERIES;
  return { found: [...highest.values()], method, isTruncated, messages, cost: costOf(answers, isTruncated) };
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

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
