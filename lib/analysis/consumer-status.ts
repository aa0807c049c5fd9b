// What each consumer group does with each partition: the one reading that consumer checks and KPIs share.
import type { LagPolicy } from '../policy/lag-policy.ts';
import type { SectionValue } from '../snapshot/schema.ts';
import { distance, type Offset, parseOffset } from './offsets.ts';
import { beyondEnd, type LagSample, type LagStatus, partitionStatus, worstStatus } from './partition-status.ts';
import { logEnds, type PartitionLog, slopePerSec } from './produce-rates.ts';

export { LAG_STATUSES, type LagStatus } from './partition-status.ts';

type Group = SectionValue<'kafkaGroups'>[number];
type Offsets = SectionValue<'kafkaOffsets'>;

export interface PartitionStatus {
  topic: string;
  partition: number;
  /** REWIND also where the log, not the group, went back: the group will begin elsewhere than where it was. */
  status: LagStatus;
  /** Messages by which the commit lies beyond the log end, which no read race explains; 0 when it does not, null when not known. */
  beyondEnd: number | null;
  /** Messages at the last look; null when the log end or the committed offset could not be read. */
  lag: number | null;
  lagSlopePerSec: number | null;
  produceRatePerSec: number | null;
  consumeRatePerSec: number | null;
  /** At the last look at which each was read; null when it never was. */
  committed: Offset | null;
  start: Offset | null;
  end: Offset | null;
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
  const { committed } = input.offsets;
  const positionsByGroup = positionsOf(committed);
  return input.groups.map((group) => {
    const holders = assignments(group);
    const byTopic: PartitionStatus[][] = [];
    for (const [topic, positions] of positionsByGroup.get(group.groupId) ?? []) {
      const logs = ends.topic(topic);
      // A commit for a topic that no longer exists is nobody's lag.
      if (logs === undefined) continue;
      const held = holders?.get(topic);
      const its: PartitionStatus[] = [];
      for (const position of positions) {
        const { partition, offset, error } = committed[position]!;
        if (offset === null && error === null) continue;
        const log = logs.get(partition) ?? UNREAD;
        const assignedTo = held?.get(partition) ?? null;
        const assigned = holders === null ? null : assignedTo !== null;
        const looks = looksAt(input, offset, position, log);
        its.push(judgePartition({ topic, partition, assignedTo }, looks, log, group.state, assigned, input.lag));
      }
      if (its.length > 0) byTopic.push(its);
    }
    return summarize(group, byTopic);
  });
}

/** Places in the list of commits by group and topic. */
function positionsOf(committed: Offsets['committed']): Map<string, Map<string, number[]>> {
  const byGroup = new Map<string, Map<string, number[]>>();
  for (let position = 0; position < committed.length; position++) {
    const { groupId, topic } = committed[position]!;
    let byTopic = byGroup.get(groupId);
    if (byTopic === undefined) {
      byTopic = new Map();
      byGroup.set(groupId, byTopic);
    }
    const its = byTopic.get(topic);
    if (its === undefined) byTopic.set(topic, [position]);
    else its.push(position);
  }
  return byGroup;
}

const UNREAD: PartitionLog = { start: null, ends: [], producePerSec: null };

/** A look at which the committed offset was read; the log end may not have been. */
interface Look {
  atMs: number;
  committed: Offset;
  end: Offset | null;
}

/** `core` is the committed offset of the core collection: the only look when there are no samples. */
function looksAt(
  { samples, takenAtMs }: GroupStatusInput,
  core: string | null,
  position: number,
  { ends }: PartitionLog,
): Look[] {
  const looks: Look[] = [];
  const hasSamples = samples !== null && samples.length > 0;
  for (let i = 0; i < (hasSamples ? samples.length : 1); i++) {
    const committed = parseOffset(hasSamples ? (samples[i]!.committed[position] ?? null) : core);
    if (committed === null) continue;
    const atMs = hasSamples ? samples[i]!.atMs : takenAtMs;
    // Where every look was answered, both lists run in step.
    const end = ends[i]?.atMs === atMs ? ends[i] : ends.find((point) => point.atMs === atMs);
    looks.push({ atMs, committed, end: end?.offset ?? null });
  }
  return looks;
}

