// Clients that come and go instead of staying connected, and connections that are never closed.
import { connectionsByBroker, hasIam } from '../../analysis/connection-use.ts';
import { busyPercents } from '../../analysis/handlers-busy.ts';
import { mapped } from '../../analysis/scales.ts';
import {
  findHourly,
  perMinute,
  seriesQuantile,
  sumByTimestamp,
  type TrustedSeries,
  trustedPoints,
} from '../../analysis/series.ts';
import { isSustained } from '../../analysis/sustained.ts';
import { growthOf } from '../../analysis/throughput.ts';
import { isRising } from '../../analysis/trend.ts';
import { METRICS, type MetricDefinition } from '../../facts/metric-catalogue.ts';
import type { CheckThresholds } from '../../policy/thresholds/index.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { formatQuantity } from '../../text/units.ts';
import { defineCheck, type FindingDraft, type RunContext } from '../check.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import { brokerTable, quantileOf } from '../shared/levels.ts';
import { NOT_SEEN_ELSEWHERE, QUOTAS_PAGE } from '../shared/load-words.ts';
import { brokerSeries, coverageGap, expectedBrokers, metricGap } from '../shared/series.ts';
import { severityFor } from '../shared/severity.ts';
import { windowHours } from '../shared/wording.ts';

type Thresholds = CheckThresholds['connection-churn-high'];
const PERIOD_SEC = 300;
const WEEK_DAYS = 5 + 2;
const rate = (value: number | null) => formatQuantity(value, 'countPerSec');

export default defineCheck({
  id: 'connection-churn-high',
  area: 'capacity',
  title: { pass: 'Clients stay connected', fail: 'Connections opened and closed all the time' },
  why: 'Every new connection costs a handshake and an authentication: churn burns the CPU of the brokers, leaks their heap.',
  references: [QUOTAS_PAGE, 'https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices-kafka-client.html'],
  appliesTo: ['provisioned-standard', 'provisioned-express'],
  notApplicable: NOT_SEEN_ELSEWHERE,
  needs: ['metrics'],
  mayUse: ['nodes', 'kafkaBrokers', 'security'],
  toleratesPartial: ['nodes', 'kafkaBrokers', 'security'],
  evaluate({ metrics, nodes, kafkaBrokers, security }, thresholds, run) {
    const of = (definition: MetricDefinition) => brokerSeries(metrics, definition, run);
    const created = of(METRICS.connectionCreationRate);
    const connections = connectionsByBroker(metrics, run.maintenance);
    const idle = of(METRICS.networkProcessorIdle);
    const busy = new Map(
      busyPercents([...idle.values()]).map((series) => [series.dimensions['Broker ID'] ?? '', series]),
    );
    const isIam = hasIam(security, metrics) === true;
    const expected = expectedBrokers(nodes, kafkaBrokers);
    const severity = severityFor(run, ['medium', 'low', 'info']);
    const churn = [...created].flatMap(([id, series]): FindingDraft[] => {
      const reason = reasonOf(series, connections.get(id), quantileOf(busy, 0.95)(id), isIam, thresholds);
      if (reason === null) return [];
      const measured = seriesQuantile(series, 0.95);
      return [
        {
          scope: 'broker',
          resource: id,
          severity,
          measured,
          limit: reason.limit,
          unit: 'countPerSec',
          note: reason.note,
          confidence: 1,
        },
      ];
    });
    const leak = leakOf(metrics, thresholds, run);
    const all = sumByTimestamp([...connections.values()], { silentAfterSec: 3600 });
    if (leak.weekPercent !== null)
      churn.push({
        scope: 'cluster',
        resource: run.clusterName,
        severity,
        measured: all.latest?.value ?? null,
        limit: null,
        unit: 'count',
        note: `${formatQuantity(leak.weekPercent, 'percent')} more connections a week at flat traffic: they are not closed`,
        confidence: 1,
      });
    const { minCoveragePercent } = thresholds;
    return conclude({
      findings: churn,
      gap: firstGap(
        metricGap(metrics, METRICS.connectionCreationRate, created, expected, minCoveragePercent),
        coverageGap(connections, expected, METRICS.clientConnections.name, minCoveragePercent),
        metricGap(metrics, METRICS.networkProcessorIdle, idle, expected, minCoveragePercent),
        leak.gap,
      ),
      evidence: [
        brokerTable(
          'New and open connections by broker',
          [...new Set([...created.keys(), ...connections.keys()])],
          [
            ['created', 'New, p95', 'countPerSec', quantileOf(created, 0.95)],
            ['closed', 'Closed, p95', 'countPerSec', quantileOf(of(METRICS.connectionCloseRate), 0.95)],
            ['open', 'Open, median', 'count', quantileOf(connections, 0.5)],
            ['iam', 'of them IAM', 'count', quantileOf(connectionsByBroker(metrics, run.maintenance, 'IAM'), 0.5)],
            ['busy', 'Network threads busy, p95', 'percent', quantileOf(busy, 0.95)],
          ],
          {
            source: `CloudWatch ConnectionCreationRate, ConnectionCloseRate and ClientConnectionCount, Sum of a minute, last ${windowHours(run)} h, outside maintenance`,
          },
        ),
      ],
      pass: 'Clients stay connected, and connections grow no faster than the traffic.',
      fail: ({ scope, resource, measured, note }) =>
        scope === 'cluster'
          ? `The cluster has ${formatQuantity(measured, 'count')} connections: ${note}.`
          : `Broker ${resource} accepts ${rate(measured)} new connections (95th percentile): ${note}.`,
      recommend: () => ({
        action:
          'Let every process keep one client for its life (in a Lambda function outside the handler), and close clients that are no longer used',
        confirmFirst:
          'Rule out a deployment, a crash loop, a health check that connects, and scaling of the clients that was wanted.',
        commands: [],
        risk: 'A change of the clients; a shorter connections.max.idle.ms on the brokers closes what is leaked and makes churn worse.',
        expectedEffect: 'CPU that goes into handshakes and authentication is free for records.',
        verifyAfter: 'ConnectionCreationRate stays below the limit over a full day.',
        effort: 'clientChange',
        impact: { kind: 'none' },
      }),
    });
  },
});

