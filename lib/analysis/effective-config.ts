// The value of a broker setting that is in force, and who says so. The brokers' own answer comes first: only it has dynamic overrides.
// Without it: what MSK fixes, the revision in use, MSK's default, Kafka's default, in this order. What nobody can tell stays unknown.
import { type ConfigDefault, configDefaultOf } from '../facts/config-defaults.ts';
import { mayBeUnset } from '../facts/config-defaults-kafka.ts';
import type { Collected } from '../snapshot/collected.ts';
import type { SectionValue } from '../snapshot/schema.ts';

/** Sections as a check gets them in `mayUse`. */
export interface ConfigInputs {
  readonly cluster: Collected<SectionValue<'cluster'>>;
  readonly configuration: Collected<SectionValue<'configuration'>>;
  readonly kafkaBrokerConfigs: Collected<SectionValue<'kafkaBrokerConfigs'>>;
}

export type ConfigOrigin = 'kafka' | 'msk-fixed' | 'configuration' | 'msk-default' | 'kafka-default';
type KafkaSource = SectionValue<'kafkaBrokerConfigs'>[string][string]['source'];

/** Brokers that run with the same value. */
export interface BrokersWithValue {
  value: string | null;
  source: KafkaSource;
  brokerIds: readonly number[];
}

export interface EffectiveConfig {
  key: string;
  /** Null: unset. Of brokers that differ, the value of most. */
  value: string | null;
  origin: ConfigOrigin;
  /** Where the value comes from, for a reader. */
  source: string;
  /** From Kafka alone: one entry a value, most brokers first. More than one: the brokers differ. */
  brokers: readonly BrokersWithValue[];
  /** 1, or 0.6 where a dynamic override could be in force that only Kafka shows. */
  confidence: number;
  /** What of it could not be confirmed. */
  unverified?: string;
}

export const ORIGIN_WORD: Readonly<Record<ConfigOrigin, string>> = {
  kafka: 'the brokers',
  'msk-fixed': 'fixed by MSK',
  configuration: "the cluster's configuration",
  'msk-default': "MSK's default",
  'kafka-default': "Kafka's default",
};

/** Where Kafka says that a setting comes from. */
export const KAFKA_SOURCE_WORD: Readonly<Record<KafkaSource, string>> = {
  topic: 'set on the topic',
  'dynamic-broker': 'set dynamically on a broker',
  'dynamic-default-broker': 'set dynamically for all brokers',
  'static-broker': "the cluster's configuration or MSK's default",
  default: "Kafka's default",
  unknown: 'of unknown origin',
};

/** A static value may be overridden on the brokers. */
const UNSEEN_OVERRIDES = 0.6;

/** Null when nobody can tell: that is neither "unset" nor "default". */
export function effectiveConfig(key: string, inputs: ConfigInputs): EffectiveConfig | null {
  return fromKafka(key, inputs.kafkaBrokerConfigs) ?? fromMsk(key, inputs);
}

/** Like `effectiveConfig`, as a number; null when it is none. */
export function effectiveNumber(key: string, inputs: ConfigInputs): (EffectiveConfig & { number: number }) | null {
  const found = effectiveConfig(key, inputs);
  if (found === null || found.value === null || found.value.trim() === '') return null;
  const number = Number(found.value);
  return Number.isFinite(number) ? { ...found, number } : null;
}

function fromKafka(key: string, section: ConfigInputs['kafkaBrokerConfigs']): EffectiveConfig | null {
  if (!section.ok) return null;
  const groups: (BrokersWithValue & { brokerIds: number[] })[] = [];
  for (const [broker, entries] of Object.entries(section.value)) {
    const entry = Object.hasOwn(entries, key) ? entries[key] : undefined;
    // Kafka answers null for a setting whose type it does not know: that hides a value, and says nothing of it.
    if (entry === undefined || (entry.value === null && !mayBeUnset(key))) continue;
    const same = groups.find(({ value }) => value === entry.value);
    if (same === undefined) groups.push({ value: entry.value, source: entry.source, brokerIds: [Number(broker)] });
    else same.brokerIds.push(Number(broker));
  }
  // Keys that are numbers come in ascending order, whatever the section's: so do the brokers, and values of equally many.
  groups.sort((a, b) => b.brokerIds.length - a.brokerIds.length);
  const [most] = groups;
  if (most === undefined) return null;
  const source = `Kafka DescribeConfigs: ${KAFKA_SOURCE_WORD[most.source]}`;
  return { key, value: most.value, origin: 'kafka', source, brokers: groups, confidence: 1 };
}

