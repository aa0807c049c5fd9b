// The dialects a configuration may be written in: which keys each knows, and how a key is told from the sections around it.
import { CLIENT_LIBRARIES, type ClientLibrary, type ClientRole, type ValueType } from '../../facts/client-libraries.ts';
import { KAFKA_BROKER_SETTINGS, KAFKA_TOPIC_SETTINGS } from '../../facts/kafka-settings.ts';
import { LIBRARY_SETTINGS } from '../../facts/library-settings.ts';
import { STANDARD_SETTABLE } from '../../facts/msk-configuration.ts';

export type Dialect = ClientLibrary | 'topic' | 'broker';

/** In the order in which a tie is decided. */
export const DIALECTS: readonly Dialect[] = [...CLIENT_LIBRARIES, 'topic', 'broker'];

/** What is asked for with a topic and is no configuration of it: spellings of KafkaJS, Python, the APIs of MSK and operators. */
export const TOPIC_REQUEST: Readonly<Record<string, 'name' | 'partitions' | 'replication.factor'>> = {
  name: 'name',
  topic: 'name',
  topicName: 'name',
  partitions: 'partitions',
  numPartitions: 'partitions',
  num_partitions: 'partitions',
  partitionCount: 'partitions',
  replicas: 'replication.factor',
  replicationFactor: 'replication.factor',
  replication_factor: 'replication.factor',
};

/** Often taken for configurations of a topic; CreateTopics refuses them. */
export const NO_TOPIC_CONFIG: ReadonlySet<string> = new Set(['num.partitions', 'replication.factor']);

export interface Located {
  key: string;
  isKnown: boolean;
  /** The sections around the key. */
  prefix: readonly string[];
}

export interface Known {
  role: ClientRole;
  type: ValueType;
}

/** Words around a configuration that are no part of its keys. */
const WRAPPERS = new Set(
  `producer consumer client admin override properties config configs configuration settings conf kafka spring topic topics broker brokers server
  options send run subscribe configentries topic_configs topicconfigs spec common default defaults main librdkafka rdkafka sarama kafkajs`.split(
    /\s+/,
  ),
);

/** Keys that many files have which configure no Kafka client. */
const COMMON_WORDS = new Set(
  'Version ClientID RackID brokers ssl timeout compression logLevel name topic topicName partitions replicas selector'.split(
    ' ',
  ),
);

/** Whether a key alone says that a file is a configuration of Kafka's. */
export function isTelling(key: string): boolean {
  return !COMMON_WORDS.has(key);
}

const TEXT: Known = { role: 'both', type: { type: 'text' } };

/** Role and type of a key that the dialect knows as it stands; null otherwise. */
export function knownIn(dialect: Dialect, key: string): Known | null {
  if (dialect === 'topic') {
    if (NO_TOPIC_CONFIG.has(key) || Object.hasOwn(TOPIC_REQUEST, key)) return TEXT;
    const type = KAFKA_TOPIC_SETTINGS.get(key);
    return type === undefined ? null : { role: 'both', type: { type } };
  }
  if (dialect === 'broker') {
    const type = KAFKA_BROKER_SETTINGS.get(key) ?? (isBrokerPattern(key) ? 'text' : undefined);
    return type === undefined ? null : { role: 'both', type: { type } };
  }
  const setting = LIBRARY_SETTINGS[dialect].get(key);
  return setting === undefined ? null : { role: setting.role, type: setting.value };
}

/** Read by the authorizer, not by the brokers' own configuration. */
const NOT_OF_KAFKA_CONFIG = new Set(['super.users']);

/** Settings of one listener, of the authorizer and of MSK, and what a Java process is started with. */
function isBrokerPattern(key: string): boolean {
  return (
    /^listener\.name\.[\w-]+\./.test(key) ||
    isJvmOption(key) ||
    STANDARD_SETTABLE.has(key) ||
    NOT_OF_KAFKA_CONFIG.has(key)
  );
}

/** `-Xmx6g`, `-XX:+UseG1GC` (its colon ends a key of properties), `KAFKA_HEAP_OPTS`. */
export function isJvmOption(key: string): boolean {
  return key.startsWith('-X') || /^KAFKA_(?:HEAP|JVM_PERFORMANCE|GC_LOG)_OPTS$/.test(key);
}

const SARAMA_KEYS = new Map([...LIBRARY_SETTINGS.sarama.keys()].map((key) => [key.toLowerCase(), key]));
const SARAMA_ROOTS = new Set(['admin', 'net', 'metadata', 'producer', 'consumer']);

/** Where the key begins in the path of an entry, in the eyes of a dialect. */
export function locate(dialect: Dialect, path: readonly string[]): Located {
  if (dialect === 'sarama') return locateSarama(path);
  for (let from = 0; from < path.length; from++) {
    const whole = path.slice(from).join('.');
    for (const [key, wrappers] of unwrapped(whole)) {
      if (knownIn(dialect, key) !== null) return { key, isKnown: true, prefix: [...path.slice(0, from), ...wrappers] };
    }
  }
  return { key: path.at(-1)!, isKnown: false, prefix: path.slice(0, -1) };
}

/** The key itself, then without each wrapper before it: `spring.kafka.producer.acks` gives `acks` in the end. */
function* unwrapped(key: string): Generator<[key: string, wrappers: string[]]> {
  const parts = key.split('.');
  for (let from = 0; from < parts.length; from++) {
    if (from > 0 && !WRAPPERS.has(parts[from - 1]!.toLowerCase())) return;
    yield [parts.slice(from).join('.'), parts.slice(0, from)];
  }
}

function locateSarama(path: readonly string[]): Located {
  const parts = path.flatMap((part) => part.split('.'));
  for (let from = 0; from < parts.length; from++) {
    const key = SARAMA_KEYS.get(parts.slice(from).join('.').toLowerCase());
    if (key !== undefined) return { key, isKnown: true, prefix: parts.slice(0, from) };
  }
  const root = parts.findIndex((part, index) => index < parts.length - 1 && SARAMA_ROOTS.has(part.toLowerCase()));
  if (root < 0) return { key: path.at(-1)!, isKnown: false, prefix: path.slice(0, -1) };
  return { key: parts.slice(root).join('.'), isKnown: false, prefix: parts.slice(0, root) };
}

/** The name of the block that the sections around a key make, and the role of the innermost one that has a role. */
export function sectionsOf(prefix: readonly string[]): { label: string; section: 'producer' | 'consumer' | null } {
  const words = prefix.map((part) => part.toLowerCase());
  const role = words.findLast((word) => /^(?:producer|consumer)s?$/.test(word));
  const label = prefix.filter((part) => !WRAPPERS.has(part.toLowerCase()) && !/^(?:producer|consumer)s$/i.test(part));
  return {
    label: label.join('.'),
    section: role === undefined ? null : role.startsWith('p') ? 'producer' : 'consumer',
  };
}
