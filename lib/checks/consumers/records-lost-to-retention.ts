// A committed offset below the log start: records that the group had not read are deleted. Nothing brings them back; what matters now is
// that it stops. A leftover commit of a group that reads no more is no loss, so only groups at work on the topic count.
import type { GroupStatus, PartitionStatus } from '../../analysis/consumer-status.ts';
import { distance } from '../../analysis/offsets.ts';
import { configNumber } from '../../analysis/topology.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
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
import { EVERY_KIND, isAtWork, looksSource, NO_GROUPS, readGroups } from '../shared/consumers.ts';
import { doubleRetention, doublingCost } from '../shared/retention-commands.ts';
import { worstFirst } from '../shared/severity.ts';
import { listed, MAX_ROWS } from '../shared/wording.ts';

const SEVERITY: SeverityByEnvironment = { production: 'critical', staging: 'high', development: 'low' };

interface Loss {
  group: GroupStatus;
  topic: string;
  rows: readonly PartitionStatus[];
  records: number;
}

export default defineCheck({
  id: 'records-lost-to-retention',
  area: 'consumers',
  title: { pass: 'No group has lost unread records', fail: 'Unread records deleted before a group read them' },
  why: 'The group skips these records without an error: its results are incomplete from here on.',
  references: [
    'https://kafka.apache.org/documentation/#topicconfigs_retention.ms',
    'https://kafka.apache.org/documentation/#consumerconfigs_auto.offset.reset',
  ],
  appliesTo: EVERY_KIND,
  needs: ['kafkaGroups', 'kafkaOffsets'],
  mayUse: ['kafkaSamples', 'kafkaTopicConfigs', 'kafkaLogDirs', 'prices'],
  // Two looks prove movement, the others shape the advice and its cost; the loss itself needs none of them.
  toleratesPartial: ['kafkaSamples', 'kafkaTopicConfigs', 'kafkaLogDirs', 'prices'],
  evaluate({ kafkaGroups, kafkaOffsets, kafkaSamples, kafkaTopicConfigs, kafkaLogDirs, prices }, _thresholds, run) {
    if (kafkaGroups.length === 0) return NO_GROUPS;
    const statuses = readGroups(kafkaGroups, kafkaOffsets, kafkaSamples, run);
    const below = statuses.flatMap((group) => lossesOf(group));
    const losses = below.filter(({ group, topic }) => isAtWork(group, topic) === true);
    const doubtful = below.filter(({ group, topic }) => isAtWork(group, topic) === null);
    const unread = unknownBecause(statuses, doubtful);

    const findings = worstFirst(losses.map((loss) => finding(loss, run)));
    if (findings === null) {
      if (unread !== null) return { kind: 'no-data', because: `Not fully measured: ${unread}.` };
      const idle =
        below.length > 0
          ? `; ${plural(below.length, 'leftover position', 'leftover positions')} of groups that read no more do not count`
          : '';
      const groups = plural(kafkaGroups.length, 'group');
      const isBeyond = statuses.some(({ partitions }) => partitions.some((row) => row.beyondEnd !== 0));
      const said = isBeyond
        ? `No committed offset of ${groups} at work lies below its log start; some lie beyond the log end (offset-rewound)`
        : `Every committed offset of ${groups} at work is still retained`;
      return {
        kind: 'pass',
        summary: `${said}${idle}.`,
        evidence: [],
      };
    }
    const worst = losses.find(({ group, topic }) => resourceOf(group, topic) === findings[0].resource)!;
    return {
      kind: 'findings',
      summary: `${listed([worst.group.groupId])} lost ${formatQuantity(worst.records, 'messages')} of ${listed([worst.topic])}: deleted before it read them.`,
      findings,
      evidence: [
        {
          title: 'Partitions whose log starts behind the committed offset',
          columns: [
            { key: 'group', label: 'Group', as: 'name' },
            { key: 'topic', label: 'Topic', as: 'name' },
            { key: 'partition', label: 'Partition', as: 'count' },
            { key: 'committed', label: 'Committed', as: 'name' },
            { key: 'start', label: 'Log start', as: 'name' },
            { key: 'lost', label: 'Lost', as: 'messages' },
            { key: 'agoSec', label: 'Overtaken since about', as: 'durationSec' },
            { key: 'retentionMs', label: 'Retention', as: 'durationMs' },
          ],
          rows: losses
            .flatMap(({ group, topic, rows }) =>
              rows.map((row) => ({
                group: group.groupId,
                topic,
                partition: row.partition,
                committed: String(row.committed),
                start: String(row.start),
                lost: lostIn(row),
                agoSec: overtakenSec(row),
                retentionMs: retentionMs(kafkaTopicConfigs, topic),
              })),
            )
            .sort((a, b) => b.lost - a.lost)
            .slice(0, MAX_ROWS),
          source: looksSource(kafkaSamples),
          reproduce: describeGroup(worst.group.groupId),
        },
      ],
      recommendation: recommend(
        worst,
        doubleRetention(kafkaTopicConfigs, worst.topic),
        doublingCost(worst.topic, kafkaLogDirs, prices, run.clusterKind),
      ),
      ...(unread === null ? {} : { partial: unread }),
    };
  },
});

