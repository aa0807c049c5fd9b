import { describe, expect, test } from 'vitest';
import { METRICS } from '../../lib/facts/metric-catalogue.ts';
import { aSnapshot, TAKEN_AT_MS } from '../builders/a-snapshot.ts';
import { kpi, reading } from './run-context.ts';

const broker = (id: number) => ({ 'Broker ID': id });

describe('cpu-utilisation', () => {
  test('user plus system of the busiest broker, p95', () => {
    // 286 judged points: 15 high ones lie at and above p95 = position 270.75.
    const spikes = Array.from({ length: 288 }, (_, i) => (i < 15 ? 70 : 20));
    const cluster = aSnapshot().withMetric(METRICS.cpuUser, broker(2), spikes);
    expect(reading('cpu-utilisation', cluster)).toMatchObject({
      value: expect.closeTo(20 + 0.75 * 50 + 5, 9),
      worst: 'broker 2',
    });
    const fewer = aSnapshot().withMetric(METRICS.cpuUser, broker(2), [...spikes.slice(1), 20]);
    expect(reading('cpu-utilisation', fewer)).toMatchObject({ value: 25 });
  });

  test.each([
    [60, 90, 'good'],
    [60.1, 89.6, 'ok'],
    [70, 50, 'ok'],
    [70.1, 49.75, 'bad'],
  ])('%d %% in production scores %d: %s', (percent, score, status) => {
    const cluster = aSnapshot().withMetric(METRICS.cpuUser, broker(1), percent - 5);
    expect(kpi('cpu-utilisation', cluster)).toMatchObject({ score: expect.closeTo(score, 6), status });
  });

  test('a broker without series counts as unseen', () => {
    const cluster = aSnapshot();
    const nobody = Array.from({ length: 288 }, () => null);
    cluster.withMetric(METRICS.cpuUser, broker(2), nobody).withMetric(METRICS.cpuUser, broker(3), nobody);
    expect(reading('cpu-utilisation', cluster)).toMatchObject({ state: 'ok', confidence: 0.7 });
  });

  test('Serverless shows no brokers', () => {
    expect(reading('cpu-utilisation', aSnapshot().withKind('serverless'))).toMatchObject({ state: 'not-applicable' });
  });

  test('CloudWatch that was not permitted leaves it missing', () => {
    expect(kpi('cpu-utilisation', aSnapshot().without('metrics', 'not-permitted'))).toMatchObject({
      status: 'missing',
      score: null,
      weight: 5,
      reading: { state: 'no-permission' },
    });
  });
});

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

describe('produce-latency', () => {
  test('weighted by traffic: the slow broker takes a third of the bytes', () => {
    const cluster = aSnapshot()
      .withMetric(METRICS.produceTotalTimeMean, broker(1), 10)
      .withMetric(METRICS.produceTotalTimeMean, broker(2), 40)
      .withMetric(METRICS.bytesIn, broker(1), 2_000_000)
      .withMetric(METRICS.bytesIn, broker(2), 1_000_000)
      .withMetric(METRICS.bytesIn, broker(3), 0);
    expect(reading('produce-latency', cluster)).toMatchObject({ value: 20, confidence: 1 });
  });

  test('a cluster that nobody writes to has no latency', () => {
    const cluster = aSnapshot();
    for (const id of [1, 2, 3]) cluster.withMetric(METRICS.bytesIn, broker(id), 0);
    expect(reading('produce-latency', cluster)).toMatchObject({ state: 'not-applicable' });
  });

  test('a slow hour within maintenance does not count', () => {
    const slow = Array.from({ length: 288 }, (_, i) => (i >= 100 && i < 130 ? 500 : 4));
    const startMs = TAKEN_AT_MS - 24 * 3_600_000 + 100 * 300_000;
    const cluster = () => {
      const built = aSnapshot();
      for (const id of [1, 2, 3]) built.withMetric(METRICS.produceTotalTimeMean, broker(id), slow);
      return built;
    };
    expect(reading('produce-latency', cluster())).toMatchObject({ value: 500 });
    const masked = cluster().withOperation('UPDATE_BROKER_TYPE', startMs, startMs + 30 * 300_000);
    expect(reading('produce-latency', masked)).toMatchObject({ value: 4 });
  });

  test('the goal chooses the curve, the environment stretches it', () => {
    const cluster = aSnapshot();
    for (const id of [1, 2, 3]) cluster.withMetric(METRICS.produceTotalTimeMean, broker(id), 25);
    expect(kpi('produce-latency', cluster).score).toBeCloseTo(90, 6);
    expect(kpi('produce-latency', cluster, { goal: 'latency' }).score).toBeCloseTo(50, 4);
    expect(kpi('produce-latency', cluster, { goal: 'latency', environment: 'development' }).curve).toBe(
      '90 at 30, 50 at 75, log-normal',
    );
  });
});

describe('version-runway', () => {
  const version = (kafkaVersion: string | null) => reading('version-runway', aSnapshot().withCluster({ kafkaVersion }));

  test('no end announced', () => {
    expect(version('3.9.x.kraft')).toMatchObject({ state: 'ok', value: 400 });
  });

  test('whole days since the end: 2026-09-01 to 2026-11-20 06:15', () => {
    expect(version('3.7.x')).toMatchObject({ state: 'ok', value: -81 });
  });

  test('a version that the table does not know is unknown, not supported', () => {
    expect(version('9.9.x')).toMatchObject({ state: 'no-data' });
    expect(version(null)).toMatchObject({ state: 'no-data' });
  });

  test('Kafka without MSK has no such date', () => {
    expect(reading('version-runway', aSnapshot().withKind('kafka'))).toMatchObject({ state: 'not-applicable' });
  });
});
