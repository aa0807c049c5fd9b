// Names and types of Apache Kafka's settings of clients, topics and brokers.
// Read from the ConfigDefs of Kafka 3.9.2 and 4.3.1 (ProducerConfig, ConsumerConfig, LogConfig, KafkaConfig) on 2026-11-22; the same tables are
// https://kafka.apache.org/documentation/#configuration. A name is in these tables when one of the two versions has it.

export const KAFKA_SETTINGS_SOURCE = 'https://kafka.apache.org/documentation/#configuration';

export type SettingType = 'integer' | 'decimal' | 'boolean' | 'password' | 'text';

const TYPES: Readonly<Record<string, SettingType>> = {
  i: 'integer',
  l: 'integer',
  d: 'decimal',
  b: 'boolean',
  p: 'password',
};

/** Both producers and consumers take these. `name:type`; without a type it is text. */
const CLIENT = `
  auto.include.jmx.reporter:b bootstrap.servers client.dns.lookup client.id config.providers connections.max.idle.ms:l
  enable.metrics.push:b interceptor.classes metadata.max.age.ms:l metadata.recovery.rebootstrap.trigger.ms:l
  metadata.recovery.strategy metric.reporters metrics.num.samples:i metrics.recording.level metrics.sample.window.ms:l
  receive.buffer.bytes:i reconnect.backoff.max.ms:l reconnect.backoff.ms:l request.timeout.ms:i retry.backoff.max.ms:l
  retry.backoff.ms:l sasl.client.callback.handler.class sasl.jaas.config:p sasl.kerberos.kinit.cmd
  sasl.kerberos.min.time.before.relogin:l sasl.kerberos.service.name sasl.kerberos.ticket.renew.jitter:d
  sasl.kerberos.ticket.renew.window.factor:d sasl.login.callback.handler.class sasl.login.class
  sasl.login.connect.timeout.ms:i sasl.login.read.timeout.ms:i sasl.login.refresh.buffer.seconds:i
  sasl.login.refresh.min.period.seconds:i sasl.login.refresh.window.factor:d sasl.login.refresh.window.jitter:d
  sasl.login.retry.backoff.max.ms:l sasl.login.retry.backoff.ms:l sasl.mechanism sasl.oauthbearer.assertion.algorithm
  sasl.oauthbearer.assertion.claim.aud sasl.oauthbearer.assertion.claim.exp.seconds:i
  sasl.oauthbearer.assertion.claim.iss sasl.oauthbearer.assertion.claim.jti.include:b
  sasl.oauthbearer.assertion.claim.nbf.seconds:i sasl.oauthbearer.assertion.claim.sub sasl.oauthbearer.assertion.file
  sasl.oauthbearer.assertion.private.key.file sasl.oauthbearer.assertion.private.key.passphrase:p
  sasl.oauthbearer.assertion.template.file sasl.oauthbearer.client.credentials.client.id
  sasl.oauthbearer.client.credentials.client.secret:p sasl.oauthbearer.clock.skew.seconds:i
  sasl.oauthbearer.expected.audience sasl.oauthbearer.expected.issuer sasl.oauthbearer.header.urlencode:b
  sasl.oauthbearer.jwks.endpoint.refresh.ms:l sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms:l
  sasl.oauthbearer.jwks.endpoint.retry.backoff.ms:l sasl.oauthbearer.jwks.endpoint.url
  sasl.oauthbearer.jwt.retriever.class sasl.oauthbearer.jwt.validator.class sasl.oauthbearer.scope
  sasl.oauthbearer.scope.claim.name sasl.oauthbearer.sub.claim.name sasl.oauthbearer.token.endpoint.url
  security.protocol security.providers send.buffer.bytes:i socket.connection.setup.timeout.max.ms:l
  socket.connection.setup.timeout.ms:l ssl.cipher.suites ssl.enabled.protocols ssl.endpoint.identification.algorithm
  ssl.engine.factory.class ssl.key.password:p ssl.keymanager.algorithm ssl.keystore.certificate.chain:p
  ssl.keystore.key:p ssl.keystore.location ssl.keystore.password:p ssl.keystore.type ssl.protocol ssl.provider
  ssl.secure.random.implementation ssl.trustmanager.algorithm ssl.truststore.certificates:p ssl.truststore.location
  ssl.truststore.password:p ssl.truststore.type`;

