import { describe, expect, test } from 'vitest';
import { METRICS } from '../../lib/facts/metric-catalogue.ts';
import { aSnapshot } from '../builders/a-snapshot.ts';
import { monitored } from './monitored.ts';
import { kpi, reading } from './run-context.ts';

describe('batch-efficiency', () => {
  const sampled = () => aSnapshot().withTopic('t', { partitions: 1 }).withRates('t', [100]);

  test('half of the bytes are in batches of at least this size, by hand', () => {
    // 10 batches of 1 kB against 10 of 9 kB: nine tenths of the bytes.
    const cluster = sampled().withBatches('t', { sizeBytes: 1000 }).withBatches('t', { sizeBytes: 9000 });
    expect(reading('batch-efficiency', cluster)).toMatchObject({ state: 'ok', value: 9000, confidence: 1, worst: 't' });
  });

  test('the busy topic decides, not the one that was sampled best', () => {
    const cluster = sampled().withTopic('idle', { partitions: 1 }).withRates('idle', [1]);
    cluster
      .withBatches('t', { sizeBytes: 2048, records: 2 }, 2)
      .withBatches('idle', { sizeBytes: 60_000, records: 60 }, 20);
    expect(reading('batch-efficiency', cluster)).toMatchObject({ value: 2048, worst: 't' });
    expect(kpi('batch-efficiency', cluster).score).toBeCloseTo(50, 9);
  });

  test('less sure where rates are not known, missing where most of the traffic was not sampled', () => {
    const once = aSnapshot().withSampleTimes([0]).withTopic('t', { partitions: 1 }).withBatches('t');
    expect(reading('batch-efficiency', once)).toMatchObject({ confidence: 0.7 });
    const part = sampled().withTopic('big', { partitions: 1 }).withRates('big', [900]).withBatches('t');
    expect(reading('batch-efficiency', part)).toMatchObject({ state: 'no-data' });
  });

  test('bytes by request stand in; bytes by record are only shown', () => {
    const figures = { bytesInPerSec: 8_192_000, totalProduceRequestsPerSec: 1000 };
    const cluster = () =>
      sampled().without('kafkaBatches', 'not-permitted').withMetricOfBrokers(METRICS.messagesIn, 2000);
    expect(reading('batch-efficiency', monitored(cluster(), [figures]))).toMatchObject({
      value: 8192,
      confidence: 0.6,
    });
    expect(reading('batch-efficiency', cluster())).toMatchObject({
      state: 'no-permission',
      because: expect.stringContaining('a record has 1,000 B on average, which tells no batch'),
    });
  });

  test.each(['serverless', 'kafka'] as const)(
    '%s: nothing else could tell, so that what nobody asked for is not missing',
    (kind) => {
      expect(reading('batch-efficiency', sampled().withKind(kind))).toMatchObject({ state: 'not-applicable' });
      const refused = sampled().withKind(kind).without('kafkaBatches', 'not-permitted');
      expect(reading('batch-efficiency', refused)).toMatchObject({ state: 'no-permission' });
    },
  );

  test('a cluster without topics of clients', () => {
    expect(reading('batch-efficiency', aSnapshot())).toMatchObject({ state: 'not-applicable' });
  });
});

describe('compression-coverage', () => {
  const sampled = (configs: Record<string, string> = {}) =>
    aSnapshot().withTopic('t', { partitions: 1, configs }).withRates('t', [100]);

  test('share of the bytes, by hand', () => {
    const cluster = sampled()
      .withBatches('t', { codec: 'none', sizeBytes: 3000 })
      .withBatches('t', { codec: 'lz4', sizeBytes: 1000 });
    expect(reading('compression-coverage', cluster)).toMatchObject({ value: 25, confidence: 1, worst: 't' });
    expect(kpi('compression-coverage', cluster).score).toBeCloseTo(25, 9);
    expect(kpi('compression-coverage', cluster, { goal: 'latency' }).score).toBeCloseTo((25 / 30) * 50, 9);
  });

  test('a topic whose broker compresses tells nothing of its producers', () => {
    const cluster = sampled({ 'compression.type': 'zstd' }).withBatches('t');
    expect(reading('compression-coverage', cluster)).toMatchObject({ state: 'no-data' });
  });

  test('nobody may read records', () => {
    const cluster = sampled().without('kafkaBatches', 'not-permitted');
    expect(kpi('compression-coverage', cluster)).toMatchObject({ weight: 3, reading: { state: 'no-permission' } });
  });

  test('counts half in development, twice for cost', () => {
    const cluster = sampled().withBatches('t');
    expect(kpi('compression-coverage', cluster, { environment: 'development' }).weight).toBe(1.5);
    expect(kpi('compression-coverage', cluster, { goal: 'cost' }).weight).toBe(6);
  });
});
