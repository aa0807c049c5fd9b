// The status of a consumer group as LinkedIn Burrow gives it, for those who know their groups by Burrow's words. It needs the times of
// commits, which only a reader of `__consumer_offsets` has; without them `partitionStatus` judges.
// Rules: github.com/linkedin/Burrow, core/internal/evaluator/caching.go (1.4 and later: allowed-lag, recovered rewinds).
import { distance, type Offset } from './offsets.ts';

/** At Burrow's own numbers. A group never shows more than ERR. */
const STATUSES: readonly BurrowStatus[] = ['NOTFOUND', 'OK', 'WARN', 'ERR', 'STOP', 'STALL', 'REWIND'];
export type BurrowStatus = 'NOTFOUND' | 'OK' | 'WARN' | 'ERR' | 'STOP' | 'STALL' | 'REWIND';

/** One commit of a partition. */
export interface BurrowCommit {
  offset: Offset;
  /** When it was committed. */
  atMs: number;
  /** Messages behind the log end when the commit was seen; null when the log end of that time is not known. */
  lag: number | null;
}

export interface BurrowPartition {
  topic: string;
  partition: number;
  /** The window of commits, oldest first; nulls at its start stand for commits that have not happened yet. */
  commits: readonly (BurrowCommit | null)[];
  /** The last few log ends, in any order. */
  brokerOffsets: readonly Offset[];
  currentLag: number;
}

export interface BurrowSettings {
  nowMs: number;
  /** Burrow's `allowed-lag`: up to here a lag counts as none. */
  allowedLag?: number;
  /** Burrow's `minimum-complete`, 0..1: a window that is filled less is OK. */
  minimumComplete?: number;
}

export interface BurrowPartitionStatus {
  topic: string;
  partition: number;
  status: BurrowStatus;
  currentLag: number;
  /** Share of the window that is filled. */
  complete: number;
  start: BurrowCommit | null;
  end: BurrowCommit | null;
}

export interface BurrowGroupStatus {
  status: BurrowStatus;
  /** Share of the partitions of which the whole window is filled. */
  complete: number;
  totalLag: number;
  /** The partition with the largest lag, the first of equals; null without partitions. */
  maxLag: BurrowPartitionStatus | null;
  /** All of them; Burrow's `/status` shows only those that are not OK. */
  partitions: readonly BurrowPartitionStatus[];
}

/** A group is NOTFOUND when nothing is known of it (null), and OK without partitions, as after its topic was deleted. */
export function burrowGroupStatus(
  partitions: readonly BurrowPartition[] | null,
  settings: BurrowSettings,
): BurrowGroupStatus {
  if (partitions === null) return { status: 'NOTFOUND', complete: 1, totalLag: 0, maxLag: null, partitions: [] };
  const judged = partitions.map((each) => burrowPartitionStatus(each, settings));
  const worst = Math.max(STATUSES.indexOf('OK'), ...judged.map(({ status }) => STATUSES.indexOf(status)));
  const filled = judged.filter(({ complete }) => complete === 1).length;
  return {
    status: STATUSES[Math.min(worst, STATUSES.indexOf('ERR'))]!,
    complete: judged.length === 0 ? 0 : filled / judged.length,
    totalLag: judged.reduce((total, { currentLag }) => total + currentLag, 0),
    maxLag: judged.reduce<BurrowPartitionStatus | null>(
      (most, each) => (most === null || each.currentLag > most.currentLag ? each : most),
      null,
    ),
    partitions: judged,
  };
}

export function burrowPartitionStatus(
  { topic, partition, commits, brokerOffsets, currentLag }: BurrowPartition,
  { nowMs, allowedLag = 0, minimumComplete = 0 }: BurrowSettings,
): BurrowPartitionStatus {
  const known = commits.filter((commit) => commit !== null);
  const complete = commits.length === 0 ? 0 : known.length / commits.length;
  const isJudged = known.length > 0 && complete >= minimumComplete;
  const status = isJudged ? burrowStatus({ commits: known, brokerOffsets, currentLag, nowMs, allowedLag }) : 'OK';
  return { topic, partition, status, currentLag, complete, start: known[0] ?? null, end: known.at(-1) ?? null };
}

export interface BurrowWindow {
  /** At least one, oldest first. */
  commits: readonly BurrowCommit[];
  brokerOffsets: readonly Offset[];
  currentLag: number;
  nowMs: number;
  allowedLag?: number;
}

/** The rules in Burrow's order: the first that holds decides. */
export function burrowStatus(window: BurrowWindow): BurrowStatus {
  const { commits, brokerOffsets, currentLag, nowMs, allowedLag = 0 } = window;
  if (currentLag <= allowedLag) return 'OK';
  // Before the lag of the window is looked at: its commits may be old, and none came since.
  if (hasStopped(commits, nowMs) && !wasRecentlyAtEnd(commits, brokerOffsets)) return 'STOP';
  if (hasRewound(commits)) return 'REWIND';
  if (commits.some(({ lag }) => lag !== null && lag <= allowedLag)) return 'OK';
  if (commits.every(({ offset }) => offset === commits[0]!.offset)) return 'STALL';
  return lagNeverFell(commits) ? 'WARN' : 'OK';
}

/** No commit for longer than the whole window took. */
function hasStopped(commits: readonly BurrowCommit[], nowMs: number): boolean {
  const lastMs = commits.at(-1)!.atMs;
  return nowMs - lastMs > lastMs - commits[0]!.atMs;
}

/** One of the last log ends was not beyond the last commit: the new records are only just there. */
function wasRecentlyAtEnd(commits: readonly BurrowCommit[], brokerOffsets: readonly Offset[]): boolean {
  const { offset } = commits.at(-1)!;
  return brokerOffsets.some((end) => distance(end, offset) <= 0);
}

/** The first drop of the window counts, and only as long as no later commit has come back to where it fell from. */
function hasRewound(commits: readonly BurrowCommit[]): boolean {
  const drop = commits.findIndex((commit, i) => i > 0 && commit.offset < commits[i - 1]!.offset);
  return drop > 0 && !commits.slice(drop).some(({ offset }) => offset >= commits[drop - 1]!.offset);
}

/** Among the lags that are known. */
function lagNeverFell(commits: readonly BurrowCommit[]): boolean {
  const lags = commits.flatMap(({ lag }) => (lag === null ? [] : [lag]));
  return lags.every((lag, i) => i === 0 || lag >= lags[i - 1]!);
}
