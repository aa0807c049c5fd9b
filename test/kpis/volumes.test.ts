import { describe, expect, test } from 'vitest';
import { METRICS } from '../../lib/facts/metric-catalogue.ts';
import { aSnapshot, TAKEN_AT_MS } from '../builders/a-snapshot.ts';
import { notEnabled } from './not-enabled.ts';
import { kpi, reading } from './run-context.ts';

const broker = (id: number) => ({ 'Broker ID': id });

describe('disk-used', () => {
  test('the latest value of the fullest broker: an expansion within the window shows', () => {
    const expanded = Array.from({ length: 24 }, (_, i) => (i < 20 ? 92 : 46));
    const cluster = aSnapshot().withMetric(METRICS.diskUsed, broker(1), expanded);
    expect(reading('disk-used', cluster)).toMatchObject({ value: 46, worst: 'broker 1' });
  });

  test('the unfinished hour counts', () => {
    const filling = Array.from({ length: 24 }, (_, i) => (i < 23 ? 50 : 96));
    const cluster = aSnapshot().withMetric(METRICS.diskUsed, broker(3), filling);
    expect(kpi('disk-used', cluster)).toMatchObject({ score: 0, reading: { value: 96 } });
  });

  test.each(['provisioned-express', 'serverless'] as const)('%s grows by itself', (kind) => {
    expect(reading('disk-used', aSnapshot().withKind(kind))).toMatchObject({ state: 'not-applicable' });
  });
});

describe('days-to-85', () => {
  const DAY = 24;
  /** Percent hour by hour, up to the last whole hour. */
  const rising = (days: number, perDay: number, from = 40) =>
    Array.from({ length: days * DAY }, (_, i) => from + (perDay * i) / DAY);
  const steady = (days = 14) => aSnapshot().withHourlyOfBrokers(METRICS.diskUsed, rising(days, 0));

  test('a line of 1 % a day at 67 %: 18 days', () => {
    const cluster = steady().withHourly(METRICS.diskUsed, broker(2), rising(28, 1));
    expect(reading('days-to-85', cluster)).toMatchObject({
      state: 'ok',
      value: expect.closeTo(17, 0),
      confidence: 1,
      worst: 'broker 2',
    });
  });

  test('nothing fills: as good as never, and said so', () => {
    expect(kpi('days-to-85', steady())).toMatchObject({
      score: 100,
      reading: { value: 365, source: expect.stringContaining('shown as 365 days') },
    });
  });

  test('the rate of the last two days is sooner than any line, and less sure', () => {
    const jumped = (days: number) =>
      Array.from({ length: days * DAY }, (_, i) => 50 + Math.max(0, (i - (days - 2) * DAY) * 10) / DAY);
    const cluster = steady().withHourly(METRICS.diskUsed, broker(2), jumped(28));
    expect(reading('days-to-85', cluster)).toMatchObject({
      state: 'ok',
      value: expect.closeTo(1.9, 1),
      confidence: 0.7,
      worst: 'broker 2',
      source: expect.stringContaining('the rate of the last 2 days'),
    });
    const young = steady().withHourly(METRICS.diskUsed, broker(2), jumped(8));
    expect(reading('days-to-85', young)).toMatchObject({ state: 'ok', confidence: 0.5 });
  });

  test('quiet weekends on short retention are no end of the history', () => {
    const weekends = Array.from({ length: 28 * DAY }, (_, i) => (i % 168 < 120 ? 60 : 30));
    expect(reading('days-to-85', steady().withHourly(METRICS.diskUsed, broker(1), weekends))).toMatchObject({
      state: 'ok',
      value: 365,
    });
  });

  test('above the line it is there', () => {
    const cluster = steady().withHourly(METRICS.diskUsed, broker(1), rising(14, 1, 80));
    expect(kpi('days-to-85', cluster)).toMatchObject({ score: 0, reading: { value: 0 } });
  });

  test('after the volumes were enlarged six days are too little, seven are enough', () => {
    const enlarged = (days: number) => {
      const endMs = Math.floor(TAKEN_AT_MS / 3_600_000) * 3_600_000 - days * 86_400_000;
      return steady().withOperation('UPDATE_BROKER_STORAGE', endMs - 60_000, endMs);
    };
    expect(reading('days-to-85', enlarged(6))).toMatchObject({ state: 'insufficient-history' });
    expect(reading('days-to-85', enlarged(7))).toMatchObject({ state: 'ok' });
  });

  test('a broker without hours may be the first', () => {
    expect(reading('days-to-85', aSnapshot())).toMatchObject({ state: 'no-data' });
    const two = aSnapshot().withHourly(METRICS.diskUsed, broker(1), 40).withHourly(METRICS.diskUsed, broker(2), 40);
    expect(reading('days-to-85', two)).toMatchObject({
      state: 'no-data',
      because: expect.stringContaining('broker 3'),
    });
  });

  test.each(['provisioned-express', 'serverless', 'kafka'] as const)('%s has no volumes to fill', (kind) => {
    expect(reading('days-to-85', steady().withKind(kind))).toMatchObject({ state: 'not-applicable' });
  });
});

