// `collect --explain-cost`: the price of a run, before it runs.
import type { PlanCost } from '../collect/cloudwatch/plan-cost.ts';
import { COST_GROUPS } from '../collect/cloudwatch/plan-cost.ts';
import { REPORT_WINDOW_HOURS } from '../collect/collect-job.ts';
import { explainRunCost, type RunCost } from '../collect/explain-cost.ts';
import type { CliSettings } from '../settings.ts';
import { formatQuantity } from '../text/units.ts';
import { awsSources } from './aws-sources.ts';
import { UsageError } from './errors.ts';
import type { Io } from './io.ts';
import type { SourceOptions } from './source.ts';

const WITHIN_MS = 60_000;

/** Describes the cluster, which is free, and asks CloudWatch nothing. @throws UsageError without `--cluster` */
export async function costOfRun(options: SourceOptions, settings: CliSettings, io: Io): Promise<RunCost> {
  if (options.cluster === undefined) {
    throw new UsageError('--explain-cost goes with --cluster: reading any other Kafka costs nothing');
  }
  const nowMs = options.now ?? Date.now();
  const { msk, hours } = await awsSources(options, settings, nowMs);
  const profile = options.profile ?? settings.profile ?? undefined;
  const request = {
    clusterArn: options.cluster,
    windowHours: REPORT_WINDOW_HOURS,
    nowMs,
    deadlineMs: Date.now() + WITHIN_MS,
    profile,
  };
  return await explainRunCost(request, { msk: msk!, hours, signal: io.signal });
}

/** The table that a person reads. */
export function renderRunCost({ day, history, dropped, brokerCount, budgetMetrics, rankingAtMost }: RunCost): string {
  const lines = [
    `GetMetricData for a cluster of ${brokerCount} brokers, at most:`,
    row('', 'metrics', 'calls', 'points', 'price'),
    ...COST_GROUPS.filter((group) => group !== 'history').map((group) => {
      const share = day.groups[group];
      return row(`  ${group}`, share.metricsRequested, '', share.dataPoints, formatQuantity(share.usd, 'usd'));
    }),
    total('each report', day),
    total('once, for the last 28 days', history),
    `If the brokers cannot be reached, CloudWatch ranks the groups: 1 metric a pair of group and topic, at most ${rankingAtMost.metricsRequested} (${formatQuantity(rankingAtMost.usd, 'usd')}), once in up to ${rankingAtMost.days} days; each report then asks for ${rankingAtMost.reservedMetrics} metrics less.`,
    `At most ${budgetMetrics} metrics a report. ${dropped === null ? 'Everything fits.' : `${dropped.charAt(0).toUpperCase()}${dropped.slice(1)}.`}`,
    `Price: ${day.priceSource}, ${day.priceAsOfDate}. Nothing was asked of CloudWatch.`,
  ];
  return `${lines.join('\n')}\n`;
}

function total(name: string, cost: PlanCost): string {
  return row(name, cost.metricsRequested, cost.calls, cost.dataPoints, formatQuantity(cost.usd, 'usd'));
}

function row(name: string, ...cells: (string | number)[]): string {
  return name.padEnd(28) + cells.map((cell) => String(cell).padStart(10)).join('');
}
