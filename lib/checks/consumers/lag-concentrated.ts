// Nearly all lag of a group on few partitions of a topic: a hot key, or a slow member. More members or partitions do not help with either.
import type { GroupStatus, PartitionStatus } from '../../analysis/consumer-status.ts';
import { median } from '../../analysis/statistics.ts';
import { formatQuantity, plural } from '../../text/units.ts';
import { defineCheck, type FindingDraft, type Recommendation } from '../check.ts';
import { describeGroup } from '../shared/commands.ts';
import { conclude } from '../shared/conclude.ts';
import {
  CONSUMER_LAG,
  EVERY_KIND,
  looksSource,
  NO_GROUPS,
  PARTITION_COLUMNS,
  partitionRows,
  readGroups,
  sumLag,
  unjudgedBecause,
} from '../shared/consumers.ts';
import { type GroupTopic, groupTopics, pairName } from '../shared/group-topics.ts';
import { concentrationOf } from '../shared/lag-eta.ts';
import { severityFor } from '../shared/severity.ts';
import { listed } from '../shared/wording.ts';

/** Standing still is the finding of other checks. */
const STANDS_STILL = ['STALLED', 'STOPPED', 'DATA_LOSS'];
const percent = (value: number) => formatQuantity(value, 'percent');

interface Concentrated extends GroupTopic {
  heavy: readonly PartitionStatus[];
  sharePercent: number;
  /** What the busiest of them receives over the median of the others; null when unknown or those are idle. */
  timesMedian: number | null;
  /** The one member that holds them all, and not all of the topic. */
  member: string | null;
}

export default defineCheck({
  id: 'lag-concentrated',
  area: 'consumers',
  title: { pass: 'Lag spread over partitions', fail: 'Lag concentrated on few partitions' },
  why: 'A few keys or one member are late by far while the group looks well on average, and scaling it out changes nothing.',
  references: [CONSUMER_LAG, 'https://kafka.apache.org/documentation/#basic_ops_consumer_lag'],
  appliesTo: EVERY_KIND,
  needs: ['kafkaGroups', 'kafkaOffsets'],
  mayUse: ['kafkaSamples'],
  evaluate(
    { kafkaGroups, kafkaOffsets, kafkaSamples },
    { lagSharePercent, partitionSharePercent, hotTimesMedian },
    run,
  ) {
    if (kafkaGroups.length === 0) return NO_GROUPS;
    const statuses = readGroups(kafkaGroups, kafkaOffsets, kafkaSamples, run);
    const found = groupTopics(statuses).flatMap((pair): Concentrated | [] => {
      const share = concentrationOf(pair.rows, partitionSharePercent);
      // A status other than OK says that the lag is above what is allowed.
      const isLate = share?.heavy.some(({ status }) => !['OK', 'INSUFFICIENT', ...STANDS_STILL].includes(status));
      if (share === null || isLate !== true || share.sharePercent < lagSharePercent) return [];
      return {
        ...pair,
        ...share,
        timesMedian: timesMedian(pair.rows, share.heavy),
        member: memberOf(pair.rows, share.heavy),
      };
    });
    const findings = found.map((each): FindingDraft => {
      const hot = each.timesMedian !== null && each.timesMedian >= hotTimesMedian;
      const times =
        each.timesMedian === null
          ? ''
          : `; the busiest receives ${formatQuantity(each.timesMedian, 'ratio')} times the median of the others`;
      return {
        scope: 'group',
        resource: pairName(each),
        severity: severityFor(run, ['medium', 'low', 'info']),
        measured: each.sharePercent,
        limit: lagSharePercent,
        unit: 'percent',
        note: `${formatQuantity(sumLag(each.heavy), 'messages')} on ${plural(each.heavy.length, 'partition')} (${listed(each.heavy.map(({ partition }) => partition))}) of ${each.rows.length}${times}${each.member === null ? '' : '; all held by one member'}`,
        confidence: hot || each.member !== null ? 1 : 0.7,
      };
    });
    return conclude({
      findings,
      gap: unjudgedBecause(statuses, kafkaSamples, run),
      evidence: [
        {
          title: 'Partitions that hold the lag',
          columns: PARTITION_COLUMNS,
          rows: partitionRows(
            found.flatMap(({ group, heavy }) => heavy.map((row): [GroupStatus, PartitionStatus] => [group, row])),
            kafkaGroups,
          ),
          source: looksSource(kafkaSamples),
          ...(found[0] === undefined ? {} : { reproduce: describeGroup(found[0].group.groupId) }),
        },
      ],
      pass: `No group has ${percent(lagSharePercent)} of its lag on a topic on ${percent(partitionSharePercent)} of the partitions.`,
      fail: (worst) =>
        `${listed([worst.resource])} has ${percent(worst.measured!)} of its lag on at most ${percent(partitionSharePercent)} of the partitions (limit ${percent(lagSharePercent)}).`,
      recommend: (worst) => recommend(found.find((each) => pairName(each) === worst.resource)!, hotTimesMedian),
    });
  },
});

function timesMedian(rows: readonly PartitionStatus[], heavy: readonly PartitionStatus[]): number | null {
  const rates = (list: readonly PartitionStatus[]) => list.flatMap(({ produceRatePerSec }) => produceRatePerSec ?? []);
  const usual = median(rates(rows.filter((row) => !heavy.includes(row))));
  return usual === null || usual <= 0 ? null : Math.max(0, ...rates(heavy)) / usual;
}

function memberOf(rows: readonly PartitionStatus[], heavy: readonly PartitionStatus[]): string | null {
  const holders = (list: readonly PartitionStatus[]) => new Set(list.map(({ assignedTo }) => assignedTo));
  const [only] = holders(heavy);
  return holders(heavy).size === 1 && holders(rows).size > 1 ? (only ?? null) : null;
}

function recommend({ group, timesMedian: times, member }: Concentrated, hotTimesMedian: number): Recommendation {
  const isHot = times !== null && times >= hotTimesMedian;
  return {
    action: isHot
      ? 'Spread the hot key over partitions (a finer key, or a salt); further partitions or members do not help, since one key stays on one partition'
      : member !== null
        ? 'Look at the host of the member that holds these partitions, and replace it when it is slow'
        : 'Look at the records of these partitions: a few keys may take longer to process than all others',
    confirmFirst: 'Rule out a replay of single partitions, and a member that was just started on a backlog.',
    commands: [describeGroup(group.groupId), describeGroup(group.groupId, '--members', '--verbose')],
    risk: 'A salted key breaks the order of its records; replacing a member rebalances the group.',
    expectedEffect: 'The late partitions keep pace with the others.',
    verifyAfter: 'Lag in kafka-consumer-groups.sh --describe is spread over the partitions.',
    effort: 'clientChange',
    impact: { kind: 'none' },
  };
}
