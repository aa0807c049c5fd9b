// How the consumer checks look at groups: one reading for all of them, and one sentence for what could not be judged.
import { type GroupStatus, groupStatuses, type PartitionStatus } from '../../analysis/consumer-status.ts';
import { remembered } from '../../analysis/remembered.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { formatQuantity, plural } from '../../text/units.ts';
import type { ClusterKind, EvidenceColumn, RunContext } from '../check.ts';
import { listed, MAX_ROWS, missingBecause } from './wording.ts';

export const SEC = { perMinute: 60, perHour: 3600, perDay: 86_400 } as const;
export const MS_PER_SEC = 1000;

/** Groups are the same everywhere. */
export const EVERY_KIND: readonly ClusterKind[] = [
  'provisioned-standard',
  'provisioned-express',
  'serverless',
  'kafka',
  'unknown',
];

export const NO_GROUPS = { kind: 'not-applicable', because: 'The cluster has no consumer groups.' } as const;

export const CONSUMER_LAG = 'https://docs.aws.amazon.com/msk/latest/developerguide/consumer-lag.html';

type Groups = SectionValue<'kafkaGroups'>;
type Offsets = SectionValue<'kafkaOffsets'>;
type Samples = Collected<SectionValue<'kafkaSamples'>>;

export function readGroups(
  groups: Groups,
  offsets: Offsets,
  samples: Samples,
  run: RunContext,
): readonly GroupStatus[] {
  return groupStatuses({
    groups,
    offsets,
    samples: samples.ok ? samples.value : null,
    lag: run.lag,
    takenAtMs: run.takenAtMs,
  });
}

const unjudged = remembered((statuses: readonly GroupStatus[]) =>
  statuses.filter(({ partitions }) => partitions.some(({ status }) => status === 'INSUFFICIENT')),
);

/** Why some partitions have no status although they have lag or could not be read; null when every one has. */
export function unjudgedBecause(statuses: readonly GroupStatus[], samples: Samples, run: RunContext): string | null {
  const open = unjudged(statuses);
  if (open.length === 0) return null;
  const names = `${plural(open.length, 'group')} (${listed(open.map(({ groupId }) => groupId))})`;
  return `progress of ${names} could not be judged: ${tooFewLooks(samples, run) ?? 'offsets or members were not read'}`;
}

/** Why looks of this run cannot tell movement from standing still; null when they can. */
export function tooFewLooks(samples: Samples, { lag }: RunContext): string | null {
  if (!samples.ok) return missingBecause('a second look', samples);
  const spanSec = looksSpanSec(samples);
  if (samples.value.length >= lag.minSamples && spanSec >= lag.minSpanSec) return null;
  const wanted = `${lag.minSamples} over ${formatQuantity(lag.minSpanSec, 'durationSec')}`;
  return `${plural(samples.value.length, 'look')} over ${formatQuantity(spanSec, 'durationSec')}, where ${wanted} are needed`;
}

/** Seconds between the first and the last look of this run. */
export function looksSpanSec(samples: Samples): number {
  if (!samples.ok || samples.value.length === 0) return 0;
  return (samples.value.at(-1)!.atMs - samples.value[0]!.atMs) / 1000;
}

export function looksSource(samples: Samples): string {
  if (!samples.ok) return 'Kafka ListOffsets and OffsetFetch, one look';
  const span = formatQuantity(looksSpanSec(samples), 'durationSec');
  return `Kafka ListOffsets and OffsetFetch, ${plural(samples.value.length, 'look')} over ${span}`;
}

export const PARTITION_COLUMNS: readonly EvidenceColumn[] = [
  { key: 'group', label: 'Group', as: 'name' },
  { key: 'topic', label: 'Topic', as: 'name' },
  { key: 'partition', label: 'Partition', as: 'count' },
  { key: 'lag', label: 'Lag', as: 'messages' },
  { key: 'lagPerSec', label: 'Lag change', as: 'countPerSec' },
  { key: 'producePerSec', label: 'Produced', as: 'countPerSec' },
  { key: 'consumePerSec', label: 'Consumed', as: 'countPerSec' },
  { key: 'client', label: 'Client', as: 'name' },
  { key: 'host', label: 'Host', as: 'name' },
];

/**
 * Rows for `PARTITION_COLUMNS`, largest lag first.
 * @param more what further columns show of a partition
 */
export function partitionRows(
  found: readonly (readonly [GroupStatus, PartitionStatus])[],
  groups: Groups,
  more: (row: PartitionStatus, groupId: string) => object = () => ({}),
) {
  const members = new Map(groups.map((group) => [group.groupId, group.members ?? []]));
  return [...found]
    .sort(([, a], [, b]) => (b.lag ?? 0) - (a.lag ?? 0))
    .slice(0, MAX_ROWS)
    .map(([{ groupId }, row]) => {
      const member = members.get(groupId)?.find(({ memberId }) => memberId === row.assignedTo);
      return {
        group: groupId,
        topic: row.topic,
        partition: row.partition,
        lag: row.lag,
        lagPerSec: row.lagSlopePerSec,
        producePerSec: row.produceRatePerSec,
        consumePerSec: row.consumeRatePerSec,
        client: member?.clientId ?? null,
        host: member?.host ?? null,
        ...more(row, groupId),
      };
    });
}

/** Whether the group reads the topic: a member holds some of it, or a commit moved. Null when the members are unknown and nothing moved. */
export function isAtWork(group: GroupStatus, topic: string): boolean | null {
  const its = group.partitions.filter((row) => row.topic === topic);
  if (its.some((row) => row.assignedTo !== null || row.lastProgressMs !== null)) return true;
  if (group.members === null) return null;
  // Members without any partition are in a rebalance: the topic may be theirs in a moment.
  return group.members > 0 && group.partitions.every((row) => row.assignedTo === null);
}

/** Partitions of a status, with their groups. */
export function withStatus(
  statuses: readonly GroupStatus[],
  status: PartitionStatus['status'],
): { group: GroupStatus; rows: PartitionStatus[] }[] {
  return statuses.flatMap((group) => {
    const rows = group.partitions.filter((row) => row.status === status);
    return rows.length === 0 ? [] : [{ group, rows }];
  });
}

export function sumLag(rows: readonly PartitionStatus[]): number {
  return rows.reduce((total, { lag }) => total + (lag ?? 0), 0);
}

/** `3 partitions of payments and orders`. */
export function whichPartitions(rows: readonly PartitionStatus[]): string {
  return `${plural(rows.length, 'partition')} of ${listed([...new Set(rows.map(({ topic }) => topic))])}`;
}
