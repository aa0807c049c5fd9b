// The commands that show a CloudWatch metric: one series again, or all of the cluster beside each other.
import { METRIC_NAMESPACE, type MetricDefinition } from '../../facts/metric-catalogue.ts';
import type { Command } from '../../text/command.ts';
import type { RunContext } from '../check.ts';
import { regionOf } from './commands.ts';

/** `reproduce` of an evidence about one broker's series; nothing when the target is no MSK cluster. */
export function showMetric(
  run: RunContext,
  { name, statistic, periodSec }: MetricDefinition,
  brokerId: string,
): { reproduce?: Command } {
  if (run.clusterArn === null) return {};
  return {
    reproduce: {
      purpose: `Show ${name} of broker ${brokerId} over the window`,
      effect: 'read',
      argv: [
        ['aws', 'cloudwatch', 'get-metric-statistics', ...regionOf(run.clusterArn)],
        ['--namespace', METRIC_NAMESPACE, '--metric-name', name, '--statistics', statistic],
        ['--dimensions', `Name=Cluster Name,Value=${run.clusterName}`, `Name=Broker ID,Value=${brokerId}`],
        ['--period', String(periodSec), '--start-time', seconds(run.window.startMs)],
        ['--end-time', seconds(run.window.endMs)],
      ].flat(),
    },
  };
}

/**
 * Hourly means of a metric over the window by broker, and by topic where the level of monitoring has them: where a cheaper step than a
 * larger cluster would begin. None when the target is no MSK cluster.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
 */
export function compareLoads(run: RunContext, { name }: MetricDefinition): Command[] {
  if (run.clusterArn === null) return [];
  const terms = `MetricName="${name}" "Cluster Name"="${run.clusterName}"`;
  const queries = [{ Id: 'loads', Expression: `SEARCH('${terms}', 'Average', 3600)` }];
  return [
    {
      purpose: `Show ${name} of each broker, and of each topic where MSK publishes it`,
      effect: 'read',
      argv: [
        ['aws', 'cloudwatch', 'get-metric-data', ...regionOf(run.clusterArn)],
        ['--metric-data-queries', JSON.stringify(queries)],
        ['--start-time', seconds(run.window.startMs), '--end-time', seconds(run.window.endMs)],
      ].flat(),
    },
  ];
}

function seconds(ms: number): string {
  return String(Math.floor(ms / 1000));
}
