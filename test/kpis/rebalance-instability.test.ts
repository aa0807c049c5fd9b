import { describe, expect, test } from 'vitest';
import { METRICS } from '../../lib/facts/metric-catalogue.ts';
import { busy, series } from './busy-topic.ts';
import { kpi, reading } from './run-context.ts';

describe('rebalance-instability', () => {
  const MINUTES = 1440;
  const lag = (from = 0, to = 0) => Array.from({ length: MINUTES }, (_, i) => (i >= from && i < to ? null : 5));
  const steady = (groups = 1) => {
    const cluster = busy();
    for (let i = 1; i <= groups; i++)
      cluster
        .withGroup(`g${i}`, { commits: { t: [11_200] } })
        .withMetric(METRICS.sumOffsetLag, series(`g${i}`, 't'), lag());
    return cluster;
  };

  test('minutes without a lag between the first and the last, by hand: 144 of 1,438', () => {
    const cluster = steady(2).withMetric(METRICS.sumOffsetLag, series('g1', 't'), lag(100, 244));
    expect(reading('rebalance-instability', cluster)).toMatchObject({
      value: expect.closeTo(14_400 / 1438, 9),
      confidence: 1,
      worst: 'g1',
    });
    expect(kpi('rebalance-instability', cluster).status).toBe('bad');
  });

  test('while one topic of it had a lag the group was stable; gaps of all groups are CloudWatch’s', () => {
    const two = steady(2).withMetric(METRICS.sumOffsetLag, series('g1', 'u'), lag(100, 244));
    expect(reading('rebalance-instability', two)).toMatchObject({ value: 0 });
    const all = steady(2);
    for (const id of ['g1', 'g2']) all.withMetric(METRICS.sumOffsetLag, series(id, 't'), lag(100, 244));
    expect(reading('rebalance-instability', all)).toMatchObject({ value: 0 });
  });

  test('p90 by traffic: one small group among ten does not count for the cluster', () => {
    const cluster = steady(11).withMetric(METRICS.sumOffsetLag, series('g1', 't'), lag(100, 244));
    expect(reading('rebalance-instability', cluster)).toMatchObject({ value: 0, worst: 'g1' });
  });

  test('six hours, not less', () => {
    const since = (hours: number) =>
      steady().withMetric(METRICS.sumOffsetLag, series('g1', 't'), lag(0, MINUTES - 2 - hours * 60));
    expect(reading('rebalance-instability', since(6))).toMatchObject({ state: 'ok' });
    expect(reading('rebalance-instability', since(5.9))).toMatchObject({ state: 'insufficient-history' });
  });

  test('groups that Kafka knows and CloudWatch does not lower the confidence; those it cannot name do not', () => {
    const unseen = steady(2).withGroup('x', { commits: { t: [11_200] } });
    unseen.withGroup('y', { commits: { t: [11_200] } }).withGroup('z', { commits: { t: [11_200] } });
    expect(reading('rebalance-instability', unseen)).toMatchObject({ confidence: 0.7 });
    expect(
      reading(
        'rebalance-instability',
        ['a:b', 'a:c', 'a:d'].reduce((all, id) => all.withGroup(id, { commits: { t: [11_200] } }), steady(1)),
      ),
    ).toMatchObject({
      confidence: 1,
    });
    expect(reading('rebalance-instability', steady(2).without('kafkaGroups', 'unreachable'))).toMatchObject({
      confidence: 0.6,
    });
  });

  test('nothing committed, nothing published, nothing asked', () => {
    expect(reading('rebalance-instability', busy())).toMatchObject({ state: 'not-applicable' });
    expect(reading('rebalance-instability', busy().withGroup('g', { commits: { t: [11_200] } }))).toMatchObject({
      state: 'no-data',
    });
    expect(reading('rebalance-instability', steady().without('metrics', 'throttled'))).toMatchObject({
      state: 'no-data',
    });
    expect(reading('rebalance-instability', steady().withKind('kafka'))).toMatchObject({ state: 'not-applicable' });
  });
});
