// A group that reads more slowly than is produced: its lag rises, now (looks of this run) or over hours (CloudWatch). Groups that stand
// still have their own checks. Theil-Sen slope and Mann-Kendall test, so that a burst is no trend.
import type { GroupStatus, PartitionStatus } from '../../analysis/consumer-status.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import type { CheckThresholds } from '../../policy/thresholds/index.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { formatQuantity, plural } from '../../text/units.ts';
import {
  defineCheck,
  type Evidence,
  type FindingDraft,
  type Recommendation,
  type RunContext,
  type SeverityByEnvironment,
} from '../check.ts';
import { describeGroup } from '../shared/commands.ts';
import { firstGap } from '../shared/conclude.ts';
import {
  CONSUMER_LAG,
  EVERY_KIND,
  looksSource,
  NO_GROUPS,
  PARTITION_COLUMNS,
  partitionRows,
  readGroups,
  unjudgedBecause,
  whichPartitions,
  withStatus,
} from '../shared/consumers.ts';
import { groupTopics, PairSeries, timeLagMetric, unseenHours } from '../shared/group-topics.ts';
import { ETA_COLUMNS, type Etas, etasOf, lagTargets, soonest } from '../shared/lag-eta.ts';
import { type Growth, isGrowing, type LagTrend, lagTrends, TREND_PERIOD_SEC } from '../shared/lag-trend.ts';
import { milder, worstFirst } from '../shared/severity.ts';
import { listed, missingBecause } from '../shared/wording.ts';

const SEVERITY: SeverityByEnvironment = { production: 'high', staging: 'medium', development: 'low' };
/** Their lag grows because nobody reads: another check says so. */
const STANDS_STILL = ['STALLED', 'STOPPED', 'DATA_LOSS'];
const STEADY = ['BEHIND_STEADY', 'DRAINING'];
const perSec = (value: number) => formatQuantity(value, 'countPerSec');

type Thresholds = CheckThresholds['lag-growing'];

export default defineCheck({
  id: 'lag-growing',
  area: 'consumers',
  title: { pass: 'Consumers keep up with producers', fail: 'Consumers falling behind producers' },
  why: 'A lag that grows means ever later data and ends with records deleted before they were read.',
  references: [CONSUMER_LAG, 'https://kafka.apache.org/documentation/#basic_ops_consumer_lag'],
  appliesTo: EVERY_KIND,
  needs: [],
  mayUse: ['kafkaGroups', 'kafkaOffsets', 'kafkaSamples', 'kafkaTopicConfigs', 'metrics'],
  // Each group that the long view lacks is named; settings only tell when records are deleted.
  toleratesPartial: ['metrics', 'kafkaTopicConfigs'],
  evaluate({ kafkaGroups, kafkaOffsets, kafkaSamples, kafkaTopicConfigs, metrics }, thresholds, run) {
    const trends = metrics.ok ? lagTrends(metrics.value, thresholds, run) : [];
    const groups = kafkaGroups.ok ? kafkaGroups.value : [];
    const readable = kafkaGroups.ok && kafkaOffsets.ok;
    const statuses = readable ? readGroups(groups, kafkaOffsets.value, kafkaSamples, run) : [];
    const unread = !kafkaGroups.ok
      ? missingBecause('the list of groups', kafkaGroups)
      : !kafkaOffsets.ok
        ? missingBecause('the list of offsets', kafkaOffsets)
        : firstGap(unjudgedBecause(statuses, kafkaSamples, run), unseenGrowth(statuses, metrics, thresholds, run));
    const etas = (row: PartitionStatus, groupId: string) =>
      etasOf(row, lagTargets(run, groupId).badSec, kafkaTopicConfigs);

    const behind = withStatus(statuses, 'FALLING_BEHIND');
    const timeLags = new PairSeries(metrics, timeLagMetric(run), run);
    const growing = trends
      .filter((trend) => isJudgedHere(trend, statuses) && !isFresh(trend, statuses, timeLags, run))
      .filter((trend) => isGrowing(trend, producePerSec(trend, statuses), thresholds, run));
    const now = behind.map(({ group, rows }) => nowFinding(group, rows, etas, trends, growing, run));
    const long = longFindings(growing, new Set(behind.map(({ group }) => group.groupId)), statuses, thresholds, run);
    const findings = worstFirst([...now, ...long]);
    if (findings !== null) {
      const [worst] = findings;
      return {
        kind: 'findings',
        summary: `${plural(findings.length, 'group')} falling behind; lag of ${listed([worst.resource])} grows by ${perSec(worst.measured!)}, and should not grow for long.`,
        findings,
        evidence: [
          ...(behind.length > 0 ? [nowTable(behind, groups, etas, looksSource(kafkaSamples))] : []),
          ...(growing.length > 0 ? [trendTable(growing, thresholds)] : []),
        ],
        recommendation: recommend(worst.resource, statuses),
        ...(unread === null ? {} : { partial: unread }),
      };
    }
    if (unread !== null) {
      const also =
        trends.length > 0
          ? `; CloudWatch shows no growth for the ${plural(trends.length, 'group and topic', 'groups and topics')} it sees`
          : '';
      return { kind: 'no-data', because: `Not fully measured: ${unread}${also}.` };
    }
    if (groups.length === 0) return NO_GROUPS;
    return { kind: 'pass', summary: `None of ${plural(groups.length, 'group')} falls behind.`, evidence: [] };
  },
});

