// How old the next record of a group is, against what its goal allows: over the window as CloudWatch estimates it, and now as offsets
// looked up by time show it. A record that waits for L seconds has waited all that time, so one look can prove a lasting lag.
import type { LagStatus } from '../../analysis/consumer-status.ts';
import { type GroupTimeLag, groupTimeLags } from '../../analysis/group-time-lag.ts';
import { logEnds } from '../../analysis/produce-rates.ts';
import { longestRun, runsWhere, seriesQuantile, type TrustedSeries } from '../../analysis/series.ts';
import { isConsoleGroup } from '../../facts/consumer-groups.ts';
import type { MetricDefinition } from '../../facts/metric-catalogue.ts';
import type { CheckThresholds } from '../../policy/thresholds/index.ts';
import { formatQuantity, plural } from '../../text/units.ts';
import {
  defineCheck,
  type Evidence,
  type FindingDraft,
  type Inputs,
  type Recommendation,
  type RunContext,
  type SeverityByEnvironment,
} from '../check.ts';
import { describeGroup } from '../shared/commands.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import { CONSUMER_LAG, EVERY_KIND, looksSource, MS_PER_SEC, NO_GROUPS, readGroups, SEC } from '../shared/consumers.ts';
import {
  type GroupTopic,
  groupTopics,
  PairSeries,
  pairName,
  timeLagMetric,
  unseenHours,
} from '../shared/group-topics.ts';
import { type LagTargets, lagTargets, ratesOf } from '../shared/lag-eta.ts';
import { milder } from '../shared/severity.ts';
import { listed, MAX_ROWS, missingBecause } from '../shared/wording.ts';

const SEVERITY: SeverityByEnvironment = { production: 'high', staging: 'medium', development: 'low' };
const RECOVERING: readonly LagStatus[] = ['OK', 'DRAINING'];
const duration = (sec: number) => formatQuantity(sec, 'durationSec');

type Thresholds = CheckThresholds['time-lag-over-target'];
type Sections = Inputs<never, 'metrics' | 'kafkaGroups' | 'kafkaOffsets' | 'kafkaSamples' | 'kafkaTopicConfigs'>;

interface Pair {
  groupId: string;
  topic: string;
  targets: LagTargets;
  /** Null where only CloudWatch knows the pair. */
  kafka: GroupTopic | null;
  /** Null when it cannot be told. */
  now: GroupTimeLag | null;
  series: TrustedSeries | null;
}

export default defineCheck({
  id: 'time-lag-over-target',
  area: 'consumers',
  title: { pass: 'Consumers as fresh as their goal asks', fail: 'Consumers later than their goal allows' },
  why: 'Whoever relies on this data works with old data, whatever the number of waiting records says.',
  references: [CONSUMER_LAG, 'https://kafka.apache.org/documentation/#basic_ops_consumer_lag'],
  appliesTo: EVERY_KIND,
  needs: [],
  mayUse: ['metrics', 'kafkaGroups', 'kafkaOffsets', 'kafkaSamples', 'kafkaTopicConfigs'],
  // Each pair that lacks something is named; settings only bound what is extrapolated.
  toleratesPartial: ['metrics', 'kafkaTopicConfigs'],
  evaluate(inputs, thresholds, run) {
    const { kafkaGroups, kafkaOffsets } = inputs;
    const definition = timeLagMetric(run);
    const series = new PairSeries(inputs.metrics, definition, run);
    const known = knownPairs(inputs, series, run);
    const pairs = [...known, ...pairsOfCloudWatch(known, series, run)];
    const judged = pairs.flatMap((pair) => judge(pair, thresholds, definition, run) ?? []);
    if (kafkaGroups.ok && kafkaGroups.value.length === 0 && pairs.length === 0) return NO_GROUPS;
    const untold = known.filter(({ now }) => now === null);
    const hours = unseenHours(
      known.flatMap(({ kafka }) => kafka ?? []),
      series,
      thresholds.minCoveragePercent,
      run,
    );
    return conclude({
      findings: judged.map(({ finding }) => finding),
      gap: firstGap(
        kafkaGroups.ok ? null : missingBecause('the list of groups', kafkaGroups),
        kafkaOffsets.ok ? null : missingBecause('the list of offsets', kafkaOffsets),
        untold.length === 0 ? null : `how old the next record of ${listed(untold.map(nameOf))} is could not be told`,
        hours,
      ),
      evidence: [table(judged.length > 0 ? judged.map(({ pair }) => pair) : pairs, inputs, definition, run)],
      pass: `The next record of none of ${plural(pairs.length, 'group and topic', 'groups and topics')} was later than its target.`,
      fail: (worst, all) =>
        `${listed([worst.resource])} was ${duration(worst.measured!)} late (limit ${duration(worst.limit!)})${all.length > 1 ? `; ${all.length} groups and topics are over their target` : ''}.`,
      recommend: (worst, all) => recommend(pairs.find((pair) => nameOf(pair) === worst.resource)!, pairs, all),
    });
  },
});

