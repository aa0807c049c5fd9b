// How far behind each consumer group is in time, by the best that one run has: its offsets looked up by time; where those are
// missing or timestamps tell nothing, interpolated between its looks at the log ends.
import type { SectionValue } from '../snapshot/schema.ts';
import type { GroupStatus, PartitionStatus } from './consumer-status.ts';
import { distance, type Offset, parseOffset } from './offsets.ts';
import type { LogEnds } from './produce-rates.ts';
import { deletesByRetention } from './retention.ts';
import { type TimeLag, timeLagByInterpolation } from './time-lag.ts';
import { configNumber } from './topology.ts';

type Offsets = SectionValue<'kafkaOffsets'>;

/**
 * `looked-up`: between bounds that lie close together. `at-least`: the lower of bounds that do not, or of which the upper one is
 * unknown. The other two as `TimeLag` has them.
 */
export type TimeLagSource = 'looked-up' | 'at-least' | 'interpolated' | 'extrapolated';

export interface GroupTimeLag {
  groupId: string;
  /** Of the partition that is furthest behind. */
  lagSec: number;
  source: TimeLagSource;
  /** The same partition by the looks at its log end; null where they tell nothing, or nothing else. */
  otherwise: TimeLag | null;
}

export interface GroupTimeLagInput {
  offsets: Offsets;
  ends: LogEnds;
  /** Null when they were not read: what is extrapolated then has no limit. */
  configs: SectionValue<'kafkaTopicConfigs'> | null;
}

/** Bounds this far apart are one number. */
const NARROW = { sec: 10, share: 0.1 };
/** Two ways to the same number may differ by this much before both are shown. */
const AGREEING = { sec: 30, share: 0.2 };

interface RowLag {
  topic: string;
  partition: number;
  committed: Offset;
  atMs: number;
  lowSec: number;
  /** Infinite where no upper bound is known. */
  highSec: number;
  source: TimeLagSource;
}

/** In the order of the groups; null for one without partitions, or of which the age of some lagging partition cannot be told. */
export function groupTimeLags(groups: readonly GroupStatus[], input: GroupTimeLagInput): (GroupTimeLag | null)[] {
  const lookUps = lookUpsOf(input.offsets, input.ends);
  return groups.map(({ groupId, partitions }) => {
    const ofGroup = lookUps.get(groupId);
    const rows = partitions.map((row) => ofGroup?.get(row.topic)?.get(row.partition) ?? fromLooks(row, input));
    const known = rows.filter((row) => row !== null);
    return known.length === rows.length && known.length > 0 ? worstOf(groupId, known, input) : null;
  });
}

function worstOf(groupId: string, rows: readonly RowLag[], input: GroupTimeLagInput): GroupTimeLag {
  const worst = rows.reduce((a, b) => (b.lowSec > a.lowSec ? b : a));
  const highSec = Math.max(...rows.map((row) => row.highSec));
  const isNarrow = highSec <= Math.max(worst.lowSec + NARROW.sec, worst.lowSec * (1 + NARROW.share));
  if (!isNarrow) return { groupId, lagSec: worst.lowSec, source: 'at-least', otherwise: otherwise(worst, input) };
  const guess = rows.find(({ source }) => source === 'extrapolated');
  const lagSec = (worst.lowSec + highSec) / 2;
  return { groupId, lagSec, source: (guess ?? worst).source, otherwise: otherwise(worst, input) };
}

/** At the last look. */
function fromLooks({ topic, partition, committed }: PartitionStatus, input: GroupTimeLagInput): RowLag | null {
  const lastLook = input.ends.topic(topic)?.get(partition)?.ends.at(-1);
  if (committed === null || lastLook === undefined) return null;
  const row = { topic, partition, committed, atMs: lastLook.atMs };
  const lag = interpolated(row, input);
  if (lag === null) return null;
  const source = lag.kind === 'extrapolated' ? 'extrapolated' : 'interpolated';
  return { ...row, lowSec: lag.lagSec, highSec: lag.lagSec, source };
}

/** What lies before all looks is not older than what its topic keeps. */
function interpolated(
  { topic, partition, committed, atMs }: Pick<RowLag, 'topic' | 'partition' | 'committed' | 'atMs'>,
  { ends, configs }: GroupTimeLagInput,
): TimeLag | null {
  const lag = timeLagByInterpolation(ends.topic(topic)?.get(partition)?.ends ?? [], committed, atMs);
  if (lag?.kind !== 'extrapolated' || configs === null || deletesByRetention(configs, topic) !== true) return lag;
  const retentionMs = configNumber(configs, topic, 'retention.ms') ?? -1;
  return retentionMs < 0 ? lag : { ...lag, lagSec: Math.min(lag.lagSec, retentionMs / 1000) };
}

/** The age by the looks at the log end, where it is not the one that was looked up. */
function otherwise(row: RowLag, input: GroupTimeLagInput): TimeLag | null {
  const lag = row.source === 'looked-up' ? interpolated(row, input) : null;
  if (lag === null) return null;
  const apartSec = Math.max(row.lowSec - lag.lagSec, lag.lagSec - row.highSec);
  return apartSec > Math.max(AGREEING.sec, AGREEING.share * row.lowSec) ? lag : null;
}

/**
 * A transaction ends with a marker, which no consumer ever reads: a client that commits one past the last record it read stays this
 * far behind on a partition that fell silent, and the age of a marker is nobody's lag (rules D2b, control-record floor).
 */
const MARKERS = 2;

type LookUps = ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<number, RowLag>>>;

/** The last answer by section: a KPI and three checks ask about the same 20,000 positions. Sections do not change. */
const answered = new WeakMap<Offsets, { ends: LogEnds; lookUps: LookUps }>();

function lookUpsOf(offsets: Offsets, ends: LogEnds): LookUps {
  const last = answered.get(offsets);
  if (last?.ends === ends) return last.lookUps;
  const lookUps = readLookUps(offsets, ends);
  answered.set(offsets, { ends, lookUps });
  return lookUps;
}

/** By group, topic and partition, without those whose timestamps tell nothing. */
function readLookUps({ committed, timeLags }: Offsets, ends: LogEnds): LookUps {
  const lookUps = new Map<string, Map<string, Map<number, RowLag>>>();
  if (timeLags === undefined) return lookUps;
  const { atMs } = timeLags;
  const untrusted = new Set(timeLags.untrusted);
  for (let position = 0; position < committed.length; position++) {
    const { groupId, topic, partition, offset } = committed[position]!;
    const lowSec = timeLags.lowSec[position] ?? null;
    const highSec = timeLags.highSec[position] ?? Number.POSITIVE_INFINITY;
    const at = parseOffset(offset);
    if (at === null || lowSec === null || untrusted.has(position)) continue;
    const end = ends.topic(topic)?.get(partition)?.ends[0]?.offset ?? null;
    const mayBeMarkers = end !== null && distance(end, at) <= MARKERS;
    let ofGroup = lookUps.get(groupId);
    if (ofGroup === undefined) {
      ofGroup = new Map();
      lookUps.set(groupId, ofGroup);
    }
    let ofTopic = ofGroup.get(topic);
    if (ofTopic === undefined) {
      ofTopic = new Map();
      ofGroup.set(topic, ofTopic);
    }
    ofTopic.set(partition, {
      topic,
      partition,
      committed: at,
      atMs,
      lowSec: mayBeMarkers ? 0 : lowSec,
      highSec,
      source: 'looked-up',
    });
  }
  return lookUps;
}
