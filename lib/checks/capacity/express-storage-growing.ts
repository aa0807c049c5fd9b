// Stored bytes of an Express cluster, which are billed: growth without more traffic, and more than retention explains.

import { findHourly, sumByTimestamp, type TrustedSeries, trustedPoints } from '../../analysis/series.ts';
import { mean } from '../../analysis/statistics.ts';
import { retainedAtMost } from '../../analysis/stored-bytes.ts';
import { growthOf } from '../../analysis/throughput.ts';
import { GIB } from '../../analysis/topic-load.ts';
import { isRising } from '../../analysis/trend.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { formatQuantity } from '../../text/units.ts';
import { defineCheck, type Evidence, type FindingDraft, type Impact } from '../check.ts';
import { kafkaTool } from '../shared/commands.ts';
import { conclude } from '../shared/conclude.ts';
import { NOT_SEEN_ELSEWHERE } from '../shared/load-words.ts';
import { addedCost, priceOf } from '../shared/money.ts';
import { severityFor } from '../shared/severity.ts';
import { MAX_ROWS } from '../shared/wording.ts';

/** AWS's table says that replicas are not counted, an alarm text of AWS reckons with three copies: between them is neither. */
const COPIES = [1, 3] as const;
const MONTH_DAYS = 15 * 2;
const SURE_OF_EXCESS = 0.5;
const percent = (value: number) => formatQuantity(value, 'percent');
const bytes = (value: number) => formatQuantity(value, 'bytes');

export default defineCheck({
  id: 'express-storage-growing',
  area: 'capacity',
  title: { pass: 'Stored bytes follow the traffic', fail: 'Stored bytes growing without traffic' },
  why: 'Every stored byte of an Express cluster is billed by the month, and no volume ever says that it is full.',
  references: ['https://docs.aws.amazon.com/msk/latest/developerguide/metrics-details-express.html'],
  appliesTo: ['provisioned-express'],
  notApplicable: {
    ...NOT_SEEN_ELSEWHERE,
    'provisioned-standard': 'Standard brokers have volumes, which are judged on their own.',
  },
  needs: ['metrics'],
  mayUse: ['kafkaTopicConfigs', 'prices'],
  toleratesPartial: ['kafkaTopicConfigs', 'prices'],
  evaluate({ metrics, kafkaTopicConfigs, prices }, thresholds, run) {
    const {
      maxGrowthPercent,
      maxTrafficGrowthPercent,
      minGrowthGiB,
      overExpected,
      threeCopiesFrom,
      minHistoryHours,
      minCoveragePercent,
    } = thresholds;
    const read = (definition: typeof METRICS.storageUsed) =>
      findHourly(metrics, definition).map((series) => trustedPoints(series, { dropLast: 0 }));
    const stored = read(METRICS.storageUsed)[0];
    const traffic = sumByTimestamp(read(METRICS.bytesIn), { silentAfterSec: 2 * 3600 });
    const storedMonth = stored === undefined ? null : monthOf(stored, minHistoryHours);
    const trafficMonth = monthOf(traffic, minHistoryHours);
    const now = stored?.latest?.value ?? 0;
    const grownGiB = storedMonth === null ? 0 : ((storedMonth / 100) * now) / GIB;
    const expected = retainedAtMost(mean(traffic.measured), kafkaTopicConfigs);
    const rho = expected === null || expected <= 0 ? null : now / expected;
    const copies = rho !== null && rho > threeCopiesFrom ? COPIES[1] : COPIES[0];
    const common = {
      scope: 'cluster',
      severity: severityFor(run, ['medium', 'low', 'info']),
      measured: now,
      unit: 'bytes',
    } as const;
    const findings: FindingDraft[] = [];
    if (
      storedMonth !== null &&
      trafficMonth !== null &&
      storedMonth > maxGrowthPercent &&
      trafficMonth < maxTrafficGrowthPercent &&
      grownGiB >= minGrowthGiB
    )
      findings.push({
        ...common,
        resource: `${run.clusterName}/growth`,
        limit: null,
        note: `${percent(storedMonth)} more a month, while the traffic changes by ${percent(trafficMonth)}`,
        confidence: 1,
      });
    if (rho !== null && rho > overExpected * copies && (now - expected! * copies) / GIB >= minGrowthGiB)
      findings.push({
        ...common,
        resource: `${run.clusterName}/excess`,
        limit: expected! * copies * overExpected,
        note: `${formatQuantity(rho, 'ratio')} times what the traffic of the longest retention makes${copies > 1 ? ', which looks like three copies' : ''}`,
        confidence: SURE_OF_EXCESS,
      });
    return conclude({
      findings,
      gap:
        stored === undefined || stored.count < minHistoryHours || traffic.count < minHistoryHours
          ? 'less than a week of hourly StorageUsed and BytesInPerSec'
          : stored.coverage * 100 < minCoveragePercent
            ? 'too few hourly datapoints of StorageUsed'
            : null,
      evidence: [
        {
          title: 'Stored bytes against traffic',
          columns: [
            { key: 'what', label: 'What', as: 'name' },
            { key: 'bytes', label: 'Bytes', as: 'bytes' },
            { key: 'month', label: 'Growth in 30 days', as: 'percent' },
          ],
          rows: [
            { what: 'StorageUsed now', bytes: now, month: storedMonth },
            { what: 'Bytes in a second', bytes: mean(traffic.measured), month: trafficMonth },
            { what: 'Traffic of the longest retention', bytes: expected, month: null },
          ],
          source:
            'CloudWatch StorageUsed and BytesInPerSec by the hour; Theil-Sen growth of daily 95th percentiles, 0 without a trend',
        },
        ...overrides(kafkaTopicConfigs),
      ],
      pass: `${bytes(now)} are stored, ${percent(storedMonth ?? 0)} more a month.`,
      fail: ({ note }) => `${bytes(now)} are stored: ${note}.`,
      recommend: () => ({
        action:
          'Shorten the retention of the topics that keep more than anybody reads, and give compacted topics a limit',
        confirmFirst:
          'Rule out what fills up once: a new topic whose retention has not begun to delete, a backfill, a longer retention that was wanted.',
        commands: [
          kafkaTool('kafka-configs.sh', {
            purpose: 'Show which topics have a retention of their own',
            args: ['--describe', '--entity-type', 'topics'],
          }),
        ],
        risk: 'A shorter retention deletes records for good: ask the readers first.',
        expectedEffect: 'Storage levels off at what the traffic of the retention makes.',
        verifyAfter: 'StorageUsed no longer rises over a week.',
        effort: 'setting',
        impact: impactOf(grownGiB, prices),
      }),
    });
  },
});

