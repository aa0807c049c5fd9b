// Topology in degraded mode: what MSK's topic API tells, in the form that Kafka's own metadata has, so that every check and KPI reads one
// form. It knows less: nothing of topics beyond the described ones, nothing of offline replicas, and its data is up to a minute older.
import type { Collected } from '../snapshot/collected.ts';
import { missing, type Present, present } from '../snapshot/collected.ts';
import type { Sections, SectionValue } from '../snapshot/schema.ts';
import { formatTime, plural } from '../text/units.ts';
import { type ConfigInputs, inheritedByTopics } from './effective-config.ts';

type MskTopics = SectionValue<'mskTopics'>;
type Topics = SectionValue<'kafkaTopics'>;
type Topic = Topics[number];
type TopicConfigs = SectionValue<'kafkaTopicConfigs'>;
type Entry = TopicConfigs[string][string];

/** Who told the topology that is judged. `kafka` also where nobody told any. */
export type TopologySource = { from: 'kafka' } | { from: 'msk-topics'; asOfMs: number };

export interface MskTopology {
  topics: Present<Topics>;
  configs: Present<TopicConfigs>;
}

/** Topics that Kafka's own metadata marks as internal. */
const INTERNAL = ['__consumer_offsets', '__transaction_state', '__share_group_state'];

/** The error of a topic that was listed only; a check says that it could not be read. */
export const NOT_DESCRIBED = 'NOT_DESCRIBED';

/** Settings that checks and KPIs judge without the brokers being reachable. */
const JUDGED_CONFIGS = ['min.insync.replicas', 'unclean.leader.election.enable'] as const;

/**
 * The view of `kafkaTopics` and `kafkaTopicConfigs` that MSK's topic API allows. A setting that the answer does not name is what the
 * brokers hand down, as far as the cluster's configuration and the defaults tell: then the settings count as partly read, because a
 * dynamic override on the brokers would not show.
 */
export function topologyFromMskTopics(mskTopics: Present<MskTopics>, inputs: ConfigInputs): MskTopology {
  const { value, asOfMs, partial } = mskTopics;
  const inherited = new Map(JUDGED_CONFIGS.map((key) => [key as string, inheritedEntry(key, inputs)]));
  let assumed = 0;
  const configs = value.flatMap((topic): [string, TopicConfigs[string]][] => {
    if (topic.configs === null) return [];
    const own = Object.entries(topic.configs).map(([key, text]): [string, Entry] => [
      key,
      { value: text, source: 'unknown' },
    ]);
    const named = new Set(own.map(([key]) => key));
    const handed = [...inherited].flatMap(([key, entry]): [string, Entry][] =>
      entry === null || named.has(key) ? [] : [[key, entry]],
    );
    if (handed.length > 0) assumed += 1;
    return [[topic.name, Object.fromEntries([...own, ...handed])]];
  });
  const guess =
    assumed === 0
      ? undefined
      : `settings that ${plural(assumed, 'topic')} inherit are taken from the cluster's configuration and the defaults: overrides on the brokers do not show`;
  return {
    topics: present(value.map(topicOf), asOfMs, partial),
    configs: present(Object.fromEntries(configs), asOfMs, [partial, guess].filter(Boolean).join('; ') || undefined),
  };
}

function inheritedEntry(key: string, inputs: ConfigInputs): Entry | null {
  const found = inheritedByTopics(key, inputs);
  if (found === null) return null;
  return { value: found.value, source: found.origin === 'kafka-default' ? 'default' : 'static-broker' };
}

function topicOf({ name, partitions }: MskTopics[number]): Topic {
  return {
    name,
    internal: INTERNAL.includes(name),
    error: partitions === null ? NOT_DESCRIBED : null,
    partitions: (partitions ?? []).map(({ partition, leader, replicas, isr }) => ({
      partition,
      leader: leader ?? -1,
      replicas,
      isr,
      offlineReplicas: [],
      error: null,
    })),
  };
}

/** Who tells the topology of a snapshot: Kafka itself, else MSK's topic API where it was read. */
export function topologySourceOf(sections: Sections): TopologySource {
  const { kafkaTopics, mskTopics } = sections;
  return kafkaTopics?.ok !== true && mskTopics?.ok === true
    ? { from: 'msk-topics', asOfMs: mskTopics.asOfMs }
    : { from: 'kafka' };
}

const derived = new WeakMap<Sections, Sections>();

/**
 * The sections as they are judged: where Kafka's metadata is missing and MSK's topic API was read, the latter stands in. The snapshot
 * itself keeps its gap.
 */
export function withTopology(sections: Sections): Sections {
  if (topologySourceOf(sections).from === 'kafka' || !sections.mskTopics?.ok) return sections;
  const before = derived.get(sections);
  if (before !== undefined) return before;
  const { topics, configs } = topologyFromMskTopics(sections.mskTopics, {
    cluster: sections.cluster ?? absent(),
    configuration: sections.configuration ?? absent(),
    kafkaBrokerConfigs: sections.kafkaBrokerConfigs ?? absent(),
  });
  const kafkaTopicConfigs = sections.kafkaTopicConfigs?.ok === true ? sections.kafkaTopicConfigs : configs;
  const judged = { ...sections, kafkaTopics: topics, kafkaTopicConfigs };
  derived.set(sections, judged);
  return judged;
}

function absent(): Collected<never> {
  return missing('not-requested', 'not part of this run');
}

/** For the middle of a sentence. */
export function topologyName(source: TopologySource): string {
  if (source.from === 'kafka') return 'Kafka metadata';
  return `MSK's topic API (as of ${formatTime(source.asOfMs)}, up to a minute old)`;
}
