// Bytes in of the cluster and of its busiest topics against the same hours of the weeks before. A producer that died leaves no lag: this is
// where it shows.
import { type RecentPeriod, recentAnomaly } from '../../analysis/baseline.ts';
import { findHourly, perMinute, sumByTimestamp, type TrustedSeries, trustedPoints } from '../../analysis/series.ts';
import { median } from '../../analysis/statistics.ts';
import { MIB } from '../../analysis/throughput-limits.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import type { CheckThresholds } from '../../policy/thresholds/index.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { formatQuantity, plural } from '../../text/units.ts';
import { defineCheck, type FindingDraft, type RunContext } from '../check.ts';
import { kafkaTool } from '../shared/commands.ts';
import { conclude } from '../shared/conclude.ts';
import { NO_RISK } from '../shared/load-words.ts';
import { severityFor } from '../shared/severity.ts';
import { historyGap, hoursOfHistory, USUAL_SPREAD, usualTable } from '../shared/usual.ts';
import { listed, MAX_ROWS } from '../shared/wording.ts';

type Thresholds = CheckThresholds['traffic-anomalous'];
/** A broker without points for longer than an hour leads nothing of the topic any more; a single gap makes the sum unknown. */
const MOVED_AWAY = { silentAfterSec: 2 * 3600 };
const rate = (value: number) => formatQuantity(value, 'bytesPerSec');

export default defineCheck({
  id: 'traffic-anomalous',
  area: 'performance',
  title: { pass: 'Traffic is as usual at this hour', fail: 'Traffic unlike usual at this hour' },
  why: 'Producers that died or lost their access leave no lag and no error: only their records are missing.',
  references: ['https://docs.aws.amazon.com/msk/latest/developerguide/metrics-details.html'],
  appliesTo: ['provisioned-standard', 'provisioned-express', 'serverless'],
  notApplicable: { kafka: 'Only CloudWatch keeps the traffic of the weeks before.' },
  needs: ['metrics'],
  mayUse: ['kafkaTopics'],
  toleratesPartial: ['kafkaTopics'],
  evaluate({ metrics, kafkaTopics }, thresholds, run) {
    const all = subjects(metrics, run);
    const wanted = kafkaTopics.ok ? Math.min(thresholds.topTopics, kafkaTopics.value.length) : 1;
    const judged = all.map((subject) => ({ ...subject, ...judge(subject, thresholds, run) }));
    const unknown = judged.filter(({ gap }) => gap !== null);
    const strange = judged.filter(({ changePercent }) => changePercent !== null);
    const findings = strange.map(
      ({ topic, changePercent, now, usual }): FindingDraft => ({
        scope: topic === null ? 'cluster' : 'topic',
        resource: topic ?? run.clusterName,
        severity: severityFor(run, ['medium', 'low', 'info']),
        measured: now,
        limit: usual,
        unit: 'bytesPerSec',
        note: `${formatQuantity(Math.abs(changePercent!), 'percent')} ${changePercent! < 0 ? 'below' : 'above'} the usual ${rate(usual)} of these hours`,
        confidence: 1,
      }),
    );
    return conclude({
      findings,
      gap:
        all.length === 0
          ? 'CloudWatch has no hourly traffic of the weeks before'
          : unknown.length === 0
            ? all.length - 1 < wanted
              ? `CloudWatch has hourly traffic of ${all.length - 1} of ${plural(wanted, 'topic')}`
              : null
            : `traffic of ${listed(unknown.map(({ topic }) => topic ?? 'the cluster'))}: ${unknown[0]!.gap}`,
      evidence: strange
        .slice(0, MAX_ROWS)
        .map(({ topic, periods }) =>
          usualTable(`Bytes in of ${topic === null ? 'the cluster' : listed([topic])}`, periods, 'bytesPerSec'),
        ),
      pass: `Bytes in of the cluster and of ${plural(all.length - 1, 'topic')} are as usual at this hour.`,
      fail: ({ scope, resource, note, measured }) =>
        `${scope === 'topic' ? `Topic ${listed([resource])}` : 'The cluster'} takes in ${rate(measured!)}, ${note}.`,
      recommend: () => ({
        action: 'Ask the owners of the producers, and look at their errors, their authentication and their connections',
        confirmFirst:
          'Rule out what was planned: a holiday, a migration, a load test, a backfill. Planned work belongs into the calendar of the policy.',
        commands: [
          kafkaTool('kafka-get-offsets.sh', {
            purpose: 'Show where the logs end now; run it twice to see which topics still grow',
            args: ['--topic-partitions', '.*', '--time', '-1'],
          }),
        ],
        risk: NO_RISK,
        expectedEffect: 'Producers that died unseen are found within the day.',
        verifyAfter: 'Bytes in are as usual at the same hour on the next day.',
        effort: 'clientChange',
        impact: { kind: 'none' },
      }),
    });
  },
});

interface Subject {
  /** Null: the whole cluster. */
  topic: string | null;
  series: TrustedSeries;
}

function subjects(metrics: SectionValue<'metrics'>, run: RunContext): Subject[] {
  const read = (definition: typeof METRICS.bytesIn) =>
    findHourly(metrics, definition).map((series) => trustedPoints(series, { masked: run.maintenance, dropLast: 0 }));
  const isServerless = run.clusterKind === 'serverless';
  const byTopic = isServerless ? read(METRICS.serverlessBytesIn).map(perMinute) : read(METRICS.topicBytesIn);
  const whole = isServerless ? byTopic : read(METRICS.bytesIn);
  const topics = [...Map.groupBy(byTopic, ({ dimensions }) => dimensions.Topic ?? '')];
  if (whole.length === 0) return [];
  return [
    { topic: null, series: sumByTimestamp(whole, MOVED_AWAY) },
    ...topics.map(([topic, own]) => ({ topic, series: sumByTimestamp(own, MOVED_AWAY) })),
  ];
}

interface Judged {
  /** Null: as usual, or not known. */
  changePercent: number | null;
  now: number;
  usual: number;
  periods: readonly RecentPeriod[];
  gap: string | null;
}

function judge({ topic, series }: Subject, thresholds: Thresholds, run: RunContext): Judged {
  const { maxZ: zThreshold, maxDropPercent, maxRisePercent, minMiBPerSec, minHistoryHours } = thresholds;
  const none = { changePercent: null, now: 0, usual: 0, periods: [] };
  // Nothing is usual yet for a topic that took in nothing until lately, or never.
  if (topic !== null && hoursOfHistory(series) < minHistoryHours) return { ...none, gap: null };
  const gap = historyGap(series, thresholds, run);
  if (gap !== null) return { ...none, gap };
  const against = (percent: number) =>
    recentAnomaly(series, { madFloorShare: USUAL_SPREAD, zThreshold, relThreshold: percent / 100 });
  const [below, above] = [against(maxDropPercent), against(maxRisePercent)];
  if (below === null || above === null) return { ...none, gap: 'the last hours were not measured' };
  const usual = median(below.periods.map((period) => period.median))!;
  const now = median(below.periods.map(({ value }) => value))!;
  const isStrange = below.direction === 'below' || above.direction === 'above';
  const isWorthIt = Math.max(now, usual) >= minMiBPerSec * MIB;
  const changePercent = isStrange && isWorthIt && usual > 0 ? (100 * (now - usual)) / usual : null;
  return { changePercent, now, usual, periods: below.periods, gap: null };
}
