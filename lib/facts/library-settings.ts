// Settings of the client libraries by name, role and type; Apache Kafka's own and those of the others, read from the libraries themselves
// on 2026-11-22: librdkafka 2.16.0 (rd_kafka_conf_properties_show), Sarama 1.61.1 (its Config struct), kafka-python 3.0.12 and 2.0.2
// (DEFAULT_CONFIG), KafkaJS 2.2.4 (its types). Which Kafka setting each stands for is in client-names.ts. Large: not for the reporter.
import type { ClientLibrary, ClientRole, LibrarySetting, ValueType } from './client-libraries.ts';
import { KAFKA_CLIENT_SETTINGS, KAFKA_CONSUMER_SETTINGS, KAFKA_PRODUCER_SETTINGS } from './kafka-settings.ts';

/** `name:role:allowed`; role P producer, C consumer, * both; a range, or the words that are allowed; `~`: deprecated. */
const LIBRDKAFKA = `
  acks:P:-1..1000 allow.auto.create.topics:*:true,false api.version.fallback.ms~:*:0..604800000
  api.version.request~:*:true,false api.version.request.timeout.ms:*:1..300000 auto.commit.enable~:C:true,false
  auto.commit.interval.ms:C:0..86400000 auto.offset.reset:C:smallest,earliest,beginning,largest,latest,end,error
  batch.num.messages:P:1..1000000 batch.size:P:1..2147483647 bootstrap.servers:* broker.address.family:*:any,v4,v6
  broker.address.ttl:*:0..86400000 broker.version.fallback~:* check.crcs:C:true,false
  client.dns.lookup:*:use_all_dns_ips,resolve_canonical_bootstrap_servers_only client.id:* client.rack:*
  compression.codec:P:none,gzip,snappy,lz4,zstd compression.level:P:-1..12
  compression.type:P:none,gzip,snappy,lz4,zstd connections.max.idle.ms:*:0..2147483647
  consume.callback.max.messages:C:0..1000000 coordinator.query.interval.ms:C:1..3600000
  delivery.report.only.error:P:true,false delivery.timeout.ms:P:0..2147483647 enable.auto.commit:C:true,false
  enable.auto.offset.store:C:true,false enable.gapless.guarantee:P:true,false enable.idempotence:P:true,false
  enable.metrics.push:*:true,false enable.partition.eof:C:true,false enable.random.seed:*:true,false
  enable.sasl.oauthbearer.unsecure.jwt:*:true,false enable.ssl.certificate.verification:*:true,false
  enabled_events:*:0..2147483647 fetch.error.backoff.ms:C:0..300000 fetch.max.bytes:C:0..2147483135
  fetch.message.max.bytes:C:1..1000000000 fetch.min.bytes:C:0..2147483647 fetch.queue.backoff.ms:C:0..300000
  fetch.wait.max.ms:C:0..300000 group.id:C group.instance.id:C group.protocol:C:classic,consumer group.protocol.type:C
  group.remote.assignor:C heartbeat.interval.ms:C:1..3600000 https.ca.location:* https.ca.pem:* interceptors:*
  internal.termination.signal:*:0..128 isolation.level:C:read_uncommitted,read_committed linger.ms:P:0..900000
  log.connection.close:*:true,false log.queue:*:true,false log.thread.name:*:true,false log_level:*:0..7
  max.in.flight:*:1..1000000 max.in.flight.requests.per.connection:*:1..1000000
  max.partition.fetch.bytes:C:1..1000000000 max.poll.interval.ms:C:1..86400000 max.poll.records:C:1..2147483647
  message.copy.max.bytes:*:0..1000000000 message.max.bytes:*:1000..1000000000 message.send.max.retries:P:0..2147483647
  message.timeout.ms:P:0..2147483647 metadata.broker.list:* metadata.max.age.ms:*:1..86400000
  metadata.recovery.rebootstrap.trigger.ms:*:0..2147483647 metadata.recovery.strategy:*:none,rebootstrap
  offset.store.method~:C:none,file,broker offset.store.path~:C offset.store.sync.interval.ms~:C:-1..86400000
  partition.assignment.strategy:C partitioner:P plugin.library.paths:* produce.offset.report~:P:true,false
  queue.buffering.backpressure.threshold:P:1..1000000 queue.buffering.max.kbytes:P:1..2147483647
  queue.buffering.max.messages:P:0..2147483647 queue.buffering.max.ms:P:0..900000
  queued.max.messages.kbytes:C:1..2097151 queued.min.messages:C:1..10000000 queuing.strategy~:P:fifo,lifo
  receive.message.max.bytes:*:1000..2147483647 reconnect.backoff.jitter.ms~:*:0..3600000
  reconnect.backoff.max.ms:*:0..3600000 reconnect.backoff.ms:*:0..3600000 request.required.acks:P:-1..1000
  request.timeout.ms:P:1..900000 retries:P:0..2147483647 retry.backoff.max.ms:*:1..300000 retry.backoff.ms:*:1..300000
  sasl.kerberos.keytab:* sasl.kerberos.kinit.cmd:* sasl.kerberos.min.time.before.relogin:*:0..86400000
  sasl.kerberos.principal:* sasl.kerberos.service.name:* sasl.mechanism:* sasl.mechanisms:*
  sasl.oauthbearer.assertion.algorithm:*:RS256,ES256 sasl.oauthbearer.assertion.claim.aud:*
  sasl.oauthbearer.assertion.claim.exp.seconds:*:1..2147483647 sasl.oauthbearer.assertion.claim.iss:*
  sasl.oauthbearer.assertion.claim.jti.include:*:true,false
  sasl.oauthbearer.assertion.claim.nbf.seconds:*:0..2147483647 sasl.oauthbearer.assertion.claim.sub:*
  sasl.oauthbearer.assertion.file:* sasl.oauthbearer.assertion.jwt.template.file:*
  sasl.oauthbearer.assertion.private.key.file:* sasl.oauthbearer.assertion.private.key.passphrase:*
  sasl.oauthbearer.assertion.private.key.pem:* sasl.oauthbearer.client.credentials.client.id:*
  sasl.oauthbearer.client.credentials.client.secret:* sasl.oauthbearer.client.id:* sasl.oauthbearer.client.secret:*
  sasl.oauthbearer.config:* sasl.oauthbearer.extensions:* sasl.oauthbearer.grant.type:*
  sasl.oauthbearer.metadata.authentication.type:*:none,azure_imds,aws_iam sasl.oauthbearer.method:*:default,oidc
  sasl.oauthbearer.scope:* sasl.oauthbearer.sub.claim.name:* sasl.oauthbearer.token.endpoint.url:* sasl.password:*
  sasl.username:* security.protocol:*:plaintext,ssl,sasl_plaintext,sasl_ssl session.timeout.ms:C:1..3600000
  share.acknowledgement.mode:C socket.blocking.max.ms~:*:1..60000
  socket.connection.setup.timeout.ms:*:1000..2147483647 socket.keepalive.enable:*:true,false
  socket.max.fails:*:0..1000000 socket.nagle.disable:*:true,false socket.receive.buffer.bytes:*:0..100000000
  socket.send.buffer.bytes:*:0..100000000 socket.timeout.ms:*:10..300000 ssl.ca.certificate.stores:* ssl.ca.location:*
  ssl.ca.pem:* ssl.certificate.location:* ssl.certificate.pem:* ssl.cipher.suites:* ssl.crl.location:*
  ssl.curves.list:* ssl.endpoint.identification.algorithm:*:none,https ssl.engine.id:* ssl.engine.location~:*
  ssl.key.location:* ssl.key.password:* ssl.key.pem:* ssl.keystore.location:* ssl.keystore.password:* ssl.providers:*
  ssl.sigalgs.list:* statistics.interval.ms:*:0..86400000 sticky.partitioning.linger.ms:P:0..900000 topic.blacklist:*
  topic.metadata.propagation.max.ms:*:0..3600000 topic.metadata.refresh.fast.cnt~:*:0..1000
  topic.metadata.refresh.fast.interval.ms:*:1..60000 topic.metadata.refresh.interval.ms:*:-1..3600000
  topic.metadata.refresh.sparse:*:true,false transaction.timeout.ms:P:1000..2147483647 transactional.id:P`;

