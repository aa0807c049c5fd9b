// How often a group commits, learned from its lag: it falls only when somebody commits.
import type { GroupStatus, PartitionStatus } from './consumer-status.ts';
import type { TrustedSeries } from './series.ts';
import { median } from './statistics.ts';

export interface CommitRhythm {
  /** Median time for which records waited before the lag fell: at least the interval between two commits. */
  intervalSec: number;
  /** Start of the minute in which the lag was last seen to fall, or to be nothing. */
  lastMs: number;
}

/** Fewer intervals are no rhythm. */
const LEAST_INTERVALS = 2;

/** A lag that falls in every other point of its series is the noise of a group that commits more often than it is measured. */
const LEAST_POINTS = 2;

/**
 * The rhythm of a group that commits seldom; null when the lag did not fall often enough to tell, or falls so often that the group is no
 * slow committer. Only those intervals count in which more than `allowedMessages` waited: hours in which nothing was to be
 * read say nothing about how long a group takes.
 */
export function commitRhythm(series: TrustedSeries | null, allowedMessages: number): CommitRhythm | null {
  if (series === null) return null;
  const waitsSec: number[] = [];
  let lastMs: number | null = null;
  let before: number | null = null;
  for (const { atMs, value } of series.points) {
    const hasFallen = before !== null && value < before;
    if (hasFallen && lastMs !== null && before! > allowedMessages) waitsSec.push((atMs - lastMs) / 1000);
    if (hasFallen || value === 0) lastMs = atMs;
    before = value;
  }
  const intervalSec = median(waitsSec);
  if (intervalSec === null || waitsSec.length < LEAST_INTERVALS) return null;
  return intervalSec > LEAST_POINTS * series.periodSec ? { intervalSec, lastMs: lastMs! } : null;
}

/** When the lag was last seen to fall; null when it was not. */
export function lastFallMs(series: TrustedSeries | null): number | null {
  const points = series?.points ?? [];
  const at = points.findLastIndex(({ value }, i) => i > 0 && value < points[i - 1]!.value);
  return at < 0 ? null : points[at]!.atMs;
}

/** When the lag was last seen to fall, or to be no more than is allowed; null when it was not. */
export function lastReadMs(series: TrustedSeries, allowedMessages: number): number | null {
  const well = series.points.findLast(({ value }) => value <= allowedMessages)?.atMs ?? null;
  const fell = lastFallMs(series);
  return well === null || fell === null ? (well ?? fell) : Math.max(well, fell);
}

/** A commit anywhere in the group proves that it commits more often than we looked. */
export function hasCommitted({ partitions }: GroupStatus): boolean {
  return partitions.some((row) => row.lastProgressMs !== null);
}

export interface RhythmQuestion {
  seriesOf: (groupId: string, topic: string) => TrustedSeries | null;
  allowedMessages: number;
  /** The last look. */
  untilMs: number;
  /** How many of its own intervals a group may miss. */
  intervals: number;
}

/** A group that commits every ten minutes shows no commit in two: only its own rhythm tells whether one is overdue. */
export function isWithinRhythm(
  group: GroupStatus,
  rows: readonly PartitionStatus[],
  { seriesOf, allowedMessages, untilMs, intervals }: RhythmQuestion,
): boolean {
  if (hasCommitted(group)) return false;
  return [...new Set(rows.map(({ topic }) => topic))].every((topic) => {
    const rhythm = commitRhythm(seriesOf(group.groupId, topic), allowedMessages);
    return rhythm !== null && untilMs - rhythm.lastMs <= intervals * rhythm.intervalSec * 1000;
  });
}
