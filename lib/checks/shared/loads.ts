// What checks say about the load of topics and partitions, and how sure it is.
import { type LoadInputs, type TopicLoad, topicLoads } from '../../analysis/topic-load.ts';
import { formatQuantity } from '../../text/units.ts';
import type { Evidence, EvidenceColumn, RunContext } from '../check.ts';
import { looksSpanSec } from './consumers.ts';
import { missingBecause } from './wording.ts';

/** Sections that `topicLoads` reads, for `mayUse`. */
export const LOAD_SECTIONS = [
  'kafkaTopics',
  'kafkaTopicConfigs',
  'kafkaOffsets',
  'kafkaSamples',
  'kafkaLogDirs',
] as const;

/** Minutes of looks stand for a window of hours. */
export const LOOKS_CONFIDENCE = 0.5;

export interface Loads {
  topics: readonly TopicLoad[];
  /** Why no rate is known at all; null when rates are. */
  gap: string | null;
}

/** Rates from looks that lie too close together are no rates: then there are none, with the reason. */
export function readLoads(inputs: LoadInputs, run: RunContext): Loads {
  const topics = topicLoads(inputs, run.takenAtMs);
  return { topics, gap: gapOf(inputs, run) };
}

function gapOf({ kafkaTopics, kafkaOffsets, kafkaSamples }: LoadInputs, { lag }: RunContext): string | null {
  if (!kafkaTopics.ok) return missingBecause('Kafka metadata', kafkaTopics);
  if (!kafkaOffsets.ok) return missingBecause('the list of offsets', kafkaOffsets);
  if (!kafkaSamples.ok) return missingBecause('a second look at the log ends', kafkaSamples);
  const spanSec = looksSpanSec(kafkaSamples);
  if (spanSec >= lag.minSpanSec) return null;
  return `the looks at the log ends span ${formatQuantity(spanSec, 'durationSec')}, where ${formatQuantity(lag.minSpanSec, 'durationSec')} are needed`;
}

export function loadSource(inputs: LoadInputs): string {
  const span = formatQuantity(looksSpanSec(inputs.kafkaSamples), 'durationSec');
  return `Kafka ListOffsets, log ends over ${span}${inputs.kafkaLogDirs.ok ? '; bytes by the size of a record on disk (DescribeLogDirs)' : ''}`;
}

export interface PartitionRow {
  topic: string;
  partition: number;
  messagesPerSec: number;
  bytesPerSec: number | null;
}

const BUSIEST = 5;

/** The busiest partitions that a broker leads, by bytes where they are known. */
export function busiestPartitions(topics: readonly TopicLoad[], leader: number): PartitionRow[] {
  return topics
    .flatMap(({ topic, partitions }) => partitions.map((row) => ({ ...row, topic })))
    .flatMap(({ messagesPerSec, ...row }) =>
      messagesPerSec !== null && messagesPerSec > 0 ? [{ ...row, messagesPerSec }] : [],
    )
    .filter((row) => row.leader === leader)
    .sort((a, b) => (b.bytesPerSec ?? 0) - (a.bytesPerSec ?? 0) || b.messagesPerSec - a.messagesPerSec)
    .slice(0, BUSIEST);
}

export const RATE_COLUMNS: readonly EvidenceColumn[] = [
  { key: 'topic', label: 'Topic', as: 'name' },
  { key: 'partition', label: 'Partition', as: 'count' },
  { key: 'messages', label: 'Messages', as: 'countPerSec' },
  { key: 'bytes', label: 'Bytes', as: 'bytesPerSec' },
];

export function busiestTable(rows: readonly PartitionRow[], broker: string, source: string): Evidence {
  return {
    title: `Busiest partitions that broker ${broker} leads`,
    columns: RATE_COLUMNS,
    rows: rows.map(({ topic, partition, messagesPerSec, bytesPerSec }) => ({
      topic,
      partition,
      messages: messagesPerSec,
      bytes: bytesPerSec,
    })),
    source,
  };
}
