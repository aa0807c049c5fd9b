import type { KafkaBroker, KafkaCluster } from '../../kafka/cluster.ts';
import { BrokerConnection } from './connection.ts';
import {
  type ClusterState,
  type PartitionOffset,
  readCommitted,
  readEndOffsets,
  readGroups,
  readMetadata,
  readTopicOverrides,
} from './requests.ts';

/** What the group has read of a topic, per partition. */
export interface GroupLag {
  group: string;
  topic: string;
  partitions: { partition: number; committed: bigint; end: bigint }[];
}

/** Reads the real cluster for the control plane and the lag metrics. Keeps one connection a broker. */
export class ClusterReader {
  readonly #cluster: KafkaCluster;
  readonly #connections = new Map<number, Promise<BrokerConnection>>();

  constructor(cluster: KafkaCluster) {
    this.#cluster = cluster;
  }

  /** From any broker that answers. Throws the last broker's error when none does. */
  async metadata(): Promise<ClusterState> {
    return this.#anyBroker(readMetadata);
  }

  async topicOverrides(topic: string): Promise<Map<string, string>> {
    return this.#anyBroker((connection) => readTopicOverrides(connection, topic));
  }

  /**
   * Lag of the groups for which MSK publishes lag: stable or empty, no colon in the name. A broker that does not answer leaves
   * its groups out, as a missing coordinator does in the real service.
   */
  async groupLags(): Promise<GroupLag[]> {
    const committed = (await Promise.all(this.#living().map((broker) => this.#committedAt(broker)))).flat();
    const ends = await this.#endOffsets(committed.flatMap((one) => one.offsets));
    return committed.flatMap(({ group, offsets }) => lagByTopic(group, offsets, ends));
  }

  /** The state that a group's coordinator lists it with; null when no broker lists it. */
  async groupState(group: string): Promise<string | null> {
    const listed = await Promise.all(this.#living().map(async (broker) => readGroups(await this.#connection(broker))));
    return listed.flat().find(({ id }) => id === group)?.state ?? null;
  }

  close(): void {
    for (const connection of this.#connections.values()) {
      connection.then(
        (open) => open.close(),
        () => {},
      );
    }
    this.#connections.clear();
  }

  async #committedAt(broker: KafkaBroker): Promise<{ group: string; offsets: PartitionOffset[] }[]> {
    try {
      const connection = await this.#connection(broker);
      const groups = await readGroups(connection);
      const published = groups.filter(({ id, state }) => /^(stable|empty)$/i.test(state) && isMetricName(id));
      return await Promise.all(
        published.map(async ({ id }) => ({ group: id, offsets: await readCommitted(connection, id) })),
      );
    } catch {
      return [];
    }
  }

  async #endOffsets(wanted: PartitionOffset[]): Promise<Map<string, bigint>> {
    const ends = new Map<string, bigint>();
    if (wanted.length === 0) return ends;
    const names = new Set(wanted.map((one) => one.topic));
    const { topics } = await this.metadata();
    const byLeader = new Map<number, Map<string, number[]>>();
    for (const topic of topics.filter(({ name }) => names.has(name))) {
      for (const { partition, leader } of topic.partitions) {
        const led = byLeader.get(leader) ?? new Map<string, number[]>();
        byLeader.set(leader, led.set(topic.name, [...(led.get(topic.name) ?? []), partition]));
      }
    }
    await Promise.all(
      this.#living().map(async (broker) => {
        const led = byLeader.get(broker.id);
        if (led === undefined) return;
        const offsets = await readEndOffsets(await this.#connection(broker), led).catch(() => []);
        for (const one of offsets) ends.set(`${one.topic}/${one.partition}`, one.offset);
      }),
    );
    return ends;
  }

  async #anyBroker<T>(read: (connection: BrokerConnection) => Promise<T>): Promise<T> {
    let failure: unknown = new Error('no broker is running');
    for (const broker of this.#living()) {
      try {
        return await read(await this.#connection(broker));
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }

  #living(): KafkaBroker[] {
    return this.#cluster.brokers.filter((broker) => broker.alive);
  }

  async #connection(broker: KafkaBroker): Promise<BrokerConnection> {
    const known = this.#connections.get(broker.id);
    if (known !== undefined) {
      const open = await known.catch(() => undefined);
      if (open?.usable === true) return open;
    }
    const opening = BrokerConnection.open(broker.port);
    this.#connections.set(broker.id, opening);
    return opening;
  }
}

function lagByTopic(group: string, offsets: PartitionOffset[], ends: ReadonlyMap<string, bigint>): GroupLag[] {
  const byTopic = new Map<string, GroupLag>();
  for (const { topic, partition, offset } of offsets) {
    const end = ends.get(`${topic}/${partition}`);
    if (end === undefined) continue;
    const lag = byTopic.get(topic) ?? { group, topic, partitions: [] };
    lag.partitions.push({ partition, committed: offset, end });
    byTopic.set(topic, lag);
  }
  return [...byTopic.values()];
}

/** MSK leaves a group with a colon in its name out; CloudWatch drops what is not printable ASCII. */
function isMetricName(group: string): boolean {
  return !group.includes(':') && /^[\x20-\x7e]{1,255}$/.test(group);
}
