// One batch of a metric plan: its pages, the answer to each query, and what is worth a second try.
import type { GetMetricDataInput, MessageData, MetricDataResult } from '@aws-sdk/client-cloudwatch';
import { METRIC_NAMESPACE } from '../../facts/metric-catalogue.ts';
import type { MetricSeries } from '../../snapshot/metrics-section.ts';
import { type AwsFailureKind, classifyAwsError } from '../classify-aws-error.ts';
import type { Deadline } from '../deadline.ts';
import type { CloudWatchReader } from './cloudwatch-reader.ts';
import { MAX_DATAPOINTS_PER_CALL, type MetricBatch, type MetricQuery } from './plan-batches.ts';

/** A batch is planned to fit one page: more than this is a server that does not end. */
const MAX_PAGES_PER_BATCH = 20;

export interface Message {
  code: string;
  value: string;
}

interface Answer {
  values: (number | null)[];
  /** CloudWatch's word on the query; null until it has one. */
  status: string | null;
  /** Name of the error that broke the batch off, and whether asking again may help. */
  interruptedBy?: { name: string; mayPass: boolean };
}

/** What is known of a batch so far; a second try improves it. */
export interface BatchRead {
  batch: MetricBatch;
  answers: Map<string, Answer>;
  messages: Message[];
  calls: number;
  metricsRequested: number;
  points: number;
  /** The error that ended the batch before its first page. */
  error?: unknown;
}

/** Kinds of failure that the next call may not meet. */
const MAY_PASS: ReadonlySet<AwsFailureKind> = new Set([
  'throttled',
  'failed',
  'timed-out',
  'unreachable',
  'expired-credentials',
]);

/** Never rejects: an error stays with the queries that it left without an answer. */
export async function readBatch(reader: CloudWatchReader, batch: MetricBatch, deadline: Deadline): Promise<BatchRead> {
  const answers = new Map(batch.queries.map((query) => [query.id, emptyAnswer(batch)]));
  const read: BatchRead = { batch, answers, messages: [], calls: 0, metricsRequested: 0, points: 0 };
  try {
    await readPages(reader, read, deadline);
  } catch (error) {
    if (read.calls === 0) read.error = error;
    const { name, kind } = classifyAwsError(error);
    const interruptedBy = { name, mayPass: MAY_PASS.has(kind) && !(error instanceof EndlessPagesError) };
    // Pages come in the order of the queries: those that are complete stay so.
    for (const answer of answers.values()) if (answer.status !== 'Complete') answer.interruptedBy = interruptedBy;
  }
  return read;
}

/** Queries that CloudWatch failed to compute, or that a failure left open which may pass. */
export function unansweredQueries({ batch, answers }: BatchRead): MetricQuery[] {
  return batch.queries.filter(({ id }) => {
    const { status, interruptedBy } = answers.get(id)!;
    return interruptedBy?.mayPass === true || status === 'InternalError';
  });
}

/** Takes over what a second try at some queries of the batch has brought. */
export function improve(read: BatchRead, second: BatchRead): void {
  for (const [id, answer] of second.answers) {
    const before = read.answers.get(id)!;
    if (troubleOf(answer)?.isUsable !== false || troubleOf(before)?.isUsable === false) read.answers.set(id, answer);
  }
  read.messages.push(...second.messages);
  read.calls += second.calls;
  read.metricsRequested += second.metricsRequested;
  read.points += second.points;
  if (second.error === undefined) delete read.error;
}

/** Series in the order of the queries. One that CloudWatch refused or failed to compute is left out: nulls would say "no data". */
export function seriesOf({ batch, answers }: BatchRead): MetricSeries[] {
  const { periodSec, startMs } = batch;
  return batch.queries.flatMap(({ id, metric, statistic, unit, dimensions }) => {
    const answer = answers.get(id)!;
    const trouble = troubleOf(answer);
    if (trouble?.isUsable === false) return [];
    const series = { metric, statistic, unit, dimensions, periodSec, startMs, values: answer.values };
    return [trouble === null ? series : { ...series, incomplete: true as const }];
  });
}

/** What kept queries from a whole answer, one line each. */
export function troublesOf({ answers }: BatchRead): string[] {
  return [...answers.values()].flatMap((answer) => troubleOf(answer)?.text ?? []);
}

function troubleOf({ values, status, interruptedBy }: Answer): { text: string; isUsable: boolean } | null {
  const isUsable = values.some((value) => value !== null);
  if (interruptedBy !== undefined) return { text: `not read (${interruptedBy.name})`, isUsable };
  switch (status) {
    case 'Complete':
      return null;
    case 'PartialData':
      return { text: 'incomplete (PartialData)', isUsable };
    case null:
      return { text: 'without an answer', isUsable };
    default:
      return { text: `not read (${/^\w{1,40}$/.test(status) ? status : 'unknown status'})`, isUsable: false };
  }
}

function emptyAnswer(batch: MetricBatch): Answer {
  return { values: Array.from({ length: batch.pointsPerQuery }, () => null), status: null };
}

class EndlessPagesError extends Error {
  override readonly name = 'TooManyPages';
}

async function readPages(reader: CloudWatchReader, read: BatchRead, deadline: Deadline): Promise<void> {
  const { batch, answers } = read;
  const seen = new Set<string>();
  let nextToken: string | undefined;
  for (let page = 0; page < MAX_PAGES_PER_BATCH; page += 1) {
    deadline.signal.throwIfAborted();
    const output = await deadline.until(reader.getMetricData(inputOf(batch, nextToken), deadline.signal));
    read.calls += 1;
    // Whether a further page is billed again is not documented: counted, so that the printed cost is never too low.
    read.metricsRequested += batch.queries.length;
    read.messages.push(...messagesOf(output.Messages));
    for (const result of output.MetricDataResults ?? []) {
      read.messages.push(...messagesOf(result.Messages));
      read.points += addPoints(answers.get(result.Id ?? ''), batch, result);
    }
    nextToken = output.NextToken || undefined;
    if (nextToken === undefined) return;
    if (seen.has(nextToken)) break;
    seen.add(nextToken);
  }
  throw new EndlessPagesError('GetMetricData did not end');
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

/** @returns how many points came, whether they could be placed or not */
function addPoints(answer: Answer | undefined, batch: MetricBatch, result: MetricDataResult): number {
  const timestamps = result.Timestamps ?? [];
  if (answer === undefined) return timestamps.length;
  answer.status = result.StatusCode ?? answer.status;
  for (const [position, timestamp] of timestamps.entries()) {
    const index = (timestamp.getTime() - batch.startMs) / (batch.periodSec * 1000);
    const value = result.Values?.[position];
    const isInside = Number.isInteger(index) && index >= 0 && index < answer.values.length;
    if (isInside && value !== undefined && Number.isFinite(value)) answer.values[index] = value;
  }
  return timestamps.length;
}

function messagesOf(messages: readonly MessageData[] | undefined): Message[] {
  return (messages ?? []).map(({ Code, Value }) => ({ code: Code ?? '', value: Value ?? '' }));
}
