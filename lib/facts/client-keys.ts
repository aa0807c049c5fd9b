// The names that Sarama and KafkaJS give to the settings that are advised; all others, which the linter alone meets, are in client-names.ts.
import type { ClientLibrary } from './client-libraries.ts';

export const ADVISED_KEYS: Readonly<Partial<Record<ClientLibrary, Readonly<Record<string, string>>>>> = {
  sarama: {
    RackID: 'client.rack',
    'Net.MaxOpenRequests': 'max.in.flight.requests.per.connection',
    'Producer.RequiredAcks': 'acks',
    'Producer.Compression': 'compression.type',
    'Producer.Idempotent': 'enable.idempotence',
    'Producer.Flush.Frequency': 'linger.ms',
    'Producer.Flush.Bytes': 'batch.size',
    'Producer.Retry.Max': 'retries',
    'Consumer.Group.Session.Timeout': 'session.timeout.ms',
    'Consumer.Group.Heartbeat.Interval': 'heartbeat.interval.ms',
    'Consumer.Group.Rebalance.GroupStrategies': 'partition.assignment.strategy',
    'Consumer.Group.Rebalance.Strategy': 'partition.assignment.strategy',
    'Consumer.Group.InstanceId': 'group.instance.id',
    'Consumer.Fetch.Min': 'fetch.min.bytes',
    'Consumer.MaxWaitTime': 'fetch.max.wait.ms',
    'Consumer.Offsets.AutoCommit.Interval': 'auto.commit.interval.ms',
    'Consumer.Offsets.Initial': 'auto.offset.reset',
  },
  kafkajs: {
    rackId: 'client.rack',
    'retry.retries': 'retries',
    maxInFlightRequests: 'max.in.flight.requests.per.connection',
    idempotent: 'enable.idempotence',
    acks: 'acks',
    compression: 'compression.type',
    sessionTimeout: 'session.timeout.ms',
    heartbeatInterval: 'heartbeat.interval.ms',
    minBytes: 'fetch.min.bytes',
    maxWaitTimeInMs: 'fetch.max.wait.ms',
    fromBeginning: 'auto.offset.reset',
    autoCommitInterval: 'auto.commit.interval.ms',
  },
};

/** What librdkafka has under its own name alone; for the others it takes Kafka's as an alias, so that its older ones need not be advised. */
const LIBRDKAFKA_ONLY: Readonly<Record<string, string>> = {
  'fetch.max.wait.ms': 'fetch.wait.max.ms',
  'max.request.size': 'message.max.bytes',
  'receive.buffer.bytes': 'socket.receive.buffer.bytes',
  'send.buffer.bytes': 'socket.send.buffer.bytes',
};

/** A library's spelling of one of Kafka's settings, given the names that are its own. */
export function keyAmong(
  own: Readonly<Record<string, string>>,
  library: ClientLibrary,
  kafkaName: string,
): string | null {
  if (library === 'java') return kafkaName;
  if (library === 'librdkafka') return LIBRDKAFKA_ONLY[kafkaName] ?? kafkaName;
  const key = Object.entries(own).find(([, name]) => name === kafkaName)?.[0];
  return key ?? (library === 'kafka-python' ? kafkaName.replaceAll('.', '_') : null);
}
