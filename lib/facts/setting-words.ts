// Settings that take one of a few words. Read from the ConfigDefs of Kafka 4.3.1 on 2026-11-22 (https://kafka.apache.org/documentation/#configuration).

const PROTOCOLS = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'];
const STORED_CODECS = ['uncompressed', 'zstd', 'lz4', 'snappy', 'gzip', 'producer'];
const POLICIES = ['compact', 'delete'];
const TIMESTAMPS = ['CreateTime', 'LogAppendTime'];

/** Clients, in Kafka's names, after a library's own spelling was turned into Kafka's. */
export const CLIENT_WORDS: Readonly<Record<string, readonly string[]>> = {
  acks: ['all', '0', '1'],
  'compression.type': ['none', 'gzip', 'snappy', 'lz4', 'zstd'],
  'isolation.level': ['read_committed', 'read_uncommitted'],
  'security.protocol': PROTOCOLS,
  'group.protocol': ['classic', 'consumer'],
};

export const TOPIC_WORDS: Readonly<Record<string, readonly string[]>> = {
  'cleanup.policy': POLICIES,
  'compression.type': STORED_CODECS,
  'message.timestamp.type': TIMESTAMPS,
};

export const BROKER_WORDS: Readonly<Record<string, readonly string[]>> = {
  'log.cleanup.policy': POLICIES,
  'compression.type': STORED_CODECS,
  'log.message.timestamp.type': TIMESTAMPS,
};

/** What a topic calls a setting that the broker's default has another name for. */
export const TOPIC_NAME_OF_BROKER: Readonly<Record<string, string>> = {
  'log.cleaner.delete.retention.ms': 'delete.retention.ms',
  'log.cleaner.max.compaction.lag.ms': 'max.compaction.lag.ms',
  'log.cleaner.min.cleanable.ratio': 'min.cleanable.dirty.ratio',
  'log.cleaner.min.compaction.lag.ms': 'min.compaction.lag.ms',
  'log.cleanup.policy': 'cleanup.policy',
  'log.flush.interval.messages': 'flush.messages',
  'log.flush.interval.ms': 'flush.ms',
  'log.local.retention.bytes': 'local.retention.bytes',
  'log.local.retention.ms': 'local.retention.ms',
  'log.message.timestamp.after.max.ms': 'message.timestamp.after.max.ms',
  'log.message.timestamp.before.max.ms': 'message.timestamp.before.max.ms',
  'log.message.timestamp.type': 'message.timestamp.type',
  'log.retention.bytes': 'retention.bytes',
  'log.retention.hours': 'retention.ms',
  'log.retention.minutes': 'retention.ms',
  'log.retention.ms': 'retention.ms',
  'log.roll.hours': 'segment.ms',
  'log.roll.ms': 'segment.ms',
  'log.segment.bytes': 'segment.bytes',
  'message.max.bytes': 'max.message.bytes',
};
