// Notices a broker that owes an answer and says nothing. Time counts from when it was the broker's turn: a request that
// waits behind others, or for the end of a throttle, is not late.

/** Bytes that trickle keep a connection alive, but one whole answer may take no longer than this many times the limit. */
const LIMITS_PER_ANSWER = 4;

export class SilenceWatch {
  private readonly limitMs: number;
  private readonly owesAnswer: () => boolean;
  private readonly onSilent: () => void;
  private quietSinceMs = 0;
  private answerDueSinceMs = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(limitMs: number, owesAnswer: () => boolean, onSilent: () => void) {
    this.limitMs = limitMs;
    this.owesAnswer = owesAnswer;
    this.onSilent = onSilent;
  }

  /** A request leaves, and none before it is unanswered. */
  begin(): void {
    this.answered();
    if (this.timer === undefined) this.arm(this.limitMs);
  }

  heard(): void {
    this.quietSinceMs = Math.max(this.quietSinceMs, Date.now());
  }

  answered(): void {
    this.heard();
    this.answerDueSinceMs = this.quietSinceMs;
  }

  /** The broker has said that it answers nothing until then. */
  mutedUntil(untilMs: number): void {
    this.quietSinceMs = Math.max(this.quietSinceMs, untilMs);
    this.answerDueSinceMs = this.quietSinceMs;
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private arm(ms: number): void {
    // After this process itself was busy, the timer is due before the bytes that lie in the socket are read.
    this.timer = setTimeout(() => setImmediate(() => this.check()), ms);
  }

  private check(): void {
    if (this.timer === undefined) return;
    this.timer = undefined;
    if (!this.owesAnswer()) return;
    const dueMs = Math.min(this.quietSinceMs + this.limitMs, this.answerDueSinceMs + LIMITS_PER_ANSWER * this.limitMs);
    const leftMs = dueMs - Date.now();
    if (leftMs <= 0) this.onSilent();
    else this.arm(leftMs);
  }
}
