// By what the members of a consumer group show their library. No protocol tells it; a default client id does, and KafkaJS's assignor.
// Who names clients himself leaves no mark. Sources: Apache Kafka's ConsumerConfig (`consumer-<group>-<n>`), Streams
// (`...-StreamThread-<n>-consumer`) and Connect's worker (`connector-consumer-`); CONFIGURATION.md of librdkafka; config.go of Sarama;
// client_async.py of kafka-python; KafkaJS 2.2.4 (network/connection.js, consumer/assigners).
import type { ClientLibrary } from './client-libraries.ts';

/** The library of all members of a group; null where a member shows none, or they differ. */
export function libraryOfGroup(
  groupId: string,
  assignor: string,
  members: readonly { clientId: string }[],
): ClientLibrary | null {
  if (assignor === 'RoundRobinAssigner') return 'kafkajs';
  const found = new Set(members.map(({ clientId }) => libraryOf(groupId, clientId)));
  const [library = null] = found;
  return found.size === 1 ? library : null;
}

function libraryOf(groupId: string, clientId: string): ClientLibrary | null {
  if (clientId === 'rdkafka') return 'librdkafka';
  if (clientId === 'sarama' || clientId === 'kafkajs') return clientId;
  if (clientId.startsWith('kafka-python-')) return 'kafka-python';
  const isJava =
    clientId.startsWith(`consumer-${groupId}-`) ||
    clientId.startsWith('connector-consumer-') ||
    /-StreamThread-\d+-consumer$/.test(clientId);
  return isJava ? 'java' : null;
}

/** Of the classic protocol: for a group of the new one the brokers decide them, and clients refuse them. */
const CLASSIC_ONLY = ['session.timeout.ms', 'heartbeat.interval.ms', 'partition.assignment.strategy'];

/** Settings that are of no use to the members: decided elsewhere, or made already. */
export function settledSettings(type: string, members: readonly { instanceId: string | null }[]): string[] {
  const isStatic = members.length > 0 && members.every(({ instanceId }) => instanceId !== null);
  return [...(type === 'consumer' ? CLASSIC_ONLY : []), ...(isStatic ? ['group.instance.id'] : [])];
}
