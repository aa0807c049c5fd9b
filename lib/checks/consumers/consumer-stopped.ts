// Records wait and nobody holds the partition: the group is empty or dead, or none of its members was given it. Until somebody commits
// again its committed offsets expire (offsets.retention.minutes) and then its place is lost too.
import { lastFallMs, lastReadMs } from '../../analysis/commit-rhythm.ts';
import type { GroupStatus, PartitionStatus } from '../../analysis/consumer-status.ts';
import { effectiveNumber } from '../../analysis/effective-config.ts';
import { groupTimeLags } from '../../analysis/group-time-lag.ts';
import { distance } from '../../analysis/offsets.ts';
import { logEnds } from '../../analysis/produce-rates.ts';
import { runsWhere, type TrustedSeries } from '../../analysis/series.ts';
import { isConsoleGroup } from '../../facts/consumer-groups.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import { forName } from '../../policy/pattern.ts';
import type { CheckThresholds } from '../../policy/thresholds/index.ts';
import { optionArgs } from '../../text/command.ts';
import { safeLabel } from '../../text/sanitize.ts';
import { formatQuantity, plural } from '../../text/units.ts';
import {
  defineCheck,
  type FindingDraft,
  type Inputs,
  type Recommendation,
  type RunContext,
  type SeverityByEnvironment,
} from '../check.ts';
import { TOLERATED } from '../shared/broker-settings.ts';
import { describeGroup, kafkaTool } from '../shared/commands.ts';
import {
  EVERY_KIND,
  looksSource,
  MS_PER_SEC,
  NO_GROUPS,
  PARTITION_COLUMNS,
  partitionRows,
  readGroups,
  SEC,
  sumLag,
  tooFewLooks,
  unjudgedBecause,
  whichPartitions,
} from '../shared/consumers.ts';
import { PairSeries } from '../shared/group-topics.ts';
import { etasOf, lagTargets, soonest } from '../shared/lag-eta.ts';
import { milder, worstFirst } from '../shared/severity.ts';
import { listed } from '../shared/wording.ts';

const SEVERITY: SeverityByEnvironment = { production: 'high', staging: 'medium', development: 'info' };

type Thresholds = CheckThresholds['consumer-stopped'];

export default defineCheck({
  id: 'consumer-stopped',
  area: 'consumers',
  title: {
    pass: 'Every group with waiting records has members',
    fail: 'Groups with waiting records and nobody reading',
  },
  why: 'Nothing reads these records; they wait until retention deletes them, and the committed offsets expire as well.',
  references: [
    'https://kafka.apache.org/documentation/#basic_ops_consumer_group',
    'https://kafka.apache.org/documentation/#brokerconfigs_offsets.retention.minutes',
  ],
  appliesTo: EVERY_KIND,
  needs: ['kafkaGroups', 'kafkaOffsets'],
  mayUse: ['kafkaSamples', 'metrics', 'kafkaTopicConfigs', 'cluster', 'configuration', 'kafkaBrokerConfigs'],
  // They tell since when and until when; that nobody reads needs none of them.
  toleratesPartial: ['metrics', 'kafkaTopicConfigs', 'kafkaBrokerConfigs', ...TOLERATED],
  evaluate(inputs, thresholds, run) {
    const { kafkaGroups, kafkaOffsets, kafkaSamples, metrics, kafkaTopicConfigs } = inputs;
    if (kafkaGroups.length === 0) return NO_GROUPS;
    const statuses = readGroups(kafkaGroups, kafkaOffsets, kafkaSamples, run);
    const looks = tooFewLooks(kafkaSamples, run);
    const unjudged = unjudgedBecause(statuses, kafkaSamples, run) ?? overtakenUnseen(statuses, looks, run);
    const series = new PairSeries(metrics, METRICS.sumOffsetLag, run);
    const found = statuses.flatMap((group) => {
      const rows = group.partitions.filter(
        (row) => row.status === 'STOPPED' || (looks === null && isOvertaken(group, row, run)),
      );
      const judged = rows.length === 0 ? null : judge(group, rows, series, inputs, thresholds, run);
      return judged === null ? [] : [{ group, rows, finding: judged }];
    });
    const stopped = found.map(({ group, rows }) => ({ group, rows }));
    const findings = worstFirst(found.map(({ finding }) => finding));
    if (findings === null) {
      if (unjudged !== null) return { kind: 'no-data', because: `Not fully measured: ${unjudged}.` };
      return {
        kind: 'pass',
        summary: `None of ${plural(kafkaGroups.length, 'group')} leaves waiting records without a reader.`,
        evidence: [],
      };
    }
    const worst = stopped.find(({ group }) => group.groupId === findings[0].resource)!;
    return {
      kind: 'findings',
      summary: `${plural(findings.length, 'group')} stopped; ${listed([worst.group.groupId])} (${safeLabel(worst.group.state, 40)}) has ${formatQuantity(sumLag(worst.rows), 'messages')} waiting on ${whichPartitions(worst.rows)}.`,
      findings,
      evidence: [
        {
          title: 'Partitions with waiting records that nobody reads',
          columns: [
            ...PARTITION_COLUMNS,
            { key: 'lossSec', label: 'Deleted unread in', as: 'durationSec' },
            { key: 'fell', label: 'Lag of topic last fell', as: 'epochMs' },
          ],
          rows: partitionRows(
            stopped.flatMap(({ group, rows }) => rows.map((row) => [group, row] as const)),
            kafkaGroups,
            (row, groupId) => ({
              lossSec: etasOf(row, lagTargets(run, groupId).badSec, kafkaTopicConfigs).lossSec,
              fell: lastFallMs(series.trusted(groupId, row.topic)),
            }),
          ),
          source: `${looksSource(kafkaSamples)}; CloudWatch ${METRICS.sumOffsetLag.name}`,
          reproduce: describeGroup(worst.group.groupId),
        },
      ],
      recommendation: recommend(worst.group),
      ...(unjudged === null ? {} : { partial: unjudged }),
    };
  },
});

