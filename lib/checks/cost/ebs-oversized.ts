// Volumes that will stay nearly empty for months. MSK never shrinks one: the money comes back with the next cluster only.
import { diskForecasts } from '../../analysis/disk-forecasts.ts';
import { findHourly, trustedPoints } from '../../analysis/series.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import { formatQuantity } from '../../text/units.ts';
import { defineCheck, type FindingDraft } from '../check.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import { priceOf, saved } from '../shared/money.ts';
import { compareNames } from '../shared/severity.ts';
import { listed } from '../shared/wording.ts';

const percent = (value: number) => formatQuantity(value, 'percent');

export default defineCheck({
  id: 'ebs-oversized',
  area: 'cost',
  title: { pass: 'Volumes fit what lies on them', fail: 'Volumes larger than needed' },
  why: 'Storage is billed by the size of the volume, and a volume of MSK never gets smaller: what is too large is paid for until the cluster is replaced.',
  references: [
    'https://docs.aws.amazon.com/msk/latest/developerguide/msk-update-storage.html',
    'https://docs.aws.amazon.com/msk/latest/developerguide/msk-autoexpand.html',
  ],
  appliesTo: ['provisioned-standard'],
  notApplicable: {
    'provisioned-express': 'Express bills what is stored, not volumes.',
    serverless: 'MSK Serverless bills what is stored, not volumes.',
    kafka: 'What volumes outside MSK cost is not known.',
  },
  needs: ['metrics', 'cluster'],
  mayUse: ['operations', 'prices'],
  toleratesPartial: ['operations', 'prices'],
  evaluate({ metrics, cluster, operations, prices }, thresholds, run) {
    const { maxUsedPercent, alarmPercent, minDaysToAlarm, targetPercent, minSavingUsdPerMonth } = thresholds;
    if (cluster.kind !== 'provisioned-standard' || cluster.volumeGiBPerBroker === null)
      return { kind: 'no-data', because: 'Not measured: the size of the volumes was not in the description.' };
    const { volumeGiBPerBroker: sizeGiB, brokerCount } = cluster;
    const volumes = findHourly(metrics, METRICS.diskUsed)
      .map((series) => ({
        broker: series.dimensions['Broker ID'] ?? '',
        highest: trustedPoints(series, { dropLast: 0 }).highest,
      }))
      .sort((a, b) => (b.highest ?? 0) - (a.highest ?? 0) || compareNames(a.broker, b.broker));
    const highest = volumes[0]?.highest ?? null;
    // One full volume is enough to call none too large: then no forecast is asked for.
    const forecasts =
      (highest ?? 0) < maxUsedPercent
        ? new Map(
            diskForecasts(metrics, operations, alarmPercent, {
              recent: { withinDays: minDaysToAlarm, plateauOf: () => null },
            }).map((each) => [each.brokerId, each]),
          )
        : null;
    const rows = volumes.map((volume) => {
      const found = forecasts?.get(volume.broker);
      const isYoung = forecasts !== null && (found === undefined || found.forecast.kind === 'insufficient-history');
      return { ...volume, days: found?.soonestDays ?? null, isYoung };
    });
    const young = rows.filter(({ isYoung }) => isYoung);
    const gap = firstGap(
      rows.length < brokerCount
        ? `CloudWatch has no weeks of KafkaDataLogsDiskUsed for ${brokerCount - rows.length} of ${brokerCount} brokers`
        : null,
      young.length > 0
        ? `less than a week is known of the volumes of ${listed(young.map(({ broker }) => broker))} since they last changed`
        : null,
    );
    if (highest === null || (gap !== null && highest < maxUsedPercent))
      return { kind: 'no-data', because: `Not measured: ${gap ?? 'no disk use'}.` };
    const price = priceOf(prices, 'storage/gp2');
    const neededGiB = Math.ceil(((highest / 100) * sizeGiB) / (targetPercent / 100));
    const spareGiB = Math.max(0, sizeGiB - neededGiB) * brokerCount;
    const soonest = Math.min(...rows.map(({ days }) => days ?? Number.POSITIVE_INFINITY));
    const isEmpty = highest < maxUsedPercent && soonest > minDaysToAlarm;
    if (isEmpty && 'unknown' in price) return { kind: 'no-data', because: `Not measured: ${price.unknown}.` };
    const usdPerGiB = 'usd' in price ? price.usd : 0;
    const usdPerMonth = spareGiB * usdPerGiB;
    const finding: FindingDraft = {
      scope: 'cluster',
      resource: run.clusterName,
      severity: 'low',
      measured: highest,
      limit: maxUsedPercent,
      unit: 'percent',
      note: `${neededGiB} GiB each would do, ${formatQuantity(usdPerMonth, 'usdPerMonth')} less`,
      confidence: 1,
    };
    return conclude({
      findings: isEmpty && usdPerMonth >= minSavingUsdPerMonth ? [finding] : [],
      worse: 'lower',
      gap: null,
      evidence: [
        {
          title: `Volumes of ${sizeGiB} GiB`,
          columns: [
            { key: 'broker', label: 'Broker', as: 'name' },
            { key: 'highest', label: 'Most used in four weeks', as: 'percent' },
            { key: 'days', label: `Days to ${percent(alarmPercent)}, at the earliest`, as: 'days' },
          ],
          rows: rows.map(({ broker, highest: most, days }) => ({ broker, highest: most, days })),
          source: 'CloudWatch KafkaDataLogsDiskUsed, Maximum by the hour, up to four weeks; forecast with its band',
        },
      ],
      pass: `The fullest volume was used to ${percent(highest)} in four weeks (limit ${percent(maxUsedPercent)})${isEmpty ? `, and a smaller one would spare only ${formatQuantity(usdPerMonth, 'usdPerMonth')}` : ''}.`,
      fail: ({ note }) =>
        `The fullest of ${brokerCount} volumes of ${sizeGiB} GiB was never used beyond ${percent(highest)} (limit ${percent(maxUsedPercent)}): ${note}.`,
      recommend: () => ({
        action: `Leave the volumes as they are, and take ${neededGiB} GiB for each broker of the next cluster or Express in its place`,
        confirmFirst:
          'Rule out room that is kept on purpose: for a retention to come, a migration, or for throughput, which below 334 GiB grows with the volume.',
        commands: [],
        risk: 'A volume cannot shrink: only a new cluster with all its data moved has smaller ones, and for this alone that is too much.',
        expectedEffect: 'Nothing changes now; a rebuilt cluster costs less.',
        verifyAfter: 'The fill of the volumes before the next decision on the cluster.',
        effort: 'migration',
        impact: saved('Volume beyond what is needed, on a new cluster only', spareGiB, 'GiB-month', usdPerGiB),
      }),
    });
  },
});
