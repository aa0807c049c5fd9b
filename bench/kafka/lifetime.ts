// What was started is stopped: at the end, on an error, and on a signal.
interface Stoppable {
  stop(): Promise<void>;
}

const started = new Set<Stoppable>();
let stopping: Promise<void> | null = null;

/** Hands a started thing to the work and stops it afterwards, whatever happens. */
export async function using<T extends Stoppable, R>(
  starting: Promise<T>,
  work: (started: T) => Promise<R>,
): Promise<R> {
  const thing = await starting;
  started.add(thing);
  try {
    return await work(thing);
  } finally {
    started.delete(thing);
    await thing.stop();
  }
}

/** The last started is stopped first. A second signal ends the process at once. */
export function stopOnSignals(say: (line: string) => void): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      say(`${signal}: stopping`);
      stopping = stopAll();
      void stopping.finally(() => process.exit(130));
    });
  }
}

/** After a signal what fails, fails for that reason: this waits for the end of the process then, and else returns at once. */
export async function unlessInterrupted(): Promise<void> {
  if (stopping === null) return;
  await stopping;
  process.exit(130);
}

async function stopAll(): Promise<void> {
  for (const thing of [...started].reverse()) await thing.stop().catch(() => {});
}
