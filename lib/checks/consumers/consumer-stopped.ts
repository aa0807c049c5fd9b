// Records wait and nobody holds the partition: the group is empty or dead, or none of its members was given it. Until somebody commits
// again its committed offsets expire (offsets.retention.minutes) and then its place is lost too.
import type { GroupStatus, PartitionStatus } from '../../analysis/consumer-status.ts';
import { optionArgs } from '../../text/command.ts';
import { safeLabel } from '../../text/sanitize.ts';
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
  looksSource,
  PARTITION_COLUMNS,
  partitionRows,
  readGroups,
  sumLag,
  unjudgedBecause,
  whichPartitions,
  withStatus,
} from '../shared/consumers.ts';
import { worstFirst } from '../shared/severity.ts';
import { listed } from '../shared/wording.ts';

const SEVERITY: SeverityByEnvironment = { production: 'high', staging: 'medium', development: 'info' };

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
  appliesTo: ['provisioned-standard', 'provisioned-express', 'serverless', 'kafka', 'unknown'],
  needs: ['kafkaGroups', 'kafkaOffsets'],
  mayUse: ['kafkaSamples'],
  evaluate({ kafkaGroups, kafkaOffsets, kafkaSamples }, _thresholds, run) {
    if (kafkaGroups.length === 0) return { kind: 'not-applicable', because: 'The cluster has no consumer groups.' };
    const statuses = readGroups(kafkaGroups, kafkaOffsets, kafkaSamples, run);
    const unjudged = unjudgedBecause(statuses, kafkaSamples, run);
    const stopped = withStatus(statuses, 'STOPPED');
    const findings = worstFirst(stopped.map(({ group, rows }) => finding(group, rows, run)));
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
          columns: PARTITION_COLUMNS,
          rows: partitionRows(
            stopped.flatMap(({ group, rows }) => rows.map((row) => [group, row] as const)),
            kafkaGroups,
          ),
          source: looksSource(kafkaSamples),
          reproduce: describeGroup(worst.group.groupId),
        },
      ],
      recommendation: recommend(worst.group),
      ...(unjudged === null ? {} : { partial: unjudged }),
    };
  },
});

function finding(group: GroupStatus, rows: readonly PartitionStatus[], run: RunContext): FindingDraft {
  const members = group.members === 0 ? 'no members' : `${plural(group.members ?? 0, 'member')}, none of them on it`;
  return {
    scope: 'group',
    resource: group.groupId,
    severity: SEVERITY[run.environment],
    measured: sumLag(rows),
    limit: run.lag.allowedMessages,
    unit: 'messages',
    note: `state ${safeLabel(group.state, 40)}, ${members}; ${whichPartitions(rows)}`,
    // Seen in the looks of one run; a second report would make it certain.
    confidence: 0.5,
  };
}

function recommend(group: GroupStatus): Recommendation {
  return {
    action: 'Start the consumers of the group again, or delete the group if nobody needs it any more',
    confirmFirst:
      'Rule out a batch job between two runs, a deployment under way, and a group that moved to another name: this report saw one run only.',
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
    impact: { kind: 'none' },
  };
}
