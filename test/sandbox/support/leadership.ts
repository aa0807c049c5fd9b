// Who leads what, moved by hand: requests that Kafka's own tools refuse, and kafkajs does not know or sends only to a whole cluster.
import { Writer } from '../../../sandbox/bridge/kafka/buffers.ts';
import { BrokerConnection } from '../../../sandbox/bridge/kafka/connection.ts';
import { type PartitionState, readGroups, readMetadata } from '../../../sandbox/bridge/kafka/requests.ts';
import type { KafkaCluster } from '../../../sandbox/kafka/cluster.ts';
import { waitUntil } from '../../../sandbox/kafka/readiness.ts';

const ELECT_LEADERS = 43;
const PREFERRED = 0;
const ALTER_PARTITION_REASSIGNMENTS = 45;
const PATIENCE_MS = 10_000;
const COORDINATORS = '__consumer_offsets';

export interface WantedReplicas {
  partition: number;
  /** Null cancels a move. */
  replicas: readonly number[] | null;
}

/** Resolves once every partition is in sync and led by its first replica: nothing is left that the controller would set right later. */
export async function restoreLeaders(cluster: KafkaCluster): Promise<void> {
  await withBrokers(cluster, async ([broker]) => {
    await waitUntil('leaders in their places', 60_000, async () => {
      const partitions = (await readMetadata(broker!)).topics.flatMap((topic) => topic.partitions);
      if (partitions.some(({ isr, replicas }) => isr.length < replicas.length)) return false;
      if (partitions.every(({ leader, replicas }) => leader === replicas[0])) return true;
      await electPreferred(broker!, null);
      return false;
    });
  });
}

/**
 * Groups get another coordinator without any broker being down. Each partition's next replica becomes its preferred leader and is elected;
 * resolves once every group is listed elsewhere than before.
 */
export async function moveCoordinators(cluster: KafkaCluster): Promise<void> {
  await withBrokers(cluster, async (brokers) => {
    const before = await coordinators(brokers);
    const { topics } = await readMetadata(brokers[0]!);
    const wanted = topics.find(({ name }) => name === COORDINATORS)!.partitions.map(nextInTurn);
    await reassign(brokers[0]!, COORDINATORS, wanted);
    await electPreferred(brokers[0]!, COORDINATORS, wanted);
    await waitUntil('the new coordinators', 10_000, async () => {
      const now = await coordinators(brokers);
      return [...before].every(([group, places]) => now.has(group) && now.get(group) !== places);
    });
  });
}

async function withBrokers(cluster: KafkaCluster, use: (brokers: BrokerConnection[]) => Promise<void>): Promise<void> {
  const alive = cluster.brokers.filter((broker) => broker.alive);
  const brokers = await Promise.all(alive.map(({ port }) => BrokerConnection.open(port)));
  try {
    await use(brokers);
  } finally {
    for (const broker of brokers) broker.close();
  }
}

function nextInTurn({ partition, replicas: [first, ...others] }: PartitionState): WantedReplicas {
  return { partition, replicas: [...others, first!] };
}

/** Group to the positions of the brokers that list it: two for a moment, while it moves. */
async function coordinators(brokers: readonly BrokerConnection[]): Promise<Map<string, string>> {
  const listed = await Promise.all(brokers.map((broker) => readGroups(broker)));
  const places = listed.flatMap((groups, position) => groups.map(({ id }) => ({ id, position })));
  const byGroup = Map.groupBy(places, ({ id }) => id);
  return new Map([...byGroup].map(([id, at]) => [id, at.map(({ position }) => position).join()]));
}

/** ElectLeaders v1, of all topics or of one. */
async function electPreferred(
  broker: BrokerConnection,
  topic: string | null,
  partitions: readonly WantedReplicas[] = [],
) {
  const body = new Writer().int8(PREFERRED).array(topic === null ? null : [topic], (name, writer) => {
    writer.string(name).array(partitions, ({ partition }) => writer.int32(partition));
  });
  await broker.request(ELECT_LEADERS, 1, body.int32(PATIENCE_MS).bytes());
}

/** AlterPartitionReassignments v0; takes targets that are down, too. @throws when a partition is refused */
export async function reassign(
  broker: BrokerConnection,
  topic: string,
  wanted: readonly WantedReplicas[],
): Promise<void> {
  const body = new Writer()
    .int32(PATIENCE_MS)
    .varint(2)
    .compactBytes(Buffer.from(topic))
    .varint(wanted.length + 1);
  for (const { partition, replicas } of wanted) {
    body.int32(partition).varint(replicas === null ? 0 : replicas.length + 1);
    for (const id of replicas ?? []) body.int32(id);
    body.noTags();
  }
  const answer = await broker.request(ALTER_PARTITION_REASSIGNMENTS, 0, body.noTags().noTags().bytes(), true);
  answer.int32();
  const errors = [answer.int16()];
  answer.compactString();
  answer.compactArray(() => {
    answer.compactString();
    answer.compactArray(() => {
      answer.int32();
      errors.push(answer.int16());
      answer.compactString();
      answer.skipTags();
    });
    answer.skipTags();
  });
  const refused = errors.find((code) => code !== 0);
  if (refused !== undefined) throw new Error(`the replicas of ${topic} were refused: error ${refused}`);
}
