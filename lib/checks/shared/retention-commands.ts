// Raising a topic's retention: the one dynamic setting that buys a late group time.
import { configNumber } from '../../analysis/topology.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import type { Command } from '../../text/command.ts';
import { safeLabel } from '../../text/sanitize.ts';
import { setTopicConfig } from './commands.ts';

const LIMITS = ['retention.ms', 'retention.bytes'] as const;

/** Commands that double every limit the topic has; none when its limits are unknown or there are none. */
export function doubleRetention(configs: Collected<SectionValue<'kafkaTopicConfigs'>>, topic: string): Command[] {
  if (!configs.ok) return [];
  return LIMITS.flatMap((key) => {
    const limit = configNumber(configs.value, topic, key);
    if (limit === null || limit <= 0) return [];
    const purpose = `Double ${key} of ${safeLabel(topic, 80)} from ${limit} until the group has caught up`;
    return [setTopicConfig(purpose, topic, key, String(limit * 2))];
  });
}
