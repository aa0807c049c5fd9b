// How near a group is to losing unread records: the share of the retained log that it still has to read, and the time until the log start
// overtakes it at present rates. Both are limits, because a group can be near in one and far in the other.
import type { GroupStatus } from '../../analysis/consumer-status.ts';
import { logEnds } from '../../analysis/produce-rates.ts';
import {
  type RetentionExposure,
  retentionExposures,
  type UnknownExposure,
} from '../../analysis/retention-exposures.ts';
import type { CheckThresholds } from '../../policy/thresholds/index.ts';
import { formatQuantity, plural } from '../../text/units.ts';
import {
  defineCheck,
  type FindingDraft,
  type Impact,
  type Recommendation,
  type RunContext,
  type SeverityByEnvironment,
} from '../check.ts';
import { describeGroup } from '../shared/commands.ts';
import {
  CONSUMER_LAG,
  EVERY_KIND,
  looksSource,
  NO_GROUPS,
  readGroups,
  SEC,
  unjudgedBecause,
} from '../shared/consumers.ts';
import { ratesOf } from '../shared/lag-eta.ts';
import { doubleRetention, doublingCost, noRoomBecause, raiseAction } from '../shared/retention-commands.ts';
import { nonEmpty } from '../shared/severity.ts';
import { listed, MAX_ROWS } from '../shared/wording.ts';

const SEVERITY: SeverityByEnvironment = { production: 'high', staging: 'medium', development: 'info' };

type Thresholds = CheckThresholds['retention-risk'];
const percent = (value: number) => formatQuantity(value, 'percent');

export default defineCheck({
  id: 'retention-risk',
  area: 'consumers',
  title: { pass: 'Groups read well before records are deleted', fail: 'Groups close to losing unread records' },
  why: 'When retention overtakes the group, records are deleted unread and without an error.',
  references: ['https://kafka.apache.org/documentation/#topicconfigs_retention.ms', CONSUMER_LAG],
  appliesTo: EVERY_KIND,
  needs: ['kafkaGroups', 'kafkaOffsets'],
  mayUse: ['kafkaSamples', 'kafkaTopicConfigs', 'kafkaLogDirs', 'prices', 'cluster', 'metrics'],
  // What the advice costs, and whether the disks have room for it, no more.
  toleratesPartial: ['kafkaLogDirs', 'prices', 'cluster', 'metrics'],
  evaluate({ kafkaGroups, kafkaOffsets, kafkaSamples, ...advising }, thresholds, run) {
    const { kafkaTopicConfigs, kafkaLogDirs, prices } = advising;
    if (kafkaGroups.length === 0) return NO_GROUPS;
    const statuses = readGroups(kafkaGroups, kafkaOffsets, kafkaSamples, run);
    const exposures = retentionExposures(statuses, {
      offsets: kafkaOffsets,
      ends: logEnds(kafkaOffsets, kafkaSamples.ok ? kafkaSamples.value : null, run.takenAtMs),
      configs: kafkaTopicConfigs.ok ? kafkaTopicConfigs.value : null,
    });
    // Lag that is never judged is no risk, and what is below the log start is lost, not at risk.
    const isJudged = ({ lag }: { lag: number }) => lag > run.lag.allowedMessages;
    const atRisk = exposures.known
      .filter((row) => row.marginOffsets >= 0 && isJudged(row) && isNear(row, thresholds))
      .sort(nearestFirst);
    const unread =
      unjudgedBecause(statuses, kafkaSamples, run) ?? unknownAge(exposures.unknown.filter(isJudged), atRisk);
    const members = new Map(statuses.map((group) => [group.groupId, group.members]));
    const byTopic = [...Map.groupBy(atRisk, ({ groupId, topic }) => `${groupId}/${topic}`)];
    const findings = nonEmpty(byTopic.map(([resource, rows]) => finding(resource, rows, members, thresholds, run)));
    const [worst] = atRisk;
    if (findings === null || worst === undefined) {
      if (unread !== null) return { kind: 'no-data', because: `Not fully measured: ${unread}.` };
      return {
        kind: 'pass',
        summary: `None of ${plural(kafkaGroups.length, 'group')} has more than ${percent(thresholds.consumedPercent)} left to read of a log from which retention deletes, or of the retention of one from which it does not yet.`,
        evidence: [],
      };
    }
    const noRoom = noRoomBecause(worst.topic, advising, run);
    return {
      kind: 'findings',
      summary: `${listed([worst.groupId])} has ${percent(worst.retentionConsumed * 100)} of what ${listed([worst.topic])} retains left to read (limit ${percent(thresholds.consumedPercent)})${ofAge(worst)}${toLoss(worst)}.`,
      findings,
      evidence: [
        {
          title: 'Partitions whose unread records are closest to being deleted',
          columns: [
            { key: 'group', label: 'Group', as: 'name' },
            { key: 'topic', label: 'Topic', as: 'name' },
            { key: 'partition', label: 'Partition', as: 'count' },
            { key: 'lag', label: 'Left to read', as: 'messages' },
            { key: 'consumed', label: 'Share of retained', as: 'percent' },
            { key: 'ageSec', label: 'Age of the next', as: 'durationSec' },
            { key: 'margin', label: 'Until deleted', as: 'messages' },
            { key: 'producePerSec', label: 'Produced', as: 'countPerSec' },
            { key: 'consumePerSec', label: 'Consumed', as: 'countPerSec' },
            { key: 'secondsToLoss', label: 'Time until deleted', as: 'durationSec' },
            { key: 'drainSec', label: 'Caught up in', as: 'durationSec' },
          ],
          rows: atRisk
            .slice(0, MAX_ROWS)
            .map(({ groupId, topic, partition, lag, retentionConsumed, marginOffsets, secondsToLoss, byAge }) => ({
              ...ratesIn(statuses, groupId, topic, partition),
              group: groupId,
              topic,
              partition,
              lag,
              consumed: retentionConsumed * 100,
              ageSec: byAge?.ageSec ?? null,
              margin: byAge === null ? marginOffsets : null,
              secondsToLoss,
            })),
          source: `${looksSource(kafkaSamples)}; offsets looked up by time`,
          reproduce: describeGroup(worst.groupId),
        },
      ],
      recommendation: recommend(
        worst,
        noRoom,
        noRoom === null ? doubleRetention(kafkaTopicConfigs, worst.topic) : [],
        doublingCost(worst.topic, kafkaLogDirs, prices, run.clusterKind),
      ),
      ...(unread === null ? {} : { partial: unread }),
    };
  },
});

