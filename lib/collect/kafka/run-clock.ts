// Time within one collection: the deadline, sleeping that wakes up when the run is over, and interruption.

export interface ClockDeps {
  now(): number;
  /** The signal tells that waking up early is wanted; a sleep that ignores it only keeps its own timer a little longer. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  signal?: AbortSignal | undefined;
}

export type StopCause = 'deadline' | 'interrupted';

/** Left for closing sockets and writing the sections, so that what was read still arrives before the caller gives up. */
const CLOSING_MS = 250;
/** The longest delay a Node timer takes; a longer one fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export class RunClock {
  stopped: StopCause | null = null;
  private readonly deps: ClockDeps;
  private readonly deadlineMs: number;
  private readonly timer: NodeJS.Timeout;
  private readonly ended = new AbortController();
  private readonly onAbort = (): void => this.stop('interrupted');

  /** @param deadlineMs epoch milliseconds by which the collection must have ended */
  constructor(deadlineMs: number, deps: ClockDeps) {
    this.deps = deps;
    this.deadlineMs = deadlineMs - CLOSING_MS;
    this.timer = setTimeout(() => this.stop('deadline'), Math.min(this.remainingMs(), LONGEST_TIMER_MS));
    deps.signal?.addEventListener('abort', this.onAbort, { once: true });
    if (deps.signal?.aborted === true) this.stop('interrupted');
  }

  now(): number {
    return this.deps.now();
  }

  /** At least 1: zero means "no timeout" to what it is handed to. */
  remainingMs(): number {
    return Math.max(1, this.deadlineMs - this.deps.now());
  }

  /** Sleeps, or less when the run is stopped. */
  async sleep(ms: number): Promise<void> {
    if (this.stopped !== null || ms <= 0) return;
    // A signal of its own: whoever sleeps may leave a listener on it, and a run sleeps often.
    const nap = new AbortController();
    const wake = (): void => nap.abort();
    const woken = new Promise<void>((resolve) => nap.signal.addEventListener('abort', () => resolve(), { once: true }));
    this.ended.signal.addEventListener('abort', wake, { once: true });
    try {
      await Promise.race([this.deps.sleep(ms, nap.signal).catch(this.ignoreAbort), woken]);
    } finally {
      this.ended.signal.removeEventListener('abort', wake);
    }
  }

  onStop(listener: () => void): void {
    this.ended.signal.addEventListener('abort', listener, { once: true });
  }

  /** Releases the timer and the signal. */
  release(): void {
    clearTimeout(this.timer);
    this.deps.signal?.removeEventListener('abort', this.onAbort);
  }

  private stop(cause: StopCause): void {
    this.stopped ??= cause;
    this.ended.abort();
  }

  private readonly ignoreAbort = (error: unknown): void => {
    if (this.stopped === null) throw error;
  };
}
