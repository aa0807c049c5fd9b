// Topics that nobody writes to or reads (K36). One look cannot tell since when a topic stands still: the weeks come from CloudWatch where it
// was asked about the topic, or from a log that retention has emptied.
import { METRICS } from '../facts/metric-catalogue.ts';
import type { Collected } from '../snapshot/collected.ts';
import type { SectionValue } from '../snapshot/schema.ts';
import { distance, parseOffset } from './offsets.ts';
import { logEnds } from './produce-rates.ts';
import { findHourly, trustedPoints } from './series.ts';
import { type LoadInputs, topicLoads } from './topic-load.ts';
import { configNumber, configValue } from './topology.ts';

const DAY_MS = 86_400_000;

export type UnusedInputs = LoadInputs & { readonly metrics: Collected<SectionValue<'metrics'>> };

export interface StillTopic {
  topic: string;
  partitions: number;
  /** All replicas; null where sizes were not read. */
  bytes: number | null;
  /** How long nothing has been produced at the least. */
  idleDays: number;
  /** Who says so. */
  by: 'metrics' | 'empty-log';
  /** Groups that have committed here. */
  groups: readonly string[];
}

export interface UnusedTopics {
  /** Idle for as long as was asked; most bytes first. */
  unused: readonly StillTopic[];
  /** Standing still now, nobody knows since when; or nobody knows whether. */
  unclear: readonly string[];
  /** Topics of clients in all. */
  topics: number;
  /** Of all topics on the brokers' disks, replicas included; null where sizes were not read. */
  totalBytes: number | null;
  unclearBytes: number;
}

/** Kept on purpose although nothing comes in: where failures go, and what Connect and MSK keep for themselves. */
const KEPT = /^(__|connect-|mm2-)|(^|[._-])(dlq|dlt|dead[._-]?letters?|retry|retries|errors?)([._-]|$)/i;

/** Null when topics or offsets were not read, or when one look cannot show whether they move. */
export function unusedTopics(inputs: UnusedInputs, takenAtMs: number, minIdleDays: number): UnusedTopics | null {
  const { kafkaTopics, kafkaTopicConfigs, kafkaOffsets, kafkaSamples, metrics } = inputs;
  if (!kafkaTopics.ok || !kafkaOffsets.ok || !kafkaSamples.ok || kafkaSamples.value.length < 2) return null;
  const ends = logEnds(kafkaOffsets.value, kafkaSamples.value, takenAtMs);
  const idleDays = metrics.ok ? idleDaysByTopic(metrics.value) : new Map<string, number>();
  const loads = topicLoads(inputs, takenAtMs);
  const still = new Set(loads.filter(({ messagesPerSec }) => messagesPerSec === 0).map(({ topic }) => topic));
  const readers = readersOf(still, kafkaOffsets.value, kafkaSamples.value);
  const unused: StillTopic[] = [];
  const unclear: string[] = [];
  let topics = 0;
  let unclearBytes = 0;
  for (const { topic, internal, partitions, messagesPerSec, localBytes } of loads) {
    const policy = kafkaTopicConfigs.ok ? configValue(kafkaTopicConfigs.value, topic, 'cleanup.policy') : null;
    // A compacted topic is state that is written seldom and read at every start.
    if (internal || KEPT.test(topic) || policy?.includes('compact') === true) continue;
    topics += 1;
    if (messagesPerSec === null) {
      unclear.push(topic);
      unclearBytes += localBytes ?? 0;
      continue;
    }
    const group = readers.get(topic);
    if (messagesPerSec > 0 || group?.isMoving === true) continue;
    const logs = [...(ends.topic(topic)?.values() ?? [])];
    const byMetrics = idleDays.get(topic) ?? 0;
    const byLog = emptiedDays(logs, kafkaTopicConfigs, topic);
    const days = Math.max(byMetrics, byLog);
    if (byMetrics === IN_USE) continue;
    if (days < minIdleDays || policy === null) {
      unclear.push(topic);
      unclearBytes += localBytes ?? 0;
      continue;
    }
    const by = byMetrics >= byLog ? 'metrics' : 'empty-log';
    unused.push({
      topic,
      partitions: partitions.length,
      bytes: localBytes,
      idleDays: days,
      by,
      groups: [...(group?.ids ?? [])],
    });
  }
  const sizes = loads.map(({ localBytes }) => localBytes);
  return {
    unused: unused.sort((a, b) => (b.bytes ?? 0) - (a.bytes ?? 0)),
    unclear,
    topics,
    totalBytes: sizes.every((size) => size === null) ? null : sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0),
    unclearBytes,
  };
}

