import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readDepths, slowestLags } from '../../lib/analysis/read-depth.ts';
import { overMean } from '../../lib/analysis/skew-over-time.ts';
import { topicLoads } from '../../lib/analysis/topic-load.ts';
import { topicPeaks } from '../../lib/analysis/topic-peak.ts';
import { TrustedSeries } from '../../lib/analysis/trusted-series.ts';
import { METRICS } from '../../lib/facts/metric-catalogue.ts';
import { missing } from '../../lib/snapshot/collected.ts';
import { aSnapshot, type SnapshotBuilder, TAKEN_AT_MS } from '../builders/a-snapshot.ts';

const ABSENT = missing('not-requested', 'not part of this run');

function loadsOf(builder: SnapshotBuilder) {
  const { kafkaTopics, kafkaTopicConfigs, kafkaOffsets, kafkaSamples, kafkaLogDirs } = builder.build().sections;
  const inputs = {
    kafkaTopics: kafkaTopics ?? ABSENT,
    kafkaTopicConfigs: kafkaTopicConfigs ?? ABSENT,
    kafkaOffsets: kafkaOffsets ?? ABSENT,
    kafkaSamples: kafkaSamples ?? ABSENT,
    kafkaLogDirs: kafkaLogDirs ?? ABSENT,
  };
  return topicLoads(inputs, TAKEN_AT_MS);
}

const orders = (configs: Record<string, string> = {}) =>
  aSnapshot().withTopic('orders', { configs, end: 1000 }).withRates('orders', [10, 20, 30]).withSizes('orders', 50_000);

describe('what a topic carries', () => {
  test('by hand: 150,000 bytes for 3,000 records are 50 each; three replicas of 150,000 on disk', () => {
    const [load] = loadsOf(orders());
    expect(load).toMatchObject({ messagesPerSec: 60, bytesPerSec: 3000, bytesPerRecord: 50, localBytes: 450_000 });
    expect(load!.partitions.map(({ bytesPerSec }) => bytesPerSec)).toEqual([500, 1000, 1500]);
  });

  test('records of compacted and tiered topics have no size that disks tell', () => {
    const odd: Record<string, string>[] = [{ 'cleanup.policy': 'compact' }, { 'remote.storage.enable': 'true' }];
    for (const configs of odd)
      expect(loadsOf(orders(configs))[0]).toMatchObject({
        messagesPerSec: 60,
        bytesPerSec: null,
        bytesPerRecord: null,
      });
  });

  test('without sizes bytes are not known, without a second look no rate is', () => {
    expect(loadsOf(orders().without('kafkaLogDirs'))[0]).toMatchObject({ messagesPerSec: 60, bytesPerSec: null });
    expect(loadsOf(orders().without('kafkaSamples'))[0]).toMatchObject({ messagesPerSec: null, localBytes: 450_000 });
    expect(loadsOf(orders().without('kafkaTopics'))).toEqual([]);
  });
});

describe('what a topic takes at its peak', () => {
  const metrics = (builder: SnapshotBuilder) => {
    const section = builder.build().sections.metrics;
    return section?.ok ? section.value : null;
  };

  const own = (brokers: readonly number[]) =>
    brokers.reduce(
      (builder, id) => builder.withMetric(METRICS.topicBytesIn, { 'Broker ID': id, Topic: 'orders' }, 3000),
      orders(),
    );

  test('its own series goes before the looks, and the looks before its share', () => {
    const whole = own([1, 2, 3]);
    expect(topicPeaks(loadsOf(whole), metrics(whole)).get('orders')).toEqual({ bytesPerSec: 9000, from: 'series' });
    expect(topicPeaks(loadsOf(orders()), metrics(orders())).get('orders')).toEqual({
      bytesPerSec: 3000,
      from: 'looks',
    });
    // 6 MB/s of the three brokers by its 60 of 60 messages.
    const share = orders().without('kafkaLogDirs');
    expect(topicPeaks(loadsOf(share), metrics(share)).get('orders')).toEqual({ bytesPerSec: 6_000_000, from: 'share' });
  });

  test('a sum that lacks a broker with traffic tells nothing', () => {
    expect(topicPeaks(loadsOf(own([1, 2])), metrics(own([1, 2]))).has('orders')).toBe(false);
    const share = orders().without('kafkaLogDirs');
    const section = metrics(share)!;
    const series = section.series.filter(({ dimensions }) => dimensions['Broker ID'] !== '2');
    expect(topicPeaks(loadsOf(share), { ...section, series }).size).toBe(0);
  });

  test('without metrics records are as large as those of other topics; alone they are unknown', () => {
    const two = orders()
      .withTopic('state', { configs: { 'cleanup.policy': 'compact' }, end: 1000 })
      .withRates('state', [2, 2, 2])
      .withSizes('state', 10);
    expect(topicPeaks(loadsOf(two), null).get('state')).toEqual({ bytesPerSec: 300, from: 'share' });
    expect(topicPeaks(loadsOf(orders().without('kafkaLogDirs')), null).size).toBe(0);
  });
});