type EtasOf = (row: PartitionStatus, groupId: string) => Etas;

/** Of groups that are behind and not falling back now, only the hours before tell whether they do over the day. */
function unseenGrowth(
  statuses: readonly GroupStatus[],
  metrics: Collected<SectionValue<'metrics'>>,
  { minCoveragePercent }: Thresholds,
  run: RunContext,
): string | null {
  const behind = groupTopics(statuses).filter(({ group, topic }) =>
    STEADY.includes(group.topics.find((each) => each.topic === topic)!.status),
  );
  return unseenHours(behind, new PairSeries(metrics, METRICS.sumOffsetLag, run), minCoveragePercent, run);
}

function statusOf({ groupId, topic }: LagTrend, statuses: readonly GroupStatus[]) {
  return statuses.find((group) => group.groupId === groupId)?.topics.find((row) => row.topic === topic);
}

/** False when the looks of this run say that the group stands still, or has caught up by now. */
function isJudgedHere(trend: LagTrend, statuses: readonly GroupStatus[]): boolean {
  const status = statusOf(trend, statuses)?.status;
  return status === undefined || (!STANDS_STILL.includes(status) && status !== 'OK');
}

function producePerSec(trend: LagTrend, statuses: readonly GroupStatus[]): number | null {
  return statusOf(trend, statuses)?.produceRatePerSec ?? null;
}

/**
 * Lag rises with traffic every morning. Where what is produced is not known, a group that is seconds behind by CloudWatch's estimate is
 * not falling back.
 */
function isFresh(trend: LagTrend, statuses: readonly GroupStatus[], timeLags: PairSeries, run: RunContext): boolean {
  if (producePerSec(trend, statuses) !== null) return false;
  const latest = timeLags.trusted(trend.groupId, trend.topic)?.latest ?? null;
  return latest !== null && latest.value <= run.lag.allowedSeconds;
}

function nowFinding(
  group: GroupStatus,
  rows: readonly PartitionStatus[],
  etas: EtasOf,
  trends: readonly LagTrend[],
  growing: readonly Growth[],
  run: RunContext,
): FindingDraft {
  const slope = rows.reduce((total, row) => total + (row.lagSlopePerSec ?? 0), 0);
  const inTrend = (list: readonly LagTrend[]) => list.some(({ groupId }) => groupId === group.groupId);
  const long = inTrend(growing) ? '; growing over hours as well' : inTrend(trends) ? '; no growth over hours' : '';
  return {
    scope: 'group',
    resource: group.groupId,
    severity: SEVERITY[run.environment],
    measured: slope,
    // Lag has no speed that it may grow at for long.
    limit: null,
    unit: 'countPerSec',
    note: `${whichPartitions(rows)}, ${formatQuantity(group.lagTotal, 'messages')} behind${long}${outlook(rows.map((row) => etas(row, group.groupId)))}`,
    // Minutes of looks against hours of series: where the two disagree neither is certain.
    confidence: inTrend(growing) ? 1 : inTrend(trends) ? 0.5 : 0.7,
  };
}

