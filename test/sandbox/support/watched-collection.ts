// A collection through the proxies in front of the brokers: what it gave, what it asked, and that nothing stays open behind it.
import { setTimeout as sleep } from 'node:timers/promises';
import {
  collectKafka,
  type KafkaAuth,
  type KafkaPlan,
  type KafkaSections,
} from '../../../lib/collect/kafka/collect-kafka.ts';
import type { KafkaCluster } from '../../../sandbox/kafka/cluster.ts';
import type { ListenerKind } from '../../../sandbox/kafka/listeners.ts';
import type { ProxiedRequest } from '../../../sandbox/kafka/proxy/faults.ts';
import { waitUntil } from '../../../sandbox/kafka/readiness.ts';

/** The core of a collection and nothing else, with one look at the offsets. */
export const CORE_PLAN: KafkaPlan = { samples: 1, intervalSec: 1, sections: [], timestamps: 'none' };

export interface WatchOptions {
  plan?: Partial<KafkaPlan>;
  auth?: KafkaAuth;
  listener?: ListenerKind;
  /** In place of all brokers, in their order. */
  bootstrap?: string;
}

export interface Watched {
  sections: KafkaSections;
  /** By all proxies, in the order of time. */
  requests: ProxiedRequest[];
  /** Taken by each proxy. */
  connections: number[];
  ms: number;
}

/** Rejects where a connection is still open a second after the collection. */
export async function watch(cluster: KafkaCluster, options: WatchOptions = {}): Promise<Watched> {
  const { plan = {}, auth = { kind: 'none' }, listener = 'proxied' } = options;
  const { proxies } = cluster;
  const before = proxies.map((proxy) => proxy.connections);
  for (const proxy of proxies) proxy.forgetRequests();
  const startMs = performance.now();
  const sections = await collectKafka(
    {
      brokers: (options.bootstrap ?? cluster.bootstrapOf(listener)).split(','),
      auth,
      plan: { ...CORE_PLAN, ...plan },
      deadlineMs: Date.now() + 60_000,
    },
    { now: Date.now, sleep: (ms) => sleep(ms) },
  );
  const ms = performance.now() - startMs;
  await waitUntil('no connection is left at any broker', 1_000, async () =>
    proxies.every((proxy) => proxy.openConnections === 0),
  );
  const requests = proxies.flatMap((proxy) => proxy.requests).sort((a, b) => a.atMs - b.atMs);
  return { sections, requests, connections: proxies.map((proxy, index) => proxy.connections - before[index]!), ms };
}

/** API key to how often it was asked. */
export function countsByKey(requests: readonly ProxiedRequest[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { apiKey } of requests) counts[apiKey] = (counts[apiKey] ?? 0) + 1;
  return counts;
}

/**
 * The longest chain of requests each of which can have waited for the answer of the one before: when it was sent, that answer had left
 * the proxy for as long as the way back to the client takes.
 */
export function serialRoundTrips(requests: readonly ProxiedRequest[], wayBackMs: number): number {
  const depths: number[] = [];
  for (const { atMs } of requests) {
    const earlier = depths.filter((_, index) => (requests[index]!.answeredAtMs ?? Infinity) + wayBackMs <= atMs);
    depths.push(1 + Math.max(0, ...earlier));
  }
  return Math.max(0, ...depths);
}
