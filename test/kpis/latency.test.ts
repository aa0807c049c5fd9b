import { describe, expect, test } from 'vitest';
import { METRICS } from '../../lib/facts/metric-catalogue.ts';
import { aSnapshot, TAKEN_AT_MS } from '../builders/a-snapshot.ts';
import { during, inWindow, PERIODS, silent } from './five-minutes.ts';
import { notEnabled } from './not-enabled.ts';
import { kpi, reading } from './run-context.ts';

const broker = (id: number) => ({ 'Broker ID': id });
const FETCH_PHASES = [
  METRICS.fetchConsumerRequestQueueTimeMean,
  METRICS.fetchConsumerLocalTimeMean,
  METRICS.fetchConsumerResponseQueueTimeMean,
  METRICS.fetchConsumerResponseSendTimeMean,
];

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

describe('fetch-service-latency', () => {
  const served = (ms: number | number[] = 1) => {
    const cluster = aSnapshot();
    for (const phase of FETCH_PHASES) cluster.withMetricOfBrokers(phase, ms);
    return cluster;
  };

  test('four phases of 1 ms are 4 ms, however long the consumers waited for records', () => {
    const cluster = served().withMetricOfBrokers(METRICS.fetchConsumerTotalTimeMean, 500);
    expect(reading('fetch-service-latency', cluster)).toMatchObject({ state: 'ok', value: 4, confidence: 1 });
  });

  test('weighted by bytes out: the broker that serves a third takes 40 ms', () => {
    const cluster = served().withMetric(FETCH_PHASES[1]!, broker(2), 37);
    cluster.withMetric(METRICS.bytesOut, broker(1), 2e6).withMetric(METRICS.bytesOut, broker(2), 1e6);
    cluster.withMetric(METRICS.bytesOut, broker(3), 0);
    expect(reading('fetch-service-latency', cluster)).toMatchObject({ value: 16, worst: 'broker 2' });
  });

  test.each([
    ['balanced', 10, 90],
    ['balanced', 50, 50],
    ['latency', 20, 50],
  ] as const)('goal %s: %d ms scores %d', (goal, ms, score) => {
    expect(kpi('fetch-service-latency', served(ms / 4), { goal }).score).toBeCloseTo(score, 4);
  });

  test('a slow hour within maintenance does not count', () => {
    const cluster = served(during(100, 100, 130, 1));
    expect(reading('fetch-service-latency', cluster)).toMatchObject({ value: 400 });
    cluster.withOperation('UPDATE_BROKER_TYPE', inWindow(100), inWindow(130));
    expect(reading('fetch-service-latency', cluster)).toMatchObject({ value: 4 });
  });

  test('nobody reads: nothing to judge', () => {
    expect(reading('fetch-service-latency', served().withMetricOfBrokers(METRICS.bytesOut, 0))).toMatchObject({
      state: 'not-applicable',
    });
  });

  test('below PER_BROKER it is missing by its level', () => {
    expect(kpi('fetch-service-latency', notEnabled(served(), ...FETCH_PHASES))).toMatchObject({
      weight: 4,
      reading: { state: 'level-not-enabled', because: expect.stringContaining('PER_BROKER') },
    });
  });

  test('one phase of one broker was not asked for', () => {
    expect(reading('fetch-service-latency', served().withoutMetric(FETCH_PHASES[2]!, broker(3)))).toEqual({
      state: 'no-data',
      because: 'CloudWatch was not asked for FetchConsumerResponseQueueTimeMsMean of broker 3',
    });
  });

  test('thin series lower the confidence, next to none leave it missing', () => {
    const seen = (periods: number) => served().withMetricOfBrokers(FETCH_PHASES[0]!, silent(periods + 2, 1).reverse());
    expect(reading('fetch-service-latency', seen(143))).toMatchObject({ state: 'ok', confidence: 1 });
    expect(reading('fetch-service-latency', seen(142))).toMatchObject({ state: 'ok', confidence: 0.7 });
    expect(reading('fetch-service-latency', seen(57))).toMatchObject({ state: 'no-data' });
  });

  test('all brokers silent for half an hour: missing; one of them counts as not seen', () => {
    const until = (periods: number) => silent(PERIODS - periods, 1);
    const all = (periods: number) => served().withMetricOfBrokers(FETCH_PHASES[0]!, until(periods));
    expect(reading('fetch-service-latency', all(5))).toMatchObject({ state: 'ok' });
    expect(reading('fetch-service-latency', all(6))).toMatchObject({ state: 'no-data' });
    const one = served().withMetric(FETCH_PHASES[0]!, broker(1), until(6));
    expect(reading('fetch-service-latency', one)).toMatchObject({
      state: 'ok',
      source: expect.stringContaining('66.7% of the datapoints'),
    });
  });
});
