// CloudWatch metrics of namespace AWS/Kafka: the only place that knows their names, and the statistic that is right for each.
// Source: Amazon MSK developer guide, "Amazon MSK metrics for monitoring Standard brokers" and the Express page; read 2026-11-20.

export const METRIC_NAMESPACE = 'AWS/Kafka';

export type MonitoringLevel = 'DEFAULT' | 'PER_BROKER' | 'PER_TOPIC_PER_BROKER' | 'PER_TOPIC_PER_PARTITION';
export type MetricDimension = 'Cluster Name' | 'Broker ID' | 'Topic' | 'Consumer Group';
export type MetricClusterKind = 'provisioned-standard' | 'provisioned-express' | 'serverless';

export interface MetricDefinition {
  name: string;
  /** The statistic that tells the truth; controller-emitted metrics need Maximum because every other broker reports 0. */
  statistic: 'Average' | 'Sum' | 'Minimum' | 'Maximum';
  /** Period at which the daily report asks for it. */
  periodSec: 60 | 300 | 3600;
  /** Exactly the dimensions it is published with, in this order. */
  dimensions: readonly MetricDimension[];
  level: MonitoringLevel;
  kinds: readonly MetricClusterKind[];
  unit: string;
  meaning: string;
}

const STANDARD = ['provisioned-standard'] as const;
const PROVISIONED = ['provisioned-standard', 'provisioned-express'] as const;
const ALL = ['provisioned-standard', 'provisioned-express', 'serverless'] as const;
const CLUSTER = ['Cluster Name'] as const;
const BROKER = ['Cluster Name', 'Broker ID'] as const;
const GROUP = ['Cluster Name', 'Consumer Group', 'Topic'] as const;

export const METRICS = {
  offlinePartitions: {
    name: 'OfflinePartitionsCount',
    statistic: 'Maximum',
    periodSec: 60,
    dimensions: CLUSTER,
    level: 'DEFAULT',
    kinds: STANDARD,
    unit: 'Count',
    meaning: 'Partitions without a leader, as the controller sees them',
  },
  underReplicated: {
    name: 'UnderReplicatedPartitions',
    statistic: 'Average',
    periodSec: 60,
    dimensions: BROKER,
    level: 'DEFAULT',
    kinds: STANDARD,
    unit: 'Count',
    meaning: 'Partitions led by the broker whose ISR is smaller than their replica list',
  },
  underMinIsr: {
    name: 'UnderMinIsrPartitionCount',
    statistic: 'Maximum',
    periodSec: 60,
    dimensions: BROKER,
    level: 'DEFAULT',
    kinds: STANDARD,
    unit: 'Count',
    meaning: 'Partitions led by the broker with fewer in-sync replicas than min.insync.replicas',
  },
  leaderCount: {
    name: 'LeaderCount',
    statistic: 'Average',
    periodSec: 300,
    dimensions: BROKER,
    level: 'DEFAULT',
    kinds: PROVISIONED,
    unit: 'Count',
    meaning: 'Partition leaders on the broker',
  },
  partitionCount: {
    name: 'PartitionCount',
    statistic: 'Maximum',
    periodSec: 300,
    dimensions: BROKER,
    level: 'DEFAULT',
    kinds: PROVISIONED,
    unit: 'Count',
    meaning: 'Partition replicas on the broker, leaders and followers',
  },
  cpuUser: {
    name: 'CpuUser',
    statistic: 'Average',
    periodSec: 300,
    dimensions: BROKER,
    level: 'DEFAULT',
    kinds: PROVISIONED,
    unit: 'Percent',
    meaning: 'CPU time in user space',
  },
  cpuSystem: {
    name: 'CpuSystem',
    statistic: 'Average',
    periodSec: 300,
    dimensions: BROKER,
    level: 'DEFAULT',
    kinds: PROVISIONED,
    unit: 'Percent',
    meaning: 'CPU time in kernel space',
  },
  diskUsed: {
    name: 'KafkaDataLogsDiskUsed',
    statistic: 'Maximum',
    periodSec: 3600,
    dimensions: BROKER,
    level: 'DEFAULT',
    kinds: STANDARD,
    unit: 'Percent',
    meaning: 'Share of the data volume in use',
  },
  produceTotalTimeMean: {
    name: 'ProduceTotalTimeMsMean',
    statistic: 'Average',
    periodSec: 300,
    dimensions: BROKER,
    level: 'DEFAULT',
    kinds: PROVISIONED,
    unit: 'Milliseconds',
    meaning: 'Mean time from receiving a produce request to sending its answer',
  },
  bytesIn: {
    name: 'BytesInPerSec',
    statistic: 'Average',
    periodSec: 300,
    dimensions: BROKER,
    level: 'DEFAULT',
    kinds: PROVISIONED,
    unit: 'Bytes/Second',
    meaning: 'Bytes a second from clients',
  },
  bytesOut: {
    name: 'BytesOutPerSec',
    statistic: 'Average',
    periodSec: 300,
    dimensions: BROKER,
    level: 'DEFAULT',
    kinds: PROVISIONED,
    unit: 'Bytes/Second',
    meaning: 'Bytes a second to clients',
  },
  maxOffsetLag: {
    name: 'MaxOffsetLag',
    statistic: 'Maximum',
    periodSec: 60,
    dimensions: GROUP,
    level: 'DEFAULT',
    kinds: ALL,
    unit: 'Count',
    meaning: 'Largest lag over the partitions of a topic for a group',
  },
  sumOffsetLag: {
    name: 'SumOffsetLag',
    statistic: 'Maximum',
    periodSec: 300,
    dimensions: GROUP,
    level: 'DEFAULT',
    kinds: ALL,
    unit: 'Count',
    meaning: 'Lag summed over the partitions of a topic for a group',
  },
  rollingTimeLag: {
    name: 'RollingEstimatedTimeLagMax',
    statistic: 'Maximum',
    periodSec: 300,
    dimensions: GROUP,
    level: 'DEFAULT',
    kinds: PROVISIONED,
    unit: 'Seconds',
    meaning: 'Rolling estimate of the worst time lag over the partitions of a topic for a group',
  },
} as const satisfies Record<string, MetricDefinition>;
