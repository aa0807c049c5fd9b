// K35. Percent of what brokers and their storage cost that the cheapest option with the same promises would not cost.
import { costWastePercent, SIZING_SECTIONS, sizeCluster } from '../analysis/cluster-sizing.ts';
import { formatQuantity } from '../text/units.ts';
import { defineKpi } from './kpi.ts';
import { missingFrom, noData, notApplicable, PROXY } from './reading.ts';

export default defineKpi({
  id: 'K35',
  name: 'cost-waste',
  title: 'Cost that a smaller cluster would not have',
  category: 'cost',
  weight: 6,
  unit: 'percent',
  mayUse: SIZING_SECTIONS,
  read(inputs, run) {
    if (run.clusterKind === 'kafka') return notApplicable('prices are those of Amazon MSK');
    if (run.clusterKind === 'serverless') return notApplicable('MSK Serverless has no brokers to choose');
    for (const [name, section] of [
      ['the cluster', inputs.cluster],
      ['CloudWatch metrics', inputs.metrics],
      ['prices', inputs.prices],
    ] as const)
      if (!section.ok) return missingFrom(section, name);
    const answer = sizeCluster(inputs, run.checks['brokers-oversized']);
    if (answer.kind === 'too-young') return { state: 'insufficient-history', because: answer.because };
    if (answer.kind === 'unknown') return noData(answer.because);
    const { best, currentUsdPerMonth, feasibleCount, isReplicationCounted } = answer;
    const now = formatQuantity(currentUsdPerMonth, 'usdPerMonth');
    const then =
      best === null
        ? `none of ${feasibleCount} options that carry it is cheaper and sure enough`
        : `${best.brokers} ${best.instanceType} for ${formatQuantity(best.usdPerMonth, 'usdPerMonth')} carry it as well`;
    return {
      state: 'ok',
      value: costWastePercent(answer),
      confidence: (best?.confidence ?? 1) * (isReplicationCounted ? 1 : PROXY),
      source: `${formatQuantity(answer.workload.historyDays, 'days')} of hourly CloudWatch metrics and list prices: brokers and storage cost ${now}; ${then}`,
    };
  },
});
