// How many requests a collection costs, exactly, as design §9 allows it. The witness is the proxy in front of each broker.

import type { KafkaPlan } from '../../lib/collect/kafka/collect-kafka.ts';
import type { KafkaAuth } from '../../lib/collect/kafka/kafka-auth.ts';
import type { KafkaCluster } from '../../sandbox/kafka/cluster.ts';
import { collectCore } from './clients/collect-core.ts';
import { type Exchange, type Tally, witnessed } from './witness.ts';

export interface CountCase {
  name: string;
  /** The allowance in words. */
  allowed: string;
  expected: Tally;
  /** Requests of one API that depend on what is found: how many more there may be, in whole rounds of all brokers. */
  rounds?: { apiKey: number; most: number };
  plan?: Partial<KafkaPlan>;
  /** Another listener than the proxies' plaintext one. */
  bootstrap?: string;
  auth?: KafkaAuth;
}

export interface CountResult extends Exchange {
  name: string;
  allowed: string;
  /** Empty when the count is right. */
  wrong: string[];
}

const API = {
  listOffsets: 2,
  metadata: 3,
  offsetFetch: 9,
  describeGroups: 15,
  listGroups: 16,
  saslHandshake: 17,
  apiVersions: 18,
  describeConfigs: 32,
  describeLogDirs: 35,
  saslAuthenticate: 36,
  listPartitionReassignments: 46,
  describeClientQuotas: 48,
  describeQuorum: 55,
  consumerGroupDescribe: 69,
} as const;

/** Of 10 s, 1 min, 5 min, 15 min, 1 h and 6 h the last one decides: the records are two hours old. */
const BRACKETS = 6;
const EXACT_STEPS_MOST = 12;
const SERIAL_ROUND_TRIPS_MOST = 4;
/** Far above what the machine's own pauses are, so that the chain of waits can be told. */
const CHAIN_DELAY_MS = 40;

/** Log start and log end. */
const TIMESTAMPS = 2;

/** 2 + (4 + S)·N. */
export function coreTally(brokers: number): Tally {
  return {
    [API.apiVersions]: 1,
    [API.metadata]: 1,
    [API.listGroups]: brokers,
    [API.describeGroups]: brokers,
    [API.offsetFetch]: brokers,
    [API.describeConfigs]: brokers,
    [API.listOffsets]: TIMESTAMPS * brokers,
  };
}

export function countCases(cluster: KafkaCluster, user: { name: string; password: string }): CountCase[] {
  const n = cluster.brokers.length;
  const core = coreTally(n);
  const plus = (more: Tally): Tally => sumOf(core, more);
  const sasl = { bootstrap: cluster.bootstrapOf('proxied-sasl'), username: user.name, password: user.password };
  const as = (kind: 'plain' | 'scram') => ({
    bootstrap: sasl.bootstrap,
    auth: { kind, username: sasl.username, password: sasl.password, tls: false },
  });
  return [
    { name: 'core', allowed: '2 + (4 + S)·N', expected: core },
    { name: 'SASL/PLAIN', allowed: '+2N', expected: plus({ 17: n, 36: n }), ...as('plain') },
    { name: 'SASL/SCRAM', allowed: '+3N', expected: plus({ 17: n, 36: 2 * n }), ...as('scram') },
    {
      name: 'log directories',
      allowed: '+N',
      expected: plus({ [API.describeLogDirs]: n }),
      plan: { sections: ['kafkaLogDirs'] },
    },
    {
      name: 'reassignments',
      allowed: '+1',
      expected: plus({ [API.listPartitionReassignments]: 1 }),
      plan: { sections: ['kafkaReassignments'] },
    },
    { name: 'quorum', allowed: '+1', expected: plus({ [API.describeQuorum]: 1 }), plan: { sections: ['kafkaQuorum'] } },
    {
      name: 'quotas',
      allowed: '+1',
      expected: plus({ [API.describeClientQuotas]: 1 }),
      plan: { sections: ['kafkaQuotas'] },
    },
    {
      name: 'a light sample',
      allowed: '+2N',
      expected: plus({ [API.listOffsets]: n, [API.offsetFetch]: n }),
      plan: { samples: 2 },
    },
    {
      name: 'time lag by brackets',
      allowed: '+N a timestamp',
      expected: plus({ [API.listOffsets]: BRACKETS * n }),
      plan: { timestamps: 'brackets' },
    },
    {
      name: 'exact time lag',
      allowed: 'and +N a step, ≤ 12 steps',
      expected: plus({ [API.listOffsets]: BRACKETS * n }),
      rounds: { apiKey: API.listOffsets, most: EXACT_STEPS_MOST },
      plan: { timestamps: 'exact' },
    },
  ];
}

/** With a KIP-848 group at every coordinator. */
export function newGroupsCase(cluster: KafkaCluster): CountCase {
  const n = cluster.brokers.length;
  const expected = sumOf(coreTally(n), { [API.consumerGroupDescribe]: n });
  return { name: 'KIP-848 groups', allowed: '+N', expected };
}

export async function countRequests(cluster: KafkaCluster, wanted: CountCase): Promise<CountResult> {
  const { name, allowed, plan, auth } = wanted;
  const bootstrap = (wanted.bootstrap ?? cluster.bootstrapOf('proxied')).split(',');
  const exchange = await witnessed(cluster, () => collectCore(bootstrap, plan, auth));
  const wrong = [...wrongTally(exchange.tally, wanted, cluster.brokers.length)];
  if (exchange.connections.some((count) => count !== 1))
    wrong.push(`connections by broker: ${exchange.connections.join(', ')}`);
  return { name, allowed, ...exchange, wrong };
}

/** How many answers a collection waits for one after the other, told from a network that is slow enough to show it. */
export async function countSerialRoundTrips(cluster: KafkaCluster): Promise<CountResult> {
  const collect = () => collectCore(cluster.bootstrapOf('proxied').split(','));
  const exchange = await witnessed(cluster, collect, CHAIN_DELAY_MS);
  const { serialRoundTrips } = exchange;
  const wrong = serialRoundTrips > SERIAL_ROUND_TRIPS_MOST ? [`${serialRoundTrips} serial round trips`] : [];
  return { name: 'serial round trips', allowed: `≤ ${SERIAL_ROUND_TRIPS_MOST} in the core`, ...exchange, wrong };
}

function* wrongTally(actual: Tally, { expected, rounds }: CountCase, brokers: number): Iterable<string> {
  for (const key of new Set([...Object.keys(actual), ...Object.keys(expected)].map(Number))) {
    const more = (actual[key] ?? 0) - (expected[key] ?? 0);
    if (rounds?.apiKey === key) {
      if (more < 0 || more > rounds.most * brokers) yield `API ${key}: ${more} more than the steps before cost`;
    } else if (more !== 0) {
      yield `API ${key}: ${actual[key] ?? 0} requests instead of ${expected[key] ?? 0}`;
    }
  }
}

function sumOf(left: Tally, right: Tally): Tally {
  const keys = new Set([...Object.keys(left), ...Object.keys(right)].map(Number));
  return Object.fromEntries([...keys].map((key) => [key, (left[key] ?? 0) + (right[key] ?? 0)]));
}
