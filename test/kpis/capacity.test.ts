import { describe, expect, test } from 'vitest';
import { METRICS } from '../../lib/facts/metric-catalogue.ts';
import { aSnapshot } from '../builders/a-snapshot.ts';
import { notEnabled } from './not-enabled.ts';
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

describe('failure-headroom', () => {
  const loaded = (user: number) =>
    aSnapshot()
      .withTopic('t')
      .withMetricOfBrokers(METRICS.cpuUser, user)
      .withMetricOfBrokers(METRICS.replicationBytesIn, 4_000_000);

  test('by hand: leaders take half as much again when a zone of three is lost, followers three quarters', () => {
    // 25 % is 5 % base and 20 % of work: 0.7 x 2 + 0.15 x 4 leading, 0.15 x 4 following.
    const factor = (2 * 1.5 + 0.6 * 0.75) / 2.6;
    expect(reading('failure-headroom', loaded(20))).toMatchObject({
      state: 'ok',
      value: expect.closeTo(5 + 20 * factor, 9),
      confidence: 1,
    });
  });

  test('the tightest broker counts', () => {
    const cluster = loaded(20).withMetric(METRICS.cpuUser, { 'Broker ID': 3 }, 70);
    expect(reading('failure-headroom', cluster)).toMatchObject({ worst: 'broker 3' });
    expect(kpi('failure-headroom', cluster).status).toBe('ok');
    expect(kpi('failure-headroom', cluster, { environment: 'development' }).status).toBe('not-applicable');
  });

  test('where the level does not publish replication, followers are taken to carry alike', () => {
    const estimated = reading('failure-headroom', notEnabled(loaded(20), METRICS.replicationBytesIn));
    expect(estimated).toMatchObject({
      state: 'ok',
      confidence: 0.7,
      source: expect.stringContaining('taken to carry alike'),
    });
    expect(
      reading('failure-headroom', loaded(20).withoutMetric(METRICS.replicationBytesIn, { 'Broker ID': 1 })),
    ).toMatchObject({ state: 'no-data' });
  });

  test('unknown copies, one zone, no zones', () => {
    const bare = loaded(20).without('kafkaTopics', 'unreachable').without('configuration', 'not-permitted');
    expect(reading('failure-headroom', bare.withCluster({ azCount: 2 })).state).not.toBe('error');
    expect(reading('failure-headroom', loaded(20).withCluster({ azCount: 1 }))).toMatchObject({
      state: 'not-applicable',
    });
    expect(reading('failure-headroom', loaded(20).withKind('serverless'))).toMatchObject({ state: 'not-applicable' });
  });
});

describe('heap-after-gc', () => {
  const used = () => aSnapshot().withMetricOfBrokers(METRICS.heapAfterGc, 30);

  test('p95 of the fullest broker', () => {
    // 286 judged points: 16 of them lie above p95 = position 270.75.
    const spikes = Array.from({ length: 288 }, (_, i) => (i < 16 ? 80 : 30));
    const cluster = used().withMetric(METRICS.heapAfterGc, broker(3), spikes);
    expect(
      reading('heap-after-gc', used().withMetric(METRICS.heapAfterGc, broker(3), spikes.slice(2).concat(30, 30))),
    ).toMatchObject({ value: 30 });
    expect(kpi('heap-after-gc', cluster)).toMatchObject({
      score: 50,
      reading: { value: 80, confidence: 1, worst: 'broker 3' },
    });
    expect(kpi('heap-after-gc', cluster, { environment: 'development' }).score).toBe(70);
  });

  test('Express and Serverless publish none, Kafka outside AWS neither', () => {
    for (const kind of ['provisioned-express', 'serverless', 'kafka'] as const)
      expect(reading('heap-after-gc', used().withKind(kind))).toMatchObject({ state: 'not-applicable' });
  });

  test('a broker without its series, and one that is silent', () => {
    expect(reading('heap-after-gc', used().withoutMetric(METRICS.heapAfterGc, broker(2)))).toMatchObject({
      state: 'no-data',
    });
    const silent = used()
      .withMetric(METRICS.heapAfterGc, broker(1), Array(288).fill(null))
      .withMetric(METRICS.heapAfterGc, broker(2), Array(288).fill(null));
    expect(reading('heap-after-gc', silent)).toMatchObject({ state: 'ok', confidence: 0.7 });
  });
});

