// Which topics are worth asking CloudWatch about: those with the most traffic, by what Kafka itself says.
import type { Sections, SectionValue } from '../../snapshot/schema.ts';
import type { TopicOnBrokers } from './plan-basket.ts';

type Offsets = SectionValue<'kafkaOffsets'>;
type Samples = SectionValue<'kafkaSamples'>;
type LogDirs = SectionValue<'kafkaLogDirs'>;
type Known = Pick<Sections, 'kafkaTopics' | 'kafkaOffsets' | 'kafkaSamples' | 'kafkaLogDirs'>;

/**
 * The `limit` busiest topics, busiest first, each with the brokers that lead its partitions; ties by name. Traffic is what was
 * appended between the first and the last look at the log ends, in bytes where the logs' sizes tell how large a record is; topics that
 * did not grow follow by what lies in them. Empty without the topics of Kafka.
 */
export function busiestTopics(known: Known, limit: number): TopicOnBrokers[] {
  if (!known.kafkaTopics?.ok) return [];
  const offsets = known.kafkaOffsets?.ok ? known.kafkaOffsets.value : null;
  const samples = known.kafkaSamples?.ok ? known.kafkaSamples.value : [];
  const bytes = known.kafkaLogDirs?.ok ? leaderBytes(known.kafkaLogDirs.value) : new Map<string, number>();
  const retained = new Map([...bytes.keys()].map((topic) => [topic, retainedRecords(offsets, topic)]));
  const usual = ratio(sum(bytes.values()), sum(retained.values())) ?? 1;
  const ranked = known.kafkaTopics.value.map(({ name, partitions }) => {
    const recordBytes = ratio(bytes.get(name) ?? 0, retained.get(name) ?? 0) ?? usual;
    return {
      topic: name,
      leaders: [...new Set(partitions.map(({ leader }) => leader).filter((id) => id >= 0))].sort((a, b) => a - b),
      appended: appendedRecords(samples, name) * recordBytes,
      stored: bytes.get(name) ?? retainedRecords(offsets, name) * usual,
    };
  });
  return ranked
    .sort((a, b) => b.appended - a.appended || b.stored - a.stored || (a.topic < b.topic ? -1 : 1))
    .slice(0, limit)
    .map(({ topic, leaders }) => ({ topic, leaders }));
}

function appendedRecords(samples: Samples, topic: string): number {
  const [first, last] = [samples[0]?.end, samples.at(-1)?.end].map((end) => ownList(end, topic));
  return sum((last ?? []).map((end, i) => distance(first?.[i] ?? null, end)));
}

function retainedRecords(offsets: Offsets | null, topic: string): number {
  return sum((ownList(offsets?.topics, topic) ?? []).map(({ start, end }) => distance(start, end)));
}

function ownList<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}

/** Records between two offsets; 0 where one is not known. */
function distance(from: string | null, to: string | null): number {
  return from === null || to === null ? 0 : Math.max(0, Number(BigInt(to) - BigInt(from)));
}

/** Bytes of one copy of each topic: of every partition the largest replica, so that one that is catching up does not count. */
function leaderBytes(logDirs: LogDirs): Map<string, number> {
  const byTopic = new Map<string, Map<number, number>>();
  for (const { topics } of logDirs) {
    for (const [topic, replicas] of Object.entries(topics)) {
      const largest = byTopic.get(topic) ?? new Map<number, number>();
      byTopic.set(topic, largest);
      for (const { partition, sizeBytes } of replicas) {
        largest.set(partition, Math.max(largest.get(partition) ?? 0, sizeBytes));
      }
    }
  }
  return new Map([...byTopic].map(([topic, largest]) => [topic, sum(largest.values())]));
}

function ratio(part: number, whole: number): number | null {
  return part > 0 && whole > 0 ? part / whole : null;
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
