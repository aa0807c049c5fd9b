import { describe, expect, test } from 'vitest';
import { plannedPeaks, workloadOf } from '../../lib/analysis/workload.ts';
import { METRICS, type MetricDefinition } from '../../lib/facts/metric-catalogue.ts';
import type { Cluster } from '../../lib/snapshot/aws-sections.ts';
import type { MetricSeries } from '../../lib/snapshot/metrics-section.ts';
import { aSnapshot, TAKEN_AT_MS } from '../builders/a-snapshot.ts';

const MIB = 1024 ** 2;
const HOURS = 14 * 24;
const VALUES: [MetricDefinition, (hour: number, broker: number) => number | null][] = [
  [METRICS.bytesIn, () => 2 * MIB],
  [METRICS.bytesOut, () => 4 * MIB],
  [METRICS.cpuUser, (_, broker) => 10 * broker],
  [METRICS.cpuSystem, () => 5],
  [METRICS.partitionCount, () => 100],
  [METRICS.diskUsed, () => 30],
];

function inputs(change: { metric?: MetricDefinition; values?: (hour: number, broker: number) => number | null } = {}) {
  const { cluster, metrics } = aSnapshot().withCluster({ volumeGiBPerBroker: 1000 }).build().sections;
  if (!metrics?.ok || !cluster?.ok || cluster.value.kind !== 'provisioned-standard') throw new Error('no such cluster');
  const hourly = VALUES.flatMap(([definition, values]) =>
    [1, 2, 3].map((broker): MetricSeries => {
      const read = definition === change.metric && change.values !== undefined ? change.values : values;
      return {
        metric: definition.name,
        statistic: definition.statistic,
        unit: definition.unit,
        dimensions: { 'Cluster Name': 'orders', 'Broker ID': String(broker) },
        periodSec: 3600,
        startMs: TAKEN_AT_MS - (TAKEN_AT_MS % 3_600_000) - HOURS * 3_600_000,
        values: Array.from({ length: HOURS }, (_, hour) => read(hour, broker)),
      };
    }),
  );
  return { metrics: { ...metrics.value, hourly }, cluster: cluster.value };
}
const read = (change?: Parameters<typeof inputs>[0], cluster?: Cluster) => {
  const all = inputs(change);
  return workloadOf(all.metrics, (cluster ?? all.cluster) as typeof all.cluster);
};