describe('how far back groups read', () => {
  const depths = (builder: SnapshotBuilder) => {
    const { kafkaOffsets, kafkaSamples } = builder.build().sections;
    if (!kafkaOffsets?.ok || !kafkaSamples?.ok) throw new Error('sections are there');
    return readDepths(kafkaOffsets.value, kafkaSamples.value, TAKEN_AT_MS);
  };
  const read = () => orders().withGroup('g', { commits: { orders: [1000, 800, 1000] } });

  test('by hand: 200 records at 20 a second are ten seconds', () => {
    expect(depths(read()).get('orders')).toEqual({ groups: 1, deepestSec: 10 });
  });

  test('an age that was looked up goes before', () => {
    const looked = read().withTimeLags([
      [0, 0],
      [90, 95],
      [0, 0],
    ]);
    expect(depths(looked).get('orders')?.deepestSec).toBe(95);
  });

  test('unknown where a late partition takes nothing, and for topics that nobody commits', () => {
    expect(depths(read().withRates('orders', [10, 0, 30])).get('orders')).toEqual({ groups: 1, deepestSec: null });
    expect(depths(orders()).size).toBe(0);
  });

  test('the slowest group of the window speaks for the topic', () => {
    const of = (group: string) => ({ 'Consumer Group': group, Topic: 'orders' });
    const section = orders()
      .withMetric(METRICS.rollingTimeLag, of('a'), 30)
      .withMetric(METRICS.rollingTimeLag, of('b'), 70)
      .build().sections.metrics;
    expect(section?.ok && slowestLags(section.value, []).get('orders')).toBe(70);
  });
});

describe('load over the mean, moment by moment', () => {
  const series = (values: readonly number[], startMs = 0) =>
    new TrustedSeries({
      dimensions: {},
      periodSec: 300,
      startMs,
      values: Float64Array.from(values),
      expected: values.length,
    });

  test('the shares of any moment that all have add up to their number', () => {
    const load = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(load, { minLength: 2, maxLength: 6 }), (all) => {
        const over = [...overMean(new Map(all.map((values, i) => [i, series(values)] as const))).values()];
        for (let at = 0; at < 5; at++)
          expect(over.reduce((sum, each) => sum + each.values[at]!, 0)).toBeCloseTo(all.length, 9);
      }),
    );
  });

  test('nothing is said of a moment that one of them lacks, nor of one without load', () => {
    const over = overMean(
      new Map([
        ['1', series([6, 6, 0])],
        ['2', series([2, Number.NaN, 0])],
      ]),
    );
    expect([...over.get('1')!.values]).toEqual([1.5, Number.NaN, Number.NaN]);
  });

  test('series that begin at different times are held against each other at the same time', () => {
    const over = overMean(
      new Map([
        ['1', series([5, 9])],
        ['2', series([3], 300_000)],
      ]),
    );
    expect([...over.get('1')!.values]).toEqual([Number.NaN, 1.5]);
    expect(over.get('2')!.points).toEqual([{ atMs: 300_000, value: 0.5 }]);
  });
});
