import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { brokerHeadrooms, failureHeadroom, sentAfterLoss } from '../../lib/analysis/headroom.ts';
import { METRICS, type MetricDefinition } from '../../lib/facts/metric-catalogue.ts';
import type { MetricSeries } from '../../lib/snapshot/metrics-section.ts';
import { aSnapshot, CLUSTER_NAME, WINDOW_START_MS } from '../builders/a-snapshot.ts';

const broker = {
  cpuPercent: 48,
  basePercent: 6,
  brokers: 6,
  azs: 3,
  rf: 3,
  load: { leaderIn: 10, leaderOut: 20, followerIn: 20 },
};

describe('one broker', () => {
  test('by hand, two zones and two replicas: leaders double, nobody is left to follow', () => {
    // 7 + 3 + 3 = 13 before, 14 + 6 + 0 = 20 after.
    const { azLoss } = failureHeadroom({ ...broker, brokers: 4, azs: 2, rf: 2 });
    expect(azLoss).toMatchObject({ conservativeCpu: 96, leaderMultiplier: 2, followerMultiplier: 0 });
    expect(azLoss.modelFactor).toBeCloseTo(20 / 13, 12);
    expect(azLoss.modelCpu).toBeCloseTo(6 + (42 * 20) / 13, 12);
  });

  test('two replicas in three zones: a third of the partitions lose their follower', () => {
    expect(failureHeadroom({ ...broker, rf: 2 }).azLoss.followerMultiplier).toBeCloseTo((1 / 3) * 1.5, 12);
  });

  test('one replica has no followers, so none can grow', () => {
    const { azLoss } = failureHeadroom({ ...broker, rf: 1, load: { ...broker.load, followerIn: 0 } });
    expect(azLoss.followerMultiplier).toBe(0);
    expect(azLoss.modelFactor).toBeCloseTo(1.5, 12);
  });

  test('no load says nothing of what a loss adds', () => {
    const idle = failureHeadroom({ ...broker, load: { leaderIn: 0, leaderOut: 0, followerIn: 0 } });
    expect(idle.azLoss).toMatchObject({ modelFactor: null, modelCpu: null });
  });

  test('in one zone or with one broker nothing survives the loss', () => {
    const alone = failureHeadroom({ ...broker, brokers: 1, azs: 1, rf: 1 });
    expect(alone.azLoss.conservativeCpu).toBe(Number.POSITIVE_INFINITY);
    expect(alone.brokerLoss.modelCpu).toBe(Number.POSITIVE_INFINITY);
  });

  test('the model lies between no change and the conservative line, and a zone is never less than a broker', () => {
    // No rate is so small that doubles have no digits left for it.
    const rate = fc.oneof(fc.constant(0), fc.double({ min: 1e-3, max: 1e9, noNaN: true }));
    const load = fc.record({ leaderIn: rate, leaderOut: rate, followerIn: rate });
    fc.assert(
      fc.property(
        load,
        fc.integer({ min: 1, max: 20 }),
        fc.double({ min: 6, max: 100, noNaN: true }),
        (each, perAz, cpu) => {
          const answer = failureHeadroom({ ...broker, brokers: 3 * perAz, load: each, cpuPercent: cpu });
          if (answer.azLoss.modelCpu === null) return;
          expect(answer.azLoss.modelCpu).toBeLessThanOrEqual(answer.azLoss.conservativeCpu + 1e-9);
          const [az, one] = [answer.azLoss.leaderMultiplier, answer.brokerLoss.leaderMultiplier];
          expect(az).toBeGreaterThanOrEqual(one);
        },
      ),
    );
  });

  test('by hand: 10 in and 20 out send 20 + 2 × 10 before, and (20 + 10) × 1.5 when a zone is lost', () => {
    expect(sentAfterLoss(broker.load, 3, 3)).toBeCloseTo(45, 12);
  });
});