/** Growth in thirty days, percent of today's level; 0 without a significant trend, null with too few hours. */
function monthOf(series: TrustedSeries, minHours: number): number | null {
  const trend = series.count < minHours ? null : growthOf(series);
  if (trend === null || trend.level <= 0) return null;
  const isTrend = isRising(trend) || isRising({ ...trend, slopePerDay: -trend.slopePerDay });
  return isTrend ? (100 * MONTH_DAYS * trend.slopePerDay) / trend.level : 0;
}

function overrides(configs: Collected<SectionValue<'kafkaTopicConfigs'>>): Evidence[] {
  if (!configs.ok) return [];
  const rows = Object.entries(configs.value).flatMap(([topic, entries]) => {
    const own = entries['retention.ms']?.source === 'topic' || entries['cleanup.policy']?.source === 'topic';
    return own
      ? [
          {
            topic,
            retention: entries['retention.ms']?.value ?? null,
            cleanup: entries['cleanup.policy']?.value ?? null,
          },
        ]
      : [];
  });
  if (rows.length === 0) return [];
  return [
    {
      title: 'Topics with a retention of their own',
      columns: [
        { key: 'topic', label: 'Topic', as: 'name' },
        { key: 'retention', label: 'retention.ms', as: 'name' },
        { key: 'cleanup', label: 'cleanup.policy', as: 'name' },
      ],
      rows: rows.slice(0, MAX_ROWS),
      source: 'Kafka DescribeConfigs, at the time of the report',
    },
  ];
}

function impactOf(grownGiB: number, prices: Collected<SectionValue<'prices'>>): Impact {
  if (grownGiB <= 0) return { kind: 'unknown', because: 'how much retention would free is not known' };
  const price = priceOf(prices, 'express/storage');
  if ('unknown' in price) return { kind: 'unknown', because: price.unknown };
  return addedCost('What a month of this growth adds to the bill', grownGiB, 'GiB-month', price.usd);
}
