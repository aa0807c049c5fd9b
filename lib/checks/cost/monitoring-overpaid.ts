// What the monitoring levels by topic and partition cost in CloudWatch. Little in this report needs them, but somebody's alarm may.

import { costOfItems, monthlyCost } from '../../analysis/cost.ts';
import { monitoringItems } from '../../analysis/cost-items-beside.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import { formatQuantity } from '../../text/units.ts';
import { defineCheck } from '../check.ts';
import { awsKafka } from '../shared/commands.ts';
import { conclude } from '../shared/conclude.ts';
import { saved } from '../shared/money.ts';
import { listed, missingBecause } from '../shared/wording.ts';

const DETAILED = ['PER_TOPIC_PER_BROKER', 'PER_TOPIC_PER_PARTITION'];
const ENOUGH = 'PER_BROKER';
/** Metrics of these levels, which an alarm may watch. */
const OF_DETAIL: ReadonlySet<string> = new Set(
  Object.values(METRICS).flatMap(({ name, level }) => (DETAILED.includes(level) ? [name] : [])),
);
/** What of this report rests on metrics of these levels. */
const LOST =
  'how fast groups catch up (K21, catch-up-capacity-low) and which topics are converted (message-conversions)';
const usd = (value: number) => formatQuantity(value, 'usdPerMonth');

export default defineCheck({
  id: 'monitoring-overpaid',
  area: 'cost',
  title: { pass: 'The monitoring level is worth its price', fail: 'Monitoring by topic costs more than it gives' },
  why: 'CloudWatch bills every metric of every topic on every broker by the month, also those that nobody looks at.',
  references: ['https://docs.aws.amazon.com/msk/latest/developerguide/metrics-details.html'],
  appliesTo: ['provisioned-standard', 'provisioned-express'],
  notApplicable: {
    serverless: 'MSK Serverless has no monitoring levels.',
    kafka: 'CloudWatch knows Amazon MSK alone.',
  },
  needs: ['cluster'],
  mayUse: ['prices', 'metrics', 'connectors', 'security', 'kafkaTopics', 'mskTopics', 'kafkaOffsets', 'alarms'],
  toleratesPartial: ['prices', 'metrics', 'connectors', 'security', 'mskTopics'],
  evaluate({ cluster, prices, alarms, ...usage }, { maxBillPercent, maxUsdPerMonth }, run) {
    const none = (because: string) => ({ kind: 'no-data', because: `Not measured: ${because}.` }) as const;
    const level = cluster.kind === 'serverless' ? null : cluster.enhancedMonitoring;
    if (cluster.kind === 'serverless' || level === null || level === 'unknown')
      return none('the monitoring level is not known');
    if (!DETAILED.includes(level))
      return {
        kind: 'pass',
        summary: `The level is ${level}: no metrics by topic or partition are paid for.`,
        evidence: [],
      };
    const now = monitoringItems(cluster, usage)[0];
    const then = monitoringItems({ ...cluster, enhancedMonitoring: ENOUGH }, usage)[0];
    const [all, kept] = [now?.quantity ?? null, then?.quantity ?? null];
    if (now === undefined || all === null || kept === null)
      return none(now?.note ?? 'the number of metrics is not known');
    const series = all - kept;
    const line = costOfItems([{ ...now, quantity: series }], prices).lines[0]!;
    const { usdPerMonth, usdPerUnit } = line;
    if (usdPerMonth === null || usdPerUnit === null) return none(line.source);
    const bill = monthlyCost({ ok: true, value: cluster, asOfMs: run.takenAtMs }, prices, usage).usdPerMonth;
    const share = bill === null || bill <= 0 ? null : (100 * usdPerMonth) / bill;
    const isMuch = usdPerMonth > maxUsdPerMonth || (share ?? 0) > maxBillPercent;
    const watching = alarms.ok
      ? alarms.value.filter(({ metrics }) => metrics.some(({ name, topic }) => topic !== null && OF_DETAIL.has(name)))
      : [];
    const costs = `${formatQuantity(series, 'count')} metrics of ${level} beyond ${ENOUGH} cost up to ${usd(usdPerMonth)}${share === null ? '' : `, ${formatQuantity(share, 'percent')} of what the cluster costs`}`;
    return conclude({
      findings:
        isMuch && watching.length === 0
          ? [
              {
                scope: 'cluster',
                resource: run.clusterName,
                severity: 'low',
                measured: usdPerMonth,
                limit: maxUsdPerMonth,
                unit: 'usdPerMonth',
                // Metrics appear with their first value: topics without traffic have none.
                confidence: 0.7,
              },
            ]
          : [],
      gap: isMuch && !alarms.ok ? missingBecause('the list of alarms', alarms) : null,
      evidence: [
        {
          title: 'Paid metrics in CloudWatch',
          columns: [
            { key: 'level', label: 'Level', as: 'name' },
            { key: 'metrics', label: 'Metrics, at most', as: 'count' },
            { key: 'usd', label: 'Costs, at most', as: 'usdPerMonth' },
          ],
          rows: [
            { level, metrics: all, usd: all * usdPerUnit },
            { level: ENOUGH, metrics: kept, usd: kept * usdPerUnit },
          ],
          source: line.source,
        },
      ],
      pass:
        watching.length > 0
          ? `${costs}; the alarm ${listed(watching.map(({ name }) => name))} needs them.`
          : `${costs} (limits ${usd(maxUsdPerMonth)} and ${formatQuantity(maxBillPercent, 'percent')}).`,
      fail: () => `${costs} (limits ${usd(maxUsdPerMonth)} and ${formatQuantity(maxBillPercent, 'percent')}).`,
      recommend: () => ({
        action: `Go back to the level ${ENOUGH}, unless it is worth that price to see in this report ${LOST}`,
        confirmFirst:
          'Ask who looks at metrics by topic or partition: dashboards and other tools do not show here, only alarms do.',
        commands: awsKafka(run, 'update-monitoring', {
          purpose: `Set the monitoring level to ${ENOUGH}; no broker restarts`,
          effect: 'change',
          args: ['--current-version', { variable: 'CURRENT_VERSION' }, '--enhanced-monitoring', ENOUGH],
        }),
        risk: `Metrics by topic and by partition end, and with them this report no longer tells ${LOST}; what was recorded stays in CloudWatch for its time.`,
        expectedEffect: 'The metrics by topic and partition are no longer billed.',
        verifyAfter: 'CW:MetricMonitorUsage on the bill, and that no dashboard went empty.',
        effort: 'setting',
        impact: saved(`Metrics of ${level} beyond ${ENOUGH}, at most`, series, 'metric-month', usdPerUnit),
      }),
    });
  },
});
