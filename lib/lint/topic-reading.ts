// Settings that topics and the brokers' defaults for them have under different names.
import type { Block, Setting } from './lint-types.ts';
import { numeric, setting } from './rule.ts';

/** The name under which the block has a topic's setting: brokers call their defaults otherwise. */
export function topicName(block: Block, topics: string, brokers: string): string {
  return block.kind === 'broker' ? brokers : topics;
}

/** How long records are kept, in ms, from whichever unit is set; the finest one counts. Null when the block does not say. */
export function retention(block: Block): { at: Setting; ms: number } | null {
  const units: [name: string, factor: number][] =
    block.kind === 'topic'
      ? [['retention.ms', 1]]
      : [
          ['log.retention.ms', 1],
          ['log.retention.minutes', 60_000],
          ['log.retention.hours', 3_600_000],
        ];
  for (const [name, factor] of units) {
    const found = numeric(block, name);
    if (found !== null) return { at: found.at, ms: found.value < 0 ? -1 : found.value * factor };
  }
  return null;
}

export function isCompacted(block: Block): boolean {
  return cleanupPolicy(block).includes('compact');
}

/** False where records go by compaction alone: retention and time do nothing there. */
export function isDeletedByTime(block: Block): boolean {
  return cleanupPolicy(block).includes('delete');
}

function cleanupPolicy(block: Block): string {
  return setting(block, topicName(block, 'cleanup.policy', 'log.cleanup.policy'))?.value ?? 'delete';
}
