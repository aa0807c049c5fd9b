// CloudWatch metrics of namespace AWS/Kafka: the only place that knows their names, and the statistic that is right for each. A row
// says by `need` whether the daily report asks for it, and by `readBy` why. What else AWS lists is in metric-catalogue-all.ts.
import { BROKER_METRICS, CLUSTER_METRICS } from './metric-catalogue-default.ts';
import { PAID_BROKER_METRICS } from './metric-catalogue-per-broker.ts';
import { TIERED_METRICS } from './metric-catalogue-tiered.ts';
import { GROUP_METRICS, SERVERLESS_METRICS, TOPIC_METRICS } from './metric-catalogue-topics.ts';

export type {
  MetricClusterKind,
  MetricCondition,
  MetricDefinition,
  MetricNeed,
  MonitoringLevel,
} from './metric-catalogue-types.ts';

export const METRIC_NAMESPACE = 'AWS/Kafka';

/** In the order in which a plan takes them, within one need. */
export const METRICS = {
  ...CLUSTER_METRICS,
  ...BROKER_METRICS,
  ...PAID_BROKER_METRICS,
  ...TIERED_METRICS,
  ...GROUP_METRICS,
  ...TOPIC_METRICS,
  ...SERVERLESS_METRICS,
} as const;
