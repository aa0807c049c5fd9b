import type { TopicPartitions } from './consumer-group-describe.ts';
import { MalformedAnswerError, Reader } from './reader.ts';

/**
 * What a member of a classic consumer group was assigned, from the bytes its leader wrote (ConsumerProtocolAssignment).
 * Brokers pass those bytes on unchecked. User data behind the partitions is not read.
 * @returns an empty assignment for no bytes: the group is rebalancing
 * @throws MalformedAnswerError
 */
export function readMemberAssignment(bytes: Buffer | null): TopicPartitions[] {
  if (bytes === null || bytes.length === 0) return [];
  const reader = new Reader(bytes);
  const version = reader.int16();
  if (version < 0) throw new MalformedAnswerError(`consumer protocol version ${version}`);
  return reader.array(6, () => ({ topic: reader.string(), partitions: reader.int32Array() }));
}
