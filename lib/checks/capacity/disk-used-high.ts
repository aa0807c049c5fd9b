// The fullest data volume against the ladder. A full volume stops its broker, and MSK volumes grow slowly: one change every six hours.
// The highest hour of the window counts, because retention deletes in steps and the next peak comes; one that is over is a step milder,
// so that who made room sees the alarm fall. Maintenance counts too.
import { diskGrowth } from '../../analysis/disk-forecasts.ts';
import { latestPoint, type TrustedSeries } from '../../analysis/series.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { formatQuantity, plural } from '../../text/units.ts';
import {
  defineCheck,
  type Evidence,
  type FindingDraft,
  type Recommendation,
  type RunContext,
  type Severity,
} from '../check.ts';
import { kafkaTool } from '../shared/commands.ts';
import {
  EXPAND_RISK,
  type Expansion,
  expandCommands,
  expandEffect,
  expandImpact,
  expansionAhead,
  expansionTo,
  growTo,
} from '../shared/expand-storage.ts';
import { LOAD_SECTIONS } from '../shared/loads.ts';
import { brokerSeries, coverageGap, expectedBrokers, seriesSource } from '../shared/series.ts';
import { milder, type PercentLadder, worstFirst, worstSeverity } from '../shared/severity.ts';
import { largestTopics, scalingNote } from '../shared/storage-evidence.ts';
import { brokers } from '../shared/wording.ts';

const METRIC = METRICS.diskUsed;
const percent = (value: number) => formatQuantity(value, 'percent');

interface Row {
  brokerId: string;
  now: number;
  highest: number;
}

export default defineCheck({
  id: 'disk-used-high',
  area: 'capacity',
  title: { pass: 'Broker disks have room', fail: 'Broker disks filling up' },
  why: 'A broker whose volume is full shuts down, and its partitions stop or lose a replica.',
  references: [
    'https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html',
    'https://docs.aws.amazon.com/msk/latest/developerguide/msk-update-storage.html',
  ],
  appliesTo: ['provisioned-standard'],
  notApplicable: {
    'provisioned-express': 'Storage of Express brokers grows by itself.',
    serverless: 'Storage of MSK Serverless is not provisioned.',
    kafka: 'Disk use of brokers outside MSK is not visible through the Kafka protocol.',
  },
  needs: ['metrics'],
  mayUse: ['nodes', 'kafkaBrokers', 'operations', 'cluster', 'prices', 'storageScaling', ...LOAD_SECTIONS],
  toleratesPartial: ['nodes', 'kafkaBrokers', 'operations', 'cluster', 'prices', 'storageScaling', ...LOAD_SECTIONS],
  evaluate({ metrics, nodes, kafkaBrokers, operations, cluster, prices, storageScaling, ...loads }, thresholds, run) {
    const all = brokerSeries(metrics, METRIC, run, { masked: false, dropLast: 0 });
    const since = lastExpansionMs(operations);
    const rows = [...all].flatMap(([brokerId, series]) => rowOf(brokerId, series, since));
    const gap = coverageGap(all, expectedBrokers(nodes, kafkaBrokers), METRIC.name, thresholds.minCoveragePercent);
    const findings = worstFirst(rows.flatMap((row) => finding(row, thresholds, run)));
    const growth = diskGrowth(metrics, operations);
    const evidence = [table(rows, all, growth, scalingNote(storageScaling), run), ...largestTopics(loads.kafkaLogDirs)];
    if (findings === null) {
      const worst = rows.reduce<Row | null>((a, b) => (a === null || b.highest > a.highest ? b : a), null);
      if (gap !== null || worst === null)
        return { kind: 'no-data', because: `Not measured: ${gap ?? `no datapoints of ${METRIC.name}`}.` };
      const summary = `The fullest volume, of broker ${worst.brokerId}, reached ${percent(worst.highest)} (limit ${percent(thresholds.mediumPercent)}).`;
      return { kind: 'pass', summary, evidence };
    }
    const [worst] = findings;
    const sizeFor = (usedPercent: number) => {
      const now = expansionTo(cluster, usedPercent, thresholds.targetPercent);
      const ahead = expansionAhead({ metrics, operations, cluster, ...loads }, run);
      return (ahead?.gib ?? 0) > (now?.gib ?? 0) ? ahead : now;
    };
    return {
      kind: 'findings',
      summary: `Broker ${worst.resource} used ${percent(worst.measured!)} of its volume (limit ${percent(worst.limit!)}); ${plural(findings.length, 'broker')} of ${rows.length} above ${percent(thresholds.mediumPercent)}.`,
      findings,
      evidence,
      recommendation: recommend(findings, sizeFor(worst.measured!), thresholds.targetPercent, prices, run),
      ...(gap === null ? {} : { partial: gap }),
    };
  },
});

