// How old the next record for one committed offset is, as far as look-ups by time have told.
//
// A look-up f(t) finds the first record that is not older than t. M is the time of the youngest record up to the committed
// offset, that is, the last t for which f(t) is not beyond it; the age is now - M. Where timestamps rise with the offsets
// that is the age of the next record itself; where they do not, the next record may be older.
import type { Offset } from './offsets.ts';

/** What a look-up by time finds. */
export interface FoundRecord {
  offset: Offset;
  /** Null where the broker does not say. */
  timestampMs: number | null;
}

export class AgeBounds {
  readonly offset: Offset;
  /** Compaction leaves gaps: the record at the offset may be gone, and the next one in the log counts. */
  private readonly mayHaveGaps: boolean;
  /** A record of this time stands at or before the offset: M is this or later. Null before one was found. */
  sinceMs: number | null = null;
  /** No record at or before the offset is this young, as far as was seen: M is earlier. */
  beforeMs = Number.POSITIVE_INFINITY;
  /** The same as an age of the next record, which with gaps is not the one at the offset. */
  private youngerMs = Number.POSITIVE_INFINITY;
  /** What was in `youngerMs` when the record at the offset was last known to be still in the log. */
  private provenMs = Number.POSITIVE_INFINITY;
  /** The oldest record seen beyond the offset: the next record is not younger, whatever else is true. */
  private nextMs = Number.POSITIVE_INFINITY;

  constructor(offset: Offset, mayHaveGaps: boolean) {
    this.offset = offset;
    this.mayHaveGaps = mayHaveGaps;
  }

  /** Whether the answer says that nothing up to the offset is as young as asked. */
  isBefore(found: FoundRecord | null): boolean {
    return found === null || found.offset > this.offset;
  }

  /** @param found null when no record is as young as `askedMs` */
  learn(askedMs: number, found: FoundRecord | null): void {
    if (found === null || this.isBefore(found)) this.learnBefore(askedMs, found);
    else this.learnSince(askedMs, found);
  }

  private learnSince(askedMs: number, { offset, timestampMs }: FoundRecord): void {
    const sinceMs = timestampMs ?? askedMs;
    this.sinceMs = Math.max(this.sinceMs ?? sinceMs, sinceMs);
    if (offset === this.offset && timestampMs !== null) {
      // The record itself; all before it are older than what was asked for.
      this.beforeMs = Math.min(this.beforeMs, timestampMs + 1);
      this.youngerMs = Math.min(this.youngerMs, timestampMs + 1);
    }
    // A log that still holds this record had not lost the one at the offset when it answered earlier.
    this.provenMs = this.youngerMs;
  }

  private learnBefore(askedMs: number, found: FoundRecord | null): void {
    this.beforeMs = Math.min(this.beforeMs, askedMs);
    const foundMs = found?.timestampMs ?? Number.POSITIVE_INFINITY;
    this.nextMs = Math.min(this.nextMs, foundMs);
    const youngerMs = this.mayHaveGaps && found !== null ? foundMs + 1 : askedMs;
    this.youngerMs = Math.min(this.youngerMs, youngerMs);
  }

  /**
   * Whether a lower bound rests on answers during which the log start may have passed the offset (a topic that is purged
   * as it is read), so that asking for `sinceMs` once more would tell.
   */
  get isUnproven(): boolean {
    return this.provenMs > this.youngerMs && this.sinceMs !== null && this.sinceMs < this.beforeMs;
  }

  /** Whether there are moments to ask for between the two bounds. */
  get isOpen(): boolean {
    return this.sinceMs !== null && this.beforeMs - this.sinceMs > 1 && this.beforeMs < Number.POSITIVE_INFINITY;
  }

  /** The age is at least this; 0 when it is small, null when nothing is known. */
  lowSec(nowMs: number): number | null {
    const highSec = this.highSec(nowMs);
    if (this.sinceMs !== null && this.provenMs - this.sinceMs <= 1) return highSec;
    const boundMs = Math.min(this.provenMs, this.nextMs);
    if (boundMs === Number.POSITIVE_INFINITY) return highSec === null ? null : 0;
    return Math.min(ageSec(nowMs, boundMs), highSec ?? Number.POSITIVE_INFINITY);
  }

  /** The age is at most this; null when no record at or before the offset was found. */
  highSec(nowMs: number): number | null {
    return this.sinceMs === null ? null : ageSec(nowMs, this.sinceMs);
  }
}

/** A timestamp after `nowMs` is no negative age. */
function ageSec(nowMs: number, timestampMs: number): number {
  return Math.max(0, nowMs - timestampMs) / 1000;
}