/** Producers alone. */
const PRODUCER = `
  acks batch.size:i buffer.memory:l compression.gzip.level:i compression.lz4.level:i compression.type
  compression.zstd.level:i delivery.timeout.ms:i enable.idempotence:b key.serializer linger.ms:l max.block.ms:l
  max.in.flight.requests.per.connection:i max.request.size:i metadata.max.idle.ms:l
  partitioner.adaptive.partitioning.enable:b partitioner.availability.timeout.ms:l partitioner.class
  partitioner.ignore.keys:b retries:i transaction.timeout.ms:i transaction.two.phase.commit.enable:b transactional.id
  value.serializer`;

/** Consumers alone. */
const CONSUMER = `
  allow.auto.create.topics:b auto.commit.interval.ms:i auto.offset.reset check.crcs:b client.rack
  default.api.timeout.ms:i enable.auto.commit:b exclude.internal.topics:b fetch.max.bytes:i fetch.max.wait.ms:i
  fetch.min.bytes:i group.id group.instance.id group.protocol group.remote.assignor heartbeat.interval.ms:i
  isolation.level key.deserializer max.partition.fetch.bytes:i max.poll.interval.ms:i max.poll.records:i
  partition.assignment.strategy session.timeout.ms:i share.acknowledgement.mode share.acquire.mode value.deserializer`;

/** Topics. */
const TOPIC = `
  cleanup.policy compression.gzip.level:i compression.lz4.level:i compression.type compression.zstd.level:i
  delete.retention.ms:l file.delete.delay.ms:l flush.messages:l flush.ms:l follower.replication.throttled.replicas
  index.interval.bytes:i leader.replication.throttled.replicas local.retention.bytes:l local.retention.ms:l
  max.compaction.lag.ms:l max.message.bytes:i message.downconversion.enable:b message.format.version
  message.timestamp.after.max.ms:l message.timestamp.before.max.ms:l message.timestamp.difference.max.ms:l
  message.timestamp.type min.cleanable.dirty.ratio:d min.compaction.lag.ms:l min.insync.replicas:i preallocate:b
  remote.log.copy.disable:b remote.log.delete.on.disable:b remote.storage.enable:b retention.bytes:l retention.ms:l
  segment.bytes:i segment.index.bytes:i segment.jitter.ms:l segment.ms:l unclean.leader.election.enable:b`;

