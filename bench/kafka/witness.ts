// What a client really asked, told by the proxies in front of the brokers.
import type { KafkaCluster } from '../../sandbox/kafka/cluster.ts';
import type { ProxiedRequest } from '../../sandbox/kafka/proxy/faults.ts';

/** API key to how many requests. */
export type Tally = Readonly<Record<number, number>>;

export interface Exchange {
  tally: Tally;
  requests: number;
  /** By broker, in their order. */
  connections: number[];
  sentBytes: number;
  receivedBytes: number;
  /** The longest chain of requests of which each waited for the answer of the one before; authentication left out. */
  serialRoundTrips: number;
}

const AUTHENTICATION: readonly number[] = [17, 36];

/** @param delayMs what the proxies hold each message up; without it, chains cannot be told from coincidence */
export async function witnessed(cluster: KafkaCluster, work: () => Promise<unknown>, delayMs = 0): Promise<Exchange> {
  for (const proxy of cluster.proxies) {
    proxy.forgetRequests();
    await proxy.set(delayMs > 0 ? { delayMs } : {});
  }
  const before = cluster.proxies.map(({ connections }) => connections);
  try {
    await work();
  } finally {
    await Promise.all(cluster.proxies.map((proxy) => proxy.heal()));
  }
  const requests = cluster.proxies.flatMap((proxy) => proxy.requests);
  return {
    tally: tallyOf(requests),
    requests: requests.length,
    connections: cluster.proxies.map(({ connections }, index) => connections - (before[index] ?? 0)),
    sentBytes: requests.reduce((sum, { bytes }) => sum + bytes, 0),
    receivedBytes: requests.reduce((sum, { answerBytes }) => sum + (answerBytes ?? 0), 0),
    serialRoundTrips: longestChain(requests, delayMs),
  };
}

function tallyOf(requests: readonly ProxiedRequest[]): Tally {
  const tally: Record<number, number> = {};
  for (const { apiKey } of requests) tally[apiKey] = (tally[apiKey] ?? 0) + 1;
  return tally;
}

function longestChain(requests: readonly ProxiedRequest[], delayMs: number): number {
  const ordered = requests.filter(({ apiKey }) => !AUTHENTICATION.includes(apiKey)).toSorted((a, b) => a.atMs - b.atMs);
  const chain = new Map<ProxiedRequest, number>();
  for (const request of ordered) {
    const known = [...chain].filter(([{ answeredAtMs }]) => (answeredAtMs ?? Infinity) + delayMs <= request.atMs);
    chain.set(request, 1 + Math.max(0, ...known.map(([, length]) => length)));
  }
  return Math.max(0, ...chain.values());
}