/** `Field:type`; t duration, i integer, b boolean. */
const SARAMA = `
  Admin.Retry.Max:i Admin.Retry.Backoff:t Admin.Timeout:t Net.MaxOpenRequests:i Net.DialTimeout:t Net.ReadTimeout:t
  Net.WriteTimeout:t Net.ResolveCanonicalBootstrapServers:b Net.TLS.Enable:b Net.TLS.Config Net.SASL.Enable:b
  Net.SASL.Mechanism Net.SASL.Version:i Net.SASL.Handshake:b Net.SASL.AuthIdentity Net.SASL.User Net.SASL.Password
  Net.SASL.SCRAMAuthzID Net.SASL.SCRAMClientGeneratorFunc Net.SASL.TokenProvider Net.KeepAlive:t Net.LocalAddr
  Net.Proxy.Enable:b Net.Proxy.Dialer Metadata.Retry.Max:i Metadata.Retry.Backoff:t Metadata.Retry.BackoffFunc
  Metadata.RefreshFrequency:t Metadata.Full:b Metadata.Timeout:t Metadata.AllowAutoTopicCreation:b
  Metadata.SingleFlight:b Producer.MaxMessageBytes:i Producer.RequiredAcks Producer.Timeout:t Producer.Compression
  Producer.CompressionLevel:i Producer.Partitioner Producer.Idempotent:b Producer.Transaction.ID
  Producer.Transaction.Timeout:t Producer.Transaction.Retry.Max:i Producer.Transaction.Retry.Backoff:t
  Producer.Transaction.Retry.BackoffFunc Producer.Return.Successes:b Producer.Return.Errors:b Producer.Flush.Bytes:i
  Producer.Flush.Messages:i Producer.Flush.Frequency:t Producer.Flush.MaxMessages:i Producer.Retry.Max:i
  Producer.Retry.Backoff:t Producer.Retry.BackoffFunc Producer.Retry.MaxBufferLength:i Producer.Retry.MaxBufferBytes:i
  Producer.Interceptors Consumer.Group.Session.Timeout:t Consumer.Group.Heartbeat.Interval:t
  Consumer.Group.Rebalance.Strategy Consumer.Group.Rebalance.GroupStrategies Consumer.Group.Rebalance.Timeout:t
  Consumer.Group.Rebalance.Retry.Max:i Consumer.Group.Rebalance.Retry.Backoff:t Consumer.Group.Member.UserData
  Consumer.Group.InstanceId Consumer.Group.ResetInvalidOffsets:b Consumer.Retry.Backoff:t Consumer.Retry.BackoffFunc
  Consumer.Retry.Max:i Consumer.Fetch.Min:i Consumer.Fetch.Default:i Consumer.Fetch.Max:i Consumer.Fetch.MaxBytes:i
  Consumer.MaxWaitTime:t Consumer.MaxProcessingTime:t Consumer.Return.Errors:b Consumer.Offsets.CommitInterval:t
  Consumer.Offsets.AutoCommit.Enable:b Consumer.Offsets.AutoCommit.Interval:t Consumer.Offsets.Initial:i
  Consumer.Offsets.Retention:t Consumer.Offsets.Retry.Max:i Consumer.IsolationLevel Consumer.Interceptors ClientID
  RackID ChannelBufferSize:i ApiVersionsRequest:b Version MetricRegistry Net.SASL.GSSAPI.AuthType
  Net.SASL.GSSAPI.KeyTabPath Net.SASL.GSSAPI.CCachePath Net.SASL.GSSAPI.KerberosConfigPath Net.SASL.GSSAPI.ServiceName
  Net.SASL.GSSAPI.Username Net.SASL.GSSAPI.Password Net.SASL.GSSAPI.Realm Net.SASL.GSSAPI.DisablePAFXFAST`;