describe('connection-utilisation', () => {
  const MINUTES = 1440;
  const IAM = { 'Client Authentication': 'IAM' };
  const connected = (count: number, perSec = 0) =>
    aSnapshot()
      .withSecurity()
      .withMetricOfBrokers(METRICS.clientConnections, count, IAM)
      .withMetricOfBrokers(METRICS.connectionCreationRate, perSec);
  const peak = (minutes: number, value: number, otherwise: number) =>
    Array.from({ length: MINUTES }, (_, i) => (i >= 600 && i < 600 + minutes ? value : otherwise));

  test('connections of the fullest broker over the quota of 3,000', () => {
    const cluster = connected(300).withMetric(METRICS.clientConnections, { 'Broker ID': 2, ...IAM }, 1800);
    expect(kpi('connection-utilisation', cluster)).toMatchObject({
      score: 90,
      reading: { value: 60, confidence: 1, worst: 'broker 2' },
    });
  });

  test('new connections where they are nearer: 80 of 100 a second, 4 on t3', () => {
    expect(reading('connection-utilisation', connected(300, 80))).toMatchObject({ value: 80 });
    expect(
      reading('connection-utilisation', connected(300, 1).withCluster({ instanceType: 'kafka.t3.small' })),
    ).toMatchObject({ value: 25 });
  });

  test('a level must be held for a quarter of an hour', () => {
    const held = (minutes: number) =>
      connected(300).withMetricOfBrokers(METRICS.clientConnections, peak(minutes, 2400, 300), IAM);
    expect(reading('connection-utilisation', held(14))).toMatchObject({ value: 10 });
    expect(reading('connection-utilisation', held(15))).toMatchObject({ value: 80 });
  });

  test('gaps that break every quarter of an hour leave the level unknown, not at 0 %', () => {
    const broken = (each: number) => Array.from({ length: MINUTES }, (_, i) => (i % each === 0 ? null : 2400));
    const open = (each: number) =>
      connected(300).withMetric(METRICS.clientConnections, { 'Broker ID': 2, ...IAM }, broken(each));
    expect(reading('connection-utilisation', open(15))).toMatchObject({
      state: 'no-data',
      because: expect.stringContaining('broker 2 has no 15 min of ClientConnectionCount') as string,
    });
    expect(reading('connection-utilisation', open(16))).toMatchObject({ value: 80 });
    const rate = connected(300).withMetric(METRICS.connectionCreationRate, broker(2), broken(15));
    expect(reading('connection-utilisation', rate)).toMatchObject({
      state: 'no-data',
      because: expect.stringContaining('ConnectionCreationRate') as string,
    });
  });

  test('a limit of the cluster’s own', () => {
    const cluster = connected(300).withBrokerSettings({ 'listener.name.client_iam.max.connections': '500' });
    expect(reading('connection-utilisation', cluster)).toMatchObject({ value: 60 });
  });

  test('a way of authentication that nobody uses has no points, which is no connection', () => {
    const cluster = connected(0).withMetricOfBrokers(METRICS.clientConnections, Array(MINUTES).fill(null), IAM);
    expect(reading('connection-utilisation', cluster)).toMatchObject({ state: 'ok', value: 0, confidence: 1 });
  });

  test('without PER_BROKER new connections are not seen', () => {
    const cluster = notEnabled(connected(300), METRICS.connectionCreationRate);
    expect(reading('connection-utilisation', cluster)).toMatchObject({ value: 10, confidence: 0.7 });
    expect(
      reading('connection-utilisation', connected(300).withoutMetric(METRICS.connectionCreationRate, broker(1))),
    ).toMatchObject({ state: 'no-data' });
  });

  test('without IAM nothing limits them; who does not know whether there is IAM knows nothing', () => {
    const scram = { unauthenticated: false, iam: false, scram: true, tls: false };
    expect(reading('connection-utilisation', connected(300).withSecurity({ authentication: scram }))).toMatchObject({
      state: 'not-applicable',
    });
    expect(reading('connection-utilisation', aSnapshot().without('security', 'not-permitted'))).toMatchObject({
      state: 'no-permission',
    });
    expect(
      reading('connection-utilisation', connected(300).withoutMetric(METRICS.clientConnections, broker(2))),
    ).toMatchObject({ state: 'no-data' });
    for (const kind of ['serverless', 'kafka'] as const)
      expect(reading('connection-utilisation', connected(300).withKind(kind))).toMatchObject({
        state: 'not-applicable',
      });
  });
});
