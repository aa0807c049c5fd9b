// Groups get another coordinator without any broker being down: their partitions of __consumer_offsets get another leader.
import { Writer } from '../../../sandbox/bridge/kafka/buffers.ts';
import { BrokerConnection } from '../../../sandbox/bridge/kafka/connection.ts';
import { type PartitionState, readGroups, readMetadata } from '../../../sandbox/bridge/kafka/requests.ts';
import type { KafkaCluster } from '../../../sandbox/kafka/cluster.ts';
import { waitUntil } from '../../../sandbox/kafka/readiness.ts';
import { reassign } from './reassign.ts';

const TOPIC = '__consumer_offsets';
const ELECT_LEADERS = 43;
const PREFERRED = 0;

/** Each partition's next replica becomes its preferred leader and is elected; resolves once every group is listed elsewhere than before. */
export async function moveCoordinators(cluster: KafkaCluster): Promise<void> {
  const brokers = await Promise.all(cluster.brokers.map(({ port }) => BrokerConnection.open(port)));
  try {
    const before = await coordinators(brokers);
    const { topics } = await readMetadata(brokers[0]!);
    const wanted = topics.find(({ name }) => name === TOPIC)!.partitions.map(nextInTurn);
    await reassign(brokers[0]!, TOPIC, wanted);
    const body = new Writer().int8(PREFERRED).array([TOPIC], (topic, writer) => {
      writer.string(topic).array(wanted, ({ partition }) => writer.int32(partition));
    });
    await brokers[0]!.request(ELECT_LEADERS, 1, body.int32(10_000).bytes());
    await waitUntil('the new coordinators', 10_000, async () => {
      const now = await coordinators(brokers);
      return [...before].every(([group, places]) => now.has(group) && now.get(group) !== places);
    });
  } finally {
    for (const broker of brokers) broker.close();
  }
}

function nextInTurn({ partition, replicas: [first, ...others] }: PartitionState) {
  return { partition, replicas: [...others, first!] };
}

/** Group to the positions of the brokers that list it: two for a moment, while it moves. */
async function coordinators(brokers: readonly BrokerConnection[]): Promise<Map<string, string>> {
  const listed = await Promise.all(brokers.map((broker) => readGroups(broker)));
  const places = listed.flatMap((groups, position) => groups.map(({ id }) => ({ id, position })));
  const byGroup = Map.groupBy(places, ({ id }) => id);
  return new Map([...byGroup].map(([id, at]) => [id, at.map(({ position }) => position).join()]));
}
