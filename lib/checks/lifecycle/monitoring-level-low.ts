// What cannot be known at the free level of monitoring. AWS recommends PER_BROKER at least for production (skill managing-amazon-msk).
// Source: docs.aws.amazon.com/msk/latest/developerguide/metrics-details.html
import { monitoringItems } from '../../analysis/cost-items-beside.ts';
import { METRICS, type MetricDefinition } from '../../facts/metric-catalogue.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { defineCheck, type Impact } from '../check.ts';
import { awsKafka } from '../shared/commands.ts';
import { conclude } from '../shared/conclude.ts';
import { METRICS_PAGE } from '../shared/load-words.ts';
import { addedCost, priceOf } from '../shared/money.ts';
import { clusterFinding, MSK_PROVISIONED } from '../shared/security.ts';
import { notServing } from '../shared/serving.ts';
import { severityFor } from '../shared/severity.ts';

const LEVEL = 'PER_BROKER';

export default defineCheck({
  id: 'monitoring-level-low',
  area: 'lifecycle',
  title: { pass: 'Monitoring shows what wears out first', fail: 'Monitoring leaves the brokers in the dark' },
  why: 'Idle threads, throttling, disk throughput and the time of a fetch are published at a paid level only: without it they are found by clients.',
  references: [METRICS_PAGE],
  appliesTo: MSK_PROVISIONED,
  notApplicable: {
    serverless: 'MSK Serverless has one level of monitoring.',
    kafka: 'CloudWatch knows Amazon MSK alone.',
  },
  needs: ['cluster'],
  mayUse: ['prices'],
  toleratesPartial: ['prices'],
  evaluate({ cluster, prices }, _thresholds, run) {
    const early = notServing(cluster);
    if (early !== null) return early;
    const level = cluster.kind === 'serverless' ? 'unknown' : cluster.enhancedMonitoring;
    const lost = needing(cluster.kind);
    const kpis = [...lost.keys()].filter((id) => KPI.test(id)).sort();
    return conclude({
      findings: clusterFinding(
        level === 'DEFAULT' ? 'unmet' : 'met',
        run,
        severityFor(run, ['medium', 'low', 'info']),
        `KPIs that need ${LEVEL}: ${kpis.join(', ')}`,
      ),
      gap: level === 'unknown' ? 'MSK did not say which level of monitoring is on' : null,
      evidence: [
        {
          title: `What ${LEVEL} would tell`,
          columns: [
            { key: 'who', label: 'KPI or check', as: 'name' },
            { key: 'metrics', label: 'Metrics it needs', as: 'name' },
          ],
          rows: [...kpis, ...[...lost.keys()].filter((id) => !KPI.test(id)).sort()].map((who) => ({
            who,
            metrics: lost.get(who)!.join(', '),
          })),
          source: 'DescribeClusterV2 (EnhancedMonitoring), and the catalogue of metrics',
        },
      ],
      pass: `The level is ${level}.`,
      fail: () => `The level is ${level}: ${kpis.join(', ')} of this report cannot be measured, or in part only.`,
      recommend: () => ({
        action: `Raise the level to ${LEVEL}; it takes effect without a restart`,
        confirmFirst: 'Rule out that open monitoring (Prometheus) tells the same, and somebody looks at it.',
        commands: awsKafka(run, 'update-monitoring', {
          purpose: `Publish the metrics of ${LEVEL}`,
          effect: 'change',
          args: ['--current-version', { variable: 'CURRENT_VERSION' }, '--enhanced-monitoring', LEVEL],
        }),
        risk: 'Each metric is billed by the month; CloudWatch lowers the price with the number of metrics of the account.',
        expectedEffect: 'The next reports measure these KPIs, and the checks that rest on them answer.',
        verifyAfter: 'The next report shows a higher share assessed.',
        effort: 'setting',
        impact: impactOf(cluster, prices),
      }),
    });
  },
});

const KPI = /^K\d+$/;

/** KPIs and checks that such a cluster's metrics of the level are for, with the metrics. */
function needing(kind: SectionValue<'cluster'>['kind']): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { name, level, kinds, need, readBy = [] } of Object.values<MetricDefinition>(METRICS)) {
    if (level !== LEVEL || need === 'evidence' || !kinds.includes(kind)) continue;
    for (const id of readBy) found.set(id, [...(found.get(id) ?? []), name]);
  }
  return found;
}

function impactOf(cluster: SectionValue<'cluster'>, prices: Collected<SectionValue<'prices'>>): Impact {
  if (cluster.kind === 'serverless') return { kind: 'none' };
  const [item] = monitoringItems({ ...cluster, enhancedMonitoring: LEVEL }, {});
  const price = priceOf(prices, 'cloudwatch/metric');
  if ('unknown' in price) return { kind: 'unknown', because: price.unknown };
  return addedCost(`Metrics of the level ${LEVEL}, at most`, item?.quantity ?? 0, 'metric-month', price.usd);
}
