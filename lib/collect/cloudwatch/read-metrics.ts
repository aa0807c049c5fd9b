// Carries out a metric plan. A point that CloudWatch does not have stays null; a query that it could not answer is left out and told.
import type { GetMetricDataInput, MessageData, MetricDataResult } from '@aws-sdk/client-cloudwatch';
import pMap from 'p-map';
import { METRIC_NAMESPACE } from '../../facts/metric-catalogue.ts';
import { GET_METRIC_DATA_USD_PER_METRIC } from '../../facts/offline-prices.ts';
import type { MetricSeries } from '../../snapshot/metrics-section.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { classifyAwsError } from '../classify-aws-error.ts';
import type { CloudWatchReader } from './cloudwatch-reader.ts';
import { MAX_DATAPOINTS_PER_CALL, type MetricBatch, type MetricPlan, type MetricQuery } from './plan.ts';

const CONCURRENT_CALLS = 4;
/** A batch is planned to fit one page: more than this is a server that does not end. */
const MAX_PAGES_PER_BATCH = 20;

const FORBIDDEN = 'not read (Forbidden)';

interface BatchOutcome {
  series: MetricSeries[];
  messages: { code: string; value: string }[];
  calls: number;
  metricsRequested: number;
  /** Queries by what kept them from a whole answer. */
  troubles: Map<string, number>;
  /** The error that ended the batch before its first page. */
  error?: unknown;
}

/**
 * All series of the plan, with what CloudWatch said and what it cost. Rejects with the SDK's error of the first batch when no batch
 * could be read at all; otherwise `partial` counts the series that are missing or incomplete, by reason.
 */
export async function readMetrics(
  reader: CloudWatchReader,
  plan: MetricPlan,
  signal: AbortSignal,
): Promise<{ value: SectionValue<'metrics'>; partial?: string | undefined }> {
  const outcomes = await pMap(plan.batches, (batch) => readBatch(reader, batch, signal), {
    concurrency: CONCURRENT_CALLS,
  });
  const failed = outcomes.filter((outcome) => outcome.error !== undefined);
  if (failed.length > 0 && failed.length === outcomes.length) throw failed[0]!.error;
  if (isAllForbidden(outcomes)) throw Object.assign(new Error('every query was refused'), { name: 'Forbidden' });
  return { value: merge(outcomes), partial: partialOf(outcomes) };
}

/** A caller without the permission may get an answer in which each single query is refused. */
function isAllForbidden(outcomes: readonly BatchOutcome[]): boolean {
  const troubles = outcomes.flatMap((outcome) => [...outcome.troubles.keys()]);
  const hasSeries = outcomes.some((outcome) => outcome.series.length > 0);
  return !hasSeries && troubles.length > 0 && troubles.every((trouble) => trouble === FORBIDDEN);
}

function merge(outcomes: readonly BatchOutcome[]): SectionValue<'metrics'> {
  const metricsRequested = sum(outcomes, (outcome) => outcome.metricsRequested);
  return {
    series: outcomes.flatMap((outcome) => outcome.series),
    messages: distinct(outcomes.flatMap((outcome) => outcome.messages)),
    cost: {
      metricsRequested,
      calls: sum(outcomes, (outcome) => outcome.calls),
      usd: metricsRequested * GET_METRIC_DATA_USD_PER_METRIC.usd,
    },
  };
}

function partialOf(outcomes: readonly BatchOutcome[]): string | undefined {
  const totals = new Map<string, number>();
  for (const [trouble, count] of outcomes.flatMap((outcome) => [...outcome.troubles])) {
    totals.set(trouble, (totals.get(trouble) ?? 0) + count);
  }
  if (totals.size === 0) return undefined;
  return [...totals].map(([trouble, count]) => `${count} series ${trouble}`).join('; ');
}

async function readBatch(reader: CloudWatchReader, batch: MetricBatch, signal: AbortSignal): Promise<BatchOutcome> {
  const outcome: BatchOutcome = { series: [], messages: [], calls: 0, metricsRequested: 0, troubles: new Map() };
  const answers = new Map<string, Answer>(batch.queries.map((query) => [query.id, emptyAnswer(batch)]));
  try {
    await readPages(reader, batch, signal, outcome, answers);
  } catch (error) {
    if (outcome.calls === 0) outcome.error = error;
    const { name } = classifyAwsError(error);
    for (const answer of answers.values()) answer.interruptedBy = name;
  }
  for (const query of batch.queries) addSeries(outcome, batch, query, answers.get(query.id)!);
  return outcome;
}