/** Brokers. */
const BROKER = `
  add.partitions.to.txn.retry.backoff.max.ms:i add.partitions.to.txn.retry.backoff.ms:i advertised.listeners
  alter.config.policy.class.name alter.config.policy.kraft.compatibility.enable:b
  alter.log.dirs.replication.quota.window.num:i alter.log.dirs.replication.quota.window.size.seconds:i
  authorizer.class.name auto.create.topics.enable:b auto.include.jmx.reporter:b auto.leader.rebalance.enable:b
  background.threads:i broker.heartbeat.interval.ms:i broker.id:i broker.id.generation.enable:b broker.rack
  broker.session.timeout.ms:i client.quota.callback.class compression.gzip.level:i compression.lz4.level:i
  compression.type compression.zstd.level:i config.providers connection.failed.authentication.delay.ms:i
  connections.max.idle.ms:l connections.max.reauth.ms:l control.plane.listener.name controlled.shutdown.enable:b
  controlled.shutdown.max.retries:i controlled.shutdown.retry.backoff.ms:l controller.listener.names
  controller.performance.always.log.threshold.ms:l controller.performance.sample.period.ms:l
  controller.quorum.append.linger.ms:i controller.quorum.auto.join.enable:b controller.quorum.bootstrap.servers
  controller.quorum.election.backoff.max.ms:i controller.quorum.election.timeout.ms:i
  controller.quorum.fetch.max.bytes:i controller.quorum.fetch.snapshot.max.bytes:i
  controller.quorum.fetch.timeout.ms:i controller.quorum.request.timeout.ms:i controller.quorum.retry.backoff.ms:i
  controller.quorum.voters controller.quota.window.num:i controller.quota.window.size.seconds:i
  controller.socket.timeout.ms:i cordoned.log.dirs create.topic.policy.class.name default.replication.factor:i
  delegation.token.expiry.check.interval.ms:l delegation.token.expiry.time.ms:l delegation.token.master.key:p
  delegation.token.max.lifetime.ms:l delegation.token.secret.key:p delete.records.purgatory.purge.interval.requests:i
  delete.topic.enable:b early.start.listeners eligible.leader.replicas.enable:b fetch.max.bytes:i
  fetch.purgatory.purge.interval.requests:i follower.fetch.last.tiered.offset.enable:b
  group.consumer.assignment.interval.ms:i group.consumer.assignors group.consumer.heartbeat.interval.ms:i
  group.consumer.max.assignment.interval.ms:i group.consumer.max.heartbeat.interval.ms:i
  group.consumer.max.session.timeout.ms:i group.consumer.max.size:i group.consumer.migration.policy
  group.consumer.min.assignment.interval.ms:i group.consumer.min.heartbeat.interval.ms:i
  group.consumer.min.session.timeout.ms:i group.consumer.regex.refresh.interval.ms:i
  group.consumer.session.timeout.ms:i group.coordinator.append.linger.ms:i group.coordinator.background.threads:i
  group.coordinator.cached.buffer.max.bytes:i group.coordinator.new.enable:b group.coordinator.rebalance.protocols
  group.coordinator.threads:i group.initial.rebalance.delay.ms:i group.max.session.timeout.ms:i group.max.size:i
  group.min.session.timeout.ms:i group.share.assignment.interval.ms:i group.share.assignors
  group.share.delivery.count.limit:i group.share.enable:b group.share.heartbeat.interval.ms:i
  group.share.initialize.retry.interval.ms:i group.share.max.assignment.interval.ms:i
  group.share.max.delivery.count.limit:i group.share.max.groups:i group.share.max.heartbeat.interval.ms:i
  group.share.max.partition.max.record.locks:i group.share.max.record.lock.duration.ms:i
  group.share.max.session.timeout.ms:i group.share.max.share.sessions:i group.share.max.size:i
  group.share.min.assignment.interval.ms:i group.share.min.delivery.count.limit:i
  group.share.min.heartbeat.interval.ms:i group.share.min.partition.max.record.locks:i
  group.share.min.record.lock.duration.ms:i group.share.min.session.timeout.ms:i
  group.share.partition.max.record.locks:i group.share.persister.class.name group.share.record.lock.duration.ms:i
  group.share.session.timeout.ms:i group.streams.assignment.interval.ms:i group.streams.heartbeat.interval.ms:i
  group.streams.initial.rebalance.delay.ms:i group.streams.max.assignment.interval.ms:i
  group.streams.max.heartbeat.interval.ms:i group.streams.max.session.timeout.ms:i group.streams.max.size:i
  group.streams.max.standby.replicas:i group.streams.min.assignment.interval.ms:i
  group.streams.min.heartbeat.interval.ms:i group.streams.min.session.timeout.ms:i
  group.streams.num.standby.replicas:i group.streams.session.timeout.ms:i initial.broker.registration.timeout.ms:i
  inter.broker.listener.name inter.broker.protocol.version kafka.metrics.polling.interval.secs:i
  kafka.metrics.reporters leader.imbalance.check.interval.seconds:l leader.imbalance.per.broker.percentage:i
  listener.security.protocol.map listeners log.cleaner.backoff.ms:l log.cleaner.dedupe.buffer.size:l
  log.cleaner.delete.retention.ms:l log.cleaner.enable:b log.cleaner.io.buffer.load.factor:d
  log.cleaner.io.buffer.size:i log.cleaner.io.max.bytes.per.second:d log.cleaner.max.compaction.lag.ms:l
  log.cleaner.min.cleanable.ratio:d log.cleaner.min.compaction.lag.ms:l log.cleaner.threads:i log.cleanup.policy
  log.dir log.dir.failure.timeout.ms:l log.dirs log.flush.interval.messages:l log.flush.interval.ms:l
  log.flush.offset.checkpoint.interval.ms:i log.flush.scheduler.interval.ms:l
  log.flush.start.offset.checkpoint.interval.ms:i log.index.interval.bytes:i log.index.size.max.bytes:i
  log.initial.task.delay.ms:l log.local.retention.bytes:l log.local.retention.ms:l log.message.downconversion.enable:b
  log.message.format.version log.message.timestamp.after.max.ms:l log.message.timestamp.before.max.ms:l
  log.message.timestamp.difference.max.ms:l log.message.timestamp.type log.preallocate:b log.retention.bytes:l
  log.retention.check.interval.ms:l log.retention.hours:i log.retention.minutes:i log.retention.ms:l log.roll.hours:i
  log.roll.jitter.hours:i log.roll.jitter.ms:l log.roll.ms:l log.segment.bytes:i log.segment.delete.delay.ms:l
  max.connection.creation.rate:i max.connections:i max.connections.per.ip:i max.connections.per.ip.overrides
  max.incremental.fetch.session.cache.slots:i max.request.partition.size.limit:i message.max.bytes:i metadata.log.dir
  metadata.log.max.record.bytes.between.snapshots:l metadata.log.max.snapshot.interval.ms:l
  metadata.log.segment.bytes:i metadata.log.segment.min.bytes:i metadata.log.segment.ms:l
  metadata.max.idle.interval.ms:i metadata.max.retention.bytes:l metadata.max.retention.ms:l metric.reporters
  metrics.num.samples:i metrics.recording.level metrics.sample.window.ms:l min.insync.replicas:i node.id:i
  num.io.threads:i num.network.threads:i num.partitions:i num.recovery.threads.per.data.dir:i
  num.replica.alter.log.dirs.threads:i num.replica.fetchers:i offset.metadata.max.bytes:i
  offsets.commit.required.acks:i offsets.commit.timeout.ms:i offsets.load.buffer.size:i
  offsets.retention.check.interval.ms:l offsets.retention.minutes:i offsets.topic.compression.codec:i
  offsets.topic.num.partitions:i offsets.topic.replication.factor:i offsets.topic.segment.bytes:i
  password.encoder.cipher.algorithm password.encoder.iterations:i password.encoder.key.length:i
  password.encoder.keyfactory.algorithm password.encoder.old.secret:p password.encoder.secret:p
  principal.builder.class process.roles producer.id.expiration.check.interval.ms:i producer.id.expiration.ms:i
  producer.purgatory.purge.interval.requests:i queued.max.request.bytes:l queued.max.requests:i quota.window.num:i
  quota.window.size.seconds:i remote.fetch.max.wait.ms:i remote.list.offsets.request.timeout.ms:l
  remote.log.index.file.cache.total.size.bytes:l remote.log.index.file.cache.ttl.ms:l
  remote.log.manager.copier.thread.pool.size:i remote.log.manager.copy.max.bytes.per.second:l
  remote.log.manager.copy.quota.window.num:i remote.log.manager.copy.quota.window.size.seconds:i
  remote.log.manager.expiration.thread.pool.size:i remote.log.manager.fetch.max.bytes.per.second:l
  remote.log.manager.fetch.quota.window.num:i remote.log.manager.fetch.quota.window.size.seconds:i
  remote.log.manager.follower.thread.pool.size:i remote.log.manager.task.interval.ms:l
  remote.log.manager.task.retry.backoff.max.ms:l remote.log.manager.task.retry.backoff.ms:l
  remote.log.manager.task.retry.jitter:d remote.log.manager.thread.pool.size:i
  remote.log.metadata.custom.metadata.max.bytes:i remote.log.metadata.manager.class.name
  remote.log.metadata.manager.class.path remote.log.metadata.manager.impl.prefix
  remote.log.metadata.manager.listener.name remote.log.reader.max.pending.tasks:i remote.log.reader.threads:i
  remote.log.storage.manager.class.name remote.log.storage.manager.class.path remote.log.storage.manager.impl.prefix
  remote.log.storage.system.enable:b replica.fetch.backoff.ms:i replica.fetch.max.bytes:i replica.fetch.min.bytes:i
  replica.fetch.response.max.bytes:i replica.fetch.wait.max.ms:i replica.high.watermark.checkpoint.interval.ms:l
  replica.lag.time.max.ms:l replica.selector.class replica.socket.receive.buffer.bytes:i replica.socket.timeout.ms:i
  replication.quota.window.num:i replication.quota.window.size.seconds:i request.timeout.ms:i reserved.broker.max.id:i
  sasl.client.callback.handler.class sasl.enabled.mechanisms sasl.jaas.config:p sasl.kerberos.kinit.cmd
  sasl.kerberos.min.time.before.relogin:l sasl.kerberos.principal.to.local.rules sasl.kerberos.service.name
  sasl.kerberos.ticket.renew.jitter:d sasl.kerberos.ticket.renew.window.factor:d sasl.login.callback.handler.class
  sasl.login.class sasl.login.connect.timeout.ms:i sasl.login.read.timeout.ms:i sasl.login.refresh.buffer.seconds:i
  sasl.login.refresh.min.period.seconds:i sasl.login.refresh.window.factor:d sasl.login.refresh.window.jitter:d
  sasl.login.retry.backoff.max.ms:l sasl.login.retry.backoff.ms:l sasl.mechanism.controller.protocol
  sasl.mechanism.inter.broker.protocol sasl.oauthbearer.assertion.algorithm sasl.oauthbearer.assertion.claim.aud
  sasl.oauthbearer.assertion.claim.exp.seconds:i sasl.oauthbearer.assertion.claim.iss
  sasl.oauthbearer.assertion.claim.jti.include:b sasl.oauthbearer.assertion.claim.nbf.seconds:i
  sasl.oauthbearer.assertion.claim.sub sasl.oauthbearer.assertion.file sasl.oauthbearer.assertion.private.key.file
  sasl.oauthbearer.assertion.private.key.passphrase:p sasl.oauthbearer.assertion.template.file
  sasl.oauthbearer.client.credentials.client.id sasl.oauthbearer.client.credentials.client.secret:p
  sasl.oauthbearer.clock.skew.seconds:i sasl.oauthbearer.expected.audience sasl.oauthbearer.expected.issuer
  sasl.oauthbearer.jwks.endpoint.refresh.ms:l sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms:l
  sasl.oauthbearer.jwks.endpoint.retry.backoff.ms:l sasl.oauthbearer.jwks.endpoint.url
  sasl.oauthbearer.jwt.retriever.class sasl.oauthbearer.jwt.validator.class sasl.oauthbearer.scope
  sasl.oauthbearer.scope.claim.name sasl.oauthbearer.sub.claim.name sasl.oauthbearer.token.endpoint.url
  sasl.server.callback.handler.class sasl.server.max.receive.size:i security.inter.broker.protocol security.providers
  server.max.startup.time.ms:l share.coordinator.append.linger.ms:i share.coordinator.cached.buffer.max.bytes:i
  share.coordinator.cold.partition.snapshot.interval.ms:i share.coordinator.load.buffer.size:i
  share.coordinator.snapshot.update.records.per.snapshot:i share.coordinator.state.topic.compression.codec:i
  share.coordinator.state.topic.min.isr:i share.coordinator.state.topic.num.partitions:i
  share.coordinator.state.topic.prune.interval.ms:i share.coordinator.state.topic.replication.factor:i
  share.coordinator.state.topic.segment.bytes:i share.coordinator.threads:i share.coordinator.write.timeout.ms:i
  share.fetch.purgatory.purge.interval.requests:i socket.connection.setup.timeout.max.ms:l
  socket.connection.setup.timeout.ms:l socket.listen.backlog.size:i socket.receive.buffer.bytes:i
  socket.request.max.bytes:i socket.send.buffer.bytes:i ssl.allow.dn.changes:b ssl.allow.san.changes:b
  ssl.cipher.suites ssl.client.auth ssl.enabled.protocols ssl.endpoint.identification.algorithm
  ssl.engine.factory.class ssl.key.password:p ssl.keymanager.algorithm ssl.keystore.certificate.chain:p
  ssl.keystore.key:p ssl.keystore.location ssl.keystore.password:p ssl.keystore.type ssl.principal.mapping.rules
  ssl.protocol ssl.provider ssl.secure.random.implementation ssl.trustmanager.algorithm ssl.truststore.certificates:p
  ssl.truststore.location ssl.truststore.password:p ssl.truststore.type telemetry.max.bytes:i
  transaction.abort.timed.out.transaction.cleanup.interval.ms:i transaction.max.timeout.ms:i
  transaction.partition.verification.enable:b transaction.remove.expired.transaction.cleanup.interval.ms:i
  transaction.state.log.load.buffer.size:i transaction.state.log.min.isr:i transaction.state.log.num.partitions:i
  transaction.state.log.replication.factor:i transaction.state.log.segment.bytes:i
  transaction.two.phase.commit.enable:b transactional.id.expiration.ms:i unclean.leader.election.enable:b
  unclean.leader.election.interval.ms:l zookeeper.clientCnxnSocket zookeeper.connect zookeeper.connection.timeout.ms:i
  zookeeper.max.in.flight.requests:i zookeeper.metadata.migration.enable:b
  zookeeper.metadata.migration.min.batch.size:i zookeeper.session.timeout.ms:i zookeeper.set.acl:b
  zookeeper.ssl.cipher.suites zookeeper.ssl.client.enable:b zookeeper.ssl.crl.enable:b zookeeper.ssl.enabled.protocols
  zookeeper.ssl.endpoint.identification.algorithm zookeeper.ssl.keystore.location zookeeper.ssl.keystore.password:p
  zookeeper.ssl.keystore.type zookeeper.ssl.ocsp.enable:b zookeeper.ssl.protocol zookeeper.ssl.truststore.location
  zookeeper.ssl.truststore.password:p zookeeper.ssl.truststore.type`;

