const WINDOW_MS = 60_000;

/**
 * Counters turned into rates over the last minute. The brokers' own one-minute rate is a moving average that needs minutes to
 * reach the truth after a start, longer than most sandboxes live.
 */
export class Rates {
  readonly #seen = new Map<string, { atMs: number; count: number }[]>();

  /** Per second; undefined until there are two readings, and again after the counter restarted from zero. */
  perSec(key: string, count: number | undefined, atMs: number): number | undefined {
    if (count === undefined) return undefined;
    const seen = this.#seen.get(key) ?? [];
    const newest = seen.at(-1);
    if (newest !== undefined && count < newest.count) seen.length = 0;
    seen.push({ atMs, count });
    while (seen.length > 2 && atMs - (seen[1]?.atMs ?? atMs) >= WINDOW_MS) seen.shift();
    this.#seen.set(key, seen);
    const oldest = seen[0];
    if (oldest === undefined || oldest.atMs >= atMs) return undefined;
    return ((count - oldest.count) * 1000) / (atMs - oldest.atMs);
  }

  forget(prefix: string): void {
    for (const key of this.#seen.keys()) if (key.startsWith(prefix)) this.#seen.delete(key);
  }
}
