// Plans written by hand: what is read does not depend on what the catalogue asks for.
import type { MetricBatch, MetricPlan, MetricQuery } from '../../../lib/collect/cloudwatch/plan-batches.ts';

export function aQuery(
  id: string,
  metric: string,
  statistic: MetricQuery['statistic'] = 'Average',
  dimensions: Record<string, string> = { 'Cluster Name': 'orders' },
): MetricQuery {
  return { id, metric, statistic, unit: 'Count', dimensions };
}

export function aBatch(periodSec: number, queries: MetricQuery[], startMs: number, endMs: number): MetricBatch {
  return { purpose: 'day', periodSec, startMs, endMs, pointsPerQuery: (endMs - startMs) / 1000 / periodSec, queries };
}

export function aPlan(batches: MetricBatch[], more: Partial<MetricPlan> = {}): MetricPlan {
  return { batches, unavailable: [], dropped: [], budget: 250, unnameablePairCount: 0, ...more };
}
