import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';

/** Does its work strictly in the order of arrival; at once, without a turn of the event loop, while nothing holds it up. */
export class OrderedWork {
  #last: Promise<void> | null = null;

  push(work: () => undefined | Promise<void>): void {
    const done = this.#last === null ? work() : this.#last.then(work);
    if (done === undefined) return;
    this.#last = done;
    void done.then(() => {
      if (this.#last === done) this.#last = null;
    });
  }
}

/** Timers know whole milliseconds only; the last part is waited turn by turn. */
export async function sleepUntil(dueMs: number): Promise<void> {
  const wholeMs = Math.floor(dueMs - performance.now() - 1);
  if (wholeMs > 0) await sleep(wholeMs);
  while (performance.now() < dueMs) await nextTurn();
}