/** Before the volumes were enlarged the percentages were of smaller volumes. */
function lastExpansionMs(operations: Collected<SectionValue<'operations'>>): number {
  const ends = (operations.ok ? operations.value : []).filter(
    ({ type, endMs }) => /STORAGE/.test(type) && endMs !== null,
  );
  return Math.max(0, ...ends.map(({ endMs }) => endMs!));
}

function rowOf(brokerId: string, series: TrustedSeries, since: number): Row[] {
  const last = latestPoint(series);
  if (last === null) return [];
  const points = series.points.filter((point) => point.atMs >= since);
  return [{ brokerId, now: last.value, highest: Math.max(last.value, ...points.map((point) => point.value)) }];
}

function finding({ brokerId, now, highest }: Row, ladder: PercentLadder, run: RunContext): FindingDraft[] {
  const peak = stepOf(highest, ladder);
  if (peak === null) return [];
  const present = stepOf(now, ladder);
  const severities = [milder(severityIn(run, peak.severity), 1)];
  if (present !== null) severities.push(severityIn(run, present.severity));
  return [
    {
      scope: 'broker',
      resource: brokerId,
      severity: worstSeverity(severities.map((severity) => ({ severity }))),
      measured: highest,
      limit: peak.limit,
      unit: 'percent',
      now,
      note: now < highest ? `highest hour of the window; ${percent(now)} now` : 'now',
      confidence: 1,
    },
  ];
}

function stepOf(value: number, ladder: PercentLadder): { severity: Severity; limit: number } | null {
  if (value >= ladder.criticalPercent) return { severity: 'critical', limit: ladder.criticalPercent };
  if (value >= ladder.highPercent) return { severity: 'high', limit: ladder.highPercent };
  return value >= ladder.mediumPercent ? { severity: 'medium', limit: ladder.mediumPercent } : null;
}

function severityIn({ environment }: RunContext, severity: Severity): Severity {
  if (environment === 'development') return 'low';
  return environment === 'staging' ? milder(severity, 1) : severity;
}

function table(
  rows: readonly Row[],
  all: ReadonlyMap<string, TrustedSeries>,
  growth: ReadonlyMap<string, number>,
  scaling: string,
  run: RunContext,
): Evidence {
  return {
    title: 'Share of the data volume in use',
    columns: [
      { key: 'broker', label: 'Broker', as: 'name' },
      { key: 'now', label: 'Now', as: 'percent' },
      { key: 'highest', label: 'Highest hour', as: 'percent' },
      { key: 'growth', label: 'Growth a day', as: 'percent' },
    ],
    rows: [...rows]
      .sort((a, b) => b.highest - a.highest)
      .map(({ brokerId, now, highest }) => ({ broker: brokerId, now, highest, growth: growth.get(brokerId) ?? null })),
    source: `${seriesSource(METRIC, [...all.values()], run)}; ${scaling}`,
  };
}

function recommend(
  findings: readonly FindingDraft[],
  size: Expansion | null,
  targetPercent: number,
  prices: Collected<SectionValue<'prices'>>,
  run: RunContext,
): Recommendation {
  return {
    action: `Shorten retention or delete what nobody reads, or ${growTo(size)}, before ${brokers(findings.map(({ resource }) => resource))} fill up`,
    confirmFirst:
      'Rule out a passing cause (a reassignment, a replay, one topic that grew) and uneven placement: other brokers may have room.',
    commands: [
      kafkaTool('kafka-log-dirs.sh', { purpose: 'Show bytes per partition on every broker', args: ['--describe'] }),
      ...expandCommands(size, run),
    ],
    risk: EXPAND_RISK,
    expectedEffect: expandEffect(targetPercent),
    verifyAfter: 'KafkaDataLogsDiskUsed of every broker stays below the limit over a full day.',
    effort: 'setting',
    // It knows the day.
    toldBy: 'disk-full-forecast',
    impact: expandImpact(size, prices),
  };
}
