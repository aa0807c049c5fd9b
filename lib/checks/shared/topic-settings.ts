// Settings of topics as checks read them: own values apart from inherited ones, so that one default is one finding and not a thousand.
import { KAFKA_SOURCE_WORD } from '../../analysis/effective-config.ts';
import { configNumber } from '../../analysis/topology.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { type Command, optionArgs } from '../../text/command.ts';
import type { Evidence, EvidenceColumn, RunContext } from '../check.ts';
import { kafkaTool } from './commands.ts';
import { configsSource, listed, MAX_ROWS } from './wording.ts';

type Configs = SectionValue<'kafkaTopicConfigs'>;
export type Topic = SectionValue<'kafkaTopics'>[number];

/** Commands are written out for this many topics; the others follow the same form. */
export const COMMAND_TOPICS = 5;

/** Topics of clients that have partitions. */
export function clientTopics(topics: SectionValue<'kafkaTopics'>): Topic[] {
  return topics.filter(
    ({ internal, name, partitions }) => !internal && !name.startsWith('__') && partitions.length > 0,
  );
}

/** Where a value comes from, in words; undefined when it was not read. */
export function sourceWord(configs: Configs, topic: string, key: string): string | undefined {
  const entry = Object.hasOwn(configs, topic) ? configs[topic]?.[key] : undefined;
  return entry === undefined ? undefined : KAFKA_SOURCE_WORD[entry.source];
}

export function isOwn(configs: Configs, topic: string, key: string): boolean {
  const entry = Object.hasOwn(configs, topic) ? configs[topic]?.[key] : undefined;
  return entry?.source === 'topic';
}

/** Why topics were not judged, for `partial`; null when all keys of all of them were read. */
export function unreadBecause(configs: Configs, topics: readonly Topic[], keys: readonly string[]): string | null {
  const unread = topics.filter(({ name }) => keys.some((key) => sourceWord(configs, name, key) === undefined));
  if (unread.length === 0) return null;
  return `${listed(keys)} of ${listed(unread.map(({ name }) => name))} ${keys.length === 1 ? 'was' : 'were'} not read`;
}

export function numberSetting(configs: Configs, topic: string, key: string): number | null {
  return configNumber(configs, topic, key);
}

export function topicTable(
  title: string,
  columns: readonly EvidenceColumn[],
  rows: readonly ({ topic: string } & Record<string, string | number | null>)[],
  run: RunContext,
  source = configsSource(run, 'Kafka Metadata and DescribeConfigs'),
): Evidence {
  const rest = rows.length > MAX_ROWS ? `; ${MAX_ROWS} of ${rows.length} rows` : '';
  return {
    title,
    columns: [{ key: 'topic', label: 'Topic', as: 'name' }, ...columns],
    rows: rows.slice(0, MAX_ROWS),
    source: source + rest,
    ...(rows.length === 0 ? {} : { reproduce: describeTopicConfig(rows[0]!.topic) }),
  };
}

export function describeTopicConfig(topic: string): Command {
  return kafkaTool('kafka-configs.sh', {
    purpose: 'Show the effective settings of the topic and their origin',
    args: ['--describe', '--all', '--entity-type', 'topics', ...optionArgs('--entity-name', topic)],
  });
}

export function deleteTopicConfig(purpose: string, topic: string, keys: readonly string[]): Command {
  return kafkaTool('kafka-configs.sh', {
    purpose,
    effect: 'change',
    args: [
      '--alter',
      '--entity-type',
      'topics',
      ...optionArgs('--entity-name', topic),
      '--delete-config',
      keys.join(','),
    ],
  });
}
