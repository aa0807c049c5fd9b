// Requests for a metric plan, and what a test reads off a plan.
import type { MetricPlanRequest } from '../../../lib/collect/cloudwatch/plan.ts';
import type { MetricPlan } from '../../../lib/collect/cloudwatch/plan-batches.ts';
import type { ClusterFeatures } from '../../../lib/collect/cloudwatch/plan-rows.ts';

export const END = Date.UTC(2026, 10, 20, 10, 37);
export const DAY = { startMs: END - 24 * 3_600_000, endMs: END };

export const ids = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
export const pairs = (count: number) => ids(count).map((id) => ({ groupId: `g${id}`, topic: 't' }));
/** Topics that three brokers lead. */
export const topics = (count: number) => ids(count).map((id) => ({ topic: `t${id}`, leaders: [1, 2, 3] }));

/** A KRaft cluster of today, with IAM authentication alone. */
export function features(changes: Partial<ClusterFeatures> = {}): ClusterFeatures {
  return {
    burstable: false,
    zookeeper: false,
    tiered: false,
    intelligentRebalancing: true,
    kafkaVersion: '3.9.x.kraft',
    authentication: { iam: true, scram: false, tls: false, unauthenticated: false },
    ...changes,
  };
}

export function request(changes: Partial<MetricPlanRequest> = {}): MetricPlanRequest {
  return {
    kind: 'provisioned-standard',
    clusterName: 'orders',
    enhancedMonitoring: 'DEFAULT',
    features: features(),
    brokerIds: ids(3),
    groupTopics: pairs(1),
    topics: topics(1),
    window: DAY,
    ...changes,
  };
}

export const queriesOf = (plan: Pick<MetricPlan, 'batches'>) => plan.batches.flatMap((batch) => batch.queries);

/** Names that a plan asks for; a series by topic is marked, since its metric may come by broker as well. */
export function askedNames(plan: Pick<MetricPlan, 'batches'>): string[] {
  const named = queriesOf(plan).map(({ metric, dimensions }) => marked(metric, Object.keys(dimensions)));
  return [...new Set(named)].sort();
}

export function marked(metric: string, dimensions: readonly string[]): string {
  return dimensions.includes('Topic') && !dimensions.includes('Consumer Group') ? `${metric}/topic` : metric;
}
