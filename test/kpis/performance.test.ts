import { describe, expect, test } from 'vitest';
import { METRICS } from '../../lib/facts/metric-catalogue.ts';
import type { OpenMonitoring } from '../../lib/snapshot/open-monitoring-section.ts';
import { aSnapshot, type SnapshotBuilder, TAKEN_AT_MS } from '../builders/a-snapshot.ts';
import { notEnabled } from './not-enabled.ts';
import { kpi, reading } from './run-context.ts';

const PERIODS = 288;
const MIB = 2 ** 20;
const broker = (id: number) => ({ 'Broker ID': id });
const silent = (seen = 0, value = 0) => Array.from({ length: PERIODS }, (_, i) => (i < seen ? value : null));
/** A value in some periods of the window, another in the rest. */
const during = (value: number, from: number, to: number, otherwise: number) =>
  Array.from({ length: PERIODS }, (_, i) => (i >= from && i < to ? value : otherwise));
const inWindow = (period: number) => TAKEN_AT_MS - 24 * 3_600_000 + period * 300_000;

const FETCH_PHASES = [
  METRICS.fetchConsumerRequestQueueTimeMean,
  METRICS.fetchConsumerLocalTimeMean,
  METRICS.fetchConsumerResponseQueueTimeMean,
  METRICS.fetchConsumerResponseSendTimeMean,
];
const THROTTLES = [METRICS.produceThrottleTime, METRICS.fetchThrottleTime, METRICS.requestThrottleTime];

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

describe('throughput-utilisation', () => {
  const loaded = (bytesIn = MIB, bytesOut = MIB) =>
    aSnapshot()
      .withTopic('t')
      .withMetricOfBrokers(METRICS.bytesIn, bytesIn)
      .withMetricOfBrokers(METRICS.bytesOut, bytesOut);

  test('Standard, by hand: three copies of 13.125 MiB/s on a link of 78.75 MiB/s to the volume', () => {
    const cluster = loaded().withMetric(METRICS.bytesIn, broker(2), 13.125 * MIB);
    expect(reading('throughput-utilisation', cluster)).toMatchObject({
      state: 'ok',
      value: expect.closeTo(50, 9),
      confidence: 1,
      worst: 'broker 2',
    });
    expect(kpi('throughput-utilisation', cluster).score).toBeCloseTo(100, 9);
  });

  test('bytes out bind where they are nearer: 58.5 MiB/s of 117, with what two followers read', () => {
    const cluster = loaded(0, 58.5 * MIB);
    expect(reading('throughput-utilisation', cluster)).toMatchObject({ value: expect.closeTo(50, 9) });
  });

  test('Express against its sustained quota, in MB', () => {
    const cluster = loaded(12.48e6, 0).withKind('provisioned-express');
    expect(reading('throughput-utilisation', cluster)).toMatchObject({ value: expect.closeTo(80, 9) });
  });

  test('Serverless: the sum over topics against the quota of the cluster; a topic beyond the list leaves a part', () => {
    const topics = (...names: string[]) => {
      const cluster = aSnapshot().withKind('serverless').withTopic('a').withTopic('b');
      for (const name of names)
        cluster
          .withMetric(METRICS.serverlessBytesIn, { Topic: name }, 60e6)
          .withMetric(METRICS.serverlessBytesOut, { Topic: name }, 10e6);
      return cluster;
    };
    expect(reading('throughput-utilisation', topics('a', 'b'))).toMatchObject({
      value: expect.closeTo(60, 9),
      confidence: 1,
    });
    expect(reading('throughput-utilisation', topics('a'))).toMatchObject({
      value: expect.closeTo(30, 9),
      confidence: 0.7,
    });
    expect(reading('throughput-utilisation', topics())).toMatchObject({ state: 'no-data' });
  });

  test('a size that nobody has limits for is missing, not idle', () => {
    const cluster = loaded().withCluster({ instanceType: 'kafka.m9g.large' });
    expect(reading('throughput-utilisation', cluster)).toMatchObject({ state: 'no-data' });
  });

  test('without the description of the cluster', () => {
    expect(reading('throughput-utilisation', loaded().without('cluster', 'not-permitted'))).toMatchObject({
      state: 'no-permission',
    });
  });
});

