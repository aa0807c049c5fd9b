// Moves partitions as the controller takes it: Kafka's own tool refuses a target that is down, and kafkajs a cluster without all leaders.
import { Writer } from '../../../sandbox/bridge/kafka/buffers.ts';
import type { BrokerConnection } from '../../../sandbox/bridge/kafka/connection.ts';

const ALTER_PARTITION_REASSIGNMENTS = 45;

export interface WantedReplicas {
  partition: number;
  replicas: readonly number[];
}

/** AlterPartitionReassignments v0. @throws when a partition is refused */
export async function reassign(
  broker: BrokerConnection,
  topic: string,
  wanted: readonly WantedReplicas[],
): Promise<void> {
  const body = new Writer()
    .int32(10_000)
    .varint(2)
    .compactBytes(Buffer.from(topic))
    .varint(wanted.length + 1);
  for (const { partition, replicas } of wanted) {
    body.int32(partition).varint(replicas.length + 1);
    for (const id of replicas) body.int32(id);
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
