// The time lag of every committed offset, found by asking the cluster for offsets by time. No I/O here: the search says what to
// ask in each step, and learns from the answers.
//
// Brackets: is the next record older than 10 s, 1 min, ... 24 h? A step asks only the partitions of which that is still open
// for some group; where nothing waits, nothing is asked. What is older than all of them asks for the oldest record, so that
// there are at most eight steps. Then, for the groups that are furthest behind, at most twelve steps between the brackets.
//
// Timestamps are the producers' clocks, with LogAppendTime the broker's; the ages are counted on ours.
import type { SectionValue } from '../snapshot/schema.ts';
import type { AgeBounds, FoundRecord } from './age-bounds.ts';
import { type TopicKind, type WaitingLog, type WaitingRow, waitingRows } from './waiting-rows.ts';

export type { FoundRecord } from './age-bounds.ts';
export type { TopicKind } from './waiting-rows.ts';

type Offsets = SectionValue<'kafkaOffsets'>;
export type TimeLags = NonNullable<Offsets['timeLags']>;

export interface TimeLagInput {
  offsets: Pick<Offsets, 'topics' | 'committed'>;
  /** When the committed offsets were read: the moment the ages count from. */
  atMs: number;
  kindOf: (topic: string) => TopicKind;
  /** Ages to compare with, rising. */
  bracketsSec: readonly number[];
  /** Null: brackets are enough. */
  refinement: Refinement | null;
}

export interface Refinement {
  steps: number;
  /** Bounds this many seconds apart are narrow enough, or this share of the age if that is more. */
  sec: number;
  share: number;
}

/** A partition is in a step once at most. */
export interface TimeQuestion {
  readonly log: WaitingLog;
  readonly timestampMs: number;
}

export const BRACKETS_SEC: readonly number[] = [10, 60, 300, 900, 3600, 6 * 3600, 24 * 3600];
export const REFINEMENT: Refinement = { steps: 12, sec: 5, share: 0.01 };

/** The groups that are furthest behind, and of each the partitions that may be its worst: a look-up costs the broker index reads. */
const REFINED_GROUPS = 50;
const REFINED_ROWS_PER_GROUP = 20;
/** Further ahead than a clock that is merely wrong. */
const FUTURE_MS = 60_000;
/** Any record is younger. */
const OLDEST_MS = 1;

export class TimeLagSearch {
  private readonly input: TimeLagInput;
  private readonly logs: readonly WaitingLog[];
  private readonly caughtUp: readonly number[];

  constructor(input: TimeLagInput) {
    this.input = input;
    const { logs, caughtUp } = waitingRows(input.offsets, input.kindOf);
    this.logs = logs;
    this.caughtUp = caughtUp;
  }

  /** The questions of each step; what is not learnt before the next one counts as not answered. */
  *steps(): Generator<readonly TimeQuestion[], void> {
    for (const sec of this.input.bracketsSec) yield* this.step(this.undecided(this.input.atMs - sec * 1000));
    yield* this.step(this.undecided(OLDEST_MS));
    const { refinement } = this.input;
    if (refinement === null) return;
    const groups = this.worstGroups();
    for (let left = refinement.steps; left > 0; left--) {
      const questions = this.refining(left > 1 ? groups : [], refinement);
      if (questions.length === 0) return;
      yield* this.step(questions);
    }
  }

  private *step(questions: readonly TimeQuestion[]): Generator<readonly TimeQuestion[], void> {
    if (questions.length === 0) return;
    // Whoever answers is set right by `learn`.
    for (const { log } of questions) log.isSilent = true;
    yield questions;
  }

  /** @param found null when no record is as young as asked */
  learn({ log, timestampMs }: TimeQuestion, found: FoundRecord | null): void {
    log.isSilent = false;
    const isFuture = (found?.timestampMs ?? 0) > this.input.atMs + FUTURE_MS;
    for (const row of log.rows) {
      row.bounds.learn(timestampMs, found);
      // Only the first record that is young enough matters: where that one is honest, its age bounds the lag whatever follows.
      if (isFuture && !row.bounds.isBefore(found)) row.isUntrusted = true;
    }
  }