describe('throttled-time', () => {
  const calm = () => {
    const cluster = aSnapshot();
    for (const metric of THROTTLES) cluster.withMetricOfBrokers(metric, 0);
    return cluster;
  };

  test('share of the time with any throttling on any broker, by hand: 10 of 286 periods, two of them twice', () => {
    const cluster = calm()
      .withMetric(METRICS.produceThrottleTime, broker(1), during(20, 100, 106, 0))
      .withMetric(METRICS.fetchThrottleTime, broker(3), during(5, 104, 110, 0));
    expect(reading('throttled-time', cluster)).toMatchObject({
      value: expect.closeTo(1000 / 286, 9),
      confidence: 1,
      worst: 'broker 1',
    });
  });

  test('series that were asked for and stayed empty: never throttled', () => {
    const cluster = aSnapshot();
    for (const metric of THROTTLES) cluster.withMetricOfBrokers(metric, silent());
    expect(reading('throttled-time', cluster)).toMatchObject({ state: 'ok', value: 0, confidence: 1 });
  });

  test('maintenance does not count', () => {
    const cluster = calm().withMetric(METRICS.requestThrottleTime, broker(1), during(20, 100, 110, 0));
    cluster.withOperation('UPDATE_BROKER_TYPE', inWindow(100), inWindow(110));
    expect(reading('throttled-time', cluster)).toMatchObject({ value: 0 });
  });

  test.each([
    ['not published at this level', notEnabled(calm(), ...THROTTLES), 'level-not-enabled'],
    ['one kind was not asked for', calm().withoutMetric(METRICS.fetchThrottleTime), 'no-data'],
    ['one broker was not asked for', calm().withoutMetric(METRICS.fetchThrottleTime, broker(2)), 'no-data'],
    ['Serverless', calm().withKind('serverless'), 'not-applicable'],
    ['Kafka outside AWS', calm().withKind('kafka'), 'not-applicable'],
  ])('%s', (_, cluster, state) => {
    expect(reading('throttled-time', cluster)).toMatchObject({ state });
  });
});

describe.each([
  ['request-handler-busy', METRICS.requestHandlerIdle],
  ['network-processor-busy', METRICS.networkProcessorIdle],
] as const)('%s', (name, metric) => {
  test('p95 of the busiest broker, published as fractions', () => {
    const cluster = aSnapshot()
      .withMetricOfBrokers(metric, 0.8)
      .withMetric(metric, broker(2), during(0.25, 0, 60, 0.8));
    expect(reading(name, cluster)).toMatchObject({ value: expect.closeTo(75, 9), confidence: 1, worst: 'broker 2' });
  });

  test('published as percents', () => {
    expect(reading(name, aSnapshot().withMetricOfBrokers(metric, 60))).toMatchObject({ value: 40 });
  });

  test.each([
    ['production', 70, 90],
    ['production', 90, 50],
    ['development', 80, 90],
  ] as const)('%s: %d %% busy scores %d', (environment, busy, score) => {
    const cluster = aSnapshot().withMetricOfBrokers(metric, 100 - busy);
    expect(kpi(name, cluster, { environment }).score).toBeCloseTo(score, 9);
  });

  test('missing by its level, for one broker, and where there are no brokers', () => {
    const cluster = () => aSnapshot().withMetricOfBrokers(metric, 0.8);
    expect(reading(name, notEnabled(cluster(), metric))).toMatchObject({ state: 'level-not-enabled' });
    expect(reading(name, cluster().withoutMetric(metric, broker(1)))).toMatchObject({ state: 'no-data' });
    expect(reading(name, cluster().withKind('serverless'))).toMatchObject({ state: 'not-applicable' });
  });
});

function monitored(cluster: SnapshotBuilder, figures: readonly OpenMonitoring['brokers'][number]['figures'][]) {
  const exporter = { spanSec: 60, problem: null };
  return cluster.withSection('openMonitoring', {
    spanSec: 60,
    brokers: figures.map((own, i) => ({
      brokerId: i + 1,
      jmx: exporter,
      node: exporter,
      figures: own,
      errors: null,
      gaps: [],
    })),
  });
}

describe('error-rate', () => {
  const requests = (failed: number) => ({
    failedProduceRequestsPerSec: failed,
    failedFetchRequestsPerSec: 0,
    totalProduceRequestsPerSec: 60,
    totalFetchRequestsPerSec: 40,
  });

  test('failed over all, of all brokers, by hand; one look between two scrapes', () => {
    const cluster = monitored(aSnapshot(), [requests(3), requests(0), requests(0)]);
    expect(reading('error-rate', cluster)).toMatchObject({ state: 'ok', value: 1, confidence: 0.5 });
    expect(kpi('error-rate', cluster).score).toBeCloseTo(50, 9);
  });

  test('one broker of three told its requests', () => {
    expect(reading('error-rate', monitored(aSnapshot(), [requests(0), {}, {}]))).toMatchObject({ confidence: 0.35 });
  });

  test('without endpoints the network is shown and not scored', () => {
    const cluster = aSnapshot()
      .withMetricOfBrokers(METRICS.receivePackets, 1000)
      .withMetricOfBrokers(METRICS.receiveDropped, 10)
      .without('openMonitoring', 'not-enabled');
    expect(reading('error-rate', cluster)).toMatchObject({
      state: 'level-not-enabled',
      because: expect.stringContaining('CloudWatch shows 1% of packets lost or damaged, which is not scored'),
    });
  });

  test('Serverless and a Kafka whose endpoints nobody named', () => {
    expect(reading('error-rate', aSnapshot().withKind('serverless'))).toMatchObject({ state: 'not-applicable' });
    expect(reading('error-rate', aSnapshot().withKind('kafka'))).toMatchObject({ state: 'not-applicable' });
    const refused = aSnapshot().withKind('kafka').without('openMonitoring', 'unreachable');
    expect(reading('error-rate', refused)).toMatchObject({ state: 'no-network' });
  });
});

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
