// What one consumer group does with one partition, judged from a short window of committed and log end offsets.
import { distance, type Offset } from './offsets.ts';
import { type OffsetPoint, ratePerSec, slopePerSec } from './produce-rates.ts';

/** Worst first. INSUFFICIENT is no judgement: it stands before OK because it may not be taken for it. */
export const LAG_STATUSES = [
  'DATA_LOSS',
  'STALLED',
  'STOPPED',
  'REWIND',
  'FALLING_BEHIND',
  'BEHIND_STEADY',
  'DRAINING',
  'INSUFFICIENT',
  'OK',
] as const;
export type LagStatus = (typeof LAG_STATUSES)[number];

/** One look at a partition, all offsets of the same moment. */
export interface LagSample {
  atMs: number;
  committed: Offset;
  end: Offset;
}

export interface PartitionWindow {
  /** Oldest first. */
  samples: readonly LagSample[];
  /** Log start now; null when unknown. */
  logStart: Offset | null;
  /** Whether a member holds the partition; null when the members are unknown. */
  assigned: boolean | null;
  /** Kafka's own word. */
  groupState: string;
  /** Lag up to here is never judged. */
  allowedLag: number;
  minSamples: number;
  minSpanSec: number;
}

export interface PartitionJudgement {
  status: LagStatus;
  /** Messages at the last look; null without one. */
  lag: number | null;
  /** Messages a second; null with fewer than two looks. */
  lagSlopePerSec: number | null;
}

/** States in which members hold their partitions: no progress is then the members' doing. */
const WORKING_STATES: readonly string[] = ['Stable', 'Assigning', 'Reconciling'];

/**
 * Status of a partition. Follows Burrow's sliding-window rules (LinkedIn Burrow, evaluator/caching.go) with two changes:
 * OffsetFetch returns no commit times, so progress and membership stand in for Burrow's STOP clock; and a lag that
 * shrinks is no warning. The order decides: data loss outranks all, a consumer that caught up within the window is
 * well, and a rewind is told apart before the slope is looked at.
 */
export function partitionStatus(window: PartitionWindow): PartitionJudgement {
  const last = window.samples.at(-1);
  const lagSlopePerSec = slopePerSec(window.samples, lagOf);
  if (last === undefined) return { status: 'INSUFFICIENT', lag: null, lagSlopePerSec };
  const lag = lagOf(last);
  return { status: statusOf(window, last, lag, lagSlopePerSec ?? 0), lag, lagSlopePerSec };
}

function statusOf(window: PartitionWindow, last: LagSample, lag: number, lagSlopePerSec: number): LagStatus {
  const { samples, allowedLag } = window;
  if (window.logStart !== null && last.committed < window.logStart) return 'DATA_LOSS';
  if (lag <= allowedLag) return 'OK';
  if (samples.length < window.minSamples || spanSec(samples) < window.minSpanSec) return 'INSUFFICIENT';
  if (last.committed < highest(samples)) return 'REWIND';
  if (samples.some((sample) => lagOf(sample) <= allowedLag)) return 'OK';
  if (samples.every((sample) => sample.committed === last.committed)) return withoutProgress(window);
  return byTrend(samples, lagSlopePerSec);
}

/** Committed beyond the log end happens for a moment, as the two are read one after the other: no lag. `beyondEnd` tells the rest. */
function lagOf(sample: LagSample): number {
  return Math.max(0, distance(sample.end, sample.committed));
}

/**
 * Messages by which the first commit seen lies beyond the last log end; 0 when it does not. A log only grows: where an end read after a
 * commit is still below it, the log is another one (topic created again) or has lost its end (unclean election), or the offset never
 * came from reading it. One look cannot tell that from records that arrive between its two reads, however far the two are apart.
 * @param looks at the committed offset, oldest first
 * @param ends of the same log, oldest first
 * @returns null when not known: one was not read, or the commit is beyond an end that was not read later
 */
export function beyondEnd(
  looks: readonly { atMs: number; committed: Offset }[],
  ends: readonly OffsetPoint[],
): number | null {
  const first = looks[0];
  const last = ends.at(-1);
  if (first === undefined || last === undefined) return null;
  const beyond = Math.max(0, distance(first.committed, last.offset));
  return beyond > 0 && last.atMs <= first.atMs ? null : beyond;
}

function spanSec(samples: readonly LagSample[]): number {
  return samples.length === 0 ? 0 : (samples.at(-1)!.atMs - samples[0]!.atMs) / 1000;
}

function highest(samples: readonly LagSample[]): Offset {
  return samples.reduce<Offset>((max, { committed }) => (committed > max ? committed : max), samples[0]!.committed);
}

function withoutProgress(window: PartitionWindow): LagStatus {
  if (window.assigned === null) return 'INSUFFICIENT';
  return window.assigned && WORKING_STATES.includes(window.groupState) ? 'STALLED' : 'STOPPED';
}

/** A change below 1 % of the produce rate, or below one message over the window, is no trend. */
function byTrend(samples: readonly LagSample[], slope: number): LagStatus {
  const produceRate = ratePerSec(samples.map((sample) => ({ atMs: sample.atMs, offset: sample.end }))) ?? 0;
  const noise = Math.max(0.01 * Math.abs(produceRate), 1 / spanSec(samples));
  if (slope > noise) return 'FALLING_BEHIND';
  return slope < -noise ? 'DRAINING' : 'BEHIND_STEADY';
}

/** The worse of two by the order of `LAG_STATUSES`. */
export function worstStatus(statuses: readonly LagStatus[]): LagStatus {
  return LAG_STATUSES.find((status) => statuses.includes(status)) ?? 'INSUFFICIENT';
}
