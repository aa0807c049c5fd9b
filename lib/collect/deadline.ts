// The end of a run: a signal for whoever listens to it, and a way not to wait for those who do not.

/** The longest delay a Node timer takes; a longer one fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export class Deadline {
  /** Aborted when the time is over, or when the caller interrupts. */
  readonly signal: AbortSignal;
  private readonly timer: NodeJS.Timeout;

  /** @param leftMs time until the run must have ended */
  constructor(leftMs: number, interrupt?: AbortSignal) {
    const over = new AbortController();
    this.timer = setTimeout(
      () => over.abort(new DOMException('the deadline has passed', 'TimeoutError')),
      Math.min(Math.max(0, leftMs), LONGEST_TIMER_MS),
    );
    this.signal = interrupt === undefined ? over.signal : AbortSignal.any([over.signal, interrupt]);
  }

  /** Settles with the promise, or rejects when the run is over: a source that ignores the signal must not hold it. */
  async until<T>(promise: Promise<T>): Promise<T> {
    let onAbort = (): void => {};
    const over = new Promise<never>((_, reject) => {
      onAbort = () => reject(this.signal.reason as Error);
      if (this.signal.aborted) onAbort();
      else this.signal.addEventListener('abort', onAbort, { once: true });
    });
    try {
      return await Promise.race([promise, over]);
    } finally {
      this.signal.removeEventListener('abort', onAbort);
    }
  }

  release(): void {
    clearTimeout(this.timer);
  }
}
