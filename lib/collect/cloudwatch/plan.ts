// What to ask CloudWatch for in a daily report, decided before the first call: pure, so that its size and its price can be shown
// and tested.
//
// The budget is filled in this order, and what is left over at the end is dropped and told: metrics that KPIs read (on Serverless they are
// by topic); the most lagging pairs; metrics that only checks read; the busiest topics; further pairs; further topics; metrics that are
// evidence only.
import type { MetricDefinition, MetricNeed } from '../../facts/metric-catalogue.ts';
import type { GroupTopic } from './lagging-pairs.ts';
import {
  createBasket,
  type DimensionScope,
  isNameable,
  ownDimensions,
  pairDimensions,
  type TopicOnBrokers,
  topicDimensions,
} from './plan-basket.ts';
import {
  batchesOf,
  type DroppedQueries,
  type MetricPlan,
  type TimeRange,
  type UnavailableMetric,
} from './plan-batches.ts';
import { unavailableRows, wantedRows } from './plan-rows.ts';

export type { MetricPlan } from './plan-batches.ts';

/** Pairs of consumer group and topic in a daily report. */
export const MAX_GROUP_TOPIC_PAIRS = 50;
/** Topics in a daily report: as many as the check of unusual traffic looks at. */
export const MAX_TOPICS = 20;
/** Pairs that come before what only checks read: lag is what most readers look for first. */
const PAIRS_BEFORE_CHECKS = 25;
/** Topics that come before further pairs: unusual traffic is seen in the largest ones. Serverless has its throughput by topic alone. */
const TOPICS_BEFORE_PAIRS = 10;

export interface MetricPlanRequest extends DimensionScope {
  /** Most important first; only the first MAX_GROUP_TOPIC_PAIRS that CloudWatch can name are asked for. */
  groupTopics: readonly GroupTopic[];
  /** Busiest first; only the first MAX_TOPICS are asked for. Absent: none. */
  topics?: readonly TopicOnBrokers[];
  window: TimeRange;
  /** Metrics of the budget that something else is paid from; absent: none. */
  reserved?: number;
}

/** All queries of a daily report for this cluster, in batches that fit CloudWatch's limits and the budget. */
export function planMetrics(request: MetricPlanRequest): MetricPlan {
  const budget = metricBudget(request.brokerIds.length) - (request.reserved ?? 0);
  const basket = createBasket(request, budget, 'q');
  const rows = wantedRows(request);
  const pairs = request.groupTopics.filter(hasLagMetrics);
  const dropped: DroppedQueries[] = [];
  const notRequested: UnavailableMetric[] = [];
  const dropList = (what: 'pairs' | 'topics', left: readonly number[]) => {
    const metrics = left.reduce((total, each) => total + each, 0);
    if (left.length > 0) dropped.push({ what, count: left.length, metrics });
  };

  const addRows = (need: MetricNeed) => {
    for (const row of rows.filter((each) => each.need === need)) {
      const all = ownDimensions(row, request);
      if (all === null) continue;
      const metrics = basket.add(all.map((dimensions) => ({ row, dimensions })));
      if (metrics === 0) continue;
      dropped.push({ what: row.name, count: all.length, metrics });
      notRequested.push({ metric: row.name, dimensions: row.dimensions, reason: 'not-requested' });
    }
  };
  const addPair = (pair: GroupTopic) => basket.add(requestsOf(rows, (row) => pairDimensions(row, pair, request)));
  const addTopic = (topic: TopicOnBrokers) =>
    basket.add(requestsOf(rows, (row) => topicDimensions(row, topic, request)));

  addRows('kpi');
  const topics = (request.topics ?? []).slice(0, MAX_TOPICS);
  const topicsOfKpi = request.kind === 'serverless' ? MAX_TOPICS : 0;
  const leftTopics = topics.slice(0, topicsOfKpi).map(addTopic);
  const leftPairs = pairs.slice(0, PAIRS_BEFORE_CHECKS).map(addPair);
  addRows('check');
  leftTopics.push(...topics.slice(topicsOfKpi, TOPICS_BEFORE_PAIRS).map(addTopic));
  leftPairs.push(...pairs.slice(PAIRS_BEFORE_CHECKS, MAX_GROUP_TOPIC_PAIRS).map(addPair));
  leftTopics.push(...topics.slice(Math.max(topicsOfKpi, TOPICS_BEFORE_PAIRS)).map(addTopic));
  dropList('pairs', leftPairs.filter(isDropped));
  dropList('topics', leftTopics.filter(isDropped));
  addRows('evidence');

  return {
    batches: basket.byPeriod().flatMap(([periodSec, queries]) => batchesOf('day', periodSec, queries, request.window)),
    unavailable: [...unavailableRows(request), ...notRequested],
    dropped,
    budget,
    unnameablePairCount: request.groupTopics.length - pairs.length,
  };
}

function requestsOf<T>(rows: readonly MetricDefinition[], dimensionsOf: (row: MetricDefinition) => T[] | null) {
  return rows.flatMap((row) => (dimensionsOf(row) ?? []).map((dimensions) => ({ row, dimensions })));
}

function isDropped(metrics: number): boolean {
  return metrics > 0;
}

/**
 * The most metrics of a daily report: 250, 1,600 and 4,500 for 3, 30 and 90 brokers, which is $0.0025, $0.016 and $0.045 at $0.01 per
 * 1,000. Straight lines between (50 a broker, then 48.3), the second one further on; 250 below 3 brokers, Serverless included.
 */
export function metricBudget(brokerCount: number): number {
  if (brokerCount <= 3) return 250;
  if (brokerCount <= 30) return 250 + 50 * (brokerCount - 3);
  return 1600 + Math.floor((2900 / 60) * (brokerCount - 30));
}

/** The part of the budget that ranking by CloudWatch itself is paid from, where the brokers name neither groups nor topics. */
export function rankingShare(brokerCount: number): number {
  return Math.floor(metricBudget(brokerCount) / 5);
}

/**
 * MSK publishes no lag metric for groups whose name has a colon or a character outside ASCII
 * (https://docs.aws.amazon.com/msk/latest/developerguide/consumer-lag.html).
 */
function hasLagMetrics({ groupId, topic }: GroupTopic): boolean {
  return isNameable(groupId) && isNameable(topic) && !groupId.includes(':') && !topic.includes(':');
}
