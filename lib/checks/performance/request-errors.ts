// Requests that brokers answer with an error, produce and fetch apart, where K15 has one share of both. Only open monitoring counts them;
// CloudWatch knows refused IAM connections and failed copies and reads of the tier, which can show trouble but never its absence.
import { errorOutcomes, requestErrors } from '../../analysis/open-monitoring.ts';
import { minutesWhere } from '../../analysis/series.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { formatQuantity } from '../../text/units.ts';
import { defineCheck, type Evidence, type FindingDraft, type RunContext } from '../check.ts';
import { awsKafka } from '../shared/commands.ts';
import { conclude } from '../shared/conclude.ts';
import { MONITORING } from '../shared/load-words.ts';
import { brokerSeries } from '../shared/series.ts';
import { severityFor } from '../shared/severity.ts';
import { MAX_ROWS, missingBecause } from '../shared/wording.ts';

/** What stands in where no requests are counted. */
const PROXY = 0.6;
const PROXIES = [
  [METRICS.iamTooManyConnections, 'connections refused by IAM’s limit'],
  [METRICS.remoteFetchErrors, 'failed reads of the tier'],
  [METRICS.remoteCopyErrors, 'failed copies to the tier'],
] as const;
const percent = (value: number) => formatQuantity(value, 'percent');
const perSec = (value: number) => formatQuantity(value, 'countPerSec');

export default defineCheck({
  id: 'request-errors',
  area: 'performance',
  title: { pass: 'Requests succeed', fail: 'Requests failing' },
  why: 'Failed requests are retried, which costs time and order, or given up, which loses records.',
  references: [MONITORING, 'https://docs.aws.amazon.com/msk/latest/developerguide/open-monitoring.html'],
  appliesTo: ['provisioned-standard', 'provisioned-express', 'kafka'],
  notApplicable: { serverless: 'MSK Serverless counts no failed requests.' },
  needs: [],
  mayUse: ['openMonitoring', 'metrics'],
  evaluate({ openMonitoring, metrics }, { maxErrorPercent, minFailedPerSec, minMinutes }, run) {
    const monitored = openMonitoring.ok ? openMonitoring.value : null;
    const rates = monitored === null ? [] : requestErrors(monitored);
    const isOver = ({ value }: { value: number }) => value > maxErrorPercent;
    const isRare = ({ failedPerSec }: { failedPerSec: number }) => failedPerSec < minFailedPerSec;
    const rate = rates.find((each) => isOver(each) && !isRare(each)) ?? rates[0] ?? null;
    const severity = severityFor(run, ['high', 'medium', 'low']);
    const findings: FindingDraft[] = [];
    if (rate !== null && isOver(rate))
      findings.push({
        scope: 'cluster',
        resource: run.clusterName,
        // Said, but no alarm: of a few requests one is soon a percent.
        severity: isRare(rate) ? 'info' : severity,
        measured: rate.value,
        limit: maxErrorPercent,
        unit: 'percent',
        note: `of ${rate.request} requests, ${perSec(rate.failedPerSec)}, ${rate.brokersRead} of ${rate.brokersTotal} brokers`,
        confidence: 1,
      });
    if (metrics.ok && rate === null) findings.push(...proxyFindings(metrics.value, minMinutes, severity, run));
    const missing = openMonitoring.ok
      ? 'open monitoring of no broker tells failed requests'
      : missingBecause('open monitoring, which alone counts failed requests,', openMonitoring);
    const incomplete = rate !== null && rate.brokersRead < rate.brokersTotal;
    return conclude({
      findings,
      gap:
        rate === null ? missing : incomplete ? `only ${rate.brokersRead} of ${rate.brokersTotal} brokers told` : null,
      evidence: outcomesTable(monitored),
      pass: `At most ${percent(rate?.value ?? 0)} of produce requests, and of fetch requests, failed (limit ${percent(maxErrorPercent)}).`,
      fail: (worst) =>
        worst.scope === 'cluster'
          ? `${percent(worst.measured!)} of ${rate!.request} requests fail (limit ${percent(maxErrorPercent)})${isRare(rate!) ? `, but only ${perSec(rate!.failedPerSec)}: below ${perSec(minFailedPerSec)} that is no alarm` : ''}.`
          : `Broker ${worst.resource} had ${worst.note} for ${formatQuantity(worst.measured, 'minutes')}.`,
      recommend: () => ({
        action:
          'Follow the error: NOT_ENOUGH_REPLICAS to the ISR, MESSAGE_TOO_LARGE to the size limits, authorization errors to the ACLs and IAM policies',
        confirmFirst:
          'Rule out a passing cause: moving leaders and a rebalancing group answer with errors that clients retry by themselves.',
        commands:
          rate === null && run.clusterKind !== 'kafka'
            ? awsKafka(run, 'update-monitoring', {
                purpose: 'Switch on open monitoring, which counts requests and their errors',
                effect: 'change',
                args: [
                  '--current-version',
                  { variable: 'CURRENT_VERSION' },
                  '--open-monitoring',
                  '{"Prometheus":{"JmxExporter":{"EnabledInBroker":true},"NodeExporter":{"EnabledInBroker":true}}}',
                ],
              })
            : [],
        risk: 'Reading the exporters more often than once a minute is load; reading them from another zone is charged traffic.',
        expectedEffect: 'Retries end: latency falls and order is kept.',
        verifyAfter: 'Failed produce and fetch requests stay below the limit over several looks.',
        effort: 'clientChange',
        impact: { kind: 'none' },
      }),
    });
  },
});

function proxyFindings(
  metrics: SectionValue<'metrics'>,
  minMinutes: number,
  severity: FindingDraft['severity'],
  run: RunContext,
): FindingDraft[] {
  const byBroker = new Map<string, { minutes: number; what: string }>();
  for (const [definition, what] of PROXIES) {
    for (const [id, series] of brokerSeries(metrics, definition, run)) {
      const minutes = minutesWhere(series, (count) => count > 0);
      if (minutes >= Math.max(minMinutes, 1) && minutes > (byBroker.get(id)?.minutes ?? 0))
        byBroker.set(id, { minutes, what });
    }
  }
  return [...byBroker].map(([id, { minutes, what }]) => ({
    scope: 'broker',
    resource: id,
    severity,
    measured: minutes,
    limit: minMinutes,
    unit: 'minutes',
    note: what,
    confidence: PROXY,
  }));
}

function outcomesTable(monitored: SectionValue<'openMonitoring'> | null): Evidence[] {
  const rows = monitored === null ? null : errorOutcomes(monitored);
  if (rows === null || rows.length === 0) return [];
  return [
    {
      title: 'Errors by request',
      columns: [
        { key: 'request', label: 'Request', as: 'name' },
        { key: 'error', label: 'Error', as: 'name' },
        { key: 'perSec', label: 'Rate', as: 'countPerSec' },
      ],
      rows: rows.slice(0, MAX_ROWS).map(({ request, error, perSec }) => ({ request, error, perSec })),
      source: 'Open monitoring, kafka.network RequestMetrics ErrorsPerSec, between two looks',
    },
  ];
}
