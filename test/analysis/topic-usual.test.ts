import { describe, expect, test } from 'vitest';
import { topicLoads } from '../../lib/analysis/topic-load.ts';
import { usualRates } from '../../lib/analysis/topic-usual.ts';
import { METRICS } from '../../lib/facts/metric-catalogue.ts';
import { aSnapshot, HISTORY_HOURS, type SnapshotBuilder, TAKEN_AT_MS } from '../builders/a-snapshot.ts';
import { loadInputs, sectionOf } from './sections.ts';

/** 3,000 bytes a second in this run's looks. */
const orders = () =>
  aSnapshot().withTopic('orders', { end: 1000 }).withRates('orders', [10, 20, 30]).withSizes('orders', 50_000);

const OWN = { Topic: 'orders' };
/** Periods of five minutes. */
const DAY = 288;

function usual(builder: SnapshotBuilder, withMetrics = true) {
  return usualRates(topicLoads(loadInputs(builder), TAKEN_AT_MS), withMetrics ? sectionOf(builder, 'metrics') : null);
}

const hours = (length: number, value: (hour: number) => number | null) => Array.from({ length }, (_, i) => value(i));

describe('what a topic usually takes in', () => {
  test('the mean of its last week of hours, not a longer one', () => {
    const weeks = hours(HISTORY_HOURS, (hour) => (hour < HISTORY_HOURS - 168 ? 9000 : hour % 2 === 0 ? 500 : 1500));
    expect(usual(orders().withHourlyOfBrokers(METRICS.topicBytesIn, weeks, OWN)).get('orders')).toEqual({
      bytesPerSec: 3000,
      from: 'week',
    });
  });

  test('silent hours are hours without traffic', () => {
    const half = hours(168, (hour) => (hour % 2 === 0 ? null : 1000));
    const builder = orders().withHourlyOfBrokers(METRICS.topicBytesIn, half, OWN);
    expect(usual(builder).get('orders')!.bytesPerSec).toBe(1500);
    // The other brokers count where one is silent.
    const one = builder.withHourlyOfBrokers(METRICS.topicBytesIn, 1000, OWN);
    one.withHourly(METRICS.topicBytesIn, { 'Broker ID': 2, ...OWN }, half);
    expect(usual(one).get('orders')!.bytesPerSec).toBe(2500);
  });

  test('less than nine tenths of a day is no usual rate: then the minutes of the day tell, then the looks', () => {
    const ofHours = (count: number) =>
      orders().withHourlyOfBrokers(
        METRICS.topicBytesIn,
        hours(count, () => 100),
        OWN,
      );
    const withDay = (count: number, builder = ofHours(21)) =>
      builder.withMetricOfBrokers(
        METRICS.topicBytesIn,
        hours(count, () => 200),
        OWN,
      );
    expect(usual(ofHours(22)).get('orders')).toEqual({ bytesPerSec: 300, from: 'week' });
    expect(usual(ofHours(21)).get('orders')!.from).toBe('looks');
    expect(usual(withDay(DAY)).get('orders')).toEqual({ bytesPerSec: 600, from: 'day' });
    // The latest two are late; nine tenths of 288 are 259.2.
    expect(usual(withDay(262)).get('orders')!.from).toBe('day');
    expect(usual(withDay(261)).get('orders')!.from).toBe('looks');
    expect(usual(withDay(DAY, ofHours(22))).get('orders')!.from).toBe('week');
  });

  test('a series without a point tells nothing', () => {
    const silent = orders().withHourlyOfBrokers(
      METRICS.topicBytesIn,
      hours(168, () => null),
      OWN,
    );
    expect(usual(silent).get('orders')!.from).toBe('looks');
  });

  test('a sum that lacks a broker with traffic tells nothing', () => {
    const two = [1, 2].reduce(
      (builder, id) => builder.withHourly(METRICS.topicBytesIn, { 'Broker ID': id, ...OWN }, 1000),
      orders(),
    );
    expect(usual(two).get('orders')!.from).toBe('looks');
  });

  const cluster = (builder: SnapshotBuilder) => builder.withHourlyOfBrokers(METRICS.bytesIn, 2000);

  test("else its share of the cluster's week, as it shares the looks", () => {
    const both = cluster(
      orders().withTopic('other', { end: 1000 }).withRates('other', [30, 60, 90]).withSizes('other', 50_000),
    );
    // 6,000 bytes a second of the week over 12,000 of the looks.
    expect(Object.fromEntries(usual(both))).toEqual({
      orders: { bytesPerSec: 1500, from: 'share' },
      other: { bytesPerSec: 4500, from: 'share' },
    });
  });

  test("Kafka's own topics of unknown size take no part; a client's topic of unknown size makes the share unknown", () => {
    const beside = (internal: boolean) =>
      cluster(orders().withTopic('beside', { internal, configs: { 'cleanup.policy': 'compact' } })).withRates(
        'beside',
        [1, 1, 1],
      );
    expect(Object.fromEntries(usual(beside(true)))).toEqual({ orders: { bytesPerSec: 6000, from: 'share' } });
    expect(Object.fromEntries(usual(beside(false)))).toEqual({ orders: { bytesPerSec: 3000, from: 'looks' } });
  });

  test('without a whole week of the cluster, or traffic in the looks, the looks remain', () => {
    const lacking = cluster(orders()).withoutMetric(METRICS.bytesIn, { 'Broker ID': 2 });
    expect(usual(lacking).get('orders')!.from).toBe('looks');
    expect(usual(orders()).get('orders')).toEqual({ bytesPerSec: 3000, from: 'looks' });
    expect(usual(cluster(orders()), false).get('orders')).toEqual({ bytesPerSec: 3000, from: 'looks' });
    const still = cluster(orders().withRates('orders', [0, 0, 0]));
    expect(usual(still).get('orders')).toEqual({ bytesPerSec: 0, from: 'looks' });
  });

  test('a topic of which nobody knows the bytes is left out', () => {
    expect(usual(orders().without('kafkaLogDirs')).has('orders')).toBe(false);
  });
});