/** What the lag leads to at present rates, the soonest of the partitions. */
function outlook(etas: readonly Etas[]): string {
  const breachSec = soonest(etas.map((each) => each.breachSec));
  const lossSec = soonest(etas.map((each) => each.lossSec));
  const breach =
    breachSec === null
      ? ''
      : breachSec === 0
        ? '; later than its target already'
        : `; later than its target in ${formatQuantity(breachSec, 'durationSec')}`;
  return lossSec === null
    ? breach
    : `${breach}; records are deleted unread in ${formatQuantity(lossSec, 'durationSec')}`;
}

/** Groups whose lag rose over hours without falling further behind in the looks of this run. */
function longFindings(
  growing: readonly Growth[],
  already: ReadonlySet<string>,
  statuses: readonly GroupStatus[],
  thresholds: Thresholds,
  run: RunContext,
): FindingDraft[] {
  const rest = Map.groupBy(
    growing.filter(({ groupId }) => !already.has(groupId)),
    ({ groupId }) => groupId,
  );
  return [...rest].map(([groupId, its]) => {
    const draining = its.every((trend) => statusOf(trend, statuses)?.status === 'DRAINING');
    const severity = SEVERITY[run.environment];
    return {
      scope: 'group',
      resource: groupId,
      severity: draining ? milder(severity, 1) : severity,
      measured: its.reduce((total, trend) => total + trend.rise.slopePerSec, 0),
      limit: null,
      unit: 'countPerSec',
      note: `lag of ${listed(its.map(({ topic }) => topic))} rose for ${formatQuantity(thresholds.trendHours * 3600, 'durationSec')}${draining ? '; recovering now' : ''}`,
      confidence: 0.6,
    };
  });
}

function nowTable(
  behind: readonly { group: GroupStatus; rows: PartitionStatus[] }[],
  groups: SectionValue<'kafkaGroups'>,
  etas: EtasOf,
  source: string,
): Evidence {
  return {
    title: 'Partitions whose lag grows now',
    columns: [...PARTITION_COLUMNS, ...ETA_COLUMNS],
    rows: partitionRows(
      behind.flatMap(({ group, rows }) => rows.map((row) => [group, row] as const)),
      groups,
      etas,
    ),
    source,
    reproduce: describeGroup(behind[0]!.group.groupId),
  };
}

function trendTable(growing: readonly Growth[], thresholds: Thresholds): Evidence {
  const { name, statistic } = METRICS.sumOffsetLag;
  return {
    title: 'Groups and topics whose lag has grown for hours',
    columns: [
      { key: 'group', label: 'Group', as: 'name' },
      { key: 'topic', label: 'Topic', as: 'name' },
      { key: 'lag', label: 'Lag', as: 'messages' },
      { key: 'slope', label: 'Growth', as: 'countPerSec' },
      { key: 'pValue', label: 'p', as: 'ratio' },
    ],
    rows: [...growing]
      .sort((a, b) => b.rise.slopePerSec - a.rise.slopePerSec)
      .map(({ groupId, topic, latestLag, rise }) => ({
        group: groupId,
        topic,
        lag: latestLag,
        slope: rise.slopePerSec,
        pValue: rise.pValue,
      })),
    source: `CloudWatch ${name}, ${statistic} of ${TREND_PERIOD_SEC} s, last ${formatQuantity(thresholds.trendHours * 3600, 'durationSec')}, Theil-Sen slope and Mann-Kendall test`,
  };
}

function recommend(groupId: string, statuses: readonly GroupStatus[]): Recommendation {
  const group = statuses.find((each) => each.groupId === groupId);
  const full = group !== undefined && group.members !== null && group.members >= group.partitions.length;
  return {
    action: full
      ? 'Make the processing of a record faster: every partition has its own member already, so that more members cannot help'
      : 'Add members up to the number of partitions, or make the processing of a record faster',
    confirmFirst:
      'Rule out a burst of producers, a replay, and one slow member or one hot partition: then more members change nothing.',
    commands: [describeGroup(groupId), describeGroup(groupId, '--members', '--verbose')],
    risk: 'Each change of members rebalances the group, and reading pauses meanwhile.',
    expectedEffect: 'Consumption exceeds production, and the lag drains.',
    verifyAfter: 'SumOffsetLag falls over the next hours.',
    effort: 'clientChange',
    harmRunsOn: true,
    impact: { kind: 'none' },
  };
}