function nameOf({ groupId, topic }: Pair): string {
  return pairName({ group: { groupId } as GroupTopic['group'], topic });
}

function knownPairs(inputs: Sections, series: PairSeries, run: RunContext): Pair[] {
  const { kafkaGroups, kafkaOffsets, kafkaSamples, kafkaTopicConfigs } = inputs;
  if (!kafkaGroups.ok || !kafkaOffsets.ok) return [];
  const pairs = groupTopics(readGroups(kafkaGroups.value, kafkaOffsets.value, kafkaSamples, run)).filter(
    // What a person once looked at is nobody's late data.
    ({ group }) => !(isConsoleGroup(group.groupId) && group.members === 0),
  );
  const lags = groupTimeLags(
    pairs.map(({ group, rows }) => ({ ...group, partitions: rows })),
    {
      offsets: kafkaOffsets.value,
      ends: logEnds(kafkaOffsets.value, kafkaSamples.ok ? kafkaSamples.value : null, run.takenAtMs),
      configs: kafkaTopicConfigs.ok ? kafkaTopicConfigs.value : null,
    },
  );
  return pairs.map((kafka, i) => {
    const { group, topic } = kafka;
    const pair = { groupId: group.groupId, topic, kafka, targets: lagTargets(run, group.groupId) };
    return { ...pair, now: lags[i] ?? null, series: series.trusted(group.groupId, topic) };
  });
}

function pairsOfCloudWatch(known: readonly Pair[], series: PairSeries, run: RunContext): Pair[] {
  const names = new Set(known.map(nameOf));
  return series
    .names()
    .map(({ groupId, topic }): Pair => {
      const own = series.trusted(groupId, topic);
      return { groupId, topic, kafka: null, now: null, targets: lagTargets(run, groupId), series: own };
    })
    .filter((pair) => !names.has(nameOf(pair)) && !isConsoleGroup(pair.groupId));
}

interface Judged {
  pair: Pair;
  finding: FindingDraft;
}

function judge(pair: Pair, thresholds: Thresholds, { name }: MetricDefinition, run: RunContext): Judged | null {
  const worst = [ofNow(pair, thresholds, run), ofWindow(pair, thresholds, name, run)].filter((each) => each !== null);
  const [first] = worst.sort((a, b) => RANK.indexOf(a.rank) - RANK.indexOf(b.rank));
  if (first === undefined) return null;
  const { rank, ...rest } = first;
  const severity = rank === 'lasting' ? SEVERITY[run.environment] : milder(SEVERITY[run.environment], 1);
  const now = pair.now === null || rest.measured === pair.now.lagSec ? {} : { now: pair.now.lagSec };
  return { pair, finding: { scope: 'group', resource: nameOf(pair), unit: 'durationSec', severity, ...rest, ...now } };
}

const RANK = ['lasting', 'often', 'passing'] as const;
type Ranked = Pick<FindingDraft, 'measured' | 'limit' | 'note' | 'confidence'> & { rank: (typeof RANK)[number] };

function ofNow({ now, kafka, targets }: Pair, { sustainedMinutes }: Thresholds, run: RunContext): Ranked | null {
  if (now === null || kafka === null || now.lagSec <= targets.badSec) return null;
  const { rows } = kafka;
  // Within a few records of the end and moving: the producers' timestamps are old, not the group.
  if (rows.every(({ status, lag, lastProgressMs }) => status === 'OK' && (lag === 0 || lastProgressMs !== null)))
    return null;
  const isSure = now.source === 'looked-up' || now.source === 'at-least';
  if (!isSure && rows.every(({ status }) => status === 'OK')) return null;
  const lasting = now.lagSec - targets.badSec >= sustainedMinutes * SEC.perMinute;
  if (!lasting && rows.every(({ status }) => RECOVERING.includes(status))) return null;
  const least = now.source === 'at-least' ? 'at least ' : '';
  const other =
    now.otherwise === null ? '' : `; ${duration(now.otherwise.lagSec)} by the log ends (${now.otherwise.kind})`;
  return {
    rank: lasting ? 'lasting' : 'passing',
    measured: now.lagSec,
    limit: targets.badSec,
    note: `now, ${least}by ${isSure ? 'the timestamp of its next record' : 'the log ends of this run'}${other}; ${worstStatus(kafka, run)}`,
    confidence: isSure ? (lasting ? 1 : 0.5) : 0.5,
  };
}

function worstStatus({ group, topic }: GroupTopic, { lag }: RunContext): string {
  const status = group.topics.find((each) => each.topic === topic)!.status;
  return status === 'INSUFFICIENT' ? `fewer looks than ${lag.minSamples}` : status.toLowerCase().replaceAll('_', ' ');
}

