// When the volumes reach the alarm line: Theil-Sen over daily medians with its band, or the rate of the last days where that is steeper,
// and not where retention will level it off before.
import { type BrokerForecast, levelAhead, volumeForecasts } from '../../analysis/disk-forecasts.ts';
import { findHourly, trustedPoints } from '../../analysis/series.ts';
import { TREND_P_VALUE } from '../../analysis/trend.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import type { CheckThresholds } from '../../policy/thresholds/index.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { formatDate, formatQuantity } from '../../text/units.ts';
import { defineCheck, type Evidence, type FindingDraft, type RunContext } from '../check.ts';
import { kafkaTool } from '../shared/commands.ts';
import { conclude } from '../shared/conclude.ts';
import {
  EXPAND_RISK,
  expandCommands,
  expandEffect,
  expandImpact,
  expansionTo,
  growTo,
} from '../shared/expand-storage.ts';
import { BEST_PRACTICES, NOT_SEEN_ELSEWHERE } from '../shared/load-words.ts';
import { LOAD_SECTIONS } from '../shared/loads.ts';
import { expectedBrokers, isThin } from '../shared/series.ts';
import { milder } from '../shared/severity.ts';
import { largestTopics, scalingNote } from '../shared/storage-evidence.ts';
import { brokers } from '../shared/wording.ts';

const DAY_MS = 86_400_000;
const percent = (value: number) => formatQuantity(value, 'percent');
const dayCount = (value: number | null) => (value === null ? 'never' : `in ${formatQuantity(value, 'days')}`);

export default defineCheck({
  id: 'disk-full-forecast',
  area: 'capacity',
  title: { pass: 'Broker disks fill slowly enough', fail: 'Broker disks about to fill up' },
  why: 'A full volume stops its broker, and MSK volumes grow only once in six hours: what fills up must be seen days before.',
  references: [BEST_PRACTICES, 'https://docs.aws.amazon.com/msk/latest/developerguide/msk-update-storage.html'],
  appliesTo: ['provisioned-standard'],
  notApplicable: { ...NOT_SEEN_ELSEWHERE, 'provisioned-express': 'Storage of Express brokers grows by itself.' },
  needs: ['metrics'],
  mayUse: ['nodes', 'kafkaBrokers', 'operations', 'cluster', 'prices', 'storageScaling', ...LOAD_SECTIONS],
  toleratesPartial: ['nodes', 'kafkaBrokers', 'operations', 'cluster', 'prices', 'storageScaling', ...LOAD_SECTIONS],
  evaluate({ metrics, nodes, kafkaBrokers, operations, cluster, prices, storageScaling, ...loads }, thresholds, run) {
    const { thresholdPercent, mediumDays, minCoveragePercent, targetPercent } = thresholds;
    const { all, plateaus } = volumeForecasts({ metrics, operations, cluster, ...loads }, thresholds, run.takenAtMs);
    const first = all[0];
    const findings = all.flatMap((row) => findingOf(row, thresholds, run) ?? []);
    return conclude({
      findings,
      worse: 'lower',
      gap: gapOf(all, metrics, expectedBrokers(nodes, kafkaBrokers), minCoveragePercent),
      evidence: [
        table(all, thresholdPercent, plateaus, scalingNote(storageScaling)),
        ...largestTopics(loads.kafkaLogDirs),
      ],
      pass:
        first === undefined || first.soonestDays === null
          ? `No volume is on its way to ${percent(thresholdPercent)}.`
          : `The first volume, of broker ${first.brokerId}, reaches ${percent(thresholdPercent)} ${dayCount(first.soonestDays)} at the earliest (limit ${formatQuantity(mediumDays, 'days')}).`,
      fail: ({ resource, measured, limit }) =>
        `The volume of broker ${resource} reaches ${percent(thresholdPercent)} ${dayCount(measured)} at the earliest (limit ${formatQuantity(limit, 'days')}).`,
      recommend: (_, found) => {
        // For the level of the month to come: an expansion must not be due again within weeks.
        const size = expansionTo(cluster, levelAhead(all, thresholds), targetPercent);
        return {
          action: `Shorten retention or delete what nobody reads, or ${growTo(size)}, before ${brokers(found.map(({ resource }) => resource))} fill up`,
          confirmFirst:
            'Rule out what ends by itself: a reassignment, a backfill, a new topic whose retention has not begun to delete. Uneven brokers: move partitions first.',
          commands: [
            kafkaTool('kafka-log-dirs.sh', {
              purpose: 'Show bytes per partition on every broker',
              args: ['--describe'],
            }),
            ...expandCommands(size, run),
          ],
          risk: EXPAND_RISK,
          expectedEffect: expandEffect(targetPercent),
          verifyAfter: `The forecast of every broker stays beyond ${formatQuantity(mediumDays, 'days')} once a week has passed.`,
          effort: 'setting',
          impact: expandImpact(size, prices),
        };
      },
    });
  },
});

