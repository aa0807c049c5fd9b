// What a run's sampled record batches tell of each topic and of the cluster: K13 (bytes of a batch) and K14 (compressed bytes). Each topic
// counts by what it takes in: its messages a second times the bytes of a record in the sampled batches themselves.
import type { Collected } from '../snapshot/collected.ts';
import type { SectionValue } from '../snapshot/schema.ts';
import { type BatchProfile, batchLooks, batchProfile } from './batches.ts';
import { sum } from './statistics.ts';
import { type LoadInputs, type TopicLoad, topicLoads } from './topic-load.ts';
import { configValue } from './topology.ts';

type Batches = SectionValue<'kafkaBatches'>;
export type Codec = Batches[number]['batches'][number]['codec'];

/** Sections as a check or KPI gets them in `mayUse`. */
export type SampleInputs = LoadInputs & { readonly kafkaBatches: Collected<Batches> };

/** Rates are null with fewer than two looks at the log ends. */
export interface TopicRate {
  topic: string;
  messagesPerSec: number | null;
  bytesInPerSec: number | null;
}

export interface SampledTopic extends TopicRate {
  batchCount: number;
  profile: BatchProfile;
  /** 0..1 of the bytes, by codec. */
  codecs: ReadonlyMap<Codec, number>;
  /** False where `compression.type` of the topic makes the broker compress: then the codec is not the producers'. */
  isProducersCodec: boolean;
}

export interface ProducerSamples {
  /** Most bytes first. */
  topics: readonly SampledTopic[];
  /** Topics of clients that were not sampled; bytes by their record on disk, else by the mean record of the samples. */
  others: readonly TopicRate[];
  /** False: no rates are known, and all sampled topics count alike. */
  isWeighted: boolean;
  /** K13: half of all bytes travel in batches of at least this size; null without a batch. */
  batchBytes: number | null;
  /** K14, 0..100; null where no topic shows its producers' codec. */
  compressedPercent: number | null;
  /** 0..100 of the bytes. */
  gzipPercent: number | null;
  /** 0..100 of the batches that no idempotent producer sent. */
  notIdempotentPercent: number | null;
}

const answered = new WeakMap<Batches, { loads: readonly TopicLoad[]; configs: unknown; samples: ProducerSamples }>();

/** Null when batches were not sampled. Sections are taken as immutable: the same ones give the same answer. */
export function producerSamples(inputs: SampleInputs, takenAtMs: number): ProducerSamples | null {
  const { kafkaBatches, kafkaTopicConfigs } = inputs;
  if (!kafkaBatches.ok) return null;
  const loads = topicLoads(inputs, takenAtMs);
  const last = answered.get(kafkaBatches.value);
  if (last !== undefined && last.loads === loads && last.configs === kafkaTopicConfigs) return last.samples;
  const samples = readSamples(kafkaBatches.value, loads, kafkaTopicConfigs);
  answered.set(kafkaBatches.value, { loads, configs: kafkaTopicConfigs, samples });
  return samples;
}

/** Topics that Connect and the replicators keep for themselves, or that MSK writes: their producers are no client of anybody's. */
const OWN_TOPICS = /^(__|connect-|mm2-|heartbeats$)|\.checkpoints\.internal$/;

function readSamples(
  partitions: Batches,
  loads: readonly TopicLoad[],
  configs: LoadInputs['kafkaTopicConfigs'],
): ProducerSamples {
  const byName = new Map(loads.map((load) => [load.topic, load]));
  const topics = [...Map.groupBy(partitions, ({ topic }) => topic)].flatMap(([topic, own]) => {
    const compression = configs.ok ? configValue(configs.value, topic, 'compression.type') : null;
    const isOwn = OWN_TOPICS.test(topic);
    return isOwn ? [] : sampledTopic(topic, own, byName.get(topic)?.messagesPerSec ?? null, compression);
  });
  const sampled = new Set(topics.map(({ topic }) => topic));
  const isWeighted = topics.some(({ bytesInPerSec }) => (bytesInPerSec ?? 0) > 0);
  const weights = new Map(topics.map(({ topic, bytesInPerSec }) => [topic, isWeighted ? (bytesInPerSec ?? 0) : 1]));
  const profileOf = (some: readonly SampledTopic[]) => {
    const names = new Set(some.map(({ topic }) => topic));
    return batchProfile(batchLooks(partitions, (topic) => (names.has(topic) ? weights.get(topic)! : null)));
  };
  const all = profileOf(topics);
  const recordBytes = meanRecordBytes(partitions);
  const withCodec = topics.filter(({ isProducersCodec }) => isProducersCodec);
  return {
    topics: topics.sort((a, b) => (b.bytesInPerSec ?? 0) - (a.bytesInPerSec ?? 0)),
    others: loads
      .filter(({ topic, internal }) => !internal && !OWN_TOPICS.test(topic) && !sampled.has(topic))
      .map(({ topic, messagesPerSec, bytesPerSec }) => ({
        topic,
        messagesPerSec,
        bytesInPerSec:
          bytesPerSec ?? (messagesPerSec === null || recordBytes === null ? null : messagesPerSec * recordBytes),
      })),
    isWeighted,
    batchBytes: all.byteWeightedMedianBytes,
    compressedPercent: percent(profileOf(withCodec).compressedByteShare),
    gzipPercent: percent(shareOf(withCodec, weights, ({ codecs }) => codecs.get('gzip') ?? 0)),
    notIdempotentPercent: all.idempotentBatchShare === null ? null : 100 - 100 * all.idempotentBatchShare,
  };
}

function sampledTopic(
  topic: string,
  own: Batches,
  messagesPerSec: number | null,
  compression: string | null,
): SampledTopic[] {
  const batches = own.flatMap((partition) => partition.batches);
  const bytes = sum(batches.map(({ sizeBytes }) => sizeBytes));
  const records = sum(batches.map((batch) => batch.records));
  if (bytes <= 0) return [];
  const codecs = new Map<Codec, number>();
  for (const { codec, sizeBytes } of batches) codecs.set(codec, (codecs.get(codec) ?? 0) + sizeBytes);
  for (const [codec, size] of codecs) codecs.set(codec, size / bytes);
  return [
    {
      topic,
      messagesPerSec,
      bytesInPerSec: messagesPerSec === null || records <= 0 ? null : (messagesPerSec * bytes) / records,
      batchCount: batches.length,
      profile: batchProfile(batchLooks(own, () => 1)),
      codecs,
      // A topic whose settings were not read has the default, which leaves batches as they come.
      isProducersCodec: compression === null || compression === 'producer',
    },
  ];
}

/** Null where no sampled batch holds a record. */
function meanRecordBytes(partitions: Batches): number | null {
  const batches = partitions.flatMap((partition) => partition.batches);
  const records = sum(batches.map((batch) => batch.records));
  return records > 0 ? sum(batches.map(({ sizeBytes }) => sizeBytes)) / records : null;
}

function shareOf(
  topics: readonly SampledTopic[],
  weights: ReadonlyMap<string, number>,
  measure: (topic: SampledTopic) => number,
): number | null {
  const all = sum(topics.map(({ topic }) => weights.get(topic)!));
  return all > 0 ? sum(topics.map((each) => weights.get(each.topic)! * measure(each))) / all : null;
}

function percent(share: number | null): number | null {
  return share === null ? null : 100 * share;
}