function fromMsk(key: string, { cluster, configuration }: ConfigInputs): EffectiveConfig | null {
  if (!cluster.ok || cluster.value.kind === 'serverless') return null;
  const fallback = configDefaultOf(key, cluster.value);
  if (fallback?.origin === 'msk-fixed') return ofDefault(key, fallback, 1);
  if (configuration.ok) {
    const { properties, revision, problem } = configuration.value;
    if (Object.hasOwn(properties, key)) return ofRevision(key, properties[key]!, revision);
    // A file that was not understood may well set it.
    if (problem !== null && problem !== undefined) return null;
  } else if (configuration.reason !== 'not-enabled') return null;
  return fallback === null ? null : ofDefault(key, fallback, UNSEEN_OVERRIDES);
}

function ofRevision(key: string, value: string, revision: number): EffectiveConfig {
  const source = `revision ${revision} of the cluster's configuration`;
  return { key, value, origin: 'configuration', source, brokers: [], confidence: UNSEEN_OVERRIDES };
}

function ofDefault(
  key: string,
  { origin, source, value, unverified }: ConfigDefault,
  confidence: number,
): EffectiveConfig {
  return {
    key,
    value,
    origin,
    source: `${ORIGIN_WORD[origin]} (${source})`,
    brokers: [],
    confidence,
    ...(unverified === undefined ? {} : { unverified }),
  };
}

/** Settings of topics under the names that the brokers have for their defaults, the first that is set counts; with the factor to the topic's unit. */
const BROKER_KEYS: Readonly<Record<string, readonly (readonly [key: string, factor: number])[]>> = {
  'min.insync.replicas': [['min.insync.replicas', 1]],
  'unclean.leader.election.enable': [['unclean.leader.election.enable', 1]],
  'retention.ms': [
    ['log.retention.ms', 1],
    ['log.retention.minutes', 60_000],
    ['log.retention.hours', 3_600_000],
  ],
  'retention.bytes': [['log.retention.bytes', 1]],
  'cleanup.policy': [['log.cleanup.policy', 1]],
  'compression.type': [['compression.type', 1]],
  'segment.bytes': [['log.segment.bytes', 1]],
  'segment.ms': [
    ['log.roll.ms', 1],
    ['log.roll.hours', 3_600_000],
  ],
  'max.message.bytes': [['message.max.bytes', 1]],
  'message.timestamp.type': [['log.message.timestamp.type', 1]],
  'local.retention.ms': [['log.local.retention.ms', 1]],
  'flush.messages': [['log.flush.interval.messages', 1]],
  'flush.ms': [['log.flush.interval.ms', 1]],
  'min.cleanable.dirty.ratio': [['log.cleaner.min.cleanable.ratio', 1]],
  'delete.retention.ms': [['log.cleaner.delete.retention.ms', 1]],
  'max.compaction.lag.ms': [['log.cleaner.max.compaction.lag.ms', 1]],
  'message.timestamp.after.max.ms': [['log.message.timestamp.after.max.ms', 1]],
};

/**
 * What a topic that does not set it inherits from the brokers; null when nobody can tell.
 * Kafka's own order: https://kafka.apache.org/documentation/#brokerconfigs_log.retention.ms.
 */
export function inheritedByTopics(topicKey: string, inputs: ConfigInputs): EffectiveConfig | null {
  for (const [key, factor] of Object.hasOwn(BROKER_KEYS, topicKey) ? BROKER_KEYS[topicKey]! : []) {
    const found = effectiveConfig(key, inputs);
    if (found === null) return null;
    if (found.value !== null) return factor === 1 ? found : scaled(found, factor);
  }
  return null;
}

function scaled(found: EffectiveConfig, factor: number): EffectiveConfig | null {
  const number = Number(found.value);
  // -1 hours is for ever, as -1 ms is.
  return Number.isFinite(number) ? { ...found, value: String(number < 0 ? number : number * factor) } : null;
}
