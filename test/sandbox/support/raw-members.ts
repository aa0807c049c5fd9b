// KIP-848 groups that two requests make: for tests that need one at every broker, and no consumer.
import { Writer } from '../../../sandbox/bridge/kafka/buffers.ts';
import { BrokerConnection } from '../../../sandbox/bridge/kafka/connection.ts';
import type { KafkaCluster } from '../../../sandbox/kafka/cluster.ts';
import { waitUntil } from '../../../sandbox/kafka/readiness.ts';

const CONSUMER_GROUP_HEARTBEAT = 68;
const NULL = 0;
const JOIN = 0;
const LEAVE = -1;

/** Groups `kip848-0`, `kip848-1`, ... until every broker coordinates one, each left by its only member; gives their ids. */
export async function makeGroupAtEveryBroker(cluster: KafkaCluster, topic: string): Promise<string[]> {
  const connections = await Promise.all(cluster.brokers.map(({ port }) => BrokerConnection.open(port)));
  try {
    const groupIds: string[] = [];
    const coordinators = new Set<number>();
    for (let index = 0; coordinators.size < connections.length; index += 1) {
      const groupId = `kip848-${index}`;
      await waitUntil(`a coordinator for ${groupId}`, 10_000, async () => {
        for (const [position, connection] of connections.entries()) {
          const { errorCode, memberId } = await heartbeat(connection, { groupId, topic, memberId: '', epoch: JOIN });
          if (errorCode !== 0) continue;
          await heartbeat(connection, { groupId, topic, memberId, epoch: LEAVE });
          coordinators.add(position);
          return true;
        }
        return false;
      });
      groupIds.push(groupId);
    }
    return groupIds;
  } finally {
    for (const connection of connections) connection.close();
  }
}

interface Heartbeat {
  groupId: string;
  topic: string;
  memberId: string;
  epoch: number;
}

/** ConsumerGroupHeartbeat v0. */
async function heartbeat(
  connection: BrokerConnection,
  { groupId, topic, memberId, epoch }: Heartbeat,
): Promise<{ errorCode: number; memberId: string }> {
  const text = (value: string) => Buffer.from(value, 'utf8');
  const body = new Writer().compactBytes(text(groupId)).compactBytes(text(memberId)).int32(epoch);
  body.varint(NULL).varint(NULL).int32(60_000); // instance id, rack, rebalance timeout
  body.varint(2).compactBytes(text(topic)).varint(NULL).emptyCompactArray().noTags();
  const answer = await connection.request(CONSUMER_GROUP_HEARTBEAT, 0, body.bytes(), true);
  answer.int32();
  const errorCode = answer.int16();
  answer.compactString();
  return { errorCode, memberId: answer.compactString() ?? '' };
}
