// The names that CloudWatch ranks where the brokers could not be asked. A ranking is billed by what it looks at, so a large one is kept for
// as many days as it takes until its part of the budget has paid for it: a module of its own, since other days do not need it.
import type { MetricCost } from '../../snapshot/metrics-section.ts';
import type { KeptRanking } from '../account/weekly-sections.ts';
import { classifyAwsError } from '../classify-aws-error.ts';
import type { CloudWatchReader } from './cloudwatch-reader.ts';
import { MAX_GROUP_TOPIC_PAIRS, MAX_TOPICS, rankingShare } from './plan.ts';
import { type RankingRequest, rankPairs, rankTopics } from './ranking.ts';

/** A Metrics Insights query looks at no more: cloudwatch-metrics-insights-limits.html, read 2026-11-21. */
export const MAX_RANKED_METRICS = 10_000;
/** Older names hide too many that came since: here the budget gives way. */
const MAX_DAYS = 28;
const DAY_MS = 24 * 3_600_000;

/** Days that one ranking serves: as many as its share of the budget takes to pay for it, four weeks at most. */
export function rankingDays(rankedMetrics: number, brokerCount: number): number {
  return Math.min(MAX_DAYS, Math.max(1, Math.ceil(rankedMetrics / rankingShare(brokerCount))));
}

export interface RankedNames {
  ranking: KeptRanking | null;
  /** What was asked of CloudWatch today; null when nothing was. */
  cost: MetricCost | null;
  /** What may be missing among the names. */
  problem?: string;
  /** When an earlier ranking was taken. */
  note?: string;
}

interface Request extends RankingRequest {
  brokerCount: number;
  /** Whether topics are to be ranked as well: those of Serverless. */
  topics: boolean;
}

/** Today's ranking, or an earlier one: while it is paid for, and while CloudWatch refuses a new one. Rejects when `signal` aborts. */
export async function rankedNames(
  reader: CloudWatchReader,
  request: Request,
  kept: KeptRanking | undefined,
  signal: AbortSignal,
): Promise<RankedNames> {
  const { nowMs, brokerCount } = request;
  const earlier = kept !== undefined && Math.abs(nowMs - kept.atMs) < MAX_DAYS * DAY_MS ? kept : null;
  // Half a day early: runs of a schedule are not exactly a day apart.
  const isPaidFor =
    earlier !== null && nowMs < earlier.atMs + (rankingDays(earlier.metrics, brokerCount) - 0.5) * DAY_MS;
  if (isPaidFor) return { ...namesOf(earlier), cost: null };
  try {
    const { ranking, cost } = await rankAnew(reader, request, signal);
    return { ...namesOf(ranking), cost };
  } catch (error) {
    signal.throwIfAborted();
    const problem = `consumer groups could not be ranked by CloudWatch (${classifyAwsError(error).name})`;
    return earlier === null ? { ranking: null, cost: null, problem } : { ...namesOf(earlier), cost: null, problem };
  }

  function namesOf(ranking: KeptRanking): Pick<RankedNames, 'ranking' | 'problem' | 'note'> {
    const date = new Date(ranking.atMs).toISOString().slice(0, 10);
    return {
      ranking,
      ...(ranking.isTruncated
        ? { problem: 'CloudWatch names only some of the consumer groups, and maybe not the most lagging ones' }
        : {}),
      ...(nowMs - ranking.atMs > DAY_MS
        ? { note: `CloudWatch ranked consumer groups on ${date}: what has come since then is not looked at` }
        : {}),
    };
  }
}

async function rankAnew(
  reader: CloudWatchReader,
  request: Request,
  signal: AbortSignal,
): Promise<{ ranking: KeptRanking; cost: MetricCost }> {
  const groups = await rankPairs(reader, request, signal);
  const ofTopics = request.topics ? await rankTopics(reader, request, signal) : null;
  const cost = ofTopics === null ? groups.cost : sumOf(groups.cost, ofTopics.cost);
  const ranking = {
    atMs: request.nowMs,
    metrics: cost.usd === null ? MAX_RANKED_METRICS : cost.metricsRequested,
    isTruncated: groups.isTruncated,
    pairs: groups.pairs.slice(0, 2 * MAX_GROUP_TOPIC_PAIRS).map(({ groupId, topic }) => ({ groupId, topic })),
    topics: ofTopics?.topics.slice(0, MAX_TOPICS) ?? [],
  };
  return { ranking, cost };
}

function sumOf(a: MetricCost, b: MetricCost): MetricCost {
  return {
    metricsRequested: a.metricsRequested + b.metricsRequested,
    calls: a.calls + b.calls,
    points: a.points + b.points,
    usd: a.usd === null || b.usd === null ? null : a.usd + b.usd,
  };
}
