import { describe, expect, test } from 'vitest';
import { METRICS } from '../../lib/facts/metric-catalogue.ts';
import { aSnapshot, TAKEN_AT_MS } from '../builders/a-snapshot.ts';
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
