// A committed offset below the log start: records that the group had not read are deleted. Nothing brings them back; what matters now is
// that it stops. A leftover commit of a group that reads no more is no loss, so only groups at work on the topic count.
import { lastFallMs } from '../../analysis/commit-rhythm.ts';
import type { GroupStatus, PartitionStatus } from '../../analysis/consumer-status.ts';
import { distance } from '../../analysis/offsets.ts';
import { configNumber } from '../../analysis/topology.ts';
import { isConsoleGroup } from '../../facts/consumer-groups.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { formatQuantity, formatTime, plural } from '../../text/units.ts';
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
import { PairSeries } from '../shared/group-topics.ts';
import { doubleRetention, doublingCost, noRoomBecause, raiseAction } from '../shared/retention-commands.ts';
import { worstFirst } from '../shared/severity.ts';
import { listed, MAX_ROWS } from '../shared/wording.ts';

const SEVERITY: SeverityByEnvironment = { production: 'critical', staging: 'high', development: 'low' };

interface Loss {
  group: GroupStatus;
  topic: string;
  rows: readonly PartitionStatus[];
  records: number;
  /** When CloudWatch last saw the lag fall: somebody read then. */
  readMs: number | null;
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
  mayUse: ['kafkaSamples', 'kafkaTopicConfigs', 'kafkaLogDirs', 'prices', 'metrics', 'cluster'],
  // Two looks prove movement, the others shape the advice and its cost; the loss itself needs none of them.
  toleratesPartial: ['kafkaSamples', 'kafkaTopicConfigs', 'kafkaLogDirs', 'prices', 'metrics', 'cluster'],
  evaluate(inputs, _thresholds, run) {
    const { kafkaGroups, kafkaOffsets, kafkaSamples, kafkaTopicConfigs, kafkaLogDirs, prices, metrics } = inputs;
    if (kafkaGroups.length === 0) return NO_GROUPS;
    const statuses = readGroups(kafkaGroups, kafkaOffsets, kafkaSamples, run);
    const series = new PairSeries(metrics, METRICS.sumOffsetLag, run);
    const below = statuses.flatMap((group) => lossesOf(group, series));
    const losses = below.filter((loss) => isLoss(loss) === true);
    const doubtful = below.filter((loss) => isLoss(loss) === null);
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
      const beyond = isBeyond ? '; some lie beyond the log end, which is judged on its own' : '';
      return {
        kind: 'pass',
        summary: `No committed offset of ${groups} at work lies below its log start${beyond}${idle}.`,
        evidence: [],
      };
    }
    const worst = losses.find(({ group, topic }) => resourceOf(group, topic) === findings[0].resource)!;
    const noRoom = noRoomBecause(worst.topic, inputs, run);
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
          source: `${looksSource(kafkaSamples)}; CloudWatch ${METRICS.sumOffsetLag.name}`,
          reproduce: describeGroup(worst.group.groupId),
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

/** Null where a group without members may have been left for good, or be down and come back: it showed no movement. */
function isLoss({ group, topic, readMs }: Loss): boolean | null {
  if (readMs !== null) return true;
  const atWork = isAtWork(group, topic);
  return group.members === 0 && atWork === false && !isConsoleGroup(group.groupId) ? null : atWork;
}

function lossesOf(group: GroupStatus, series: PairSeries): Loss[] {
  const lost = group.partitions.filter(({ status }) => status === 'DATA_LOSS');
  return [...Map.groupBy(lost, ({ topic }) => topic)].map(([topic, rows]) => ({
    group,
    topic,
    rows,
    records: rows.reduce((total, row) => total + lostIn(row), 0),
    readMs: lastFallMs(series.trusted(group.groupId, topic)),
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
  if (doubtful.length > 0) {
    const names = listed([...new Set(doubtful.map(({ group }) => group.groupId))]);
    return `nobody is known to read with ${names}, whose offsets are below the log start: a loss if it comes back, a leftover if not`;
  }
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

function finding({ group, topic, rows, records, readMs }: Loss, run: RunContext): FindingDraft {
  return {
    scope: 'group',
    resource: resourceOf(group, topic),
    severity: SEVERITY[run.environment],
    measured: records,
    limit: 0,
    unit: 'messages',
    note: `${plural(rows.length, 'partition')}, ${plural(group.members ?? 0, 'member')}${readMs === null ? '' : `, lag last fell ${formatTime(readMs)}`}`,
    confidence: 1,
  };
}

function recommend(
  worst: Loss,
  noRoom: string | null,
  raise: Recommendation['commands'],
  impact: Impact,
): Recommendation {
  return {
    action: raiseAction(noRoom, 'Raise the retention of the topic now', 'give the group the capacity to catch up'),
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