  /** What is known by now. */
  result(): TimeLags {
    const { atMs, offsets } = this.input;
    const lowSec: (number | null)[] = offsets.committed.map(() => null);
    const highSec = [...lowSec];
    for (const position of this.caughtUp) lowSec[position] = highSec[position] = 0;
    const rows = this.logs.flatMap((log) => log.rows);
    for (const { position, bounds, isLost, isUntrusted } of rows) {
      lowSec[position] = isUntrusted ? 0 : bounds.lowSec(atMs);
      highSec[position] = isUntrusted || isLost ? null : bounds.highSec(atMs);
    }
    const untrusted = rows.filter((row) => row.isUntrusted).map(({ position }) => position);
    return { atMs, lowSec, highSec, untrusted: untrusted.sort((a, b) => a - b) };
  }

  private undecided(timestampMs: number): TimeQuestion[] {
    return this.logs
      .filter(({ rows, isSilent }) => !isSilent && rows.some(({ bounds }) => bounds.sinceMs === null))
      .map((log) => ({ log, timestampMs }));
  }

  /** The rows that may be the worst of a group that is behind by more than the first bracket, the worst groups first. */
  private worstGroups(): WaitingRow[][] {
    const { atMs, bracketsSec } = this.input;
    const lowOf = ({ bounds }: WaitingRow) => bounds.lowSec(atMs) ?? 0;
    const behind = this.logs.flatMap((log) => log.rows).filter((row) => lowOf(row) >= (bracketsSec[0] ?? 0));
    const groups = [...Map.groupBy(behind, (row) => row.groupId).values()].map((rows) => ({
      worstSec: Math.max(...rows.map(lowOf)),
      rows: rows
        .filter(({ bounds }) => bounds.isOpen)
        .sort((a, b) => lowOf(b) - lowOf(a) || b.messages - a.messages)
        .slice(0, REFINED_ROWS_PER_GROUP),
    }));
    const worst = groups.sort((a, b) => b.worstSec - a.worstSec).slice(0, REFINED_GROUPS);
    return worst.map(({ rows }) => rows);
  }

  /** One question a partition at most: between the widest bounds on it, else whether the record at the offset is still there. */
  private refining(groups: readonly WaitingRow[][], refinement: Refinement): TimeQuestion[] {
    const wide = new Set(groups.flatMap((rows) => this.wideRows(rows, refinement)));
    return this.logs.flatMap((log): TimeQuestion | [] => {
      if (log.isSilent) return [];
      const [widest] = log.rows.filter((row) => wide.has(row)).sort((a, b) => this.ratio(b) - this.ratio(a));
      if (widest !== undefined) return { log, timestampMs: this.between(widest.bounds) };
      const [first] = log.rows
        .filter(({ bounds }) => bounds.isUnproven)
        .sort((a, b) => (a.bounds.offset < b.bounds.offset ? -1 : 1));
      return first === undefined ? [] : { log, timestampMs: first.bounds.sinceMs! };
    });
  }

  /** Rows of one group that may still be its worst. */
  private wideRows(rows: readonly WaitingRow[], { sec, share }: Refinement): WaitingRow[] {
    const { atMs } = this.input;
    const worstSec = Math.max(0, ...rows.map(({ bounds }) => bounds.lowSec(atMs) ?? 0));
    return rows.filter(({ bounds }) => {
      if (!bounds.isOpen || bounds.highSec(atMs)! <= worstSec) return false;
      const lowSec = (atMs - bounds.beforeMs) / 1000;
      return bounds.highSec(atMs)! - lowSec > Math.max(sec, share * lowSec);
    });
  }

  private ratio({ bounds }: WaitingRow): number {
    const { atMs } = this.input;
    return (atMs - bounds.sinceMs!) / (atMs - bounds.beforeMs);
  }

  /** The geometric mean of the two ages: what counts is the share of the age by which it may be wrong. */
  private between({ sinceMs, beforeMs }: AgeBounds): number {
    const { atMs } = this.input;
    const ageMs = Math.round(Math.sqrt((atMs - sinceMs!) * (atMs - beforeMs)));
    return Math.min(Math.max(atMs - ageMs, sinceMs! + 1), beforeMs - 1);
  }
}
