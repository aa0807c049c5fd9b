// What cannot be known at the free level of monitoring. AWS recommends PER_BROKER at least for production (skill managing-amazon-msk).
// Source: docs.aws.amazon.com/msk/latest/developerguide/metrics-details.html
import { monitoringItems } from '../../analysis/cost-items-beside.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { ALL_KPI_TITLES } from '../../facts/paid-kpis.ts';
import { defineCheck, type Impact } from '../check.ts';
import { awsKafka } from '../shared/commands.ts';
import { conclude } from '../shared/conclude.ts';
import { METRICS_PAGE } from '../shared/load-words.ts';
import { addedCost, priceOf } from '../shared/money.ts';
import { clusterFinding, MSK_PROVISIONED } from '../shared/security.ts';
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
    const level = cluster.kind === 'serverless' ? 'unknown' : cluster.enhancedMonitoring;
    const lost = ALL_KPI_TITLES;
    return conclude({
      findings: clusterFinding(
        level === 'DEFAULT' ? 'unmet' : 'met',
        run,
        severityFor(run, ['medium', 'low', 'info']),
        `not known: ${lost.map(([id]) => id).join(', ')}`,
      ),
      gap: level === 'unknown' ? 'MSK did not say which level of monitoring is on' : null,
      evidence: [
        {
          title: `What ${LEVEL} would tell`,
          columns: [
            { key: 'kpi', label: 'KPI', as: 'name' },
            { key: 'what', label: 'What it is', as: 'name' },
          ],
          rows: lost.map(([kpi, what]) => ({ kpi, what })),
          source: 'DescribeClusterV2 (EnhancedMonitoring), and the catalogue of metrics',
        },
      ],
      pass: `The level is ${level}.`,
      fail: () => `The level is ${level}: ${lost.length} KPIs of this report cannot be measured.`,
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

function impactOf(cluster: SectionValue<'cluster'>, prices: Collected<SectionValue<'prices'>>): Impact {
  if (cluster.kind === 'serverless') return { kind: 'none' };
  const [item] = monitoringItems({ ...cluster, enhancedMonitoring: LEVEL }, {});
  const price = priceOf(prices, 'cloudwatch/metric');
  if ('unknown' in price) return { kind: 'unknown', because: price.unknown };
  return addedCost(`Metrics of the level ${LEVEL}, at most`, item?.quantity ?? 0, 'metric-month', price.usd);
}
