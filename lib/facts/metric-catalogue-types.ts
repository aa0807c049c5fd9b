// What the catalogue says about one metric of namespace AWS/Kafka.

export type MonitoringLevel = 'DEFAULT' | 'PER_BROKER' | 'PER_TOPIC_PER_BROKER' | 'PER_TOPIC_PER_PARTITION';
export type MetricClusterKind = 'provisioned-standard' | 'provisioned-express' | 'serverless';

/** Dimension names have spaces; a series comes back only for exactly the set it is published with. */
export type MetricDimension =
  | 'Cluster Name'
  | 'Broker ID'
  | 'Topic'
  | 'Consumer Group'
  | 'Partition'
  | 'Client Authentication';

/** What a cluster must be or have for the metric to exist, beyond its kind and monitoring level. */
export type MetricCondition =
  /** Brokers of family t3, which live on CPU credits. */
  | 'burstable'
  /** Metadata in ZooKeeper. */
  | 'zookeeper'
  /** Storage mode TIERED, under the names of Kafka 3.6 and later. */
  | 'tiered'
  /** IAM authentication is on. */
  | 'iam'
  /** Kafka 4.0 converts no message formats. */
  | 'before-kafka-4'
  /** Express with intelligent rebalancing. */
  | 'intelligent-rebalancing';

/** How much the daily report wants a metric: the budget drops evidence first, then what only checks read. */
export type MetricNeed = 'kpi' | 'check' | 'evidence';

export interface MetricDefinition {
  name: string;
  /**
   * Other spellings in AWS's own pages, asked for beside `name`; with `before` only for clusters older than that Kafka version,
   * and then instead of it.
   */
  otherNames?: readonly { name: string; before?: string }[];
  /** The statistic that tells the truth; controller-emitted metrics need Maximum because every other broker reports 0. */
  statistic: 'Average' | 'Sum' | 'Minimum' | 'Maximum';
  /** Period at which the daily report asks for it: 60 s where a KPI counts minutes or several datapoints a minute are one value. */
  periodSec: 60 | 300 | 3600;
  /** Exactly the dimensions it is published with, in this order. */
  dimensions: readonly MetricDimension[];
  level: MonitoringLevel;
  kinds: readonly MetricClusterKind[];
  condition?: MetricCondition;
  unit: string;
  /** Several datapoints a minute are one value: a Sum over a longer period counts every minute again and is divided by its minutes. */
  isSumOfMinute?: true;
  /** `fraction-or-percent`: labelled percent and published as 0..1; a series that stays at or below 1.5 is a fraction. */
  scale?: 'fraction-or-percent';
  meaning: string;
  source: string;
  /** What of this row no page of AWS prints. */
  unverified?: string;
  /** Absent: nobody needs it, and the daily report does not ask for it. */
  need?: MetricNeed;
  /** Ids of the KPIs and names of the checks that read it. */
  readBy?: readonly string[];
  /** Kept hour by hour over weeks, for baselines, forecasts and sizing. */
  history?: true;
}
