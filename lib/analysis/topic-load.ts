// What each topic carries and keeps: messages a second from this run's looks at the log ends, bytes by what its records take on disk.
import type { Collected } from '../snapshot/collected.ts';
import type { SectionValue } from '../snapshot/schema.ts';
import { logSizes } from './log-sizes.ts';
import { distance } from './offsets.ts';
import { logEnds } from './produce-rates.ts';
import { configValue } from './topology.ts';

export const GIB = 1024 ** 3;

/** Sections as a check gets them in `mayUse`. */
export interface LoadInputs {
  readonly kafkaTopics: Collected<SectionValue<'kafkaTopics'>>;
  readonly kafkaTopicConfigs: Collected<SectionValue<'kafkaTopicConfigs'>>;
  readonly kafkaOffsets: Collected<SectionValue<'kafkaOffsets'>>;
  readonly kafkaSamples: Collected<SectionValue<'kafkaSamples'>>;
  readonly kafkaLogDirs: Collected<SectionValue<'kafkaLogDirs'>>;
}

export interface PartitionLoad {
  partition: number;
  leader: number;
  /** Null with fewer than two looks. */
  messagesPerSec: number | null;
  /** As stored, that is compressed; null where the size of a record is not known. */
  bytesPerSec: number | null;
  /** Of the largest replica on the brokers' disks; null where none was seen. */
  sizeBytes: number | null;
}

export interface TopicLoad {
  topic: string;
  internal: boolean;
  partitions: readonly PartitionLoad[];
  /** Null as soon as that of one partition is. */
  messagesPerSec: number | null;
  bytesPerSec: number | null;
  /** Bytes on disk over records retained. Null for compacted and tiered topics, whose offsets and files do not cover the same records. */
  bytesPerRecord: number | null;
  /** All replicas on the brokers' disks; null where they were not read. */
  localBytes: number | null;
}

const answered = new WeakMap<
  SectionValue<'kafkaTopics'>,
  { sections: readonly unknown[]; loads: readonly TopicLoad[] }
>();

/**
 * One entry a topic of the metadata; empty without metadata. Sections are taken as immutable: the same ones give the same answer.
 * @param takenAtMs time of the core collection, the only look where there are no samples
 */
export function topicLoads(inputs: LoadInputs, takenAtMs: number): readonly TopicLoad[] {
  if (!inputs.kafkaTopics.ok) return [];
  const topics = inputs.kafkaTopics.value;
  const { kafkaTopicConfigs, kafkaOffsets, kafkaSamples, kafkaLogDirs } = inputs;
  // By what is in them: a check that needs a section wraps it anew.
  const sections = [kafkaTopicConfigs, kafkaOffsets, kafkaSamples, kafkaLogDirs].map((each) => each.ok && each.value);
  const last = answered.get(topics);
  if (last?.sections.every((each, i) => each === sections[i]) === true) return last.loads;
  const loads = readLoads(inputs, topics, takenAtMs);
  answered.set(topics, { sections, loads });
  return loads;
}

function readLoads(inputs: LoadInputs, topics: SectionValue<'kafkaTopics'>, takenAtMs: number): TopicLoad[] {
  const { kafkaOffsets, kafkaSamples, kafkaLogDirs, kafkaTopicConfigs } = inputs;
  const ends = kafkaOffsets.ok
    ? logEnds(kafkaOffsets.value, kafkaSamples.ok ? kafkaSamples.value : null, takenAtMs)
    : null;
  const sizes = kafkaLogDirs.ok ? logSizes(kafkaLogDirs.value) : null;
  const configs = kafkaTopicConfigs.ok ? kafkaTopicConfigs.value : null;
  return topics.map(({ name, internal, partitions }) => {
    const logs = ends?.topic(name);
    const disk = sizes?.get(name);
    const isDense = configs !== null && isPlainLog(configs, name);
    const bytesPerRecord = isDense ? recordSize(partitions, logs, disk?.largest) : null;
    const rows = partitions.map(({ partition, leader }): PartitionLoad => {
      const messagesPerSec = logs?.get(partition)?.producePerSec ?? null;
      const bytesPerSec = messagesPerSec === 0 ? 0 : times(messagesPerSec, bytesPerRecord);
      return { partition, leader, messagesPerSec, bytesPerSec, sizeBytes: disk?.largest.get(partition) ?? null };
    });
    return {
      topic: name,
      internal,
      partitions: rows,
      messagesPerSec: total(rows.map((row) => row.messagesPerSec)),
      bytesPerSec: total(rows.map((row) => row.bytesPerSec)),
      bytesPerRecord,
      localBytes: disk?.allBytes ?? null,
    };
  });
}

/** Every record between log start and end is there, and on the brokers' disks. */
function isPlainLog(configs: SectionValue<'kafkaTopicConfigs'>, topic: string): boolean {
  const cleanup = configValue(configs, topic, 'cleanup.policy');
  return cleanup === 'delete' && configValue(configs, topic, 'remote.storage.enable') !== 'true';
}

type Logs = ReturnType<ReturnType<typeof logEnds>['topic']>;
type Partitions = SectionValue<'kafkaTopics'>[number]['partitions'];

function recordSize(
  partitions: Partitions,
  logs: Logs,
  largest: ReadonlyMap<number, number> | undefined,
): number | null {
  let bytes = 0;
  let records = 0;
  for (const { partition } of partitions) {
    const log = logs?.get(partition);
    const end = log?.ends[0];
    const size = largest?.get(partition);
    if (size === undefined || log === undefined || log.start === null || end === undefined) continue;
    bytes += size;
    records += distance(end.offset, log.start);
  }
  return records > 0 ? bytes / records : null;
}

function times(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a * b;
}

function total(values: readonly (number | null)[]): number | null {
  return values.reduce<number | null>((sum, value) => (sum === null || value === null ? null : sum + value), 0);
}
