// How much of what a topic retains a consumer group has left unread, and when retention will delete unread records.
import type { SectionValue } from '../snapshot/schema.ts';
import { distance, type Offset } from './offsets.ts';
import { configNumber, configValue } from './topology.ts';

export interface RetentionPosition {
  start: Offset;
  end: Offset;
  committed: Offset;
  /** How fast the log start moves; in steady retention as fast as the log end. Null when unknown. */
  startAdvancePerSec: number | null;
  consumePerSec: number | null;
}

export interface RetentionHeadroom {
  /** Messages between the committed offset and the log end. */
  lag: number;
  /** lag over retained messages: 1 means the next record to read is the next to be deleted; above 1 records are lost already. */
  retentionConsumed: number;
  /** Messages between the log start and the committed offset; negative when that many are lost. */
  marginOffsets: number;
  /** Until the log start overtakes the committed offset; 0 when it has, null when it never will or a rate is unknown. */
  secondsToLoss: number | null;
}

/** Position of one group in one partition between log start and log end. */
export function retentionHeadroom(position: RetentionPosition): RetentionHeadroom {
  const { start, end, committed, startAdvancePerSec, consumePerSec } = position;
  const retained = distance(end, start);
  const lag = Math.max(0, distance(end, committed));
  const marginOffsets = distance(committed, start);
  return {
    lag,
    retentionConsumed: retained > 0 ? lag / retained : lag > 0 ? 1 : 0,
    marginOffsets,
    secondsToLoss: secondsToLoss(marginOffsets, startAdvancePerSec, consumePerSec),
  };
}

function secondsToLoss(marginOffsets: number, startAdvancePerSec: number | null, consumePerSec: number | null) {
  if (marginOffsets < 0) return 0;
  if (startAdvancePerSec === null || consumePerSec === null) return null;
  const closingPerSec = startAdvancePerSec - consumePerSec;
  return closingPerSec > 0 ? marginOffsets / closingPerSec : null;
}

/**
 * Whether retention deletes from this topic at all: a compacted topic, or one with both limits at -1, loses nothing by age.
 * Null when the topic's configuration was not read.
 */
export function deletesByRetention(configs: SectionValue<'kafkaTopicConfigs'> | null, topic: string): boolean | null {
  if (configs === null) return null;
  const cleanup = configValue(configs, topic, 'cleanup.policy');
  if (cleanup === null) return null;
  if (!cleanup.split(',').some((policy) => policy.trim() === 'delete')) return false;
  const limits = ['retention.ms', 'retention.bytes'].map((key) => configNumber(configs, topic, key));
  return !limits.every((limit) => limit === -1);
}
