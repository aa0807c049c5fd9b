// The CloudWatch alarms that watch a metric of one cluster. CloudWatch cannot be asked for them: DescribeAlarmsForMetric leaves out
// alarms on formulas, so all metric alarms of the region are gone through and those of the cluster kept.
import type { DescribeAlarmsOutput, MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { SectionValue } from '../../snapshot/schema.ts';
import { type AwsAccess, awsClientConfig } from '../aws-clients.ts';
import type { ClusterArn } from '../msk/cluster-arn.ts';
import type { Read } from '../msk/cluster-reading.ts';
import { collectPages } from '../pages.ts';
import { watchedMetrics } from './watched-metrics.ts';

export interface AlarmReader {
  /** One page of metric alarms; rejects with the SDK's own error. */
  describeAlarms(token: string | undefined, signal: AbortSignal): Promise<DescribeAlarmsOutput>;
}

const PAGE_SIZE = 100; // the most that CloudWatch gives
/** 5,000 alarms are the default quota of a region: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html */
const MAX_PAGES = 50;

export async function createAlarmReader(access: AwsAccess): Promise<AlarmReader> {
  const sdk = await import('@aws-sdk/client-cloudwatch');
  const client = new sdk.CloudWatchClient(awsClientConfig(access));
  return {
    describeAlarms: (NextToken, abortSignal) =>
      client.send(new sdk.DescribeAlarmsCommand({ AlarmTypes: ['MetricAlarm'], MaxRecords: PAGE_SIZE, NextToken }), {
        abortSignal,
      }),
  };
}

type Alarms = SectionValue<'alarms'>;

/** Alarms of this cluster by name. CloudWatch knows a cluster by its name alone: one of the same name in the same region is the same to it. */
export async function readAlarms(reader: AlarmReader, arn: ClusterArn, signal: AbortSignal): Promise<Read<Alarms>> {
  let lookedAt = 0;
  const { items, isTruncated } = await collectPages(async (token) => {
    // A region without alarms may well answer without the list.
    const { MetricAlarms = [], NextToken } = await reader.describeAlarms(token, signal);
    lookedAt += MetricAlarms.length;
    return { items: MetricAlarms.flatMap((alarm) => alarmOf(alarm, arn)), nextToken: NextToken };
  }, MAX_PAGES);
  const value = items.sort((a, b) => (a.name < b.name ? -1 : 1));
  return isTruncated ? { value, partial: `only the first ${lookedAt} alarms of the region were looked at` } : { value };
}

/** The alarm in a list, or an empty one where it watches nothing of the cluster. */
function alarmOf(alarm: MetricAlarm, arn: ClusterArn): Alarms {
  const metrics = watchedMetrics(alarm, arn);
  if (metrics.length === 0) return [];
  const actions = alarm.ActionsEnabled === false ? [] : (alarm.AlarmActions ?? []);
  return [
    {
      name: alarm.AlarmName ?? '',
      state: alarm.StateValue ?? null,
      metrics,
      comparison: alarm.ComparisonOperator ?? null,
      threshold: alarm.Threshold ?? null,
      isAnomalyBand: alarm.ThresholdMetricId !== undefined,
      evaluationPeriods: alarm.EvaluationPeriods ?? null,
      datapointsToAlarm: alarm.DatapointsToAlarm ?? null,
      hasActions: actions.length > 0,
      isForAutoScaling: actions.length > 0 && actions.every((action) => action.split(':')[2] === 'autoscaling'),
    },
  ];
}
