// What each consumer group does with each partition: the one reading that consumer checks and KPIs share.
import type { LagPolicy } from '../policy/thresholds.ts';
import type { SectionValue } from '../snapshot/schema.ts';
import { type LagSample, type LagStatus, partitionStatus, worstStatus } from './partition-status.ts';
import { type LogEnds, logEnds, parseOffset, ratePerSec } from './produce-rates.ts';

export { LAG_STATUSES, type LagStatus } from './partition-status.ts';

type Group = SectionValue<'kafkaGroups'>[number];

export interface PartitionStatus {
  topic: string;
  partition: number;
  status: LagStatus;
  /** Messages at the last look; null when the log end or the committed offset could not be read. */
  lag: number | null;
  lagSlopePerSec: number | null;
  produceRatePerSec: number | null;
  consumeRatePerSec: number | null;
  /** Decimal strings, as in the snapshot. */
  committed: string | null;
  start: string | null;
  end: string | null;
  /** Member id; null when no member holds it or the members are unknown. */
  assignedTo: string | null;
  /** Last look at which the committed offset had risen; null when it did not within this run's looks. */
  lastProgressMs: number | null;
}

export interface TopicStatus {
  topic: string;
  status: LagStatus;
  lag: number | null;
  partitions: number;
  /** Messages a second into those partitions whose rate is known; null when none is. */
  produceRatePerSec: number | null;
}

export interface GroupStatus {
  groupId: string;
  type: Group['type'];
  state: string;
  /** Number of members; null when they are unknown. */
  members: number | null;
  status: LagStatus;
  topics: readonly TopicStatus[];
  partitions: readonly PartitionStatus[];
  /** Sum of the lags that are known; null when none is. */
  lagTotal: number | null;
  produceRatePerSec: number | null;
  /** 0..1: share of the judged partitions that are neither OK nor DRAINING; 0 when none was judged. */
  affectedPartitionShare: number;
  /** 0..1: the same share by produce rate (+1 message a second each, so that idle partitions count a little). */
  affectedTrafficShare: number;
}

export interface GroupStatusInput {
  groups: SectionValue<'kafkaGroups'>;
  offsets: SectionValue<'kafkaOffsets'>;
  /** Null when no samples were taken. */
  samples: SectionValue<'kafkaSamples'> | null;
  lag: LagPolicy;
  /** Time of the core collection; stands for the only look when there are no samples. */
  takenAtMs: number;
}

/** The last answer by snapshot: half a dozen checks and KPIs ask the same question about 20,000 group partitions. */
const answered = new WeakMap<
  GroupStatusInput['offsets'],
  { input: GroupStatusInput; statuses: readonly GroupStatus[] }
>();

/**
 * Status of every group that was listed, in the order of the groups section. Partitions without a committed offset are left out.
 * Sections are taken as immutable: the same ones give the same (shared) answer.
 */
export function groupStatuses(input: GroupStatusInput): readonly GroupStatus[] {
  const last = answered.get(input.offsets);
  if (last !== undefined && isSameQuestion(last.input, input)) return last.statuses;
  const statuses = judgeGroups(input);
  answered.set(input.offsets, { input, statuses });
  return statuses;
}

function isSameQuestion(a: GroupStatusInput, b: GroupStatusInput): boolean {
  const lagKeys = ['allowedMessages', 'allowedSeconds', 'minSamples', 'minSpanSec'] as const;
  return (
    a.groups === b.groups &&
    a.samples === b.samples &&
    a.takenAtMs === b.takenAtMs &&
    lagKeys.every((key) => a.lag[key] === b.lag[key])
  );
}

function judgeGroups(input: GroupStatusInput): GroupStatus[] {
  const ends = logEnds(input.offsets, input.samples, input.takenAtMs);
  const committedByGroup = Map.groupBy(
    input.offsets.committed.map((entry, position) => ({ entry, position })),
    ({ entry }) => entry.groupId,
  );
  return input.groups.map((group) => {
    const holders = assignments(group);
    const partitions = (committedByGroup.get(group.groupId) ?? [])
      .filter(({ entry }) => entry.offset !== null || entry.error !== null)
      .map(({ entry, position }) => {
        const holder = holders === null ? null : (holders.get(entry.topic)?.get(entry.partition) ?? null);
        const looks = committedLooks(input, entry.offset, position);
        return judgePartition(entry, looks, ends, group, holders === null ? null : holder !== null, holder, input.lag);
      });
    return summarize(group, partitions);
  });
}

