import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BatchLook, batchLooks, batchProfile, requestProfile } from '../../lib/analysis/batches.ts';
import { median } from '../../lib/analysis/statistics.ts';
import type { SectionValue } from '../../lib/snapshot/schema.ts';

type Batch = SectionValue<'kafkaBatches'>[number]['batches'][number];

const aBatch = (given: Partial<Batch> = {}): Batch => ({
  sizeBytes: 1_000,
  records: 10,
  codec: 'none',
  baseTimestampMs: 5_000,
  maxTimestampMs: 5_004,
  isLogAppendTime: false,
  isTransactional: false,
  isIdempotent: true,
  ...given,
});
const sampled = (topic: string, ...batches: Batch[]) => ({ topic, partition: 0, error: null, batches });
const aLook = (given: Partial<BatchLook>): BatchLook => ({
  bytes: 100,
  records: 1,
  isCompressed: false,
  isIdempotent: false,
  accumulatedMs: 0,
  weight: 1,
  ...given,
});

describe('what a sample says of the whole', () => {
  test('each topic counts by its traffic, not by how many of its batches were looked at', () => {
    const partitions = [
      sampled(
        'small',
        ...Array.from({ length: 50 }, () => aBatch({ sizeBytes: 200, records: 1, isIdempotent: false })),
      ),
      sampled('large', aBatch({ sizeBytes: 10_000, records: 100, codec: 'zstd' })),
    ];
    // 10 MB/s of large batches are 1,000 a second; 1 MB/s of small ones are 5,000.
    const bytesIn: Record<string, number> = { small: 1_000_000, large: 10_000_000 };
    const profile = batchProfile(batchLooks(partitions, (topic) => bytesIn[topic] ?? null));
    expect(profile).toMatchObject({ medianBytes: 200, byteWeightedMedianBytes: 10_000 });
    expect(profile.meanRecords).toBeCloseTo((5_000 * 1 + 1_000 * 100) / 6_000);
    expect(profile.compressedByteShare).toBeCloseTo(10 / 11);
    expect(profile.compressedBatchShare).toBeCloseTo(1 / 6);
    expect(profile.idempotentBatchShare).toBeCloseTo(1 / 6);
  });

  test('time in the producer counts from the first record on; -1 is no timestamp, and 0 is one', () => {
    const gathered = (...batches: Partial<Batch>[]) =>
      batchProfile(batchLooks([sampled('t', ...batches.map(aBatch))], () => 1)).medianAccumulatedMs;
    expect(gathered({ baseTimestampMs: 0, maxTimestampMs: 7 })).toBe(7);
    expect(gathered({ baseTimestampMs: -1, maxTimestampMs: 7 })).toBeNull();
    expect(gathered({ isLogAppendTime: true }, {}, {})).toBe(4);
    expect(gathered({ isLogAppendTime: true })).toBeNull();
  });

  test('partitions of one topic are one sample', () => {
    const partitions = [
      sampled('t', aBatch({ sizeBytes: 100 })),
      sampled('t', aBatch({ sizeBytes: 300 }), aBatch({ sizeBytes: 500 })),
    ];
    expect(batchProfile(batchLooks(partitions, () => 1)).medianBytes).toBe(300);
  });

  test('a topic of unknown traffic, without traffic or without a batch is left out', () => {
    const partitions = [
      sampled('unknown', aBatch()),
      sampled('idle', aBatch()),
      sampled('bare'),
      sampled('t', aBatch()),
    ];
    const bytesIn: Record<string, number> = { idle: 0, bare: 5, t: 5 };
    expect(batchLooks(partitions, (topic) => bytesIn[topic] ?? null)).toHaveLength(1);
  });

  test('the time a batch was gathered is known only where the producer set the timestamps', () => {
    const batches = [
      aBatch({ maxTimestampMs: 5_009 }),
      aBatch({ isLogAppendTime: true, maxTimestampMs: 9_000 }),
      aBatch({ baseTimestampMs: -1, maxTimestampMs: -1 }),
    ];
    const looks = batchLooks([sampled('t', ...batches)], () => 1);
    expect(looks.map(({ accumulatedMs }) => accumulatedMs)).toEqual([9, null, null]);
    expect(batchProfile(looks).medianAccumulatedMs).toBe(9);
  });

  test('every codec but none is compression, one that we do not know as well', () => {
    const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd', 'unknown'] as const;
    const looks = batchLooks([sampled('t', ...codecs.map((codec) => aBatch({ codec })))], () => 1);
    expect(looks.map(({ isCompressed }) => isCompressed)).toEqual([false, true, true, true, true, true]);
  });

  test('nothing sampled tells nothing: no zero stands for it', () => {
    expect(new Set(Object.values(batchProfile([])))).toEqual(new Set([null]));
  });
});

describe('medians', () => {
  test('with equal weights are the ordinary ones, whatever the weight', () => {
    const sizes = fc.array(fc.integer({ min: 61, max: 1_000_000 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(sizes, fc.double({ min: 0.001, max: 1_000, noNaN: true }), (bytes, weight) => {
        const looks = bytes.map((each) => aLook({ bytes: each, accumulatedMs: each, weight }));
        const profile = batchProfile(looks);
        expect(profile.medianBytes).toBeCloseTo(median(bytes)!);
        expect(profile.medianAccumulatedMs).toBeCloseTo(median(bytes)!);
      }),
    );
  });

  test('by bytes are the first size with half of the bytes in batches up to it', () => {
    const of = (...sizes: number[]) => batchProfile(sizes.map((bytes) => aLook({ bytes }))).byteWeightedMedianBytes;
    expect(of(100, 100, 100, 100, 400)).toBe(100);
    expect(of(100, 100, 100, 100, 401)).toBe(401);
    expect(of(70)).toBe(70);
  });
});

test('rates without traffic to divide by tell nothing', () => {
  expect(requestProfile({ bytesInPerSec: 0, messagesInPerSec: 0, produceRequestsPerSec: 0 })).toEqual({
    avgRecordBytes: null,
    bytesPerRequest: null,
    recordsPerRequest: null,
  });
  expect(requestProfile({ bytesInPerSec: 600, messagesInPerSec: 30, produceRequestsPerSec: 6 })).toEqual({
    avgRecordBytes: 20,
    bytesPerRequest: 100,
    recordsPerRequest: 5,
  });
});