describe('storage-throughput', () => {
  const MIB = 2 ** 20;
  const moved = (mibPerSec: number) =>
    aSnapshot()
      .withTopic('t')
      .withMetricOfBrokers(METRICS.volumeReadBytes, 0)
      .withMetricOfBrokers(METRICS.volumeWriteBytes, mibPerSec * MIB * 300);

  test('bytes of five minutes against the 78.75 MiB/s of the instance', () => {
    const cluster = moved(7.875).withMetric(METRICS.volumeReadBytes, broker(2), 39.375 * MIB * 300);
    expect(reading('storage-throughput', cluster)).toMatchObject({
      value: expect.closeTo(60, 9),
      confidence: 1,
      worst: 'broker 2',
    });
    expect(kpi('storage-throughput', cluster).score).toBeCloseTo(90, 9);
  });

  test('below PER_BROKER what producers ask for stands in: bytes in times three copies', () => {
    const cluster = notEnabled(moved(1), METRICS.volumeReadBytes, METRICS.volumeWriteBytes);
    cluster.withMetric(METRICS.bytesIn, broker(1), 10.5 * MIB);
    expect(reading('storage-throughput', cluster)).toMatchObject({ value: expect.closeTo(40, 9), confidence: 0.6 });
  });

  test('what should be published and is not has no stand-in', () => {
    expect(reading('storage-throughput', moved(1).withoutMetric(METRICS.volumeReadBytes, broker(3)))).toMatchObject({
      state: 'no-data',
    });
    expect(
      reading('storage-throughput', moved(1).withMetricOfBrokers(METRICS.volumeWriteBytes, Array(288).fill(null))),
    ).toMatchObject({ state: 'no-data' });
  });

  test('a volume of which nothing is known may be the busiest', () => {
    const silent = moved(1).withMetric(METRICS.volumeWriteBytes, broker(1), Array(288).fill(null));
    expect(reading('storage-throughput', silent)).toMatchObject({ state: 'ok' });
    expect(reading('storage-throughput', silent.withoutMetric(METRICS.bytesIn, broker(1)))).toMatchObject({
      state: 'no-data',
      because: expect.stringContaining('broker 1'),
    });
  });

  test('no limit is known', () => {
    expect(reading('storage-throughput', moved(1).withCluster({ volumeGiBPerBroker: null }))).toMatchObject({
      state: 'no-data',
    });
    expect(reading('storage-throughput', moved(1).without('cluster', 'throttled'))).toMatchObject({ state: 'no-data' });
  });

  test.each(['provisioned-express', 'serverless', 'kafka'] as const)('%s has no volumes of its own', (kind) => {
    expect(reading('storage-throughput', moved(1).withKind(kind))).toMatchObject({ state: 'not-applicable' });
  });
});
