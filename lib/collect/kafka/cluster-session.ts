// The cluster as a set of brokers that can be asked: found through any bootstrap broker, one connection each.
import pMap from 'p-map';
import { BrokerConnection } from './broker-connection.ts';
import { ConnectionFault } from './connection-fault.ts';
import { firstAnswer } from './first-answer.ts';
import type { KafkaAuth } from './kafka-auth.ts';
import type { Api, BrokerVersions } from './protocol/api.ts';
import { apiVersions } from './protocol/api-versions.ts';
import { type MetadataAnswer, type MetadataBroker, metadata } from './protocol/metadata.ts';
import type { RunClock } from './run-clock.ts';

/** A broker of the cluster. Its fault stays: a broker that failed once is not asked again in this run. */
export interface BrokerNode {
  id: number;
  address: string;
  connection: BrokerConnection | null;
  fault: ConnectionFault | null;
}

export interface NodeAnswer<T> {
  node: BrokerNode;
  answer: T | null;
  /** Why there is no answer. */
  fault: ConnectionFault | null;
}

const CONNECT_TIMEOUT_MS = 4_000;
const REQUEST_TIMEOUT_MS = 10_000;
const RETRY_AFTER_MS = 300;
/** A bootstrap broker silent for this long keeps its chance while the next one is asked as well. */
const SEED_PATIENCE_MS = 1_500;
/** MSK's largest clusters have 90 brokers; a broken answer must not make us open thousands of sockets at once. */
const PARALLEL_CONNECTIONS = 100;

export class ClusterSession {
  readonly auth: KafkaAuth;
  readonly clock: RunClock;
  metadata: MetadataAnswer = {
    brokers: [],
    clusterId: null,
    controllerId: -1,
    topics: [],
    mayDescribeCluster: null,
  };
  metadataAtMs = 0;
  nodes: BrokerNode[] = [];
  private readonly connections = new Set<BrokerConnection>();

  constructor(auth: KafkaAuth, clock: RunClock) {
    this.auth = auth;
    this.clock = clock;
    clock.onStop(() => this.close());
  }

  /**
   * Reads the metadata from the first bootstrap broker that answers, then connects to every broker it names.
   * "Connected" means an answer after authentication: a broker may take a bad token and refuse what follows.
   * @throws ConnectionFault of the last address, or the first that no other address can mend
   */
  async open(bootstrap: readonly string[]): Promise<void> {
    const seed = await this.openSeed(bootstrap);
    this.nodes = await pMap(this.metadata.brokers, (broker) => this.openNode(broker, seed), {
      concurrency: PARALLEL_CONNECTIONS,
    });
    if (this.nodes.every((node) => node.connection !== seed.connection)) seed.connection.close();
  }

  /**
   * Asks brokers the same API, pipelined; brokers without a connection answer with their fault. A broker for which
   * `inputOf` gives nothing is not asked and is not among the answers.
   */
  async askEach<Input, Answer>(
    api: Api<Input, Answer>,
    inputOf: (node: BrokerNode) => Input | undefined,
  ): Promise<NodeAnswer<Answer>[]> {
    const asked = this.nodes.map(async (node) => {
      const input = inputOf(node);
      return input === undefined ? null : this.askNode(node, api, input);
    });
    return (await Promise.all(asked)).filter((given) => given !== null);
  }

  async askNode<Input, Answer>(node: BrokerNode, api: Api<Input, Answer>, input: Input): Promise<NodeAnswer<Answer>> {
    if (node.connection === null || node.fault !== null) return { node, answer: null, fault: node.fault };
    try {
      return { node, answer: await node.connection.ask(api, input), fault: null };
    } catch (error) {
      if (!(error instanceof ConnectionFault)) throw error;
      // Not every fault speaks of the broker: one API may be unsupported, one answer malformed.
      if (error.kind !== 'unsupported' && error.kind !== 'malformed') node.fault ??= error;
      return { node, answer: null, fault: error };
    }
  }

  /** Whether the connected brokers speak a version of this API that we speak. */
  supports(api: Api<never, unknown>): boolean {
    return this.nodes.some((node) => node.connection?.supports(api) === true);
  }