describe('workload', () => {
  test('by hand: sums over brokers, CPU of the busiest, what lies on all volumes', () => {
    expect(read()).toMatchObject({
      historyDays: 14,
      avgInMiBPerSec: 6,
      avgOutMiBPerSec: 12,
      peakInMiBPerSec: 6,
      growthPerDay: 0,
      cpuP95Percent: 35,
      cpuP99Percent: 35,
      replicas: 300,
      storedGiB: 900,
    });
  });

  test('bursts that the mean of an hour hides show in the five minutes of the window', () => {
    const { metrics, cluster } = inputs();
    const burst = Array.from({ length: 288 }, (_, i) => (i % 6 === 0 ? 70 : 5));
    const series = metrics.series.map((each) =>
      each.metric === METRICS.cpuUser.name && each.dimensions['Broker ID'] === '1' ? { ...each, values: burst } : each,
    );
    expect(workloadOf({ ...metrics, series }, cluster)).toMatchObject({ cpuP95Percent: 75, cpuP99Percent: 75 });
  });

  test('without the window of one broker its bursts are not known', () => {
    const { metrics, cluster } = inputs();
    const series = metrics.series.filter(
      (each) => each.metric !== METRICS.cpuSystem.name || each.dimensions['Broker ID'] !== '2',
    );
    expect(workloadOf({ ...metrics, series }, cluster)).toBeNull();
    const silent = metrics.series.map((each) =>
      each.metric === METRICS.cpuUser.name && each.dimensions['Broker ID'] === '2' ? { ...each, values: [null] } : each,
    );
    expect(workloadOf({ ...metrics, series: silent }, cluster)).toBeNull();
  });

  test('hours in which a broker was not measured are no history', () => {
    const half = (hour: number, broker: number) => (broker === 2 && hour % 2 === 0 ? null : MIB);
    expect(read({ metric: METRICS.bytesIn, values: half })).toMatchObject({ historyDays: 7, avgInMiBPerSec: 3 });
  });

  test('a peak of the hours counts beside those of the window', () => {
    const burst = (hour: number) => (hour < 10 ? 20 * MIB : MIB);
    expect(read({ metric: METRICS.bytesIn, values: burst })?.peakInMiBPerSec).toBe(60);
  });

  test('a steady rise is growth by the day, of today’s level', () => {
    const rising = (hour: number) => (100 + hour / 24) * MIB;
    expect(read({ metric: METRICS.bytesIn, values: rising })?.growthPerDay).toBeCloseTo(1 / 114, 3);
  });

  test.each(VALUES.slice(0, 5).map(([definition]) => [definition.name, definition] as const))(
    'without %s nothing is known of the load',
    (_, metric) => {
      const gone = read({ metric, values: () => null });
      expect(gone).toBeNull();
    },
  );

  test.each(VALUES.slice(0, 5).map(([definition]) => [definition.name, definition] as const))(
    'nor with one broker’s %s gone: its part would look like no load',
    (_, metric) => {
      const { metrics, cluster } = inputs();
      const hourly = metrics.hourly.filter(
        (series) => series.metric !== metric.name || series.dimensions['Broker ID'] !== '2',
      );
      expect(workloadOf({ ...metrics, hourly }, cluster)).toBeNull();
    },
  );

  test('what goes out may peak in the window alone, what comes in may rise by its busiest hours only', () => {
    const { metrics, cluster } = inputs();
    const window = aSnapshot()
      .withMetric(METRICS.bytesOut, { 'Broker ID': 1 }, 52 * MIB)
      .withMetric(METRICS.bytesOut, { 'Broker ID': 2 }, 4 * MIB)
      .withMetric(METRICS.bytesOut, { 'Broker ID': 3 }, 4 * MIB)
      .build().sections.metrics;
    if (!window?.ok) throw new Error('the builder has metrics');
    expect(workloadOf({ ...metrics, series: window.value.series }, cluster)).toMatchObject({
      peakOutMiBPerSec: 60,
      avgOutMiBPerSec: 12,
    });
  });

  test('CPU by the 95th and 99th percentile of the busiest broker', () => {
    const spiky = (hour: number, broker: number) => (broker === 2 && hour < 10 ? 80 : 30);
    expect(read({ metric: METRICS.cpuUser, values: spiky })).toMatchObject({ cpuP95Percent: 35, cpuP99Percent: 85 });
    const busy = (hour: number, broker: number) => (broker === 2 && hour < 20 ? 80 : 30);
    expect(read({ metric: METRICS.cpuUser, values: busy })).toMatchObject({ cpuP95Percent: 85 });
  });

  test('what falls, or rises by chance, does not grow', () => {
    const falling = (hour: number) => (100 - hour / 24) * MIB;
    expect(read({ metric: METRICS.bytesIn, values: falling })?.growthPerDay).toBe(0);
    const noisy = (hour: number) => (100 + (Math.floor(hour / 24) % 2)) * MIB;
    expect(read({ metric: METRICS.bytesIn, values: noisy })?.growthPerDay).toBe(0);
  });

  test('what is stored: the latest hour of each volume, all of them; unknown without one, or without their size', () => {
    const filling = (hour: number, broker: number) => (hour === HOURS - 1 ? 10 * broker : 5);
    expect(read({ metric: METRICS.diskUsed, values: filling })?.storedGiB).toBe(600);
    const lacking = (_: number, broker: number) => (broker === 3 ? null : 30);
    expect(read({ metric: METRICS.diskUsed, values: lacking })?.storedGiB).toBeNull();
    const { cluster } = inputs();
    expect(read({}, { ...cluster, volumeGiBPerBroker: null })?.storedGiB).toBeNull();
  });

  test('Express tells one copy of it for the whole cluster', () => {
    const { metrics, cluster } = inputs();
    const { storageMode: _m, volumeGiBPerBroker: _v, provisionedThroughputMiBPerSec: _t, ...provisioned } = cluster;
    const express = { ...provisioned, kind: 'provisioned-express' as const, rebalancing: 'ACTIVE' as const };
    expect(workloadOf(metrics, express)?.storedGiB).toBeNull();
    const [any] = metrics.hourly;
    const stored = {
      ...any!,
      metric: METRICS.storageUsed.name,
      statistic: METRICS.storageUsed.statistic,
      dimensions: { 'Cluster Name': 'orders' },
      values: [1, 2, 500 * 1024 ** 3],
    };
    expect(workloadOf({ ...metrics, hourly: [...metrics.hourly, stored] }, express)?.storedGiB).toBe(500);
  });

  test('a disk that was not measured leaves what is stored unknown', () => {
    expect(read({ metric: METRICS.diskUsed, values: () => null })?.storedGiB).toBeNull();
  });

  test('planned peaks: grown for 90 days, and a margin', () => {
    const peaks = plannedPeaks({ ...read()!, growthPerDay: 0.01 }, { growthDays: 90, margin: 1.2 });
    expect(peaks.peakInMiBPerSec).toBeCloseTo(6 * 1.9 * 1.2, 9);
    expect(peaks.peakOutMiBPerSec).toBeCloseTo(2 * peaks.peakInMiBPerSec, 9);
  });
});
