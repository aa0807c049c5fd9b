// min.insync.replicas=2 as the brokers' default holds at once for every topic that does not set it. One of two replicas away then stops all
// writing with acks=all: such topics need a value of their own first.
import { replicationFactor } from '../../analysis/topology.ts';
import { isOfMsk } from '../../facts/topic-names.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import type { Command } from '../../text/command.ts';
import { setForAllBrokers } from './apply-config.ts';
import { setTopicConfig } from './commands.ts';
import { deleteOverrides, overridesOf } from './overrides.ts';
import { unreadTopics } from './partition-evidence.ts';
import { COMMAND_TOPICS, isOwn, type Topic } from './topic-settings.ts';
import { listed, missingBecause } from './wording.ts';

const KEY = 'min.insync.replicas';

export interface BeforeDefault {
  /** To run before the default is raised. */
  pins: readonly Command[];
  /** Why the default must stay as it is for now; null when it may be raised after the pins. */
  because: string | null;
}

/** What the topics that inherit the default need before it asks for so many copies. */
export function beforeMinIsrDefault(
  wanted: number,
  topics: Collected<SectionValue<'kafkaTopics'>>,
  configs: Collected<SectionValue<'kafkaTopicConfigs'>>,
): BeforeDefault {
  const no = (because: string): BeforeDefault => ({ pins: [], because });
  if (!topics.ok) return no(missingBecause('the list of topics', topics));
  const unread = unreadTopics(topics.value);
  if (unread.length > 0) return no(`the partitions of ${listed(unread)} were not read`);
  if (topics.partial !== undefined) return no(`not all topics were read (${topics.partial})`);
  // A topic of which no setting was read may inherit.
  const inherit = topics.value.filter(
    ({ name }) => !isOfMsk(name) && !isOwn(configs.ok ? configs.value : {}, name, KEY),
  );
  const few = inherit.filter((topic) => topic.partitions.length > 0 && replicationFactor(topic) <= wanted);
  if (few.length > COMMAND_TOPICS)
    return no(`${listed(few.map(({ name }) => name))} inherit it with ${wanted} replicas or fewer, and would stop`);
  const short = inherit.filter((topic) => !few.includes(topic) && !hasCopies(topic, wanted));
  if (short.length > 0)
    return no(
      `partitions of ${listed(short.map(({ name }) => name))}, which inherit it, have fewer than ${wanted} replicas in sync`,
    );
  return {
    pins: few.map((topic) =>
      setTopicConfig(
        `First keep ${listed([topic.name])} writable with one replica away`,
        topic.name,
        KEY,
        String(Math.max(1, replicationFactor(topic) - 1)),
      ),
    ),
    because: null,
  };
}

/** Whether every partition has so many replicas in sync now: else asking for as many stops writing at once. */
export function hasCopies({ partitions }: Topic, wanted: number): boolean {
  return partitions.every(({ isr }) => isr.length >= wanted);
}

/**
 * The default itself: lines for the cluster's configuration, and what to change where it is dynamic. That of all brokers is changed, not
 * taken off, which Kafka refuses while eligible leader replicas are on
 * (https://cwiki.apache.org/confluence/display/KAFKA/KIP-966%3A+Eligible+Leader+Replicas).
 */
export function minIsrDefault(
  wanted: number,
  section: Collected<SectionValue<'kafkaBrokerConfigs'>>,
): { lines: readonly string[]; dynamic: readonly Command[] } {
  const { forAll, brokerIds } = overridesOf(KEY, section);
  return {
    lines: forAll ? [] : [`${KEY}=${wanted}`],
    dynamic: [
      ...(forAll ? [setForAllBrokers('Raise the default, at once and without a restart', KEY, String(wanted))] : []),
      ...deleteOverrides(KEY, { forAll: false, brokerIds }),
    ],
  };
}
