// What to ask CloudWatch for, decided before the first call: pure, so that its size and its price can be shown and tested.
import {
  METRICS,
  type MetricClusterKind,
  type MetricDefinition,
  type MetricDimension,
  type MonitoringLevel,
} from '../../facts/metric-catalogue.ts';
import { GET_METRIC_DATA_USD_PER_METRIC } from '../../facts/offline-prices.ts';
import type { GroupTopic } from './lagging-pairs.ts';

/** Limits of one GetMetricData call: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
export const MAX_QUERIES_PER_CALL = 500;
export const MAX_DATAPOINTS_PER_CALL = 100_800;
/** Pairs of consumer group and topic in a daily report. */
export const MAX_GROUP_TOPIC_PAIRS = 50;

export interface MetricPlanRequest {
  kind: MetricClusterKind;
  /** CloudWatch knows a cluster by its name, not by its ARN. */
  clusterName: string;
  enhancedMonitoring: MonitoringLevel | 'unknown';
  brokerIds: readonly number[];
  /** Most important first; only the first MAX_GROUP_TOPIC_PAIRS that CloudWatch can name are asked for. */
  groupTopics: readonly GroupTopic[];
  window: { startMs: number; endMs: number };
}

export interface MetricQuery {
  id: string;
  metric: string;
  statistic: MetricDefinition['statistic'];
  unit: string;
  dimensions: Record<string, string>;
}

/** The queries of one call: one period, one window aligned to it, never more than one page of answers. */
export interface MetricBatch {
  periodSec: number;
  startMs: number;
  endMs: number;
  pointsPerQuery: number;
  queries: MetricQuery[];
}

export interface MetricPlan {
  batches: MetricBatch[];
  /** Pairs not asked for because CloudWatch publishes no lag metric under such a name. */
  unnameablePairCount: number;
}

/** All queries of a daily report for this cluster, in batches that fit CloudWatch's limits. */
export function planMetrics(request: MetricPlanRequest): MetricPlan {
  const nameable = request.groupTopics.filter(isNameable);
  const scope = { ...request, groupTopics: nameable.slice(0, MAX_GROUP_TOPIC_PAIRS) };
  const queriesByPeriod = new Map<number, MetricQuery[]>();
  let count = 0;
  for (const metric of metricsOf(request)) {
    for (const dimensions of dimensionSets(metric.dimensions, scope)) {
      const { name, statistic, unit, periodSec } = metric;
      const queries = queriesByPeriod.get(periodSec) ?? [];
      queries.push({ id: `q${count}`, metric: name, statistic, unit, dimensions });
      queriesByPeriod.set(periodSec, queries);
      count += 1;
    }
  }
  const periods = [...queriesByPeriod].sort(([a], [b]) => a - b);
  return {
    batches: periods.flatMap(([periodSec, queries]) => batchesOf(periodSec, queries, request.window)),
    unnameablePairCount: request.groupTopics.length - nameable.length,
  };
}

/** What the plan will cost: metrics are the unit that CloudWatch bills, calls are not. */
export function explainCost(plan: MetricPlan): {
  metricsRequested: number;
  calls: number;
  usd: number;
  priceSource: string;
} {
  const metricsRequested = plan.batches.reduce((sum, batch) => sum + batch.queries.length, 0);
  const { usd, source } = GET_METRIC_DATA_USD_PER_METRIC;
  return { metricsRequested, calls: plan.batches.length, usd: metricsRequested * usd, priceSource: source };
}

const LEVELS: readonly MonitoringLevel[] = ['DEFAULT', 'PER_BROKER', 'PER_TOPIC_PER_BROKER', 'PER_TOPIC_PER_PARTITION'];

/** Metrics that the cluster publishes at its monitoring level; an unknown level is taken as the free one. */
function metricsOf(request: MetricPlanRequest): MetricDefinition[] {
  const level = request.enhancedMonitoring === 'unknown' ? 'DEFAULT' : request.enhancedMonitoring;
  const definitions: MetricDefinition[] = Object.values(METRICS);
  return definitions.filter(
    (metric) => metric.kinds.includes(request.kind) && LEVELS.indexOf(metric.level) <= LEVELS.indexOf(level),
  );
}

function dimensionSets(
  dimensions: readonly MetricDimension[],
  scope: Pick<MetricPlanRequest, 'clusterName' | 'brokerIds' | 'groupTopics'>,
): Record<string, string>[] {
  const cluster = { 'Cluster Name': scope.clusterName };
  const named = dimensions.filter((dimension) => dimension !== 'Cluster Name').join('+');
  if (named === '') return [cluster];
  if (named === 'Broker ID') return scope.brokerIds.map((id) => ({ ...cluster, 'Broker ID': String(id) }));
  if (named === 'Consumer Group+Topic') {
    return scope.groupTopics.map(({ groupId, topic }) => ({ ...cluster, 'Consumer Group': groupId, Topic: topic }));
  }
  throw new Error(`no way to plan a metric by ${named}`);
}

/**
 * MSK publishes no lag metric for groups whose name has a colon or a character outside ASCII
 * (https://docs.aws.amazon.com/msk/latest/developerguide/consumer-lag.html), and CloudWatch refuses the whole call for a dimension
 * value that is empty, blank, longer than 1,024 characters or not printable ASCII (API_Dimension).
 */
function isNameable({ groupId, topic }: GroupTopic): boolean {
  return [groupId, topic].every(
    (name) => /^[\x20-\x7e]{1,1024}$/.test(name) && name.trim() !== '' && !name.includes(':'),
  );
}

function batchesOf(
  periodSec: number,
  queries: readonly MetricQuery[],
  window: MetricPlanRequest['window'],
): MetricBatch[] {
  const aligned = alignedWindow(periodSec, window);
  const size = Math.min(MAX_QUERIES_PER_CALL, Math.floor(MAX_DATAPOINTS_PER_CALL / aligned.pointsPerQuery));
  if (size < 1) throw new Error(`a window of ${aligned.pointsPerQuery} points does not fit one call`);
  const batches: MetricBatch[] = [];
  for (let from = 0; from < queries.length; from += size) {
    batches.push({ periodSec, ...aligned, queries: queries.slice(from, from + size) });
  }
  return batches;
}

/**
 * Whole periods, as many as the window holds, of which the last one contains the window's end: CloudWatch starts its periods at
 * StartTime, so a window that is not aligned would shift every point.
 */
function alignedWindow(periodSec: number, window: MetricPlanRequest['window']) {
  const periodMs = periodSec * 1000;
  const pointsPerQuery = Math.max(1, Math.floor((window.endMs - window.startMs) / periodMs));
  const endMs = Math.ceil(window.endMs / periodMs) * periodMs;
  return { startMs: endMs - pointsPerQuery * periodMs, endMs, pointsPerQuery };
}
