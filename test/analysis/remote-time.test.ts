import { describe, expect, test } from 'vitest';
import { remoteTimes } from '../../lib/analysis/remote-time.ts';
import { findSeries, trustedPoints } from '../../lib/analysis/series.ts';
import { METRICS, type MetricDefinition } from '../../lib/facts/metric-catalogue.ts';
import { aSnapshot, type SnapshotBuilder } from '../builders/a-snapshot.ts';
import { during5 } from '../checks/minutes.ts';

function read(builder: SnapshotBuilder) {
  const { metrics } = builder.build().sections;
  if (!metrics?.ok) throw new Error('no metrics');
  return remoteTimes(
    (definition: MetricDefinition) =>
      new Map(
        findSeries(metrics.value, definition).map((series) => [
          series.dimensions['Broker ID'] ?? '',
          trustedPoints(series),
        ]),
      ),
  );
}

function phases(totalMs: number | readonly number[]) {
  return aSnapshot()
    .withMetricOfBrokers(METRICS.produceTotalTimeMean, totalMs)
    .withMetricOfBrokers(METRICS.produceRequestQueueTimeMean, 1)
    .withMetricOfBrokers(METRICS.produceLocalTimeMean, 1)
    .withMetricOfBrokers(METRICS.produceResponseQueueTimeMean, 1)
    .withMetricOfBrokers(METRICS.produceResponseSendTimeMean, 1);
}

describe('time that produce requests wait for followers', () => {
  test('is what the four other phases leave', () => {
    expect([...read(phases(6))]).toEqual([
      ['1', 2],
      ['2', 2],
      ['3', 2],
    ]);
  });

  test('is never below nothing: each phase is a mean of its own', () => {
    expect(read(phases(3)).get('1')).toBe(0);
  });

  test('counts only while the broker takes bytes in', () => {
    const source = phases(during5(0, 144, 104, 6)).withMetric(
      METRICS.bytesIn,
      { 'Broker ID': 1 },
      during5(144, 288, 1e6, 0),
    );
    expect(read(source).get('1')).toBe(2);
    expect(read(phases(6).withMetric(METRICS.bytesIn, { 'Broker ID': 1 }, 0)).has('1')).toBe(false);
  });

  test('a broker without all phases is left out', () => {
    const found = read(phases(6).withoutMetric(METRICS.produceResponseSendTimeMean, { 'Broker ID': 2 }));
    expect([...found.keys()]).toEqual(['1', '3']);
  });
});
