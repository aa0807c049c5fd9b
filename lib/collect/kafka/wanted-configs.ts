// The settings the report reads, by name: a third of the bytes of a full answer, and nothing that could hold a secret.
import { CONFIGURATION_KEYS } from '../../snapshot/configuration-keys.ts';

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
  'local.retention.bytes',
  'flush.messages',
  'flush.ms',
  'min.cleanable.dirty.ratio',
  'delete.retention.ms',
  'max.compaction.lag.ms',
  'message.timestamp.after.max.ms',
  'leader.replication.throttled.replicas',
  'follower.replication.throttled.replicas',
] as const;

/** Of brokers: all that may be kept. A broker leaves out those it does not know. */
export const WANTED_BROKER_CONFIGS = CONFIGURATION_KEYS;
