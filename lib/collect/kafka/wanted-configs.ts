// The settings the report reads, by name: a third of the bytes of a full answer, and nothing that could hold a secret.
import { CONFIGURATION_KEYS } from '../../snapshot/redact.ts';

/** Of topics. A broker leaves out those it does not know (tiered storage before Kafka 3.6). */
export const WANTED_TOPIC_CONFIGS = [
  'min.insync.replicas',
  'unclean.leader.election.enable',
  'retention.ms',
  'retention.bytes',
  'cleanup.policy',
  'compression.type',
  'segment.bytes',
  'segment.ms',
  'max.message.bytes',
  'message.timestamp.type',
  'local.retention.ms',
  'remote.storage.enable',
] as const;

/** Of brokers: those that MSK lets one set, and those that tell how the broker deals with disks, clients and transactions. */
export const WANTED_BROKER_CONFIGS = [
  ...CONFIGURATION_KEYS,
  'connections.max.idle.ms',
  'log.flush.interval.messages',
  'log.flush.interval.ms',
  'num.recovery.threads.per.data.dir',
  'remote.log.storage.system.enable',
  'replica.fetch.max.bytes',
  'replica.fetch.wait.max.ms',
  'replica.selector.class',
  'socket.request.max.bytes',
  'transaction.max.timeout.ms',
] as const;
