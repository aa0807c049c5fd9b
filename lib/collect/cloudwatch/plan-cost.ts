// What a metric plan will cost, before it runs: metrics are the unit that CloudWatch bills, calls and data points are not.
import { GET_METRIC_DATA_USD_PER_METRIC } from '../../facts/cloudwatch-price.ts';
import type { MetricBatch, MetricPlan, MetricQuery } from './plan-batches.ts';

export const COST_GROUPS = ['cluster', 'brokers', 'groups', 'topics', 'history'] as const;
export type CostGroup = (typeof COST_GROUPS)[number];

export interface CostShare {
  metricsRequested: number;
  /** The most points that can come back. */
  dataPoints: number;
  usd: number;
}

export interface PlanCost extends CostShare {
  calls: number;
  /** A call may serve several groups, so that calls are told for the whole plan only. */
  groups: Record<CostGroup, CostShare>;
  priceSource: string;
  priceAsOfDate: string;
}

/** Metrics, calls, data points and USD of a plan, as a whole and by what they are for. */
export function explainCost(plan: Pick<MetricPlan, 'batches'>): PlanCost {
  const groups = Object.fromEntries(COST_GROUPS.map((group) => [group, noCost()])) as PlanCost['groups'];
  const total = noCost();
  for (const batch of plan.batches) {
    for (const query of batch.queries) {
      for (const share of [total, groups[groupOf(batch, query)]]) {
        share.metricsRequested += 1;
        share.dataPoints += batch.pointsPerQuery;
      }
    }
  }
  const { usd, source, asOfDate } = GET_METRIC_DATA_USD_PER_METRIC;
  for (const share of [total, ...Object.values(groups)]) share.usd = share.metricsRequested * usd;
  return { ...total, calls: plan.batches.length, groups, priceSource: source, priceAsOfDate: asOfDate };
}

/** One line on what the budget did not hold, most wanted first, with the metrics it would have been; null when everything fits. */
export function describeDropped({ dropped, budget }: Pick<MetricPlan, 'dropped' | 'budget'>): string | null {
  if (dropped.length === 0) return null;
  const isList = (what: string) => what === 'pairs' || what === 'topics';
  const parts = dropped.map(({ what, count, metrics }) => `${isList(what) ? `${count} ${what}` : what} (${metrics})`);
  return `to stay within ${budget} metrics, not asked for: ${parts.join(', ')}`;
}

function noCost(): CostShare {
  return { metricsRequested: 0, dataPoints: 0, usd: 0 };
}

function groupOf({ purpose }: MetricBatch, { dimensions }: MetricQuery): CostGroup {
  if (purpose === 'history') return 'history';
  if ('Consumer Group' in dimensions) return 'groups';
  if ('Topic' in dimensions) return 'topics';
  return 'Broker ID' in dimensions ? 'brokers' : 'cluster';
}