/** `name:role`. */
const KAFKA_PYTHON = `
  acks:P allow_auto_create_topics:* api_version:* api_version_auto_timeout_ms:* auto_commit_interval_ms:C
  auto_offset_reset:C batch_size:P bootstrap_servers:* bootstrap_timeout_ms:* bootstrap_topics_filter:P
  buffer_memory:P check_crcs:C client_dns_lookup:* client_id:* client_rack:C compression_type:P
  connections_max_idle_ms:* consumer_timeout_ms:C default_offset_commit_callback:C delivery_timeout_ms:P
  enable_auto_commit:C enable_idempotence:P enable_incremental_fetch_sessions:C exclude_internal_topics:C
  fetch_max_bytes:C fetch_max_wait_ms:C fetch_min_bytes:C group_id:C group_instance_id:C heartbeat_interval_ms:C
  isolation_level:C kafka_client:* key_deserializer:C key_serializer:P legacy_iterator:C linger_ms:P max_block_ms:P
  max_in_flight_requests_per_connection:* max_partition_fetch_bytes:C max_poll_interval_ms:C max_poll_records:C
  max_request_size:P metadata_max_age_ms:* metric_group_prefix:C metric_reporters:* metrics_enabled:*
  metrics_num_samples:* metrics_sample_window_ms:* partition_assignment_strategy:C partitioner:P proxy_url:*
  receive_buffer_bytes:* receive_message_max_bytes:* reconnect_backoff_max_ms:* reconnect_backoff_ms:*
  request_timeout_ms:* retries:P retry_backoff_ms:* sasl_kerberos_domain_name:* sasl_kerberos_name:*
  sasl_kerberos_service_name:* sasl_mechanism:* sasl_oauth_token_provider:* sasl_plain_password:*
  sasl_plain_username:* security_protocol:* selector:* send_buffer_bytes:* session_timeout_ms:C
  sock_chunk_buffer_count:* sock_chunk_bytes:* socket_options:* socks5_proxy:* ssl_cafile:* ssl_certfile:*
  ssl_check_hostname:* ssl_ciphers:* ssl_context:* ssl_crlfile:* ssl_keyfile:* ssl_password:* transaction_timeout_ms:P
  transactional_id:P value_deserializer:C value_serializer:P`;

