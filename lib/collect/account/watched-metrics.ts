// What of one cluster an alarm watches: a metric, the metrics inside a formula, or a query over many.
import type { Dimension, MetricAlarm, MetricDataQuery, MetricStat } from '@aws-sdk/client-cloudwatch';
import type { SectionValue } from '../../snapshot/schema.ts';
import type { ClusterArn } from '../msk/cluster-arn.ts';

type WatchedMetric = SectionValue<'alarms'>[number]['metrics'][number];
type Cluster = Pick<ClusterArn, 'name' | 'accountId'>;

const NAMESPACE = 'AWS/Kafka';

/** Empty where the alarm watches nothing of the cluster. */
export function watchedMetrics(alarm: MetricAlarm, cluster: Cluster): WatchedMetric[] {
  if (alarm.Metrics === undefined || alarm.Metrics.length === 0) {
    const { Namespace, MetricName, Dimensions, Period } = alarm;
    const Stat = alarm.Statistic ?? alarm.ExtendedStatistic;
    return metricOf({ Metric: { Namespace, MetricName, Dimensions }, Period, Stat }, cluster);
  }
  return alarm.Metrics.flatMap((query) => ofQuery(query, alarm, cluster));
}

function ofQuery(query: MetricDataQuery, alarm: MetricAlarm, cluster: Cluster): WatchedMetric[] {
  // A monitoring account may watch the clusters of others, which may have the same name.
  if (query.AccountId !== undefined && query.AccountId !== cluster.accountId) return [];
  if (query.MetricStat !== undefined) return metricOf(query.MetricStat, cluster);
  return ofInsights(query.Expression ?? '', query.Period ?? alarm.Period, cluster);
}

function metricOf({ Metric, Period, Stat }: MetricStat, cluster: Cluster): WatchedMetric[] {
  const dimensions = Metric?.Dimensions ?? [];
  if (Metric?.Namespace !== NAMESPACE || dimensionOf(dimensions, 'Cluster Name') !== cluster.name) return [];
  const brokerId = dimensionOf(dimensions, 'Broker ID');
  return [
    {
      name: Metric.MetricName ?? '',
      statistic: Stat ?? null,
      periodSec: Period ?? null,
      brokerId: brokerId !== null && /^\d+$/.test(brokerId) ? Number(brokerId) : null,
      consumerGroup: dimensionOf(dimensions, 'Consumer Group'),
      topic: dimensionOf(dimensions, 'Topic'),
    },
  ];
}

function dimensionOf(dimensions: readonly Dimension[], name: string): string | null {
  return dimensions.find((dimension) => dimension.Name === name)?.Value ?? null;
}

const STATISTIC_OF: Readonly<Record<string, string>> = {
  AVG: 'Average',
  COUNT: 'SampleCount',
  MAX: 'Maximum',
  MIN: 'Minimum',
  SUM: 'Sum',
};
const INSIGHTS = /^\s*SELECT\s+(\w+)\s*\(\s*"?(\w+)"?\s*\)\s+FROM\s+(?:SCHEMA\s*\(\s*)?"AWS\/Kafka"/i;
const CLUSTER_FILTER = /"Cluster Name"\s*(!?=)\s*'([^']*)'/g;

/**
 * A query of Metrics Insights: one metric over all clusters, unless its WHERE names this one or another.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-querylanguage.html
 */
function ofInsights(expression: string, periodSec: number | undefined, cluster: Cluster): WatchedMetric[] {
  const [, statistic, name] = INSIGHTS.exec(expression) ?? [];
  if (statistic === undefined || name === undefined) return [];
  const filters = Array.from(expression.matchAll(CLUSTER_FILTER), ([, operator, value]) => ({ operator, value }));
  const isMeant = filters.every(({ operator, value }) => (operator === '=') === (value === cluster.name));
  if (!isMeant) return [];
  return [
    {
      name,
      statistic: STATISTIC_OF[statistic.toUpperCase()] ?? statistic,
      periodSec: periodSec ?? null,
      brokerId: null,
      consumerGroup: null,
      topic: null,
    },
  ];
}
