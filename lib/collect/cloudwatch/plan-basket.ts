// Gathers the queries of a plan within its budget: each once, whole lists or nothing.
import type { MetricDefinition } from '../../facts/metric-catalogue.ts';
import type { GroupTopic } from './lagging-pairs.ts';
import type { MetricQuery } from './plan-batches.ts';
import { authenticationValues, type MetricSubject, spellings } from './plan-rows.ts';

export type DimensionValues = Record<string, string>;

/** A topic to ask for, with the brokers that lead its partitions: only they publish its traffic. */
export interface TopicOnBrokers {
  topic: string;
  leaders: readonly number[];
}

export interface Basket {
  /** Adds all queries or none; those that are in it already count nothing. Answers how many metrics were missing room, 0 = added. */
  add(requests: readonly { row: MetricDefinition; dimensions: DimensionValues }[]): number;
  /** Queries by period, shortest period first. */
  byPeriod(): [periodSec: number, queries: MetricQuery[]][];
}

/** `idPrefix` keeps the ids of two baskets apart. */
export function createBasket(subject: MetricSubject, budget: number, idPrefix: string): Basket {
  const taken = new Map<string, { periodSec: number; query: MetricQuery }>();
  return {
    add(requests) {
      const fresh = new Map<string, { periodSec: number; query: MetricQuery }>();
      for (const { row, dimensions } of requests) {
        if (!Object.values(dimensions).every(isNameable)) continue;
        for (const metric of spellings(row, subject)) {
          const { statistic, unit, periodSec } = row;
          const key = JSON.stringify([metric, statistic, ...Object.entries(dimensions).flat()]);
          const id = `${idPrefix}${taken.size + fresh.size}`;
          if (!taken.has(key) && !fresh.has(key))
            fresh.set(key, { periodSec, query: { id, metric, statistic, unit, dimensions } });
        }
      }
      if (taken.size + fresh.size > budget) return fresh.size;
      for (const [key, each] of fresh) taken.set(key, each);
      return 0;
    },
    byPeriod() {
      const periods = Map.groupBy(taken.values(), (each) => each.periodSec);
      return [...periods]
        .sort(([a], [b]) => a - b)
        .map(([periodSec, entries]) => [periodSec, entries.map((each) => each.query)]);
    },
  };
}

/** CloudWatch refuses a whole call for a dimension value that is empty, blank, longer than 1,024 characters or not printable ASCII (API_Dimension). */
export function isNameable(value: string): boolean {
  return /^[\x20-\x7e]{1,1024}$/.test(value) && value.trim() !== '';
}

export interface DimensionScope extends MetricSubject {
  clusterName: string;
  brokerIds: readonly number[];
}

/** The series of a row by cluster or by broker; null for a row by topic or group. */
export function ownDimensions(row: MetricDefinition, scope: DimensionScope): DimensionValues[] | null {
  const cluster = { 'Cluster Name': scope.clusterName };
  const brokers = scope.brokerIds.map((id) => ({ ...cluster, 'Broker ID': String(id) }));
  switch (row.dimensions.slice(1).join('+')) {
    case '':
      return [cluster];
    case 'Broker ID':
      return brokers;
    case 'Broker ID+Client Authentication': {
      const ways = authenticationValues(scope);
      return brokers.flatMap((broker) => ways.map((way) => ({ ...broker, 'Client Authentication': way })));
    }
    default:
      return null;
  }
}

/** The series of a row for one pair; null for a row that is not by group and topic. */
export function pairDimensions(row: MetricDefinition, pair: GroupTopic, scope: DimensionScope) {
  if (row.dimensions.join('+') !== 'Cluster Name+Consumer Group+Topic') return null;
  return [{ 'Cluster Name': scope.clusterName, 'Consumer Group': pair.groupId, Topic: pair.topic }];
}

/** The series of a row for one topic; null for a row that is not by topic. */
export function topicDimensions(row: MetricDefinition, { topic, leaders }: TopicOnBrokers, scope: DimensionScope) {
  const cluster = { 'Cluster Name': scope.clusterName };
  switch (row.dimensions.slice(1).join('+')) {
    case 'Topic':
      return [{ ...cluster, Topic: topic }];
    case 'Broker ID+Topic':
      return leaders.map((id) => ({ ...cluster, 'Broker ID': String(id), Topic: topic }));
    default:
      return null;
  }
}
