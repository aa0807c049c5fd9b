// Apache Kafka's own defaults of broker settings, by version where they differ.
// Read from the brokers themselves: `java kafka.server.KafkaConfig` of Kafka 3.6.2, 3.9.2 and 4.3.1 prints each setting with its default
// (2026-11-21; the same tables are https://kafka.apache.org/documentation/#brokerconfigs). The version in which a value changed:
// KIP-1030, https://cwiki.apache.org/confluence/display/KAFKA/KIP-1030. What 3.6 to 4.3 agree on is not confirmed for older versions.

export const KAFKA_DEFAULTS_SOURCE = 'https://kafka.apache.org/documentation/#brokerconfigs';

/** A value that holds from a version (`major.minor`) on; null: unset; undefined: the version has no such setting. */
interface Since {
  from: string;
  value: string | null | undefined;
}

/** The oldest version that was read. */
const OLDEST = '3.6';
const LONG_MAX = '9223372036854775807';
const INT_MAX = '2147483647';

function until4(value: string | null): Since[] {
  return [
    { from: OLDEST, value },
    { from: '4.0', value: undefined },
  ];
}

/** One value for all versions, or one a range, oldest first. */
export const KAFKA_DEFAULTS: Readonly<Record<string, string | null | readonly Since[]>> = {
  'auto.create.topics.enable': 'true',
  'auto.leader.rebalance.enable': 'true',
  'compression.type': 'producer',
  'connections.max.idle.ms': '600000',
  'default.replication.factor': '1',
  'delete.topic.enable': 'true',
  'fetch.max.bytes': '57671680',
  'group.consumer.heartbeat.interval.ms': [
    { from: OLDEST, value: undefined },
    { from: '3.9', value: '5000' },
  ],
  'group.consumer.session.timeout.ms': [
    { from: OLDEST, value: undefined },
    { from: '3.9', value: '45000' },
  ],
  'group.initial.rebalance.delay.ms': '3000',
  'group.max.session.timeout.ms': '1800000',
  'group.max.size': INT_MAX,
  'group.min.session.timeout.ms': '6000',
  'leader.imbalance.check.interval.seconds': '300',
  // 4.3.1 has it no more; in which 4.x it went is not confirmed.
  'leader.imbalance.per.broker.percentage': until4('10'),
  'log.cleaner.delete.retention.ms': '86400000',
  'log.cleaner.max.compaction.lag.ms': LONG_MAX,
  'log.cleaner.min.cleanable.ratio': '0.5',
  'log.cleaner.min.compaction.lag.ms': '0',
  'log.cleanup.policy': 'delete',
  'log.flush.interval.messages': LONG_MAX,
  'log.flush.interval.ms': null,
  'log.local.retention.bytes': '-2',
  'log.local.retention.ms': '-2',
  'log.message.timestamp.after.max.ms': [
    { from: OLDEST, value: LONG_MAX },
    { from: '4.0', value: '3600000' },
  ],
  'log.message.timestamp.before.max.ms': LONG_MAX,
  'log.message.timestamp.difference.max.ms': until4(LONG_MAX),
  'log.message.timestamp.type': 'CreateTime',
  'log.retention.bytes': '-1',
  'log.retention.hours': '168',
  'log.retention.minutes': null,
  'log.retention.ms': null,
  'log.roll.hours': '168',
  'log.roll.ms': null,
  'log.segment.bytes': '1073741824',
  'max.connection.creation.rate': INT_MAX,
  'max.connections': INT_MAX,
  'max.connections.per.ip': INT_MAX,
  'max.incremental.fetch.session.cache.slots': '1000',
  'message.max.bytes': '1048588',
  'min.insync.replicas': '1',
  'num.io.threads': '8',
  'num.network.threads': '3',
  'num.partitions': '1',
  'num.recovery.threads.per.data.dir': [
    { from: OLDEST, value: '1' },
    { from: '4.0', value: '2' },
  ],
  'num.replica.fetchers': '1',
  'offsets.retention.minutes': '10080',
  'offsets.topic.replication.factor': '3',
  'producer.id.expiration.ms': '86400000',
  'remote.log.reader.threads': '10',
  'remote.log.storage.system.enable': 'false',
  'replica.fetch.max.bytes': '1048576',
  'replica.fetch.response.max.bytes': '10485760',
  'replica.fetch.wait.max.ms': '500',
  'replica.lag.time.max.ms': '30000',
  'replica.selector.class': null,
  'replica.socket.receive.buffer.bytes': '65536',
  'request.timeout.ms': '30000',
  'socket.receive.buffer.bytes': '102400',
  'socket.request.max.bytes': '104857600',
  'socket.send.buffer.bytes': '102400',
  'transaction.max.timeout.ms': '900000',
  'transaction.state.log.min.isr': '2',
  'transaction.state.log.replication.factor': '3',
  'transactional.id.expiration.ms': '604800000',
  'unclean.leader.election.enable': 'false',
  'zookeeper.connection.timeout.ms': until4(null),
  'zookeeper.session.timeout.ms': until4('18000'),
  'zookeeper.set.acl': until4('false'),
};

export interface KafkaDefault {
  /** Null: Kafka leaves the setting unset. */
  value: string | null;
  /** What of it could not be confirmed. */
  unverified?: string;
}

/**
 * Kafka's default in a version as MSK spells it (`3.9.x.kraft`). Null when this table does not know the setting, when the version has no
 * such setting, or when the version is unknown and the versions do not agree.
 */
export function kafkaDefaultOf(key: string, kafkaVersion: string | null): KafkaDefault | null {
  if (!Object.hasOwn(KAFKA_DEFAULTS, key)) return null;
  const row = KAFKA_DEFAULTS[key]!;
  const version = kafkaVersion === null ? null : rankOf(kafkaVersion);
  const unverified =
    version !== null && version < rankOf(OLDEST)! ? { unverified: `read from Kafka ${OLDEST} and later` } : {};
  if (row === null || typeof row === 'string') return { value: row, ...unverified };
  const value = version === null ? undefined : (row.findLast(({ from }) => version >= rankOf(from)!) ?? row[0]!).value;
  return value === undefined ? null : { value, ...unverified };
}

/** A number that grows with the version: 3.9 is 3009; null for what is no version. */
function rankOf(version: string): number | null {
  const match = /^(\d+)\.(\d+)/.exec(version.trim());
  return match === null ? null : Number(match[1]) * 1000 + Number(match[2]);
}

/** Whether Kafka leaves the setting unset in some version: then no value is an answer, and not a value that the broker hides. */
export function mayBeUnset(key: string): boolean {
  const row = Object.hasOwn(KAFKA_DEFAULTS, key) ? KAFKA_DEFAULTS[key] : undefined;
  return row === null || (Array.isArray(row) && row.some(({ value }) => value === null));
}
