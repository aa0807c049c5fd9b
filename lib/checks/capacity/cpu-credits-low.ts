// CPU credits of t3 brokers. At zero such a broker has 20 % of its CPU left.
import { longestRun } from '../../analysis/series.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import { formatQuantity } from '../../text/units.ts';
import { defineCheck, type FindingDraft } from '../check.ts';
import { conclude } from '../shared/conclude.ts';
import { brokerTable, quantileOf } from '../shared/levels.ts';
import { METRICS_PAGE, NOT_SEEN_ELSEWHERE, PASSING_LOAD } from '../shared/load-words.ts';
import { showMetric } from '../shared/metric-command.ts';
import { hoursToZero } from '../shared/running-out.ts';
import { brokerSeries, expectedBrokers, metricGap, seriesSource } from '../shared/series.ts';
import { severityFor } from '../shared/severity.ts';
import { SIZE_CHANGE_RISK, sizeUp, sizeUpCommands, sizeUpImpact } from '../shared/size-up.ts';

const METRIC = METRICS.cpuCreditBalance;

export default defineCheck({
  id: 'cpu-credits-low',
  area: 'capacity',
  title: { pass: 'Brokers have CPU credits', fail: 'Brokers running out of CPU credits' },
  why: 'Without credits a t3 broker falls to a fifth of its CPU at once, in the middle of the load that used them up.',
  references: [METRICS_PAGE],
  appliesTo: ['provisioned-standard'],
  notApplicable: { ...NOT_SEEN_ELSEWHERE, 'provisioned-express': 'Express brokers have no CPU credits.' },
  needs: ['metrics', 'cluster'],
  mayUse: ['nodes', 'kafkaBrokers', 'prices'],
  toleratesPartial: ['nodes', 'kafkaBrokers', 'prices'],
  evaluate({ metrics, cluster, nodes, kafkaBrokers, prices }, thresholds, run) {
    const { minCredits, minMinutes, minCoveragePercent } = thresholds;
    if (cluster.kind === 'serverless' || !/^(kafka\.)?t\d/.test(cluster.instanceType))
      return { kind: 'not-applicable', because: 'Only t3 brokers live on CPU credits.' };
    const all = brokerSeries(metrics, METRIC, run, { masked: false });
    const rows = [...all].flatMap(([id, series]) => {
      const latest = series.latest;
      if (latest === null) return [];
      const lowMinutes = longestRun(series, (credits) => credits <= minCredits)?.minutes ?? 0;
      const isLowNow = latest.value <= minCredits && lowMinutes >= minMinutes;
      return [{ id, now: latest.value, lowMinutes, isLowNow, hours: hoursToZero(series) }];
    });
    const byId = new Map(rows.map((row) => [row.id, row]));
    const findings = rows.flatMap(({ id, now, lowMinutes, isLowNow, hours }): FindingDraft[] => {
      const isEnding = hours !== null && hours < thresholds.hoursToZero;
      if (lowMinutes < minMinutes && !isEnding) return [];
      return [
        {
          scope: 'broker',
          resource: id,
          severity: severityFor(run, ['high', 'high', 'medium']),
          measured: now,
          limit: minCredits,
          unit: 'count',
          now,
          note: isEnding
            ? `none left in about ${formatQuantity(hours * 3600, 'durationSec')}`
            : isLowNow
              ? 'low now'
              : `low for ${formatQuantity(lowMinutes, 'minutes')} of the window`,
          confidence: 1,
        },
      ];
    });
    const cpu = brokerSeries(metrics, METRICS.cpuUser, run, { masked: false });
    return conclude({
      findings,
      worse: 'lower',
      gap: metricGap(metrics, METRIC, all, expectedBrokers(nodes, kafkaBrokers), minCoveragePercent),
      evidence: [
        brokerTable(
          'CPU credits by broker',
          rows.toSorted((a, b) => a.now - b.now).map(({ id }) => id),
          [
            ['now', 'Now', 'count', (id) => byId.get(id)!.now],
            ['lowest', 'Lowest', 'count', quantileOf(all, 0)],
            ['hours', 'Until none is left', 'durationSec', (id) => secondsOf(byId.get(id)!.hours)],
            ['cpu', 'User CPU, p95', 'percent', quantileOf(cpu, 0.95)],
          ],
          {
            source: seriesSource(METRIC, [...all.values()], run),
            ...(findings[0] === undefined ? {} : showMetric(run, METRIC, findings[0].resource)),
          },
        ),
      ],
      pass: `Every broker keeps more than ${minCredits} CPU credits.`,
      fail: ({ resource, measured, note }) =>
        `Broker ${resource} has ${formatQuantity(measured, 'count')} CPU credits: ${note}.`,
      recommend: () => {
        const step = sizeUp({ ok: true, value: cluster, asOfMs: run.takenAtMs });
        return {
          action: `Go from ${cluster.instanceType} to ${step?.to ?? 'kafka.m7g.large'}, which has no credits to run out of`,
          confirmFirst: PASSING_LOAD,
          commands: sizeUpCommands(step, run),
          risk: SIZE_CHANGE_RISK,
          expectedEffect: 'The brokers have all of their CPU at all times.',
          verifyAfter: 'CpuUser + CpuSystem stay below 60 % over a full day.',
          effort: 'rollingRestart',
          impact: sizeUpImpact(step, prices),
        };
      },
    });
  },
});

function secondsOf(hours: number | null): number | null {
  return hours === null ? null : hours * 3600;
}
