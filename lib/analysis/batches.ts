// What sampled record batches tell about producers: how they batch, compress and number what they send. Each sampled batch stands
// for as many as its topic's traffic has of its kind, so that a busy topic is not outvoted by a well sampled one.
import type { SectionValue } from '../snapshot/schema.ts';
import { sum, weightedQuantile } from './statistics.ts';

type SampledPartitions = SectionValue<'kafkaBatches'>;
type SnapshotBatch = SampledPartitions[number]['batches'][number];

/** One sampled batch. */
export interface BatchLook {
  bytes: number;
  records: number;
  isCompressed: boolean;
  isIdempotent: boolean;
  /** Time from the first record to the newest; null where the broker, not the producer, set the timestamps. */
  accumulatedMs: number | null;
  /** How many batches of the cluster this one stands for, in any unit. */
  weight: number;
}

/** Null where no batch tells. */
export interface BatchProfile {
  medianBytes: number | null;
  /** Half of all bytes travel in batches of at least this size. */
  byteWeightedMedianBytes: number | null;
  meanRecords: number | null;
  compressedByteShare: number | null;
  compressedBatchShare: number | null;
  idempotentBatchShare: number | null;
  medianAccumulatedMs: number | null;
}

/** @param bytesInOf what a topic takes in, in any unit; null where it is not known, and then the topic is left out */
export function batchLooks(partitions: SampledPartitions, bytesInOf: (topic: string) => number | null): BatchLook[] {
  return [...Map.groupBy(partitions, ({ topic }) => topic)].flatMap(([topic, own]) => {
    const batches = own.flatMap((partition) => partition.batches);
    const weight = (bytesInOf(topic) ?? 0) / sum(batches.map(({ sizeBytes }) => sizeBytes));
    return weight > 0 ? batches.map((batch) => lookAt(batch, weight)) : [];
  });
}

function lookAt(batch: SnapshotBatch, weight: number): BatchLook {
  const { sizeBytes, records, codec, isIdempotent, isLogAppendTime, baseTimestampMs, maxTimestampMs } = batch;
  return {
    bytes: sizeBytes,
    records,
    isCompressed: codec !== 'none',
    isIdempotent,
    // -1 is no timestamp.
    accumulatedMs: isLogAppendTime || baseTimestampMs < 0 ? null : maxTimestampMs - baseTimestampMs,
    weight,
  };
}

/** Shares of compression speak of producers only where `compression.type` of the topic is `producer`; else the broker compresses. */
export function batchProfile(looks: readonly BatchLook[]): BatchProfile {
  const ofBytes = looks.map((look) => ({ ...look, weight: look.weight * look.bytes }));
  const gathered = looks.flatMap(({ accumulatedMs, weight }) =>
    accumulatedMs === null ? [] : [{ value: accumulatedMs, weight }],
  );
  return {
    medianBytes: weightedMedian(looks.map(({ bytes, weight }) => ({ value: bytes, weight }))),
    byteWeightedMedianBytes: weightedQuantile(
      ofBytes.map(({ bytes, weight }) => ({ value: bytes, weight })),
      0.5,
    ),
    meanRecords: weightedMean(looks, ({ records }) => records),
    compressedByteShare: weightedMean(ofBytes, ({ isCompressed }) => (isCompressed ? 1 : 0)),
    compressedBatchShare: weightedMean(looks, ({ isCompressed }) => (isCompressed ? 1 : 0)),
    idempotentBatchShare: weightedMean(looks, ({ isIdempotent }) => (isIdempotent ? 1 : 0)),
    medianAccumulatedMs: weightedMedian(gathered),
  };
}

/** What rates alone tell; null without the traffic to divide by. */
export function requestProfile(rates: {
  bytesInPerSec: number;
  messagesInPerSec: number;
  produceRequestsPerSec: number;
}): { avgRecordBytes: number | null; bytesPerRequest: number | null; recordsPerRequest: number | null } {
  const { bytesInPerSec, messagesInPerSec, produceRequestsPerSec } = rates;
  return {
    avgRecordBytes: ratio(bytesInPerSec, messagesInPerSec),
    bytesPerRequest: ratio(bytesInPerSec, produceRequestsPerSec),
    recordsPerRequest: ratio(messagesInPerSec, produceRequestsPerSec),
  };
}

function ratio(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null;
}

function weightedMean<T extends { weight: number }>(items: readonly T[], measure: (item: T) => number): number | null {
  return ratio(sum(items.map((item) => measure(item) * item.weight)), sum(items.map(({ weight }) => weight)));
}

/** The mean of the two middle values where exactly half of the weight lies on either side, as the median of an even count. */
function weightedMedian(items: readonly { value: number; weight: number }[]): number | null {
  const fromBelow = weightedQuantile(items, 0.5);
  const fromAbove = weightedQuantile(
    items.map(({ value, weight }) => ({ value: -value, weight })),
    0.5,
  );
  return fromBelow === null || fromAbove === null ? null : (fromBelow - fromAbove) / 2;
}