/**
 * K36: percent of the stored bytes that lie in unused topics, and the share (0..1) of the bytes of which that is known; null without
 * sizes. Bytes that nobody has seen move or stand, and standing ones of unknown age, lower the share: they are neither used nor unused.
 */
export function unusedStorage({
  unused,
  totalBytes,
  unclearBytes,
}: UnusedTopics): { percent: number; known: number } | null {
  if (totalBytes === null || totalBytes <= 0) return null;
  const bytes = unused.reduce((sum, topic) => sum + (topic.bytes ?? 0), 0);
  return { percent: (100 * bytes) / totalBytes, known: 1 - unclearBytes / totalBytes };
}

type Logs = readonly { start: bigint | number | null; ends: readonly { offset: bigint | number }[] }[];

/** Retention of a log that once held records and holds none: so long nothing came. 0 where that says nothing. */
function emptiedDays(logs: Logs, configs: LoadInputs['kafkaTopicConfigs'], topic: string): number {
  const retentionMs = configs.ok ? configNumber(configs.value, topic, 'retention.ms') : null;
  const isEmpty = logs.every(({ start, ends }) => ends.at(-1)?.offset === start);
  const wasUsed = logs.some(({ start }) => Number(start) > 0);
  return isEmpty && wasUsed && retentionMs !== null && retentionMs > 0 ? retentionMs / DAY_MS : 0;
}

/** Some hour had traffic. */
const IN_USE = -1;

/** Days of hours without a byte, by topic that CloudWatch was asked about; `IN_USE` where some hour had one. */
function idleDaysByTopic(metrics: SectionValue<'metrics'>): Map<string, number> {
  const days = new Map<string, number>();
  for (const definition of [METRICS.topicBytesIn, METRICS.serverlessBytesIn]) {
    for (const series of findHourly(metrics, definition)) {
      const topic = series.dimensions.Topic ?? '';
      const trusted = trustedPoints(series, { dropLast: 0 });
      const known = days.get(topic);
      const own = (trusted.highest ?? 0) > 0 ? IN_USE : (trusted.count * trusted.periodSec) / 86_400;
      // Every broker that leads a part of it must have been silent.
      days.set(topic, known === undefined ? own : Math.min(known, own));
    }
  }
  return days;
}

/** Of these topics. */
function readersOf(
  topics: ReadonlySet<string>,
  { committed }: SectionValue<'kafkaOffsets'>,
  samples: SectionValue<'kafkaSamples'>,
): Map<string, { ids: ReadonlySet<string>; isMoving: boolean }> {
  const readers = new Map<string, { ids: Set<string>; isMoving: boolean }>();
  for (let position = 0; position < committed.length; position++) {
    const { groupId, topic } = committed[position]!;
    if (!topics.has(topic)) continue;
    let known = readers.get(topic);
    if (known === undefined) {
      known = { ids: new Set(), isMoving: false };
      readers.set(topic, known);
    }
    known.ids.add(groupId);
    known.isMoving ||= isMovingAt(samples, position);
  }
  return readers;
}

/** Whether the last look differs from the first, of those that were answered. */
function isMovingAt(samples: SectionValue<'kafkaSamples'>, position: number): boolean {
  const looks = samples.flatMap((sample) => parseOffset(sample.committed[position] ?? null) ?? []);
  const [first, last] = [looks[0], looks.at(-1)];
  return first !== undefined && last !== undefined && distance(last, first) !== 0;
}
