// The command that shows a CloudWatch series again.
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
  const seconds = (ms: number) => String(Math.floor(ms / 1000));
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