interface Answer {
  values: (number | null)[];
  status: string | null;
  interruptedBy?: string;
}

function emptyAnswer(batch: MetricBatch): Answer {
  return { values: Array.from({ length: batch.pointsPerQuery }, () => null), status: null };
}

async function readPages(
  reader: CloudWatchReader,
  batch: MetricBatch,
  signal: AbortSignal,
  outcome: BatchOutcome,
  answers: ReadonlyMap<string, Answer>,
): Promise<void> {
  let nextToken: string | undefined;
  for (let page = 0; page < MAX_PAGES_PER_BATCH; page += 1) {
    const output = await reader.getMetricData(inputOf(batch, nextToken), signal);
    outcome.calls += 1;
    // Whether a further page is billed again is not documented: counted, so that the printed cost is never too low.
    outcome.metricsRequested += batch.queries.length;
    outcome.messages.push(...messagesOf(output.Messages));
    for (const result of output.MetricDataResults ?? []) {
      outcome.messages.push(...messagesOf(result.Messages));
      addPoints(answers.get(result.Id ?? ''), batch, result);
    }
    nextToken = output.NextToken || undefined;
    if (nextToken === undefined) return;
  }
  throw Object.assign(new Error('GetMetricData did not end'), { name: 'TooManyPages' });
}

function inputOf(batch: MetricBatch, nextToken: string | undefined): GetMetricDataInput {
  return {
    StartTime: new Date(batch.startMs),
    EndTime: new Date(batch.endMs),
    ScanBy: 'TimestampAscending',
    MaxDatapoints: MAX_DATAPOINTS_PER_CALL,
    MetricDataQueries: batch.queries.map((query) => ({
      Id: query.id,
      ReturnData: true,
      MetricStat: {
        Metric: {
          Namespace: METRIC_NAMESPACE,
          MetricName: query.metric,
          Dimensions: Object.entries(query.dimensions).map(([Name, Value]) => ({ Name, Value })),
        },
        Period: batch.periodSec,
        Stat: query.statistic,
      },
    })),
    ...(nextToken === undefined ? {} : { NextToken: nextToken }),
  };
}

function addPoints(answer: Answer | undefined, batch: MetricBatch, result: MetricDataResult): void {
  if (answer === undefined) return;
  answer.status = result.StatusCode ?? answer.status;
  const values = result.Values ?? [];
  for (const [position, timestamp] of (result.Timestamps ?? []).entries()) {
    const index = (timestamp.getTime() - batch.startMs) / (batch.periodSec * 1000);
    const value = values[position];
    const isInside = Number.isInteger(index) && index >= 0 && index < answer.values.length;
    if (isInside && value !== undefined && Number.isFinite(value)) answer.values[index] = value;
  }
}

/** A series that CloudWatch refused or failed to compute is not added: nulls would say that the metric had no data. */
function addSeries(outcome: BatchOutcome, batch: MetricBatch, query: MetricQuery, answer: Answer): void {
  const trouble = troubleOf(answer);
  if (trouble !== null) outcome.troubles.set(trouble.text, (outcome.troubles.get(trouble.text) ?? 0) + 1);
  if (trouble !== null && !trouble.isUsable) return;
  const { metric, statistic, unit, dimensions } = query;
  const { periodSec, startMs } = batch;
  outcome.series.push({ metric, statistic, unit, dimensions, periodSec, startMs, values: answer.values });
}

function troubleOf(answer: Answer): { text: string; isUsable: boolean } | null {
  const hasPoints = answer.values.some((value) => value !== null);
  if (answer.interruptedBy !== undefined) return { text: `not read (${answer.interruptedBy})`, isUsable: hasPoints };
  switch (answer.status) {
    case 'Complete':
      return null;
    case 'PartialData':
      return { text: 'incomplete (PartialData)', isUsable: hasPoints };
    case null:
      return { text: 'without an answer', isUsable: hasPoints };
    default:
      return { text: `not read (${answer.status})`, isUsable: false };
  }
}

function messagesOf(messages: readonly MessageData[] | undefined): { code: string; value: string }[] {
  return (messages ?? []).map(({ Code, Value }) => ({ code: Code ?? '', value: Value ?? '' }));
}

function distinct(messages: readonly { code: string; value: string }[]): { code: string; value: string }[] {
  return [...new Map(messages.map((message) => [JSON.stringify([message.code, message.value]), message])).values()];
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
