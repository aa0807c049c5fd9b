// Burst credit of the data volumes. Small volumes live on it; where the baseline is above the burst there is none to publish.
import { findSeries } from '../../analysis/series.ts';
import { storageLimit } from '../../analysis/storage-limits.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import { GP2_FULL_GIB, GP2_NO_BURST_GIB } from '../../facts/msk-quotas.ts';
import { formatQuantity } from '../../text/units.ts';
import { defineCheck, type FindingDraft, type Outcome } from '../check.ts';
import { conclude } from '../shared/conclude.ts';
import { EXPAND_RISK, expandCommands, expandImpact } from '../shared/expand-storage.ts';
import { brokerTable, quantileOf } from '../shared/levels.ts';
import { METRICS_PAGE, NOT_SEEN_ELSEWHERE, PASSING_LOAD } from '../shared/load-words.ts';
import { showMetric } from '../shared/metric-command.ts';
import { hoursToZero } from '../shared/running-out.ts';
import { brokerSeries, expectedBrokers, metricGap, seriesSource } from '../shared/series.ts';
import { milder, severityFor } from '../shared/severity.ts';

const METRIC = METRICS.burstBalance;
const NO_CREDIT: Outcome = {
  kind: 'not-applicable',
  because: 'The baseline of these volumes is not below their burst: they have no credit to lose.',
};
const percent = (value: number) => formatQuantity(value, 'percent');

export default defineCheck({
  id: 'ebs-burst-depleting',
  area: 'capacity',
  title: { pass: 'Volumes keep their burst credit', fail: 'Burst credit of volumes running out' },
  why: 'Without burst credit a volume falls to its baseline at once: produce times and replication lag jump while the load is the same.',
  references: [METRICS_PAGE],
  appliesTo: ['provisioned-standard'],
  notApplicable: { ...NOT_SEEN_ELSEWHERE, 'provisioned-express': 'Express brokers have no volumes of their own.' },
  needs: ['metrics'],
  mayUse: ['nodes', 'kafkaBrokers', 'cluster', 'prices'],
  toleratesPartial: ['nodes', 'kafkaBrokers', 'cluster', 'prices'],
  evaluate({ metrics, nodes, kafkaBrokers, cluster, prices }, thresholds, run) {
    const { mediumPercent, highPercent, minCoveragePercent } = thresholds;
    const all = brokerSeries(metrics, METRIC, run, { masked: false });
    const expected = expectedBrokers(nodes, kafkaBrokers);
    const asked = findSeries(metrics, METRIC);
    const isSilent = asked.every(
      ({ incomplete, values }) => incomplete === undefined && values.every((value) => value === null),
    );
    if (asked.length > 0 && asked.length >= expected.length && isSilent) return NO_CREDIT;
    const rows = [...all].flatMap(([id, series]) =>
      series.latest === null
        ? []
        : [{ id, now: series.latest.value, lowest: quantileOf(all, 0)(id)!, hours: hoursToZero(series) }],
    );
    const byId = new Map(rows.map((row) => [row.id, row]));
    const [mild, worse] = [severityFor(run, ['medium', 'low', 'low']), severityFor(run, ['high', 'medium', 'low'])];
    const findings = rows.flatMap(({ id, lowest, now, hours }): FindingDraft[] => {
      const isEnding = hours !== null && hours < thresholds.hoursToZero;
      if (lowest >= mediumPercent && !isEnding) return [];
      // What has recovered since is a step milder.
      const severity = lowest < highPercent ? worse : mild;
      return [
        {
          scope: 'broker',
          resource: id,
          severity: now >= mediumPercent && !isEnding ? milder(severity, 1) : severity,
          measured: lowest,
          limit: lowest < highPercent ? highPercent : mediumPercent,
          unit: 'percent',
          now,
          note: isEnding ? `none left in about ${formatQuantity(hours * 3600, 'durationSec')}` : `${percent(now)} now`,
          confidence: 1,
        },
      ];
    });
    const standard = cluster.ok && cluster.value.kind === 'provisioned-standard' ? cluster.value : null;
    const limit = standard === null ? null : storageLimit(standard);
    const volumeGiB = standard?.volumeGiBPerBroker ?? null;
    const gap = metricGap(metrics, METRIC, all, expected, minCoveragePercent);
    // A balance that is published all the same is judged.
    if (findings.length === 0 && gap !== null && volumeGiB !== null && volumeGiB >= GP2_NO_BURST_GIB) return NO_CREDIT;
    const size =
      standard !== null && volumeGiB !== null && volumeGiB < GP2_FULL_GIB
        ? { nowGiB: volumeGiB, gib: GP2_FULL_GIB, brokerCount: standard.brokerCount }
        : null;
    return conclude({
      findings,
      worse: 'lower',
      gap,
      evidence: [
        brokerTable(
          'Burst credit by broker',
          rows.toSorted((a, b) => a.lowest - b.lowest).map(({ id }) => id),
          [
            ['now', 'Now', 'percent', (id) => byId.get(id)!.now],
            ['lowest', 'Lowest', 'percent', (id) => byId.get(id)!.lowest],
            [
              'written',
              'Written in 5 min, p95',
              'bytes',
              quantileOf(brokerSeries(metrics, METRICS.volumeWriteBytes, run), 0.95),
            ],
            [
              'read',
              'Read in 5 min, p95',
              'bytes',
              quantileOf(brokerSeries(metrics, METRICS.volumeReadBytes, run), 0.95),
            ],
          ],
          {
            source: `${seriesSource(METRIC, [...all.values()], run)}${volumeGiB === null ? '' : `; volumes of ${volumeGiB} GiB`}${limit === null ? '' : `, ${limit.miBPerSec} MiB/s at most`}`,
            ...(findings[0] === undefined ? {} : showMetric(run, METRIC, findings[0].resource)),
          },
        ),
      ],
      pass: `Every volume kept at least ${percent(mediumPercent)} of its burst credit.`,
      fail: ({ resource, measured, note }) =>
        `The volume of broker ${resource} fell to ${percent(measured!)} of its burst credit (${note}).`,
      recommend: () => ({
        action: `First cut what is written and read (compression, late readers off peak); then ${size === null ? 'provision storage throughput' : `grow the volumes to ${size.gib} GiB, from where their baseline is their burst`}`,
        confirmFirst: PASSING_LOAD,
        commands: expandCommands(size, run),
        risk: EXPAND_RISK,
        expectedEffect: 'The volumes sustain what they now can do for a while only.',
        verifyAfter: 'BurstBalance of every broker stays above the limit over a full day, or is no longer published.',
        effort: 'setting',
        impact: expandImpact(size, prices),
      }),
    });
  },
});
