// The alarms that AWS recommends for MSK: monitor-and-alarm.md of AWS's skill managing-amazon-msk
// (https://github.com/aws/agent-toolkit-for-aws, 2026-08-20) and docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html.
import { METRICS } from './metric-catalogue.ts';
import type { MetricDefinition } from './metric-catalogue-types.ts';

export interface RecommendedAlarm {
  /** End of the alarm's name. */
  id: string;
  title: string;
  metric: MetricDefinition;
  /** Added to the first. */
  plus?: MetricDefinition;
  /** Alarms on any of these watch the same. */
  orAny?: readonly string[];
  statistic: 'Average' | 'Maximum' | 'Minimum' | 'Sum';
  /** Null: a band of anomaly detection, two standard deviations wide. */
  limit: { comparison: 'above' | 'atLeast' | 'below'; value: number } | null;
  periodSec: number;
  periods: number;
  /** A healthy cluster always publishes it: without datapoints the alarm goes off too, instead of waiting for data. */
  silenceIsTrouble?: true;
}

const MINUTES_5 = { periodSec: 300, periods: 1 } as const;
const THREE = { periodSec: 300, periods: 3 } as const;
const above = (value: number) => ({ comparison: 'above', value }) as const;
const below = (value: number) => ({ comparison: 'below', value }) as const;

/** What stops clients first. */
export const RECOMMENDED_ALARMS: readonly RecommendedAlarm[] = [
  {
    id: 'offline-partitions',
    title: 'Offline partitions',
    metric: METRICS.offlinePartitions,
    statistic: 'Maximum',
    limit: above(0),
    ...MINUTES_5,
  },
  {
    id: 'no-controller',
    title: 'No active controller',
    metric: METRICS.activeController,
    statistic: 'Maximum',
    limit: below(1),
    ...MINUTES_5,
    silenceIsTrouble: true,
  },
  {
    id: 'under-min-isr',
    title: 'Partitions below min.insync.replicas',
    metric: METRICS.underMinIsr,
    statistic: 'Maximum',
    limit: { comparison: 'atLeast', value: 1 },
    periodSec: 60,
    periods: 1,
  },
  {
    id: 'disk-used',
    title: 'Disk in use',
    metric: METRICS.diskUsed,
    statistic: 'Maximum',
    limit: above(85),
    ...MINUTES_5,
  },
  {
    id: 'under-replicated',
    title: 'Under-replicated partitions',
    metric: METRICS.underReplicated,
    statistic: 'Maximum',
    limit: above(0),
    ...THREE,
  },
  {
    id: 'cpu',
    title: 'User and system CPU',
    metric: METRICS.cpuUser,
    plus: METRICS.cpuSystem,
    orAny: [METRICS.cpuIdle.name],
    statistic: 'Average',
    limit: above(60),
    ...MINUTES_5,
  },
  {
    id: 'heap',
    title: 'Heap after garbage collection',
    metric: METRICS.heapAfterGc,
    statistic: 'Average',
    limit: above(60),
    ...THREE,
  },
  {
    id: 'request-handlers',
    title: 'Idle request handlers',
    metric: METRICS.requestHandlerIdle,
    statistic: 'Average',
    limit: below(0.3),
    ...MINUTES_5,
  },
  {
    id: 'network-threads',
    title: 'Idle network threads',
    metric: METRICS.networkProcessorIdle,
    statistic: 'Average',
    limit: below(0.3),
    ...MINUTES_5,
  },
  {
    id: 'iam-connections',
    title: 'Refused connections with IAM',
    metric: METRICS.iamTooManyConnections,
    statistic: 'Sum',
    limit: above(0),
    ...MINUTES_5,
  },
  {
    id: 'produce-throttled',
    title: 'Throttled producers',
    metric: METRICS.produceThrottleTime,
    statistic: 'Average',
    limit: above(0),
    ...MINUTES_5,
  },
  {
    id: 'fetch-throttled',
    title: 'Throttled consumers',
    metric: METRICS.fetchThrottleTime,
    statistic: 'Average',
    limit: above(0),
    ...MINUTES_5,
  },
  {
    id: 'storage',
    title: 'Stored bytes out of the ordinary',
    metric: METRICS.storageUsed,
    statistic: 'Maximum',
    limit: null,
    ...THREE,
  },
];

/** AWS recommends throttling alarms for Express alone: on Standard brokers there are no quotas but the user's own. */
export const EXPRESS_ALARMS: readonly string[] = ['produce-throttled', 'fetch-throttled'];

export const LAG_ALARM: RecommendedAlarm = {
  id: 'lag',
  title: 'Time to work off the lag',
  metric: METRICS.estimatedTimeLag,
  orAny: [METRICS.rollingTimeLag.name, METRICS.maxOffsetLag.name, METRICS.sumOffsetLag.name],
  statistic: 'Maximum',
  limit: above(300),
  periodSec: 60,
  periods: 15,
};

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-limits.html: metrics that one formula may refer to. */
export const MAX_METRICS_OF_FORMULA = 10;