describe('brokers of a cluster', () => {
  const shape = { brokers: 3, azs: 3, rf: 3 };
  const metricsOf = (change: (snapshot: ReturnType<typeof aSnapshot>) => unknown = () => {}) => {
    const snapshot = aSnapshot();
    change(snapshot);
    const { metrics } = snapshot.build().sections;
    if (!metrics?.ok) throw new Error('the builder has metrics');
    return metrics.value;
  };

  test('without replication metrics followers are estimated from what all brokers take in', () => {
    const all = brokerHeadrooms(metricsOf(), shape);
    expect(all).toHaveLength(3);
    // 6 MB/s in, two further copies, three brokers; base assumed.
    expect(all[0]).toMatchObject({ followerIn: 'estimated', basePercent: 5, cpuPercent: 25 });
    expect(all[0]!.load).toEqual({ leaderIn: 2e6, leaderOut: 4e6, followerIn: 4e6 });
    // 1.4 + 0.6 + 0.6 = 2.6 before; 2.1 + 0.9 + 0.45 = 3.45 after a zone: 5 + 20 × 3.45/2.6. One of three brokers is one zone.
    expect(all[0]!.worstCpu).toBeCloseTo(5 + (20 * 3.45) / 2.6, 9);
  });

  test('the busiest broker comes first, and what was measured is used', () => {
    const all = brokerHeadrooms(
      metricsOf((snapshot) =>
        snapshot
          .withMetric(METRICS.cpuUser, { 'Broker ID': 2 }, 60)
          .withMetric(METRICS.replicationBytesIn, { 'Broker ID': 2 }, 1e6),
      ),
      shape,
    );
    expect(all[0]).toMatchObject({ brokerId: '2', followerIn: 'measured' });
    expect(all[0]!.load.followerIn).toBe(1e6);
  });

  test('the base is the CPU of hours that carried next to nothing', () => {
    const metrics = metricsOf();
    const hourly = (definition: MetricDefinition, values: number[]): MetricSeries => ({
      metric: definition.name,
      statistic: definition.statistic,
      unit: definition.unit,
      dimensions: { 'Cluster Name': CLUSTER_NAME, 'Broker ID': '1' },
      periodSec: 3600,
      startMs: WINDOW_START_MS,
      values,
    });
    const quiet = [
      hourly(METRICS.bytesIn, [100, 4, 6, 4.9]),
      hourly(METRICS.cpuUser, [20, 6, 1, 8]),
      hourly(METRICS.cpuSystem, [5, 2, 1, 2]),
    ];
    const all = brokerHeadrooms({ ...metrics, hourly: quiet }, shape);
    // 6 of 100 is no quiet hour, however low its CPU.
    expect(all.find(({ brokerId }) => brokerId === '1')?.basePercent).toBe(8);
    expect(all.find(({ brokerId }) => brokerId === '2')?.basePercent).toBe(5);
  });

  test('by its 95th percentile, without the two latest periods', () => {
    const day = (busy: number) => Array.from({ length: 288 }, (_, i) => (i < busy || i > 285 ? 80 : 20));
    const cpu = (busy: number) =>
      brokerHeadrooms(
        metricsOf((snapshot) => snapshot.withMetric(METRICS.cpuUser, { 'Broker ID': 1 }, day(busy))),
        shape,
      ).find(({ brokerId }) => brokerId === '1')!.cpuPercent;
    expect(cpu(20)).toBe(85);
    expect(cpu(10)).toBe(25);
  });

  test('less CPU than the assumed base is all base; without load the plain share of a zone counts', () => {
    const idle = brokerHeadrooms(
      metricsOf((snapshot) =>
        snapshot
          .withMetric(METRICS.cpuUser, { 'Broker ID': 1 }, 2)
          .withMetric(METRICS.cpuSystem, { 'Broker ID': 1 }, 1)
          .withMetricOfBrokers(METRICS.bytesIn, 0)
          .withMetricOfBrokers(METRICS.bytesOut, 0),
      ),
      shape,
    );
    expect(idle.find(({ brokerId }) => brokerId === '1')).toMatchObject({ basePercent: 3, worstCpu: 4.5 });
    expect(idle[0]).toMatchObject({ brokerId: '2', worstCpu: 37.5 });
  });

  test('the loss of a broker may cost more than that of a zone', () => {
    // Four zones of one copy each, and two brokers in all: half of the leaders move, not a quarter.
    const [worst] = brokerHeadrooms(metricsOf(), { brokers: 2, azs: 4, rf: 1 });
    expect(worst!.worstCpu).toBeCloseTo(worst!.brokerLoss.modelCpu!, 12);
    expect(worst!.worstCpu).toBeGreaterThan(worst!.azLoss.modelCpu!);
  });

  test('a broker without one half of its CPU, or without points of what it sends, is not judged', () => {
    const judged = (change: (snapshot: ReturnType<typeof aSnapshot>) => unknown) =>
      brokerHeadrooms(metricsOf(change), shape).map(({ brokerId }) => brokerId);
    expect(judged((snapshot) => snapshot.withoutMetric(METRICS.cpuSystem, { 'Broker ID': 1 }))).toEqual(['2', '3']);
    expect(judged((snapshot) => snapshot.withMetric(METRICS.cpuUser, { 'Broker ID': 1 }, [null, null, null]))).toEqual([
      '2',
      '3',
    ]);
    expect(judged((snapshot) => snapshot.withMetric(METRICS.bytesOut, { 'Broker ID': 1 }, [null, null, null]))).toEqual(
      ['2', '3'],
    );
  });

  test('a broker without traffic series is not judged', () => {
    const gone = metricsOf();
    const series = gone.series.filter(
      ({ metric, dimensions }) => metric !== 'BytesInPerSec' || dimensions['Broker ID'] !== '1',
    );
    expect(
      brokerHeadrooms({ ...gone, series }, shape)
        .map(({ brokerId }) => brokerId)
        .sort(),
    ).toEqual(['2', '3']);
  });
});
