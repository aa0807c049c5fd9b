// Which of Apache Kafka's settings a setting of another client library stands for, so that one rule judges all of them. Where Kafka has none
// (a flush after so many messages), librdkafka's name is taken.
import type { ClientLibrary } from './client-libraries.ts';

/** Names that do not follow from the rule of the library. */
const OWN_NAMES: Readonly<Record<ClientLibrary, Readonly<Record<string, string>>>> = {
  java: {},
  'kafka-python': { sasl_plain_password: 'sasl.password', sasl_plain_username: 'sasl.username' },
  librdkafka: {
    'queue.buffering.max.ms': 'linger.ms',
    'message.send.max.retries': 'retries',
    'compression.codec': 'compression.type',
    'request.required.acks': 'acks',
    'message.timeout.ms': 'delivery.timeout.ms',
    'max.in.flight': 'max.in.flight.requests.per.connection',
    'fetch.wait.max.ms': 'fetch.max.wait.ms',
    'fetch.message.max.bytes': 'max.partition.fetch.bytes',
    'metadata.broker.list': 'bootstrap.servers',
    'auto.commit.enable': 'enable.auto.commit',
    'sasl.mechanisms': 'sasl.mechanism',
    'message.max.bytes': 'max.request.size',
    'socket.send.buffer.bytes': 'send.buffer.bytes',
    'socket.receive.buffer.bytes': 'receive.buffer.bytes',
  },
  sarama: {
    ClientID: 'client.id',
    RackID: 'client.rack',
    'Net.MaxOpenRequests': 'max.in.flight.requests.per.connection',
    'Net.SASL.Mechanism': 'sasl.mechanism',
    'Net.SASL.User': 'sasl.username',
    'Net.SASL.Password': 'sasl.password',
    'Producer.MaxMessageBytes': 'max.request.size',
    'Producer.RequiredAcks': 'acks',
    'Producer.Compression': 'compression.type',
    'Producer.Idempotent': 'enable.idempotence',
    'Producer.Transaction.ID': 'transactional.id',
    'Producer.Transaction.Timeout': 'transaction.timeout.ms',
    'Producer.Flush.Frequency': 'linger.ms',
    'Producer.Flush.Bytes': 'batch.size',
    'Producer.Flush.Messages': 'batch.num.messages',
    'Producer.Retry.Max': 'retries',
    'Producer.Retry.Backoff': 'retry.backoff.ms',
    'Consumer.Group.Session.Timeout': 'session.timeout.ms',
    'Consumer.Group.Heartbeat.Interval': 'heartbeat.interval.ms',
    'Consumer.Group.Rebalance.GroupStrategies': 'partition.assignment.strategy',
    'Consumer.Group.Rebalance.Strategy': 'partition.assignment.strategy',
    'Consumer.Group.InstanceId': 'group.instance.id',
    'Consumer.Fetch.Min': 'fetch.min.bytes',
    'Consumer.Fetch.Default': 'max.partition.fetch.bytes',
    'Consumer.Fetch.MaxBytes': 'fetch.max.bytes',
    'Consumer.MaxWaitTime': 'fetch.max.wait.ms',
    'Consumer.IsolationLevel': 'isolation.level',
    'Consumer.Offsets.AutoCommit.Enable': 'enable.auto.commit',
    'Consumer.Offsets.AutoCommit.Interval': 'auto.commit.interval.ms',
    'Consumer.Offsets.Initial': 'auto.offset.reset',
  },
  kafkajs: {
    brokers: 'bootstrap.servers',
    clientId: 'client.id',
    rackId: 'client.rack',
    requestTimeout: 'request.timeout.ms',
    'retry.retries': 'retries',
    'retry.initialRetryTime': 'retry.backoff.ms',
    maxInFlightRequests: 'max.in.flight.requests.per.connection',
    idempotent: 'enable.idempotence',
    transactionalId: 'transactional.id',
    transactionTimeout: 'transaction.timeout.ms',
    acks: 'acks',
    compression: 'compression.type',
    groupId: 'group.id',
    sessionTimeout: 'session.timeout.ms',
    heartbeatInterval: 'heartbeat.interval.ms',
    maxBytesPerPartition: 'max.partition.fetch.bytes',
    minBytes: 'fetch.min.bytes',
    maxBytes: 'fetch.max.bytes',
    maxWaitTimeInMs: 'fetch.max.wait.ms',
    fromBeginning: 'auto.offset.reset',
    autoCommit: 'enable.auto.commit',
    autoCommitInterval: 'auto.commit.interval.ms',
  },
};

/** Libraries whose names are Kafka's, but for the ones above. */
const FOLLOWS_KAFKA: Readonly<Partial<Record<ClientLibrary, (key: string) => string>>> = {
  java: (key) => key,
  librdkafka: (key) => key,
  'kafka-python': (key) => key.replaceAll('_', '.'),
};

/** Kafka's name of a library's setting; null where Kafka has nothing like it. */
export function kafkaNameOf(library: ClientLibrary, key: string): string | null {
  const own = OWN_NAMES[library];
  return Object.hasOwn(own, key) ? own[key]! : (FOLLOWS_KAFKA[library]?.(key) ?? null);
}

/** What librdkafka has under its own name alone; for the others it takes Kafka's as an alias, so that its older ones need not be advised. */
const LIBRDKAFKA_ONLY: Readonly<Record<string, string>> = {
  'fetch.max.wait.ms': 'fetch.wait.max.ms',
  'max.request.size': 'message.max.bytes',
  'receive.buffer.bytes': 'socket.receive.buffer.bytes',
  'send.buffer.bytes': 'socket.send.buffer.bytes',
};

/** The library's spelling of one of Kafka's settings; null where the library has none. Whether it is spelt so is for its table to say. */
export function libraryKeyOf(library: ClientLibrary, kafkaName: string): string | null {
  if (library === 'java') return kafkaName;
  const own = Object.entries(OWN_NAMES[library]).find(([, name]) => name === kafkaName)?.[0];
  if (library === 'librdkafka') return LIBRDKAFKA_ONLY[kafkaName] ?? kafkaName;
  return own ?? (library === 'kafka-python' ? kafkaName.replaceAll('.', '_') : null);
}
