// A member holds the partition, records wait, and nothing is committed: a poison record, a blocked thread, a hanging call. The group looks
// alive, so that nobody else notices. Follows Burrow's evaluation, with looks within one run in place of commit times.
import { hasCommitted, isWithinRhythm, lastFallMs } from '../../analysis/commit-rhythm.ts';
import type { GroupStatus, PartitionStatus } from '../../analysis/consumer-status.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import { optionArgs } from '../../text/command.ts';
import { formatQuantity, plural } from '../../text/units.ts';
import {
  defineCheck,
  type FindingDraft,
  type Recommendation,
  type RunContext,
  type SeverityByEnvironment,
} from '../check.ts';
import { describeGroup, kafkaTool } from '../shared/commands.ts';
import {
  CONSUMER_LAG,
  EVERY_KIND,
  looksSource,
  looksSpanSec,
  MS_PER_SEC,
  NO_GROUPS,
  PARTITION_COLUMNS,
  partitionRows,
  readGroups,
  sumLag,
  unjudgedBecause,
  whichPartitions,
  withStatus,
} from '../shared/consumers.ts';
import { PairSeries } from '../shared/group-topics.ts';
import { worstFirst } from '../shared/severity.ts';
import { listed } from '../shared/wording.ts';

const SEVERITY: SeverityByEnvironment = { production: 'critical', staging: 'high', development: 'low' };

export default defineCheck({
  id: 'consumer-stalled',
  area: 'consumers',
  title: { pass: 'Consumers with work make progress', fail: 'Consumers that hold partitions without progress' },
  why: 'Records pile up behind a member that looks alive; without a restart or a skip it ends in lost records.',
  references: ['https://kafka.apache.org/documentation/#basic_ops_consumer_lag', CONSUMER_LAG],
  appliesTo: EVERY_KIND,
  needs: ['kafkaGroups', 'kafkaOffsets'],
  mayUse: ['kafkaSamples', 'metrics'],
  // What CloudWatch lacks leaves a group stalled that may be a slow committer, never the other way round.
  toleratesPartial: ['metrics'],
  evaluate({ kafkaGroups, kafkaOffsets, kafkaSamples, metrics }, { commitIntervals }, run) {
    if (kafkaGroups.length === 0) return NO_GROUPS;
    const statuses = readGroups(kafkaGroups, kafkaOffsets, kafkaSamples, run);
    const unjudged = unjudgedBecause(statuses, kafkaSamples, run);
    const series = new PairSeries(metrics, METRICS.sumOffsetLag, run);
    const still = withStatus(statuses, 'STALLED');
    const spanSec = looksSpanSec(kafkaSamples);
    const rhythm = {
      seriesOf: (groupId: string, topic: string) => series.trusted(groupId, topic),
      allowedMessages: run.lag.allowedMessages,
      untilMs: run.takenAtMs + spanSec * MS_PER_SEC,
      intervals: commitIntervals,
    };
    const stalled = still.filter(({ group, rows }) => !isWithinRhythm(group, rows, rhythm));
    const slow = still.length - stalled.length;
    const findings = worstFirst(stalled.map(({ group, rows }) => finding(group, rows, spanSec, run)));
    if (findings === null) {
      if (unjudged !== null) return { kind: 'no-data', because: `Not fully measured: ${unjudged}.` };
      return {
        kind: 'pass',
        summary: `No member of ${plural(kafkaGroups.length, 'group')} holds a partition with waiting records without progress${slow === 0 ? '' : `; ${plural(slow, 'group')} that seldom commits is within its usual interval`}.`,
        evidence: [],
      };
    }
    const worst = stalled.find(({ group }) => group.groupId === findings[0].resource)!;
    return {
      kind: 'findings',
      summary: `${plural(findings.length, 'group')} stalled; ${listed([worst.group.groupId])} has ${formatQuantity(sumLag(worst.rows), 'messages')} waiting on ${whichPartitions(worst.rows)} and committed nothing for ${formatQuantity(spanSec, 'durationSec')}.`,
      findings,
      evidence: [
        {
          title: 'Partitions held without progress',
          columns: [
            ...PARTITION_COLUMNS,
            { key: 'member', label: 'Member', as: 'name' },
            { key: 'fell', label: 'Lag of topic last fell', as: 'epochMs' },
          ],
          rows: partitionRows(
            stalled.flatMap(({ group, rows }) => rows.map((row) => [group, row] as const)),
            kafkaGroups,
            ({ assignedTo, topic }, groupId) => ({
              member: assignedTo,
              fell: lastFallMs(series.trusted(groupId, topic)),
            }),
          ),
          source: `${looksSource(kafkaSamples)}; CloudWatch ${METRICS.sumOffsetLag.name}`,
          reproduce: describeGroup(worst.group.groupId),
        },
      ],
      recommendation: recommend(worst.group, worst.rows),
      ...(unjudged === null ? {} : { partial: unjudged }),
    };
  },
});

function finding(group: GroupStatus, rows: readonly PartitionStatus[], spanSec: number, run: RunContext): FindingDraft {
  const commitsSeen = hasCommitted(group);
  const doubt = commitsSeen ? '' : '; the group committed nothing at all meanwhile, so it may just commit less often';
  return {
    scope: 'group',
    resource: group.groupId,
    severity: SEVERITY[run.environment],
    measured: sumLag(rows),
    limit: run.lag.allowedMessages,
    unit: 'messages',
    note: `${whichPartitions(rows)} without a commit for ${formatQuantity(spanSec, 'durationSec')}${doubt}`,
    confidence: commitsSeen ? 1 : 0.6,
  };
}

function recommend(group: GroupStatus, rows: readonly PartitionStatus[]): Recommendation {
  const worst = rows.reduce((a, b) => ((b.lag ?? 0) > (a.lag ?? 0) ? b : a));
  const skip = (last: string) => [
    ...optionArgs('--group', group.groupId),
    '--reset-offsets',
    '--shift-by',
    '1',
    ...optionArgs('--topic', `${worst.topic}:${worst.partition}`),
    last,
  ];
  return {
    action:
      'Look at the log of the member that holds the partition for the record or call it hangs on, and restart that member',
    confirmFirst:
      'Rule out a consumer that commits rarely on purpose (batches, transactions longer than the looks of this report) and one that was just started.',
    commands: [
      describeGroup(group.groupId, '--members', '--verbose'),
      kafkaTool('kafka-consumer-groups.sh', {
        purpose: 'Show what skipping one record would do, while the group is stopped',
        args: skip('--dry-run'),
      }),
      kafkaTool('kafka-consumer-groups.sh', {
        purpose:
          'Skip one record for good, only if it is known to be the poison and was sent to a dead-letter topic first; the group must be stopped',
        effect: 'change',
        args: skip('--execute'),
      }),
    ],
    risk: 'A restart makes records be read again; a skipped record is lost to this group.',
    expectedEffect: 'The partition moves again, and its lag falls.',
    verifyAfter: 'The committed offset rises between two looks at kafka-consumer-groups.sh --describe.',
    effort: 'clientChange',
    harmRunsOn: true,
    impact: { kind: 'none' },
  };
}