type Thresholds = CheckThresholds['disk-full-forecast'];

/** By the band of the weeks, or by the rate of the last days where that is sooner: a rate of days alone is less sure. */
function findingOf(
  { brokerId, forecast, nowPercent, earlyDays, recent, soonestDays }: BrokerForecast,
  { highDays, mediumDays }: Thresholds,
  run: RunContext,
): FindingDraft | null {
  if (soonestDays === null || soonestDays >= mediumDays) return null;
  const isSure = earlyDays !== null && earlyDays < highDays;
  const isHigh = isSure || recent?.isUnusual === true;
  const toFull = recent?.toFull ?? (forecast.kind === 'growing' ? forecast.toFull.mid : null);
  const perDay = recent?.perDay ?? ('trend' in forecast ? forecast.trend.slopePerDay : null);
  const rate = `${formatQuantity(perDay, 'percent')} a day${recent === null ? '' : ` at the rate of the last ${formatQuantity(recent.days, 'days')}`}`;
  const date = toFull === null ? '' : `, on ${formatDate(run.takenAtMs + toFull * DAY_MS)}`;
  return {
    scope: 'broker',
    resource: brokerId,
    severity: milder(isHigh ? 'high' : 'medium', run.environment === 'production' ? 0 : 1),
    measured: soonestDays,
    limit: isHigh ? highDays : mediumDays,
    unit: 'days',
    now: nowPercent,
    note: `from ${percent(nowPercent)}, ${rate}; full ${dayCount(toFull)}${date}`,
    confidence: recent === null || isSure ? 1 : recent.isUnusual ? 0.7 : 0.5,
  };
}

function gapOf(
  all: readonly BrokerForecast[],
  metrics: SectionValue<'metrics'>,
  expected: readonly string[],
  minCoveragePercent: number,
): string | null {
  if (all.length === 0) return 'CloudWatch has no hourly datapoints of KafkaDataLogsDiskUsed of the weeks before';
  const seen = new Set(all.map(({ brokerId }) => brokerId));
  const unseen = expected.filter((id) => !seen.has(id));
  if (unseen.length > 0) return `no hourly datapoints of KafkaDataLogsDiskUsed of ${brokers(unseen)}`;
  const young = all.filter(({ forecast }) => forecast.kind === 'insufficient-history');
  if (young.length > 0)
    return `less than a week of history since the last change of ${brokers(young.map(({ brokerId }) => brokerId))}`;
  const thin = findHourly(metrics, METRICS.diskUsed).filter((series) =>
    isThin(trustedPoints(series, { dropLast: 0 }), minCoveragePercent),
  );
  return thin.length === 0
    ? null
    : `too few hourly datapoints of KafkaDataLogsDiskUsed of ${brokers(thin.map(({ dimensions }) => dimensions['Broker ID'] ?? ''))}`;
}

function table(
  all: readonly BrokerForecast[],
  thresholdPercent: number,
  plateaus: ReadonlyMap<string, number> | null,
  scaling: string,
): Evidence {
  return {
    title: `Days until ${percent(thresholdPercent)} of the volume`,
    columns: [
      { key: 'broker', label: 'Broker', as: 'name' },
      { key: 'now', label: 'Now', as: 'percent' },
      { key: 'slope', label: 'A day', as: 'percent' },
      { key: 'low', label: 'at least', as: 'percent' },
      { key: 'high', label: 'at most', as: 'percent' },
      { key: 'p', label: 'p of the trend', as: 'ratio' },
      { key: 'late', label: 'A day of late', as: 'percent' },
      { key: 'early', label: 'Earliest', as: 'days' },
      { key: 'mid', label: 'Expected', as: 'days' },
      { key: 'full', label: 'Full', as: 'days' },
      { key: 'plateau', label: 'Retention levels off at', as: 'percent' },
    ],
    rows: all.map(({ brokerId, forecast, nowPercent, recent, soonestDays }) => {
      const trend = 'trend' in forecast ? forecast.trend : null;
      return {
        broker: brokerId,
        now: nowPercent,
        slope: trend?.slopePerDay ?? null,
        low: trend?.slopeLow ?? null,
        high: trend?.slopeHigh ?? null,
        p: trend?.pValue ?? null,
        late: recent?.perDay ?? null,
        early: soonestDays,
        mid: recent?.toThreshold ?? (forecast.kind === 'growing' ? forecast.toThreshold.mid : null),
        full: recent?.toFull ?? (forecast.kind === 'growing' ? forecast.toFull.mid : null),
        plateau: plateaus?.get(brokerId) ?? null,
      };
    }),
    source: `CloudWatch KafkaDataLogsDiskUsed, hourly Maximum since the last change of the volumes; Theil-Sen slope of daily medians with Sen's band, a trend where p < ${TREND_P_VALUE}; ${scaling}`,
  };
}