function ratesIn(statuses: readonly GroupStatus[], groupId: string, topic: string, partition: number) {
  const group = statuses.find((each) => each.groupId === groupId);
  return ratesOf(group?.partitions.filter((row) => row.topic === topic && row.partition === partition) ?? []);
}

/** What is kept for no longer than the warning should come ahead is always that near: there the share alone decides. */
function isNear(
  { retentionConsumed, secondsToLoss, byAge }: RetentionExposure,
  { consumedPercent, hoursToLoss }: Thresholds,
): boolean {
  if (retentionConsumed * 100 > consumedPercent) return true;
  const limitSec = hoursToLoss * SEC.perHour;
  return secondsToLoss !== null && secondsToLoss < limitSec && (byAge === null || byAge.retentionSec > limitSec);
}

/** Null where all that is not known is at risk by what is. */
function unknownAge(unknown: readonly UnknownExposure[], atRisk: readonly RetentionExposure[]): string | null {
  const found = new Set(atRisk.map(({ groupId, topic, partition }) => JSON.stringify([groupId, topic, partition])));
  const open = unknown.filter(
    ({ groupId, topic, partition }) => !found.has(JSON.stringify([groupId, topic, partition])),
  );
  if (open.length === 0) return null;
  const pairs = [...new Set(open.map(({ groupId, topic }) => `${groupId}/${topic}`))];
  return `how near the next record of ${listed(pairs)} is to its deletion could not be told: nothing was deleted there yet, and its age or the retention is not known`;
}

function nearestFirst(a: RetentionExposure, b: RetentionExposure): number {
  const seconds = (row: RetentionExposure) => row.secondsToLoss ?? Number.MAX_VALUE;
  return seconds(a) - seconds(b) || b.retentionConsumed - a.retentionConsumed || (a.groupId < b.groupId ? -1 : 1);
}

function ofAge({ byAge }: RetentionExposure): string {
  return byAge === null
    ? ''
    : `; the next record is ${formatQuantity(byAge.ageSec, 'durationSec')} old of ${formatQuantity(byAge.retentionSec, 'durationSec')}`;
}

function toLoss({ secondsToLoss }: RetentionExposure): string {
  return secondsToLoss === null
    ? ''
    : `; at present rates the first are deleted in ${formatQuantity(secondsToLoss, 'durationSec')}`;
}

function finding(
  resource: string,
  rows: readonly RetentionExposure[],
  members: ReadonlyMap<string, number | null>,
  { consumedPercent, hoursToLoss }: Thresholds,
  run: RunContext,
): FindingDraft {
  const worst = rows[0]!;
  const readers = members.get(worst.groupId) === 0 ? ', no members' : '';
  const common = {
    scope: 'group',
    resource,
    severity: SEVERITY[run.environment],
    note: `${plural(rows.length, 'partition')}${readers}${ofAge(worst)}${toLoss(worst)}`,
    confidence: 1,
  } as const;
  const consumed = Math.max(...rows.map((row) => row.retentionConsumed)) * 100;
  return consumed > consumedPercent
    ? { ...common, measured: consumed, limit: consumedPercent, unit: 'percent' }
    : { ...common, measured: worst.secondsToLoss, limit: hoursToLoss * SEC.perHour, unit: 'durationSec' };
}

function recommend(
  worst: RetentionExposure,
  noRoom: string | null,
  raise: Recommendation['commands'],
  impact: Impact,
): Recommendation {
  return {
    action: raiseAction(
      noRoom,
      'Raise the retention of the topic for a while',
      'give the group the capacity to catch up',
    ),
    confirmFirst:
      'Rule out a group that starts from the beginning on purpose (a replay, a new service) and reads fast enough.',
    commands: [describeGroup(worst.groupId), ...raise],
    risk: 'The topic takes more disk while retention is raised; set it back afterwards.',
    expectedEffect: 'The group gets the time it needs; nothing is deleted unread.',
    verifyAfter: 'The share of the retained log left to read falls below the limit.',
    effort: 'setting',
    impact,
  };
}
