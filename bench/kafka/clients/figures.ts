// An import of node:fs would cost four milliseconds for all that nobody uses of it.
const { writeSync } = process.getBuiltinModule('node:fs');

/** What `measure/report-usage.mjs` looks for. */
const COLLECTING = 'collecting';

/**
 * Tells the time and CPU of the collection alone, from the first connection to all answers in memory: what is left of a process
 * without its start, its imports and its output.
 */
export async function collecting<T>(collect: () => Promise<T>): Promise<T> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const collected = await collect();
  performance.measure(COLLECTING, { start, end: performance.now(), detail: process.cpuUsage(cpu) });
  return collected;
}

/** Every end and committed offset as JSON in the client's own shape: the cheapest way out. Who reads it works out the lag. */
export function printFigures(figures: unknown): void {
  const bytes = Buffer.from(JSON.stringify(figures));
  for (let written = 0; written < bytes.length; ) written += writeSync(1, bytes, written);
}
