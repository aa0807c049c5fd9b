// Waits of the SDK and of the product without waiting: while this process has nothing to do, the clock jumps to the next timer.
import { performance } from 'node:perf_hooks';
import { vi } from 'vitest';

const realTimeout = globalThis.setTimeout;

/** Polls of 1 ms that must pass without any I/O before the clock jumps: bytes on the loopback are there within one. */
const QUIET_TURNS = 2;
/** The clock goes on also while there is I/O, so that an exchange without end meets its deadline. */
const BUSY_MS = 1;

/** Events of sockets, files and name look-ups that this thread's event loop has taken up so far. */
const ioEvents = (): number => performance.nodeTiming.uvMetricsInfo.events;

/** Files, names and connections that the system is still asked for. */
const isAwaitingSystem = (): boolean => process.getActiveResourcesInfo().some((kind) => /Req|Connect/.test(kind));

/**
 * Runs with `setTimeout`, `Date` and `process.hrtime` in fast motion, and says how long it took by that clock: by its waits, and hardly by the time the
 * machine took. Both ends of each exchange must be in this process, and modules that are imported on the way must have been before:
 * the clock would jump while they are loaded; a run that loads modules on its way asks for more quiet turns before each jump. `AbortSignal.timeout`, `setInterval` and `node:timers/promises` stay real.
 */
export async function inFastTime<T>(
  run: () => Promise<T>,
  quietTurnsBeforeJump = QUIET_TURNS,
): Promise<{ value: T; tookMs: number }> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'hrtime'] });
  try {
    const startedMs = Date.now();
    let isOver = false;
    const promise = run().finally(() => {
      isOver = true;
    });
    promise.catch(() => {}); // awaited below
    let quietTurns = 0;
    while (!isOver) {
      const before = ioEvents();
      await new Promise<void>((resolve) => realTimeout(resolve, 1));
      const isQuiet = ioEvents() === before && !isAwaitingSystem();
      quietTurns = isQuiet ? quietTurns + 1 : 0;
      if (quietTurns < quietTurnsBeforeJump) await vi.advanceTimersByTimeAsync(BUSY_MS);
      else {
        await vi.advanceTimersToNextTimerAsync();
        quietTurns = 0;
      }
    }
    return { value: await promise, tookMs: Date.now() - startedMs };
  } finally {
    vi.useRealTimers();
  }
}
