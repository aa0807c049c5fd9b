import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { producerSamples, type SampleInputs } from '../../lib/analysis/producer-samples.ts';
import { missing } from '../../lib/snapshot/collected.ts';
import { aSnapshot, type SnapshotBuilder, TAKEN_AT_MS } from '../builders/a-snapshot.ts';

function read(builder: SnapshotBuilder) {
  const { sections } = builder.build();
  const absent = missing('not-requested', 'not asked for');
  const inputs = new Proxy(sections, {
    get: (all, name) => (all as Record<string | symbol, unknown>)[name] ?? absent,
  }) as unknown as SampleInputs;
  return producerSamples(inputs, TAKEN_AT_MS);
}

/** Two topics of 300 records a second: `a` with batches of 1,000 bytes and 10 records, `b` with 100,000 bytes and 100 records. */
function two(rateOfB = 100) {
  return aSnapshot()
    .withTopic('a')
    .withRates('a', [100, 100, 100])
    .withBatches('a', { sizeBytes: 1000, records: 10, codec: 'none', isIdempotent: false })
    .withTopic('b')
    .withRates('b', [rateOfB, rateOfB, rateOfB])
    .withBatches('b', { sizeBytes: 100_000, records: 100, codec: 'gzip' });
}

describe('sampled producers', () => {
  test('by hand: bytes follow from messages and the sampled bytes of a record', () => {
    const found = read(two())!;
    expect(found.topics.map(({ topic, bytesInPerSec }) => [topic, bytesInPerSec])).toEqual([
      ['b', 300_000],
      ['a', 30_000],
    ]);
    expect(found.batchBytes).toBe(100_000);
    expect(found.compressedPercent).toBeCloseTo((100 * 300) / 330, 9);
    expect(found.gzipPercent).toBeCloseTo((100 * 300) / 330, 9);
    // 30 batches a second of a, 3 of b.
    expect(found.notIdempotentPercent).toBeCloseTo((100 * 30) / 33, 9);
  });

  test('a topic with little traffic does not outvote another that was sampled as well', () => {
    const found = read(two(0.1))!;
    expect(found.batchBytes).toBe(1000);
    expect(found.topics.map(({ topic, bytesInPerSec }) => [topic, bytesInPerSec])).toEqual([
      ['a', 30_000],
      ['b', expect.closeTo(300, 9)],
    ]);
  });

  test('one without any traffic has no vote', () => {
    expect(read(two(0))).toMatchObject({ isWeighted: true, batchBytes: 1000, gzipPercent: 0 });
  });

  test('a topic of which no batch could be read was not sampled', () => {
    const found = read(two().withTopic('c').withRates('c', [10, 10, 10]).withBatches('c', {}, 0))!;
    expect(found.topics.map(({ topic }) => topic)).toEqual(['b', 'a']);
    expect(found.others).toMatchObject([{ topic: 'c', messagesPerSec: 30 }]);
  });

  test('sampled, but not in the metadata, or with no record left in its batches: nobody knows what it takes in', () => {
    const source = two()
      .withBatches('gone')
      .withTopic('emptied')
      .withRates('emptied', [1, 1, 1])
      .withBatches('emptied', { sizeBytes: 61, records: 0 });
    expect(read(source)!.topics).toMatchObject([
      { topic: 'b' },
      { topic: 'a' },
      { topic: 'gone', messagesPerSec: null, bytesInPerSec: null },
      { topic: 'emptied', messagesPerSec: 3, bytesInPerSec: null },
    ]);
  });

  test('where the broker compresses, its codec is nobody’s but its own', () => {
    const source = two();
    const own = aSnapshot()
      .withTopic('a', { configs: { 'compression.type': 'zstd' } })
      .withRates('a', [1, 1, 1])
      .withBatches('a');
    expect(read(own)).toMatchObject({ compressedPercent: null, gzipPercent: null, batchBytes: 50_000 });
    expect(read(source.without('kafkaTopicConfigs', 'timed-out'))?.compressedPercent).not.toBeNull();
  });

  test('with one look all topics count alike, and say so', () => {
    const found = read(two().withSampleTimes([0]))!;
    expect(found.isWeighted).toBe(false);
    expect(found.topics.map(({ bytesInPerSec }) => bytesInPerSec)).toEqual([null, null]);
    expect(found.compressedPercent).toBeCloseTo(50, 9);
  });

  test('topics that were not sampled are named with their traffic; those of Kafka and Connect are nobody’s', () => {
    const source = two()
      .withTopic('c')
      .withRates('c', [10, 10, 10])
      .withTopic('connect-status')
      .withTopic('__amazon_msk_canary')
      .withBatches('__amazon_msk_canary');
    const found = read(source)!;
    // All batches: (10 × 1,000 + 10 × 100,000 + 10 × 50,000) bytes in (100 + 1,000 + 500) records.
    expect(found.others).toEqual([
      { topic: 'c', messagesPerSec: 30, bytesInPerSec: expect.closeTo((30 * 1_510_000) / 1600, 6) },
    ]);
    expect(found.topics.map(({ topic }) => topic)).toEqual(['b', 'a']);
  });

  test('of a topic that was not sampled its own record on disk goes before the mean; without a rate nothing is known', () => {
    const source = two()
      .withTopic('sized', { end: 1000 })
      .withRates('sized', [1, 1, 1])
      .withSizes('sized', 20_000)
      .withTopic('internal', { internal: true })
      .withTopic('mm2-offsets')
      .withTopic('source.checkpoints.internal')
      .withTopic('heartbeats')
      .withTopic('heartbeats-of-us');
    expect(read(source)!.others).toEqual([
      { topic: 'sized', messagesPerSec: 3, bytesInPerSec: 60 },
      { topic: 'heartbeats-of-us', messagesPerSec: 0, bytesInPerSec: 0 },
    ]);
    expect(read(source.withSampleTimes([0]))!.others).toContainEqual({
      topic: 'sized',
      messagesPerSec: null,
      bytesInPerSec: null,
    });
  });

  test('batches without records tell no size of a record', () => {
    const source = aSnapshot()
      .withTopic('a')
      .withBatches('a', { records: 0 })
      .withTopic('c')
      .withRates('c', [10, 10, 10]);
    expect(read(source)!.others).toEqual([{ topic: 'c', messagesPerSec: 30, bytesInPerSec: null }]);
  });

  test('each topic by its own batches: their number, their bytes by codec, whose codec it is', () => {
    const mixed = aSnapshot()
      .withTopic('t', { configs: { 'compression.type': 'producer' } })
      .withRates('t', [10, 0, 0])
      .withBatches('t', { sizeBytes: 3000, records: 10, codec: 'gzip' }, 1)
      .withBatches('t', { sizeBytes: 1000, records: 10, codec: 'none' }, 1);
    const [topic] = read(mixed)!.topics;
    expect(topic).toMatchObject({ batchCount: 2, bytesInPerSec: 2000, isProducersCodec: true });
    expect(Object.fromEntries(topic!.codecs)).toEqual({ gzip: 0.75, none: 0.25 });
    expect(topic!.profile).toMatchObject({ medianBytes: 2000, meanRecords: 10, compressedByteShare: 0.75 });
    const idle = read(mixed.withRates('t', [0, 0, 0]))!;
    expect(idle).toMatchObject({ isWeighted: false, compressedPercent: 75, gzipPercent: 75 });
  });

  test('only topics with their producers’ codec tell of compression, each by what it takes in', () => {
    const source = two()
      .withTopic('c', { configs: { 'compression.type': 'gzip' } })
      .withRates('c', [100, 100, 100]);
    const found = read(source.withBatches('c', { sizeBytes: 100_000, records: 1, codec: 'none' }))!;
    expect(found.compressedPercent).toBeCloseTo((100 * 300) / 330, 9);
    expect(found.gzipPercent).toBeCloseTo((100 * 300) / 330, 9);
    expect(found.topics.map(({ topic, isProducersCodec }) => [topic, isProducersCodec])).toEqual([
      ['c', false],
      ['b', true],
      ['a', true],
    ]);
  });

  test('other settings or rates of the same batches are another question', () => {
    const absent = missing('not-requested', 'not asked for');
    const inputs = new Proxy(two().build().sections, {
      get: (all, name) => (all as Record<string | symbol, unknown>)[name] ?? absent,
    }) as unknown as SampleInputs;
    const { kafkaTopics, kafkaTopicConfigs, kafkaOffsets, kafkaSamples, kafkaLogDirs, kafkaBatches } = inputs;
    const all = { kafkaTopics, kafkaTopicConfigs, kafkaOffsets, kafkaSamples, kafkaLogDirs, kafkaBatches };
    expect(producerSamples(all, TAKEN_AT_MS)!.isWeighted).toBe(true);
    expect(producerSamples({ ...all, kafkaSamples: absent }, TAKEN_AT_MS)!.isWeighted).toBe(false);
    const own = { a: { 'compression.type': { value: 'zstd', source: 'topic' as const } } };
    const changed = { ...all, kafkaTopicConfigs: { ok: true as const, asOfMs: 0, value: own } };
    expect(producerSamples(changed, TAKEN_AT_MS)!.compressedPercent).toBe(100);
    expect(producerSamples(all, TAKEN_AT_MS)!.compressedPercent).toBeCloseTo((100 * 300) / 330, 9);
  });

  test('null without a sample; empty where nothing of a producer was in it', () => {
    expect(read(aSnapshot().withTopic('a'))).toBeNull();
    expect(read(aSnapshot().withTopic('a').withSection('kafkaBatches', []))).toMatchObject({
      topics: [],
      batchBytes: null,
      compressedPercent: null,
      notIdempotentPercent: null,
    });
  });

  test('shares stay within 0..100, and the batch lies among those sampled', () => {
    const batch = fc.record({
      sizeBytes: fc.integer({ min: 61, max: 1_000_000 }),
      records: fc.integer({ min: 1, max: 5000 }),
      codec: fc.constantFrom('none' as const, 'gzip' as const, 'zstd' as const),
      isIdempotent: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(batch, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 1000 }),
        (batches, rate) => {
          const builder = aSnapshot().withTopic('a').withRates('a', [rate, rate, rate]);
          for (const each of batches) builder.withBatches('a', each, 1);
          const found = read(builder)!;
          for (const share of [found.compressedPercent, found.gzipPercent, found.notIdempotentPercent]) {
            expect(share).toBeGreaterThanOrEqual(-1e-9);
            expect(share).toBeLessThanOrEqual(100 + 1e-9);
          }
          expect(batches.map(({ sizeBytes }) => sizeBytes)).toContain(found.batchBytes);
        },
      ),
      { numRuns: 40 },
    );
  });
});
