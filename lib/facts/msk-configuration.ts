// Which broker and topic settings may be set on Amazon MSK, by kind of cluster, and the ranges MSK narrows.
// Standard: https://docs.aws.amazon.com/msk/latest/developerguide/msk-configuration-properties.html, tiered ones:
// .../msk-tiered-storage.html and .../msk-guidelines-tiered-storage-topic-level-config.html; Express:
// .../msk-configuration-express-read-write.html and -read-only.html, with the sets of AWS's own migration skill
// (https://github.com/aws/agent-toolkit-for-aws, compatibility.py); Serverless: .../serverless-config.html. Read 2026-11-20 in copies of 2026.

const GUIDE = 'https://docs.aws.amazon.com/msk/latest/developerguide';
export const MSK_CONFIGURATION_SOURCE = {
  standard: `${GUIDE}/msk-configuration-properties.html`,
  express: `${GUIDE}/msk-configuration-express-read-write.html`,
  expressFixed: `${GUIDE}/msk-configuration-express-read-only.html`,
  serverless: `${GUIDE}/serverless-config.html`,
  tiered: `${GUIDE}/msk-guidelines-tiered-storage-topic-level-config.html`,
} as const;

const names = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Settings that a configuration for Standard brokers may hold. */
export const STANDARD_SETTABLE = names(`
  allow.everyone.if.no.acl.found auto.create.topics.enable auto.leader.rebalance.enable compression.type
  connections.max.idle.ms custom.advertised.listeners default.replication.factor delete.topic.enable
  group.initial.rebalance.delay.ms group.max.session.timeout.ms group.min.session.timeout.ms
  leader.imbalance.per.broker.percentage log.cleaner.delete.retention.ms log.cleaner.min.cleanable.ratio
  log.cleanup.policy log.flush.interval.messages log.flush.interval.ms log.local.retention.bytes
  log.local.retention.ms log.message.timestamp.after.max.ms log.message.timestamp.before.max.ms
  log.message.timestamp.difference.max.ms log.message.timestamp.type log.retention.bytes log.retention.hours
  log.retention.minutes log.retention.ms log.roll.ms log.segment.bytes max.incremental.fetch.session.cache.slots
  message.max.bytes min.insync.replicas num.io.threads num.network.threads num.partitions
  num.recovery.threads.per.data.dir num.replica.fetchers offsets.retention.minutes offsets.topic.replication.factor
  remote.log.msk.disable.policy remote.log.reader.threads replica.fetch.max.bytes replica.fetch.response.max.bytes
  replica.lag.time.max.ms replica.selector.class replica.socket.receive.buffer.bytes socket.receive.buffer.bytes
  socket.request.max.bytes socket.send.buffer.bytes transaction.max.timeout.ms transaction.state.log.min.isr
  transaction.state.log.replication.factor transactional.id.expiration.ms unclean.leader.election.enable
  zookeeper.connection.timeout.ms zookeeper.session.timeout.ms`);

/** Settings of Express brokers that a configuration or AlterConfigs may change. */
export const EXPRESS_SETTABLE = names(`
  advertised.listeners allow.everyone.if.no.acl.found auto.create.topics.enable compression.type
  connections.max.idle.ms delete.topic.enable group.initial.rebalance.delay.ms group.max.session.timeout.ms
  leader.imbalance.per.broker.percentage log.cleaner.delete.retention.ms log.cleaner.max.compaction.lag.ms
  log.cleaner.min.compaction.lag.ms log.cleanup.policy log.message.timestamp.after.max.ms
  log.message.timestamp.before.max.ms log.message.timestamp.type log.retention.bytes log.retention.ms
  max.connection.creation.rate max.connections max.connections.per.ip max.connections.per.ip.overrides
  max.incremental.fetch.session.cache.slots message.max.bytes num.partitions offsets.retention.minutes
  producer.id.expiration.ms replica.fetch.max.bytes replica.selector.class socket.receive.buffer.bytes
  socket.request.max.bytes socket.send.buffer.bytes transaction.max.timeout.ms transactional.id.expiration.ms`);

/** Settings of Express brokers that AWS shows and lets nobody change. */
export const EXPRESS_READ_ONLY = names(`
  broker.id broker.rack default.replication.factor fetch.max.bytes group.max.size inter.broker.listener.name
  inter.broker.protocol.version listeners log.message.format.version min.insync.replicas num.io.threads
  num.network.threads replica.fetch.response.max.bytes request.timeout.ms transaction.state.log.min.isr
  transaction.state.log.replication.factor unclean.leader.election.enable`);

/** Settings of topics that Express lets change. */
export const EXPRESS_TOPIC_SETTABLE = names(`
  cleanup.policy compression.type delete.retention.ms max.compaction.lag.ms max.message.bytes
  message.timestamp.after.max.ms message.timestamp.before.max.ms message.timestamp.type min.compaction.lag.ms
  retention.bytes retention.ms`);

/**
 * Days that max.compaction.lag.ms must have on Express at least: AWS's page of read/write settings says seven days to Long.MAX (its
 * migration script one day). Unverified: the stricter of two sources that differ.
 */
export const EXPRESS_MIN_COMPACTION_LAG_DAYS = 7;

/** Settings of topics that Serverless lets change (cleanup.policy only when the topic is created). */
export const SERVERLESS_TOPIC_SETTABLE = names(`
  cleanup.policy compression.type max.message.bytes message.timestamp.difference.max.ms
  message.timestamp.after.max.ms message.timestamp.before.max.ms message.timestamp.type retention.bytes retention.ms`);

/** Ranges that MSK takes for a setting of Standard brokers where Kafka would take more. */
export const MSK_RANGES: Readonly<Record<string, readonly [min: number, max: number]>> = {
  'replica.lag.time.max.ms': [10_000, 30_000],
  'zookeeper.connection.timeout.ms': [6_000, 18_000],
  'zookeeper.session.timeout.ms': [6_000, 18_000],
  'log.cleaner.min.cleanable.ratio': [0, 1],
};

/** https://docs.aws.amazon.com/msk/latest/developerguide/limits.html: the largest message on Serverless. */
export const SERVERLESS_MAX_MESSAGE_BYTES = 8_388_608;

/** Ports of MSK's listeners inside the VPC, public and IPv6: https://docs.aws.amazon.com/msk/latest/developerguide/port-info.html. */
export const MSK_PORTS: Readonly<Record<number, 'PLAINTEXT' | 'SSL' | 'SASL_SSL'>> = {
  9092: 'PLAINTEXT',
  9094: 'SSL',
  9194: 'SSL',
  9096: 'SASL_SSL',
  9196: 'SASL_SSL',
  9098: 'SASL_SSL',
  9198: 'SASL_SSL',
  20092: 'PLAINTEXT',
  20094: 'SSL',
  20096: 'SASL_SSL',
  20098: 'SASL_SSL',
};
