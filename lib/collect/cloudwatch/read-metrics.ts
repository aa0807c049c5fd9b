// Carries out a metric plan. A point that CloudWatch does not have stays null; a query that it could not answer is left out and told.
import pMap from 'p-map';
import { GET_METRIC_DATA_USD_PER_METRIC } from '../../facts/cloudwatch-price.ts';
import type { MetricCost } from '../../snapshot/metrics-section.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { Deadline } from '../deadline.ts';
import type { CloudWatchReader } from './cloudwatch-reader.ts';
import type { MetricBatch, MetricPlan } from './plan-batches.ts';
import {
  type BatchRead,
  improve,
  type Message,
  readBatch,
  seriesOf,
  troublesOf,
  unansweredQueries,
} from './read-batch.ts';
import { atServerTime, clockMessage, isClockOff } from './server-clock.ts';

const CONCURRENT_CALLS = 4;
/** More than these tell a reader nothing new. */
const MAX_MESSAGES = 100;

const FORBIDDEN = 'not read (Forbidden)';

/**
 * All series of the plan, with what CloudWatch said and what it cost. Rejects with the SDK's error of the first batch when no batch
 * could be read at all; otherwise `partial` counts the series that are missing or incomplete, by reason.
 *
 * The latest two periods of a series, which CloudWatch delivers late, are in the answer: `trustedPoints` (lib/analysis/series.ts) is
 * the one place that drops them.
 *
 * @param withinMs time for the reading: what has arrived by then is the answer. Without it only `signal` ends the reading.
 */
export async function readMetrics(
  reader: CloudWatchReader,
  plan: MetricPlan,
  signal: AbortSignal,
  withinMs = Number.POSITIVE_INFINITY,
): Promise<{ value: SectionValue<'metrics'>; partial?: string | undefined }> {
  const deadline = new Deadline(withinMs, signal);
  try {
    const { reads, messages } = await readInTurn(reader, plan.batches, deadline);
    await askAgain(reader, reads, deadline);
    const failed = reads.filter((read) => read.error !== undefined);
    if (failed.length > 0 && failed.length === reads.length) throw failed[0]!.error;
    if (isAllForbidden(reads)) throw Object.assign(new Error('every query was refused'), { name: 'Forbidden' });
    return { value: sectionOf(plan, reads, messages), partial: partialOf(reads) };
  } finally {
    deadline.release();
  }
}

/** The smallest batch goes first: its answer tells CloudWatch's time, by which the others are asked. */
async function readInTurn(
  reader: CloudWatchReader,
  batches: readonly MetricBatch[],
  deadline: Deadline,
): Promise<{ reads: BatchRead[]; messages: Message[] }> {
  const smallest = batches.filter(({ purpose }) => purpose === 'day').sort((a, b) => pointsOf(a) - pointsOf(b))[0];
  const early = new Map<MetricBatch, BatchRead>();
  if (smallest !== undefined && (reader.clockOffsetMs?.() ?? null) === null) {
    early.set(smallest, await readBatch(reader, smallest, deadline));
  }
  const offsetMs = reader.clockOffsetMs?.() ?? 0;
  if (!isClockOff(offsetMs)) {
    const read = (batch: MetricBatch) => early.get(batch) ?? readBatch(reader, batch, deadline);
    return { reads: await pMap(batches, read, { concurrency: CONCURRENT_CALLS }), messages: [] };
  }
  const moved = atServerTime(batches, offsetMs);
  const reads = await pMap(moved, (batch) => readBatch(reader, batch, deadline), { concurrency: CONCURRENT_CALLS });
  for (const { calls, metricsRequested, points } of early.values()) {
    // Asked in vain, and billed all the same.
    const again = reads[batches.indexOf(smallest!)]!;
    again.calls += calls;
    again.metricsRequested += metricsRequested;
    again.points += points;
  }
  return { reads, messages: [clockMessage(offsetMs)] };
}

function pointsOf({ queries, pointsPerQuery }: MetricBatch): number {
  return queries.length * pointsPerQuery;
}

/**
 * One more try at what a passing failure has left open, a call at a time: CloudWatch limits calls and data points by the second, and
 * the client has slowed itself down by now (adaptive retries).
 */
async function askAgain(reader: CloudWatchReader, reads: readonly BatchRead[], deadline: Deadline): Promise<void> {
  for (const read of reads) {
    if (deadline.signal.aborted) return;
    const queries = unansweredQueries(read);
    if (queries.length > 0) improve(read, await readBatch(reader, { ...read.batch, queries }, deadline));
  }
}

/** A caller without the permission may get an answer in which each single query is refused. */
function isAllForbidden(reads: readonly BatchRead[]): boolean {
  const troubles = reads.flatMap(troublesOf);
  const hasSeries = reads.some((read) => seriesOf(read).length > 0);
  return !hasSeries && troubles.length > 0 && troubles.every((trouble) => trouble === FORBIDDEN);
}

function sectionOf(
  plan: MetricPlan,
  reads: readonly BatchRead[],
  ownMessages: readonly Message[],
): SectionValue<'metrics'> {
  const ofDay = reads.filter(({ batch }) => batch.purpose === 'day');
  const ofHistory = reads.filter(({ batch }) => batch.purpose === 'history');
  const messages = [...ownMessages, ...reads.flatMap((read) => read.messages)];
  return {
    series: ofDay.flatMap(seriesOf),
    ...(ofHistory.length === 0 ? {} : { hourly: ofHistory.flatMap(seriesOf) }),
    unavailable: plan.unavailable.map(({ metric, dimensions, reason, level }) => ({
      metric,
      dimensions: [...dimensions],
      reason,
      level: level ?? null,
    })),
    messages: distinct(messages).slice(0, MAX_MESSAGES),
    cost: { ...costOf(reads), day: costOf(ofDay), history: costOf(ofHistory) },
  };
}

function costOf(reads: readonly BatchRead[]): MetricCost {
  const metricsRequested = sum(reads, (read) => read.metricsRequested);
  return {
    metricsRequested,
    calls: sum(reads, (read) => read.calls),
    points: sum(reads, (read) => read.points),
    usd: metricsRequested * GET_METRIC_DATA_USD_PER_METRIC.usd,
  };
}

function partialOf(reads: readonly BatchRead[]): string | undefined {
  const counts = new Map<string, number>();
  for (const read of reads) {
    const what = read.batch.purpose === 'history' ? 'series of the hourly history' : 'series';
    for (const trouble of troublesOf(read)) {
      const line = `${what} ${trouble}`;
      counts.set(line, (counts.get(line) ?? 0) + 1);
    }
  }
  if (counts.size === 0) return undefined;
  return [...counts].map(([line, count]) => `${count} ${line}`).join('; ');
}

function distinct(messages: readonly Message[]): Message[] {
  return [...new Map(messages.map((message) => [JSON.stringify([message.code, message.value]), message])).values()];
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