/** Nobody reads, and retention has begun to delete what waits. A log that is empty by now has nothing waiting. */
function isOvertaken({ members }: GroupStatus, row: PartitionStatus, { lag }: RunContext): boolean {
  const { status, lastProgressMs, start, end } = row;
  if (status !== 'DATA_LOSS' || members !== 0 || lastProgressMs !== null) return false;
  return start !== null && end !== null && distance(end, start) > lag.allowedMessages;
}

/** One look cannot tell a group without members that was left from one that commits all the same. */
function overtakenUnseen(statuses: readonly GroupStatus[], looks: string | null, run: RunContext): string | null {
  const open = statuses.filter((group) => group.partitions.some((row) => isOvertaken(group, row, run)));
  return looks === null || open.length === 0
    ? null
    : `progress of ${listed(open.map(({ groupId }) => groupId))} could not be judged: ${looks}`;
}

type Sections = Inputs<
  'kafkaOffsets',
  'kafkaSamples' | 'kafkaTopicConfigs' | 'cluster' | 'configuration' | 'kafkaBrokerConfigs'
>;

/** Null for a job that is declared to run now and then, is not late, and loses nothing meanwhile. */
function judge(
  group: GroupStatus,
  rows: readonly PartitionStatus[],
  series: PairSeries,
  inputs: Sections,
  { minStillMinutes }: Thresholds,
  run: RunContext,
): FindingDraft | null {
  const own = [...new Set(rows.map(({ topic }) => topic))].flatMap(
    (topic) => series.trusted(group.groupId, topic) ?? [],
  );
  const job = batchState(group, rows, own, inputs, run);
  const isOvertaking = rows.some(({ status }) => status === 'DATA_LOSS');
  if (job === 'in time' && !isOvertaking) return null;
  const severity = SEVERITY[run.environment];
  const isConsole = isConsoleGroup(group.groupId) && group.members === 0;
  const lossSec = soonest(
    rows.map((row) => etasOf(row, lagTargets(run, group.groupId).badSec, inputs.kafkaTopicConfigs).lossSec),
  );
  const stillSec = secondsStill(own, run);
  const topics = new Set(rows.map(({ topic }) => topic)).size;
  const hasJustRead = own.length === topics && own.every((each) => justRead(each, minStillMinutes, run));
  const isBatch = job !== null && job !== OVERDUE;
  const expiry = group.members === 0 ? effectiveNumber('offsets.retention.minutes', inputs) : null;
  const notes = [
    `state ${safeLabel(group.state, 40)}, ${group.members === 0 ? 'no members' : `${plural(group.members ?? 0, 'member')}, none of them on it`}`,
    whichPartitions(rows),
    job,
    isConsole ? 'left over by kafka-console-consumer.sh' : null,
    hasJustRead ? 'it was reading until a moment ago, as in a deployment' : null,
    stillSec === null || hasJustRead ? null : `lag has not fallen for ${formatQuantity(stillSec, 'durationSec')}`,
    isOvertaking
      ? 'records are already being deleted unread'
      : lossSec === null
        ? null
        : `records are deleted unread in ${formatQuantity(lossSec, 'durationSec')}`,
    expiry === null ? null : `offsets expire ${formatQuantity(expiry.number, 'minutes')} after the last member left`,
  ];
  return {
    scope: 'group',
    resource: group.groupId,
    severity: isConsole
      ? 'info'
      : isOvertaking
        ? severity
        : milder(severity, hasJustRead ? DEPLOYMENT_STEPS : isBatch ? 1 : 0),
    measured: sumLag(rows),
    limit: run.lag.allowedMessages,
    unit: 'messages',
    note: notes.filter((each) => each !== null).join('; '),
    // Seen in the looks of one run; an hour without a fall of the lag is a second opinion, a second report would make it certain.
    confidence: stillSec !== null && stillSec > 3600 ? 0.7 : 0.5,
  };
}