function ofWindow({ series, targets }: Pair, thresholds: Thresholds, metric: string, run: RunContext): Ranked | null {
  const p95 = series === null ? null : seriesQuantile(series, 0.95);
  if (series === null || p95 === null) return null;
  const { sustainedMinutes, shareOfWindowPercent } = thresholds;
  const isOver = (sec: number) => sec > targets.badSec;
  const runs = runsWhere(series, isOver).filter(({ minutes }) => minutes >= sustainedMinutes);
  const last = runs.at(-1);
  const goesOn = last !== undefined && last.endMs === series.latest!.atMs + series.periodSec * MS_PER_SEC;
  const estimate =
    run.clusterKind === 'serverless' ? `${metric}, the time that catching up would take` : `${metric}, an estimate`;
  if (last !== undefined && (goesOn || isOver(p95))) {
    const minutes = longestRun(series, isOver)!.minutes;
    const note = `for ${duration(minutes * SEC.perMinute)} in a row${goesOn ? ', to the end of the window' : ''}; ${estimate}`;
    const measured = isOver(p95) ? p95 : series.latest!.value;
    return { rank: 'lasting', measured, limit: targets.badSec, note, confidence: 0.6 };
  }
  const share = (100 * series.measured.filter((sec) => sec > targets.goodSec).length) / Math.max(1, series.expected);
  if (share <= shareOfWindowPercent) return null;
  const note = `above ${duration(targets.goodSec)} for ${formatQuantity(share, 'percent')} of the window; ${estimate}`;
  return { rank: 'often', measured: p95, limit: targets.goodSec, note, confidence: 0.6 };
}

function table(
  pairs: readonly Pair[],
  { kafkaSamples }: Sections,
  metric: MetricDefinition,
  run: RunContext,
): Evidence {
  const all = pairs.map((pair) => ({ ...pair, p95: pair.series && seriesQuantile(pair.series, 0.95) }));
  const late = ({ now, p95 }: (typeof all)[number]) => Math.max(now?.lagSec ?? 0, p95 ?? 0);
  const worst = all.sort((a, b) => late(b) - late(a));
  return {
    title: 'Time lag by group and topic',
    columns: [
      { key: 'group', label: 'Group', as: 'name' },
      { key: 'topic', label: 'Topic', as: 'name' },
      { key: 'target', label: 'Target', as: 'durationSec' },
      { key: 'now', label: 'Now', as: 'durationSec' },
      { key: 'how', label: 'How', as: 'name' },
      { key: 'p95', label: 'p95 of window', as: 'durationSec' },
      { key: 'lag', label: 'Lag', as: 'messages' },
      { key: 'partitions', label: 'Partitions', as: 'count' },
      { key: 'producePerSec', label: 'Produced', as: 'countPerSec' },
      { key: 'consumePerSec', label: 'Consumed', as: 'countPerSec' },
      { key: 'status', label: 'Status', as: 'name' },
      { key: 'drainSec', label: 'Caught up in', as: 'durationSec' },
    ],
    rows: worst.slice(0, MAX_ROWS).map(({ groupId, topic, targets, now, p95, kafka }) => ({
      group: groupId,
      topic,
      target: targets.badSec,
      now: now?.lagSec ?? null,
      how: now?.source ?? null,
      p95,
      partitions: kafka?.rows.length ?? null,
      status: kafka && worstStatus(kafka, run),
      ...ratesOf(kafka?.rows ?? []),
    })),
    source: `${looksSource(kafkaSamples)}; offsets looked up by time; CloudWatch ${metric.name}, ${metric.statistic} of ${metric.periodSec} s`,
    ...(worst[0] === undefined ? {} : { reproduce: describeGroup(worst[0].groupId) }),
  };
}

function recommend(worst: Pair, pairs: readonly Pair[], findings: readonly FindingDraft[]): Recommendation {
  const groups = (list: readonly Pair[]) => new Set(list.map(({ groupId }) => groupId)).size;
  const late = new Set(findings.map(({ resource }) => resource));
  const all = groups(pairs);
  const isEverywhere = all > 1 && groups(pairs.filter((pair) => late.has(nameOf(pair)))) === all;
  const rows = worst.kafka?.rows ?? [];
  const behind = rows.filter(({ status }) => !RECOVERING.includes(status)).length;
  return {
    action: isEverywhere
      ? 'Look at the brokers first, because every group is late: CPU, disk, throttling, replicas out of sync'
      : behind > 0 && behind <= 0.5 * rows.length
        ? 'Look at the few partitions that hold the lag first: a hot key or a slow member'
        : `Make ${listed([worst.groupId])} faster: its processing first, then larger fetches, then members up to the number of partitions`,
    confirmFirst:
      'Rule out a replay or a deployment during the window, and producers that send old timestamps: the age is theirs then.',
    commands: [describeGroup(worst.groupId), describeGroup(worst.groupId, '--members', '--verbose')],
    risk: 'More members rebalance the group; more partitions would break the order of keys, and cannot be taken back.',
    expectedEffect: 'Records are read within the target.',
    verifyAfter: 'The time lag stays below its target for a whole day.',
    effort: 'clientChange',
    harmRunsOn: true,
    causedBy: ['consumer-stopped', 'consumer-stalled', 'transaction-hanging'],
    impact: { kind: 'none' },
  };
}
