// Sampled record batches as the checks on producers read them, and what they could not see.
import {
  type ProducerSamples,
  producerSamples,
  type SampleInputs,
  type TopicRate,
} from '../../analysis/producer-samples.ts';
import { curveOf } from '../../policy/kpi-curves.ts';
import { formatQuantity, plural } from '../../text/units.ts';
import type { Evidence, RunContext } from '../check.ts';
import { LOAD_SECTIONS } from './loads.ts';
import { listed, MAX_ROWS, missingBecause } from './wording.ts';

/** Sections that `readSamples` reads, for `mayUse`. */
export const SAMPLE_SECTIONS = [...LOAD_SECTIONS, 'kafkaBatches'] as const;
/** What they lack is counted by traffic here, not by the section. */
export const SAMPLES_TOLERATED = ['kafkaBatches', 'kafkaLogDirs'] as const;

/** Headers of batches tell it directly. */
export const SAMPLE_CONFIDENCE = 0.9;

export interface Samples {
  /** Null when no batch was sampled: `gap` says why. */
  found: ProducerSamples | null;
  gap: string | null;
}

/**
 * The samples, and why a clean look at them proves nothing.
 * @param measure what a topic carries that the check asks about; null where it is not known
 * @param atLeast topics that carry less do not matter
 */
export function readSamples(
  inputs: SampleInputs,
  run: RunContext,
  measure: (topic: TopicRate) => number | null,
  { atLeast, minTrafficPercent }: { atLeast: number; minTrafficPercent: number },
): Samples {
  const found = producerSamples(inputs, run.takenAtMs);
  if (found === null || !inputs.kafkaBatches.ok) {
    const because = inputs.kafkaBatches.ok
      ? 'record batches tell nothing'
      : missingBecause('a sample of record batches', inputs.kafkaBatches);
    return { found: null, gap: because };
  }
  if (found.topics.length === 0) return { found: null, gap: "no producer's batch was in what was sampled" };
  if (!found.isWeighted)
    return { found, gap: 'how much each topic takes in is not known: the log ends were looked at once' };
  const total = (topics: readonly TopicRate[]) => topics.reduce((sum, topic) => sum + (measure(topic) ?? 0), 0);
  const seen = total(found.topics);
  const unseen = found.others.filter((topic) => (measure(topic) ?? 0) >= atLeast);
  const share = (100 * seen) / (seen + total(found.others));
  if (unseen.length === 0 || share >= minTrafficPercent) return { found, gap: null };
  const names = listed(unseen.map(({ topic }) => topic));
  const rest = formatQuantity(100 - share, 'percent');
  return {
    found,
    gap: `${plural(unseen.length, 'busy topic')} with ${rest} of the traffic ${unseen.length === 1 ? 'was' : 'were'} not sampled (${names})`,
  };
}

export function samplesSource({ topics }: ProducerSamples): string {
  const batches = topics.reduce((sum, { batchCount }) => sum + batchCount, 0);
  return `Kafka Fetch, headers of ${plural(batches, 'batch', 'batches')} near the log ends of the ${plural(topics.length, 'busiest topic')}, weighted by traffic`;
}

/** Where a KPI's curve gives 50 points: a check does not have a second opinion of what is bad. */
export function badPoint(kpi: 'K13' | 'K14', { environment, goal }: RunContext): number {
  const curve = curveOf(kpi, environment, goal);
  const anchor = curve?.kind === 'piecewise' ? curve.anchors.find(([, score]) => score === 50) : undefined;
  if (anchor === undefined) throw new RangeError(`${kpi} has no point of 50`);
  return anchor[0];
}

/** What travels by topic: bytes, how they are compressed, and who numbers them. */
export function producersTable({ topics, ...rest }: ProducerSamples): Evidence {
  const share = (part: number | undefined) => 100 * (part ?? 0);
  return {
    title: 'Sampled batches by topic',
    columns: [
      { key: 'topic', label: 'Topic', as: 'name' },
      { key: 'bytes', label: 'Bytes in', as: 'bytesPerSec' },
      ...SHOWN_CODECS.map((codec) => ({ key: codec, label: codec, as: 'percent' as const })),
      { key: 'idempotent', label: 'Batches of idempotent producers', as: 'percent' },
    ],
    rows: topics.slice(0, MAX_ROWS).map(({ topic, bytesInPerSec, codecs, profile }) => ({
      topic,
      bytes: bytesInPerSec,
      ...Object.fromEntries(SHOWN_CODECS.map((codec) => [codec, share(codecs.get(codec))])),
      idempotent: share(profile.idempotentBatchShare ?? undefined),
    })),
    source: samplesSource({ topics, ...rest }),
  };
}

const SHOWN_CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
