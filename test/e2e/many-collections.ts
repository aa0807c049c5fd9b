// `node --expose-gc many-collections.ts <bootstrap> <count>`: that many collections in a row from this one process, as a long-lived
// one makes them; prints the heap after garbage collection along the way, and the sockets that are open in the end.
import { setTimeout as sleep } from 'node:timers/promises';
import { collectKafka } from '../../lib/collect/kafka/collect-kafka.ts';

/** After how many collections the heap is looked at. */
const EVERY = 10;

export interface ManyCollections {
  /** Bytes. */
  heap: number[];
  sockets: number;
  unread: string[];
}

const [bootstrap, count] = [process.argv[2] ?? '', Number(process.argv[3])];
const heap: number[] = [];
const unread = new Set<string>();
const plan = { samples: 1, intervalSec: 1, sections: [], timestamps: 'none' } as const;
const deps = { now: Date.now, sleep: (ms: number) => sleep(ms) };
for (let index = 1; index <= count; index += 1) {
  const deadlineMs = Date.now() + 30_000;
  const sections = await collectKafka(
    { brokers: bootstrap.split(','), auth: { kind: 'none' }, plan, deadlineMs },
    deps,
  );
  for (const [name, section] of Object.entries(sections))
    if (!section.ok || section.partial !== undefined) unread.add(name);
  if (index % EVERY === 0) heap.push(usedHeap());
}
// Sockets take a turn of the event loop to end.
await sleep(500);
const sockets = process.getActiveResourcesInfo().filter((name) => name.includes('TCP')).length;
console.log(JSON.stringify({ heap, sockets, unread: [...unread] } satisfies ManyCollections));

function usedHeap(): number {
  if (globalThis.gc === undefined) throw new Error('needs --expose-gc');
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}