/** `name:role:type`, as above; sections of a configuration object are parts of the name. acks to fromBeginning belong to send(), run() and subscribe(). */
const KAFKAJS = `
  brokers:* clientId:* ssl:* ssl.rejectUnauthorized:*:b ssl.ca:* ssl.key:* ssl.cert:* ssl.passphrase:* ssl.servername:*
  sasl.mechanism:* sasl.username:* sasl.password:* sasl.authorizationIdentity:* sasl.accessKeyId:* sasl.secretAccessKey:*
  sasl.sessionToken:* sasl.oauthBearerProvider:* connectionTimeout:*:i authenticationTimeout:*:i reauthenticationThreshold:*:i
  requestTimeout:*:i enforceRequestTimeout:*:b retry.maxRetryTime:*:i retry.initialRetryTime:*:i retry.factor:*:d
  retry.multiplier:*:d retry.retries:*:i logLevel:* metadataMaxAge:*:i allowAutoTopicCreation:*:b maxInFlightRequests:*:i
  idempotent:P:b transactionalId:P transactionTimeout:P:i acks:P:i compression:P timeout:P:i createPartitioner:P groupId:C
  sessionTimeout:C:i rebalanceTimeout:C:i heartbeatInterval:C:i maxBytesPerPartition:C:i minBytes:C:i maxBytes:C:i
  maxWaitTimeInMs:C:i readUncommitted:C:b rackId:C partitionAssigners:C fromBeginning:C:b autoCommit:C:b
  autoCommitInterval:C:i autoCommitThreshold:C:i eachBatchAutoResolve:C:b partitionsConsumedConcurrently:C:i`;

const ROLES: Readonly<Record<string, ClientRole>> = { P: 'producer', C: 'consumer', '*': 'both' };
const TYPES: Readonly<Record<string, ValueType>> = {
  '': { type: 'text' },
  b: { type: 'boolean' },
  i: { type: 'integer' },
  d: { type: 'decimal' },
  t: { type: 'duration' },
};

function valueType(text: string): ValueType {
  const range = /^(-?\d+)\.\.(-?\d+)$/.exec(text);
  if (range !== null) return { type: 'range', min: Number(range[1]), max: Number(range[2]) };
  if (text === 'true,false') return { type: 'boolean' };
  return TYPES[text] ?? { type: 'words', words: text.split(',') };
}

type SettingTable = ReadonlyMap<string, LibrarySetting>;

function table(text: string, parse: (fields: string[]) => [role: string, type: string]): SettingTable {
  const rows = text
    .trim()
    .split(/\s+/)
    .map((token): [string, LibrarySetting] => {
      const [name = '', ...fields] = token.split(':');
      const [role, type] = parse(fields);
      const isDeprecated = name.endsWith('~');
      const setting = {
        role: ROLES[role]!,
        value: valueType(type),
        ...(isDeprecated ? ({ isDeprecated } as const) : {}),
      };
      return [isDeprecated ? name.slice(0, -1) : name, setting];
    });
  return new Map(rows);
}

function saramaRole(name: string): ClientRole {
  if (name.startsWith('Producer.')) return 'producer';
  return name.startsWith('Consumer.') || name === 'RackID' ? 'consumer' : 'both';
}

const inText = ([role = '*', type = '']: string[]): [string, string] => [role, type];
const saramas = [...table(SARAMA, ([type = '']) => ['*', type])].map(([name, setting]): [string, LibrarySetting] => [
  name,
  { ...setting, role: saramaRole(name) },
]);

function javas(names: typeof KAFKA_CLIENT_SETTINGS, role: ClientRole): [string, LibrarySetting][] {
  return [...names].map(([name, type]) => [name, { role, value: { type } }]);
}

export const LIBRARY_SETTINGS: Readonly<Record<ClientLibrary, SettingTable>> = {
  java: new Map([
    ...javas(KAFKA_CLIENT_SETTINGS, 'both'),
    ...javas(KAFKA_PRODUCER_SETTINGS, 'producer'),
    ...javas(KAFKA_CONSUMER_SETTINGS, 'consumer'),
  ]),
  librdkafka: table(LIBRDKAFKA, inText),
  sarama: new Map(saramas),
  kafkajs: table(KAFKAJS, inText),
  'kafka-python': table(KAFKA_PYTHON, inText),
};

/** Settings that a library took once and refuses from a version on. kafka-python: in 2.0.2 and not in 3.0.12. */
export const GONE_FROM: Readonly<Record<string, readonly { from: string; keys: ReadonlySet<string> }[]>> = {
  'kafka-python': [
    {
      from: '3.0',
      keys: new Set(
        'api_version_auto_timeout_ms bootstrap_topics_filter buffer_memory legacy_iterator sock_chunk_buffer_count sock_chunk_bytes'.split(
          ' ',
        ),
      ),
    },
  ],
};