  /** Ends all sockets; what is unanswered fails with the reason the run was stopped for. */
  close(): void {
    for (const connection of this.connections) connection.close(this.stopFault(connection.address));
    this.connections.clear();
  }

  private async openSeed(bootstrap: readonly string[]): Promise<Seed> {
    const faults: ConnectionFault[] = [];
    for (let round = 1; round <= 2; round++) {
      const seed = await firstAnswer(bootstrap, (address) => this.trySeed(address, faults), SEED_PATIENCE_MS);
      if (seed !== null) {
        for (const connection of this.connections) if (connection !== seed.connection) connection.close();
        this.metadata = seed.metadata;
        this.metadataAtMs = seed.metadataAtMs;
        return seed;
      }
      if (!faults.some(isWorthAnother)) break;
      await this.clock.sleep(RETRY_AFTER_MS);
    }
    throw faults.find(hasAnswered) ?? faults[0] ?? new Error('no bootstrap broker is given');
  }

  private async trySeed(address: string, faults: ConnectionFault[]): Promise<Seed | null> {
    const connection = this.connect(hostAndPort(address));
    try {
      await connection.open();
      const { versions } = await connection.ask(apiVersions, null);
      await connection.authenticate(versions, 'asking');
      const answer = await connection.ask(metadata, null);
      return { connection, versions, metadata: answer, metadataAtMs: this.clock.now() };
    } catch (error) {
      connection.close();
      if (!(error instanceof ConnectionFault)) throw error;
      // The next broker would say the same, and repeated bad passwords lock accounts.
      if (error.reason === 'not-permitted') throw error;
      faults.push(error);
      return null;
    }
  }

  private async openNode(broker: MetadataBroker, seed: Seed): Promise<BrokerNode> {
    const address = `${broker.host}:${broker.port}`;
    if (address === seed.connection.address) {
      return { id: broker.id, address, connection: seed.connection, fault: null };
    }
    for (let attempt = 1; ; attempt++) {
      const connection = this.connect(broker);
      try {
        await connection.open();
        await connection.authenticate(seed.versions);
        return { id: broker.id, address, connection, fault: null };
      } catch (error) {
        connection.close();
        if (!(error instanceof ConnectionFault)) throw error;
        if (!isWorthAnother(error) || attempt === 2) return { id: broker.id, address, connection: null, fault: error };
        await this.clock.sleep(RETRY_AFTER_MS);
      }
    }
  }

  private connect({ host, port }: { host: string; port: number }): BrokerConnection {
    const address = `${host}:${port}`;
    if (this.clock.stopped !== null) throw this.stopFault(address);
    const remainingMs = this.clock.remainingMs();
    const connection = new BrokerConnection({
      host,
      port,
      auth: this.auth,
      connectTimeoutMs: Math.min(CONNECT_TIMEOUT_MS, remainingMs),
      requestTimeoutMs: Math.min(REQUEST_TIMEOUT_MS, remainingMs),
      now: () => this.clock.now(),
    });
    this.connections.add(connection);
    return connection;
  }

  private stopFault(address: string): ConnectionFault {
    return new ConnectionFault(this.clock.stopped ?? 'interrupted', address, this.auth);
  }
}

interface Seed {
  connection: BrokerConnection;
  versions: BrokerVersions;
  metadata: MetadataAnswer;
  metadataAtMs: number;
}

/** A broker that restarts or is short of connections for a moment. */
function isWorthAnother(fault: ConnectionFault): boolean {
  return fault.kind === 'closed' || fault.kind === 'throttled';
}

/** Of several faults the one that shows that something answered says most. */
function hasAnswered({ kind }: ConnectionFault): boolean {
  return kind !== 'refused' && kind !== 'unknown-host' && kind !== 'no-route' && kind !== 'connect-timeout';
}

/** `host:port`, also `[::1]:9092`. The caller has checked the shape. */
function hostAndPort(address: string): { host: string; port: number } {
  const colon = address.lastIndexOf(':');
  return { host: address.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(address.slice(colon + 1)) };
}