function judgePartition(
  { topic, partition, assignedTo }: Pick<PartitionStatus, 'topic' | 'partition' | 'assignedTo'>,
  looks: readonly Look[],
  { start, ends, producePerSec }: PartitionLog,
  groupState: string,
  assigned: boolean | null,
  lag: LagPolicy,
): PartitionStatus {
  const hasEnd = (look: Look): look is LagSample => look.end !== null;
  const samples = looks.every(hasEnd) ? looks : looks.filter(hasEnd);
  const judgement = partitionStatus({
    samples,
    logStart: start,
    assigned,
    groupState,
    allowedLag: Math.max(lag.allowedMessages, lag.allowedSeconds * Math.max(0, producePerSec ?? 0)),
    minSamples: lag.minSamples,
    minSpanSec: lag.minSpanSec,
  });
  const first = looks[0]?.committed ?? 0;
  const beyond = beyondEnd(looks, ends);
  return {
    topic,
    partition,
    status: beyond !== null && beyond > 0 && judgement.status !== 'DATA_LOSS' ? 'REWIND' : judgement.status,
    beyondEnd: beyond,
    lag: judgement.lag,
    lagSlopePerSec: judgement.lagSlopePerSec,
    produceRatePerSec: producePerSec,
    consumeRatePerSec: slopePerSec(looks, ({ committed }) => distance(committed, first)),
    committed: looks.at(-1)?.committed ?? null,
    start,
    end: samples.at(-1)?.end ?? ends.at(-1)?.offset ?? null,
    assignedTo,
    lastProgressMs: lastProgressMs(looks),
  };
}

function lastProgressMs(looks: readonly Look[]): number | null {
  for (let i = looks.length - 1; i > 0; i--) {
    if (looks[i]!.committed > looks[i - 1]!.committed) return looks[i]!.atMs;
  }
  return null;
}

/**
 * Topic to partition to member. Null when the members are unknown; also for share groups, where any number of members read from a
 * partition without holding it.
 */
function assignments(group: Group): Map<string, Map<number, string>> | null {
  if (group.members === null || group.type === 'share') return null;
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

function summarize(group: Group, byTopic: readonly (readonly PartitionStatus[])[]): GroupStatus {
  const partitions = byTopic.flat();
  const judged = partitions.filter((partition) => partition.status !== 'INSUFFICIENT');
  const affected = judged.filter((partition) => partition.status !== 'OK' && partition.status !== 'DRAINING');
  const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
  return {
    groupId: group.groupId,
    type: group.type,
    state: group.state,
    members: group.members?.length ?? null,
    status: worstOf(partitions),
    topics: byTopic.map((its) => ({
      topic: its[0]!.topic,
      status: worstOf(its),
      lag: sumKnown(its, 'lag'),
      partitions: its.length,
      produceRatePerSec: sumKnown(its, 'produceRatePerSec'),
    })),
    partitions,
    lagTotal: sumKnown(partitions, 'lag'),
    produceRatePerSec: sumKnown(partitions, 'produceRatePerSec'),
    affectedPartitionShare: share(affected.length, judged.length),
    affectedTrafficShare: share(traffic(affected), traffic(judged)),
  };
}

function traffic(partitions: readonly PartitionStatus[]): number {
  return partitions.reduce((total, partition) => total + 1 + Math.max(0, partition.produceRatePerSec ?? 0), 0);
}

function worstOf(partitions: readonly PartitionStatus[]): LagStatus {
  return worstStatus([...new Set(partitions.map(({ status }) => status))]);
}

function sumKnown(partitions: readonly PartitionStatus[], key: 'lag' | 'produceRatePerSec'): number | null {
  let sum: number | null = null;
  for (const partition of partitions) {
    const value = partition[key];
    if (value !== null) sum = (sum ?? 0) + value;
  }
  return sum;
}
