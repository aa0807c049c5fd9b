// Which of Apache Kafka's settings a setting of another client library stands for, so that one rule judges all of them. Where Kafka has none
// (a flush after so many messages), librdkafka's name is taken.
import { ADVISED_KEYS, keyAmong } from './client-keys.ts';
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
    ...ADVISED_KEYS.sarama,
    ClientID: 'client.id',
    'Net.SASL.Mechanism': 'sasl.mechanism',
    'Net.SASL.User': 'sasl.username',
    'Net.SASL.Password': 'sasl.password',
    'Producer.MaxMessageBytes': 'max.request.size',
    'Producer.Transaction.ID': 'transactional.id',
    'Producer.Transaction.Timeout': 'transaction.timeout.ms',
    'Producer.Flush.Messages': 'batch.num.messages',
    'Producer.Retry.Backoff': 'retry.backoff.ms',
    'Consumer.Fetch.Default': 'max.partition.fetch.bytes',
    'Consumer.Fetch.MaxBytes': 'fetch.max.bytes',
    'Consumer.IsolationLevel': 'isolation.level',
    'Consumer.Offsets.AutoCommit.Enable': 'enable.auto.commit',
  },
  kafkajs: {
    ...ADVISED_KEYS.kafkajs,
    brokers: 'bootstrap.servers',
    clientId: 'client.id',
    requestTimeout: 'request.timeout.ms',
    'retry.initialRetryTime': 'retry.backoff.ms',
    transactionalId: 'transactional.id',
    transactionTimeout: 'transaction.timeout.ms',
    groupId: 'group.id',
    maxBytesPerPartition: 'max.partition.fetch.bytes',
    maxBytes: 'fetch.max.bytes',
    autoCommit: 'enable.auto.commit',
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

/** The library's spelling of one of Kafka's settings; null where the library has none. Whether it is spelt so is for its table to say. */
export function libraryKeyOf(library: ClientLibrary, kafkaName: string): string | null {
  return keyAmong(OWN_NAMES[library], library, kafkaName);
}