/** Why a broker's new connections are too many; null when they are not. */
function reasonOf(
  created: TrustedSeries,
  open: TrustedSeries | undefined,
  busyPercent: number | null,
  isIam: boolean,
  thresholds: Thresholds,
): { limit: number; note: string } | null {
  const { maxRenewedPerSec, minNewPerSec, maxNewPerSec, busyNewPerSec, busyThreadsPercent } = thresholds;
  const persistence = {
    ...thresholds,
    minSustainedPeriods: (thresholds.minSustainedPeriods * PERIOD_SEC) / created.periodSec,
  };
  const above = (limit: number) => isSustained(created, (perSec) => perSec > limit, persistence);
  if (isIam && above(maxNewPerSec)) return { limit: maxNewPerSec, note: 'near the limit on new IAM connections' };
  if (busyPercent !== null && busyPercent > busyThreadsPercent && above(busyNewPerSec))
    return {
      limit: busyNewPerSec,
      note: `network threads are busy for ${formatQuantity(busyPercent, 'percent')} of the time`,
    };
  const renewed = mapped(created, (perSec, i) => {
    const count = open?.at(created.timeOf(i)) ?? 0;
    // A gap stays one.
    return count > 0 && perSec > minNewPerSec ? perSec / count : Math.min(0, perSec);
  });
  if (!isSustained(renewed, (share) => share > maxRenewedPerSec, persistence)) return null;
  const usual = seriesQuantile(open!, 0.5) ?? 0;
  return {
    limit: Math.max(minNewPerSec, maxRenewedPerSec * usual),
    note: `of ${formatQuantity(usual, 'count')} that are open`,
  };
}

/** Connections that grow from week to week while the traffic does not. */
function leakOf(
  metrics: SectionValue<'metrics'>,
  thresholds: Thresholds,
  run: RunContext,
): { weekPercent: number | null; gap: string | null } {
  const read = (definition: MetricDefinition) =>
    findHourly(metrics, definition).map((series) => trustedPoints(series, { masked: run.maintenance, dropLast: 0 }));
  const any = { silentAfterSec: 3600 };
  const connections = sumByTimestamp(read(METRICS.clientConnections).map(perMinute), { silentAfterSec: 0 });
  const traffic = sumByTimestamp(read(METRICS.bytesIn), any);
  if (Math.min(connections.count, traffic.count) < thresholds.minHistoryHours)
    return {
      weekPercent: null,
      gap: `fewer than ${formatQuantity(thresholds.minHistoryHours * 3600, 'durationSec')} of hourly connections and traffic`,
    };
  const [connectionsWeek, trafficWeek] = [weekOf(connections), weekOf(traffic)];
  const isLeak =
    connectionsWeek > thresholds.leakPercentPerWeek &&
    trafficWeek < thresholds.flatTrafficPercentPerWeek &&
    (connections.latest?.value ?? 0) >= thresholds.minConnections;
  return { weekPercent: isLeak ? connectionsWeek : null, gap: null };
}

/** Percent of today's level that a week adds; 0 without a significant rise. */
function weekOf(series: TrustedSeries): number {
  const trend = growthOf(series);
  return trend === null || !isRising(trend) || trend.level <= 0
    ? 0
    : (100 * WEEK_DAYS * trend.slopePerDay) / trend.level;
}