/** What a deployment may explain is no alarm yet: the next report finds a group that did not come back. */
const DEPLOYMENT_STEPS = 2;

const OVERDUE = 'a batch job that should have run since';

/** What speaks for a batch job between two runs: the policy, or a lag that was worked off before in this window. */
function batchState(
  group: GroupStatus,
  rows: readonly PartitionStatus[],
  own: readonly TrustedSeries[],
  { kafkaOffsets, kafkaSamples, kafkaTopicConfigs }: Sections,
  run: RunContext,
): string | null {
  const every = forName(run.objectives.groups, group.groupId)?.batchEveryHours;
  if (every === undefined)
    return own.length > 0 && own.every((series) => wasWorkedOff(series, run.lag.allowedMessages))
      ? 'drained earlier in the window, as a batch job between two runs does'
      : null;
  const ends = logEnds(kafkaOffsets, kafkaSamples.ok ? kafkaSamples.value : null, run.takenAtMs);
  const configs = kafkaTopicConfigs.ok ? kafkaTopicConfigs.value : null;
  const [age] = groupTimeLags([{ ...group, partitions: rows }], { offsets: kafkaOffsets, ends, configs });
  const atLeastSec = Math.max(age?.lagSec ?? 0, secondsStill(own, run) ?? 0);
  if (atLeastSec > every * 3600 && age?.source !== 'extrapolated') return OVERDUE;
  const isDated = age?.source === 'looked-up' || age?.source === 'interpolated';
  return isDated || own.some((series) => lastFallMs(series) !== null)
    ? 'in time'
    : 'a batch job, of which the last run is not known';
}

/** An earlier stretch above what is allowed ended with all of it read, and the present one is not longer. */
function wasWorkedOff(series: TrustedSeries, allowed: number): boolean {
  const stretches = runsWhere(series, (lag) => lag > allowed);
  const present = stretches.at(-1);
  return present !== undefined && stretches.slice(0, -1).some(({ periods }) => periods >= present.periods);
}

/** Whether the group was reading this topic until a moment ago; a series that broke off cannot tell. */
function justRead(series: TrustedSeries, minStillMinutes: number, { lag }: RunContext): boolean {
  const readMs = lastReadMs(series, lag.allowedMessages);
  if (series.endsEarly || readMs === null) return false;
  return series.latest!.atMs - readMs < minStillMinutes * SEC.perMinute * MS_PER_SEC;
}

/** Seconds since any of the lags fell or was none to speak of, at the least those of the series; null without one. */
function secondsStill(own: readonly TrustedSeries[], { lag }: RunContext): number | null {
  const seconds = own.flatMap((series) => {
    const [first, last] = [series.points[0], series.latest];
    return first === undefined || last === null
      ? []
      : [(last.atMs - (lastReadMs(series, lag.allowedMessages) ?? first.atMs)) / MS_PER_SEC];
  });
  return soonest(seconds);
}

function recommend(group: GroupStatus): Recommendation {
  return {
    action: 'Start the consumers of the group again, or delete the group if nobody needs it any more',
    confirmFirst:
      'Rule out a batch job between two runs (the policy can name its hours), a deployment under way, and a group that moved to another name: this report saw one run only.',
    commands: [
      describeGroup(group.groupId, '--state'),
      kafkaTool('kafka-consumer-groups.sh', {
        purpose: 'Only if its owner says so: delete the group with its committed offsets',
        effect: 'change',
        args: ['--delete', ...optionArgs('--group', group.groupId)],
      }),
    ],
    risk: 'A deleted group starts at auto.offset.reset when it comes back: records are read again or skipped.',
    expectedEffect: 'Waiting records are read, or the group leaves the report.',
    verifyAfter: 'The group is Stable with members, and its lag falls.',
    effort: 'clientChange',
    harmRunsOn: true,
    impact: { kind: 'none' },
  };
}