interface CommittedLook {
  atMs: number;
  committed: bigint;
}

function committedLooks(input: GroupStatusInput, core: string | null, position: number): CommittedLook[] {
  const looks: CommittedLook[] = [];
  const add = (atMs: number, offset: string | null) => {
    const committed = parseOffset(offset);
    if (committed !== null) looks.push({ atMs, committed });
  };
  if (input.samples === null || input.samples.length === 0) add(input.takenAtMs, core);
  else for (const sample of input.samples) add(sample.atMs, sample.committed[position] ?? null);
  return looks;
}

function judgePartition(
  { topic, partition }: { topic: string; partition: number },
  looks: readonly CommittedLook[],
  ends: LogEnds,
  group: Group,
  assigned: boolean | null,
  assignedTo: string | null,
  lag: LagPolicy,
): PartitionStatus {
  const logEndLooks = ends.points(topic, partition);
  const samples: LagSample[] = [];
  for (const { atMs, committed } of looks) {
    const end = logEndLooks.find((point) => point.atMs === atMs)?.offset;
    if (end !== undefined) samples.push({ atMs, committed, end });
  }
  const produceRatePerSec = ends.producePerSec(topic, partition);
  const logStart = ends.start(topic, partition);
  const judgement = partitionStatus({
    samples,
    logStart,
    assigned,
    groupState: group.state,
    allowedLag: Math.max(lag.allowedMessages, lag.allowedSeconds * Math.max(0, produceRatePerSec ?? 0)),
    minSamples: lag.minSamples,
    minSpanSec: lag.minSpanSec,
  });
  return {
    topic,
    partition,
    ...judgement,
    produceRatePerSec,
    consumeRatePerSec: ratePerSec(looks.map((look) => ({ atMs: look.atMs, offset: look.committed }))),
    committed: looks.at(-1)?.committed.toString() ?? null,
    start: logStart?.toString() ?? null,
    end: samples.at(-1)?.end.toString() ?? ends.points(topic, partition).at(-1)?.offset.toString() ?? null,
    assignedTo,
    lastProgressMs: looks.findLast((look, i) => i > 0 && look.committed > looks[i - 1]!.committed)?.atMs ?? null,
  };
}

/**
 * Topic to partition to member. Null when the members are unknown; also for share and Streams groups, whose
 * assignments the describe calls of this collection do not show: such a group is never called dead.
 */
function assignments(group: Group): Map<string, Map<number, string>> | null {
  if (group.members === null || group.type === 'share' || group.type === 'streams') return null;
  const holders = new Map<string, Map<number, string>>();
  for (const member of group.members) {
    for (const { topic, partitions } of member.assignment) {
      const held = holders.get(topic) ?? new Map<number, string>();
      for (const partition of partitions) held.set(partition, member.memberId);
      holders.set(topic, held);
    }
  }
  return holders;
}

function summarize(group: Group, partitions: readonly PartitionStatus[]): GroupStatus {
  const byTopic = Map.groupBy(partitions, (partition) => partition.topic);
  const judged = partitions.filter((partition) => partition.status !== 'INSUFFICIENT');
  const affected = judged.filter((partition) => partition.status !== 'OK' && partition.status !== 'DRAINING');
  const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
  return {
    groupId: group.groupId,
    type: group.type,
    state: group.state,
    members: group.members?.length ?? null,
    status: worstStatus(partitions.map((partition) => partition.status)),
    topics: [...byTopic].map(([topic, its]) => ({
      topic,
      status: worstStatus(its.map((partition) => partition.status)),
      lag: sumKnown(its.map((partition) => partition.lag)),
      partitions: its.length,
      produceRatePerSec: sumKnown(its.map((partition) => partition.produceRatePerSec)),
    })),
    partitions,
    lagTotal: sumKnown(partitions.map((partition) => partition.lag)),
    produceRatePerSec: sumKnown(partitions.map((partition) => partition.produceRatePerSec)),
    affectedPartitionShare: share(affected.length, judged.length),
    affectedTrafficShare: share(traffic(affected), traffic(judged)),
  };
}

function traffic(partitions: readonly PartitionStatus[]): number {
  return partitions.reduce((total, partition) => total + 1 + Math.max(0, partition.produceRatePerSec ?? 0), 0);
}

function sumKnown(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((a, b) => a + b, 0);
}
