// What reading the cluster cost: metrics that CloudWatch charges for, pages of Cost Explorer. The control plane is free.
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue, Snapshot } from '../../snapshot/schema.ts';
import type { RunCost } from '../report.ts';

const PURPOSES = ['day', 'history', 'ranking'] as const;

export function runCostOf({ sections: { metrics, bill } }: Snapshot): RunCost | null {
  const cloudWatch = metrics?.ok === true ? costOfMetrics(metrics.value) : null;
  const costExplorer = bill?.ok === true ? { usd: bill.value.cost.usd, calls: bill.value.cost.calls } : null;
  if (cloudWatch === null && costExplorer === null) return null;
  const isKnown = !wasLost(metrics) && !wasLost(bill) && cloudWatch?.usd !== null;
  return { usd: isKnown ? (cloudWatch?.usd ?? 0) + (costExplorer?.usd ?? 0) : null, cloudWatch, costExplorer };
}

function costOfMetrics({ cost, unavailable = [] }: SectionValue<'metrics'>): RunCost['cloudWatch'] {
  const { usd, metricsRequested, calls } = cost;
  const parts = PURPOSES.flatMap((purpose) => {
    const part = cost[purpose];
    return part === undefined ? [] : [{ purpose, metricsRequested: part.metricsRequested, usd: part.usd }];
  });
  // Without a level to raise it was the budget that had no room.
  const leftOut = unavailable.filter(({ reason, level }) => reason === 'not-requested' && level === null).length;
  return { usd, metricsRequested, calls, parts, leftOut };
}

/** Asked for and not answered to the end: AWS may have charged for a part of it. */
function wasLost(section: Collected<unknown> | undefined): boolean {
  return section?.ok === false && (section.reason === 'timed-out' || section.reason === 'failed');
}