/** In 3.9.2 and no more in 4.3.1. */
const REMOVED = `
  alter.config.policy.kraft.compatibility.enable auto.include.jmx.reporter broker.id.generation.enable
  control.plane.listener.name controlled.shutdown.max.retries controlled.shutdown.retry.backoff.ms
  delegation.token.master.key eligible.leader.replicas.enable group.coordinator.new.enable group.share.enable
  group.share.max.groups inter.broker.protocol.version leader.imbalance.per.broker.percentage
  log.message.downconversion.enable log.message.format.version log.message.timestamp.difference.max.ms
  message.downconversion.enable message.format.version message.timestamp.difference.max.ms
  metadata.log.segment.min.bytes offsets.commit.required.acks password.encoder.cipher.algorithm
  password.encoder.iterations password.encoder.key.length password.encoder.keyfactory.algorithm
  password.encoder.old.secret password.encoder.secret reserved.broker.max.id zookeeper.clientCnxnSocket
  zookeeper.connect zookeeper.connection.timeout.ms zookeeper.max.in.flight.requests
  zookeeper.metadata.migration.enable zookeeper.metadata.migration.min.batch.size zookeeper.session.timeout.ms
  zookeeper.set.acl zookeeper.ssl.cipher.suites zookeeper.ssl.client.enable zookeeper.ssl.crl.enable
  zookeeper.ssl.enabled.protocols zookeeper.ssl.endpoint.identification.algorithm zookeeper.ssl.keystore.location
  zookeeper.ssl.keystore.password zookeeper.ssl.keystore.type zookeeper.ssl.ocsp.enable zookeeper.ssl.protocol
  zookeeper.ssl.truststore.location zookeeper.ssl.truststore.password zookeeper.ssl.truststore.type`;

export type SettingTable = ReadonlyMap<string, SettingType>;

function table(text: string): SettingTable {
  const entries = text
    .trim()
    .split(/\s+/)
    .map((token): [string, SettingType] => {
      const [name, type] = token.split(':');
      return [name!, type === undefined ? 'text' : TYPES[type]!];
    });
  return new Map(entries);
}

export const KAFKA_CLIENT_SETTINGS = table(CLIENT);
export const KAFKA_PRODUCER_SETTINGS = table(PRODUCER);
export const KAFKA_CONSUMER_SETTINGS = table(CONSUMER);
export const KAFKA_TOPIC_SETTINGS = table(TOPIC);
export const KAFKA_BROKER_SETTINGS = table(BROKER);
/** Settings that a client, topic or broker of Kafka 4.3 has no more. In which 4.x each of them went is not told here. */
export const SETTINGS_GONE_IN_4: ReadonlySet<string> = new Set(table(REMOVED).keys());
