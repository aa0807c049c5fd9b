// What a cluster's traffic can amount to on disk.
import type { Collected } from '../snapshot/collected.ts';
import type { SectionValue } from '../snapshot/schema.ts';
import { configNumber, configValue } from './topology.ts';

/**
 * Bytes of one copy if all traffic were kept as long as the topic with the longest retention keeps it: an upper bound, so that more is
 * too much for certain. Null where a topic of clients keeps for ever or is compacted, or its retention is not known.
 */
export function retainedAtMost(
  bytesInPerSec: number | null,
  configs: Collected<SectionValue<'kafkaTopicConfigs'>>,
): number | null {
  if (bytesInPerSec === null || !configs.ok || configs.partial !== undefined) return null;
  let longestMs = 0;
  for (const topic of Object.keys(configs.value)) {
    if (topic.startsWith('__')) continue;
    const retentionMs = configNumber(configs.value, topic, 'retention.ms');
    const deletes = configValue(configs.value, topic, 'cleanup.policy') === 'delete';
    if (retentionMs === null || retentionMs < 0 || !deletes) return null;
    longestMs = Math.max(longestMs, retentionMs);
  }
  return longestMs === 0 ? null : (bytesInPerSec * longestMs) / 1000;
}
