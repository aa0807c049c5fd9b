import { describe, expect, test } from 'vitest';
import { METRICS } from '../../lib/facts/metric-catalogue.ts';
import { aSnapshot } from '../builders/a-snapshot.ts';
import { during, inWindow, silent } from './five-minutes.ts';
import { monitored } from './monitored.ts';
import { notEnabled } from './not-enabled.ts';
import { kpi, reading } from './run-context.ts';

const MIB = 2 ** 20;
const broker = (id: number) => ({ 'Broker ID': id });
const THROTTLES = [METRICS.produceThrottleTime, METRICS.fetchThrottleTime, METRICS.requestThrottleTime];

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
    const early = Array.from({ length: 1440 }, (_, minute) => (minute < 1410 ? 60e6 : null));
    const silent = topics('a').withMetric(METRICS.serverlessBytesIn, { Topic: 'a' }, early);
    expect(reading('throughput-utilisation', silent)).toMatchObject({ state: 'no-data' });
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