function lossesOf(group: GroupStatus): Loss[] {
  const lost = group.partitions.filter(({ status }) => status === 'DATA_LOSS');
  return [...Map.groupBy(lost, ({ topic }) => topic)].map(([topic, rows]) => ({
    group,
    topic,
    rows,
    records: rows.reduce((total, row) => total + lostIn(row), 0),
  }));
}

function lostIn({ committed, start }: PartitionStatus): number {
  return committed === null || start === null ? 0 : distance(start, committed);
}

/** The log start moves as fast as the log end; null when that is not known, or stands still. */
function overtakenSec(row: PartitionStatus): number | null {
  const perSec = row.produceRatePerSec;
  return perSec === null || perSec <= 0 ? null : lostIn(row) / perSec;
}

/** Null where it is not known or endless. */
function retentionMs(configs: Collected<SectionValue<'kafkaTopicConfigs'>>, topic: string): number | null {
  const value = configs.ok ? configNumber(configs.value, topic, 'retention.ms') : null;
  return value === null || value < 0 ? null : value;
}

function unknownBecause(statuses: readonly GroupStatus[], doubtful: readonly Loss[]): string | null {
  if (doubtful.length > 0)
    return `the members of ${listed(doubtful.map(({ group }) => group.groupId))} are unknown, whose offsets are below the log start`;
  const open = statuses.filter(({ partitions }) =>
    partitions.some((row) => row.start === null || row.committed === null),
  );
  return open.length === 0
    ? null
    : `log start or committed offsets of ${listed(open.map(({ groupId }) => groupId))} were not read`;
}

function resourceOf(group: GroupStatus, topic: string): string {
  return `${group.groupId}/${topic}`;
}

function finding({ group, topic, rows, records }: Loss, run: RunContext): FindingDraft {
  return {
    scope: 'group',
    resource: resourceOf(group, topic),
    severity: SEVERITY[run.environment],
    measured: records,
    limit: 0,
    unit: 'messages',
    note: `${plural(rows.length, 'partition')}, ${plural(group.members ?? 0, 'member')}`,
    confidence: 1,
  };
}

function recommend(worst: Loss, raise: Recommendation['commands'], impact: Impact): Recommendation {
  return {
    action: 'Raise the retention of the topic now, then give the group the capacity to catch up',
    confirmFirst:
      'Rule out records that somebody deleted on purpose (kafka-delete-records.sh), and find out from when on results are incomplete.',
    commands: [describeGroup(worst.group.groupId), ...raise],
    risk: 'The topic takes more disk while retention is raised; the lost records stay lost unless they can be produced again.',
    expectedEffect: 'No further records are deleted before the group reads them.',
    verifyAfter: 'The committed offset is above the log start and rises faster than it.',
    effort: 'setting',
    impact,
  };
}
