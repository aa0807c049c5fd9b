// The cluster as a set of brokers that can be asked: found through any bootstrap broker, one connection each.
import pMap from 'p-map';
import { Bootstrap, isWorthAnother, OPENING_TRIES, RETRY_AFTER_MS } from './bootstrap.ts';
import type { BrokerConnection } from './broker-connection.ts';
import { BrokerNode } from './broker-node.ts';
import { BrokerPatience } from './broker-patience.ts';
import { ConnectionFault } from './connection-fault.ts';
import { Connector } from './connector.ts';
import type { KafkaAuth } from './kafka-auth.ts';
import { type Api, type BrokerVersions, versionFor } from './protocol/api.ts';
import { apiVersions } from './protocol/api-versions.ts';
import type { MetadataAnswer, MetadataBroker } from './protocol/metadata.ts';
import type { RunClock } from './run-clock.ts';

export type { BrokerNode } from './broker-node.ts';

export interface NodeAnswer<T> {
  node: BrokerNode;
  answer: T | null;
  /** Why there is no answer. */
  fault: ConnectionFault | null;
}

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
  private versions: BrokerVersions = new Map();
  private readonly connector: Connector;
  private readonly patience: BrokerPatience<BrokerNode>;

  /** @param readData whether the requests that need READ on a topic may be sent, too */
  constructor(auth: KafkaAuth, clock: RunClock, readData = false) {
    this.auth = auth;
    this.clock = clock;
    this.connector = new Connector(auth, clock, readData);
    this.patience = new BrokerPatience(clock, () => this.nodes.filter(({ fault }) => fault === null).length);
    clock.onStop(() => this.close());
  }

  /**
   * Reads the metadata from the first bootstrap broker that answers, then connects to every broker it names.
   * @throws ConnectionFault when no bootstrap broker answers
   */
  async open(bootstrap: readonly string[]): Promise<void> {
    const search = new Bootstrap(this.connector, this.clock);
    const { versions, metadata, metadataAtMs } = await search.firstWord(bootstrap);
    Object.assign(this, { versions, metadata, metadataAtMs });
    this.connector.shareAmong(metadata.brokers.length);
    await this.meet(metadata.brokers, search);
    this.connector.keepOnly((connection) => this.nodes.some((node) => node.uses(connection)));
  }

  /** Connects to those of the brokers that are not known yet. */
  async meet(brokers: readonly MetadataBroker[], search?: Bootstrap): Promise<void> {
    const unknown = brokers.filter(({ id }) => this.nodes.every((node) => node.id !== id));
    const met = await pMap(unknown, (broker) => this.meetOne(broker, search), { concurrency: PARALLEL_CONNECTIONS });
    this.nodes = [...this.nodes, ...met];
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
    this.patience.asks(node);
    try {
      this.giveUpIfSlow(node);
      return { node, answer: await node.ask(api, input), fault: null };
    } catch (error) {
      if (!(error instanceof ConnectionFault)) throw error;
      return { node, answer: null, fault: error };
    } finally {
      this.patience.hears(node);
      this.giveUpIfSlow(node);
    }
  }

  /** Whether the brokers speak a version of this API that we speak: the first one, and those that have told their own since. */
  supports(api: Api<never, unknown>): boolean {
    return versionFor(api, this.versions) !== null && this.nodes.every((node) => node.speaks(api));
  }

  /** Ends all sockets; what is unanswered fails with the reason the run was stopped for. */
  close(): void {
    this.connector.close();
  }

  private giveUpIfSlow(node: BrokerNode): void {
    const waitedMs = this.patience.overspentMs(node);
    if (waitedMs === null) return;
    node.giveUp(new ConnectionFault('slow', node.address, this.auth, `waited ${Math.round(waitedMs / 1000)} s`));
  }

  private async meetOne(broker: MetadataBroker, search: Bootstrap | undefined): Promise<BrokerNode> {
    const address = `${broker.host}:${broker.port}`;
    const node = new BrokerNode(broker.id, address, () => this.connect(broker, ownVersions));
    try {
      return node.begin((await search?.connectionTo(address)) ?? (await this.connect(broker, () => this.versions)));
    } catch (error) {
      if (!(error instanceof ConnectionFault)) throw error;
      return node.begin(error);
    }
  }

  private async connect(
    broker: MetadataBroker,
    versionsOf: (connection: BrokerConnection) => BrokerVersions | Promise<BrokerVersions>,
  ): Promise<BrokerConnection> {
    for (let attempt = 1; ; attempt++) {
      try {
        const introduce = async (opened: BrokerConnection) => opened.authenticate(await versionsOf(opened));
        const { connection } = await this.connector.open(broker, introduce);
        return connection;
      } catch (error) {
        if (!(error instanceof ConnectionFault) || !isWorthAnother(error) || attempt === OPENING_TRIES) throw error;
        await this.clock.sleep(RETRY_AFTER_MS);
      }
    }
  }
}

/**
 * What this broker speaks. Asked where a connection has broken: a broker hangs up on a version that it does not know, and in the
 * middle of an upgrade the first broker's word does not hold for all.
 */
async function ownVersions(connection: BrokerConnection): Promise<BrokerVersions> {
  return (await connection.ask(apiVersions, null)).versions;
}
