// How many metrics each paid monitoring level adds, for its price: all that AWS's pages list, also what no run asks for. Counted from
// metric-catalogue-all.ts, which the daily run does not load; a test holds the two together.
// Source: metrics-details.html and metrics-details-express.html of the MSK developer guide, read 2026-11-20.
import type { MetricClusterKind, MetricCondition, MonitoringLevel } from './metric-catalogue-types.ts';

export type PaidLevel = Exclude<MonitoringLevel, 'DEFAULT'>;
/** Metrics that every such cluster has, and those that it has only under a condition. */
export type MetricCounts = Readonly<Partial<Record<MetricCondition | 'always', number>>>;

/** For each broker; for each topic on each broker; for each partition that a group has committed. Levels include those below them. */
export const PAID_METRICS: Readonly<
  Record<Exclude<MetricClusterKind, 'serverless'>, Readonly<Record<PaidLevel, MetricCounts>>>
> = {
  'provisioned-standard': {
    PER_BROKER: { always: 44, 'before-kafka-4': 4, iam: 2, tiered: 10, burstable: 1 },
    PER_TOPIC_PER_BROKER: { always: 1, 'before-kafka-4': 2, tiered: 6 },
    PER_TOPIC_PER_PARTITION: { always: 3 },
  },
  'provisioned-express': {
    PER_BROKER: { always: 31, iam: 2 },
    PER_TOPIC_PER_BROKER: { always: 1 },
    PER_TOPIC_PER_PARTITION: { always: 3 },
  },
};
