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
import { loadInputs, sectionOf } from './sections.ts';

const ABSENT = missing('not-requested', 'not part of this run');

const loadsOf = (builder: SnapshotBuilder) => topicLoads(loadInputs(builder), TAKEN_AT_MS);

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

  test('a topic into which nothing comes carries no bytes, whatever its records take', () => {
    const still = (builder: SnapshotBuilder) => loadsOf(builder.withRates('orders', [0, 0, 0]))[0];
    expect(still(orders().without('kafkaLogDirs'))).toMatchObject({ messagesPerSec: 0, bytesPerSec: 0 });
    expect(still(orders({ 'cleanup.policy': 'compact' }))).toMatchObject({ bytesPerSec: 0, bytesPerRecord: null });
    const empty = aSnapshot()
      .withTopic('orders', { start: 5, end: 5 })
      .withRates('orders', [1, 1, 1])
      .withSizes('orders', 9);
    expect(loadsOf(empty)[0]).toMatchObject({ bytesPerRecord: null, bytesPerSec: null });
  });

  test('one partition of unknown rate leaves that of the topic unknown; the others keep theirs', () => {
    const source = orders();
    const samples = sectionOf(source, 'kafkaSamples');
    for (const sample of samples) sample.end.orders![1] = null;
    const [load] = loadsOf(source.withSection('kafkaSamples', samples));
    expect(load).toMatchObject({ messagesPerSec: null, bytesPerSec: null });
    expect(load!.partitions.map(({ messagesPerSec }) => messagesPerSec)).toEqual([10, null, 30]);
  });

  test('the size of a record rests on the partitions of which bytes and both ends are known', () => {
    // Records that were deleted are not on the disks: 1,000 of 3,000 offsets in partition 0.
    const trimmed = orders().withOffsets('orders', [
      [2000, 3000],
      [0, 1000],
      [0, 1000],
    ]);
    expect(loadsOf(trimmed)[0]!.bytesPerRecord).toBe(50);
    const sizes = sectionOf(orders(), 'kafkaLogDirs').map((broker) => ({
      ...broker,
      topics: { orders: broker.topics.orders!.filter(({ partition }) => partition !== 2) },
    }));
    const [load] = loadsOf(orders().withSection('kafkaLogDirs', sizes));
    expect(load).toMatchObject({ bytesPerRecord: 50, localBytes: 300_000 });
    expect(load!.partitions.map(({ sizeBytes }) => sizeBytes)).toEqual([50_000, 50_000, null]);
  });

  test('the same topics beside other sections are another question', () => {
    const inputs = loadInputs(orders());
    const [before] = topicLoads(inputs, TAKEN_AT_MS);
    const without = { ...inputs, kafkaLogDirs: ABSENT };
    expect(topicLoads(without, TAKEN_AT_MS)[0]).toMatchObject({ bytesPerSec: null, localBytes: null });
    expect(topicLoads(inputs, TAKEN_AT_MS)[0]).toEqual(before);
    const wrapped = { ...inputs, kafkaLogDirs: { ...inputs.kafkaLogDirs } };
    expect(topicLoads(wrapped, TAKEN_AT_MS)).toBe(topicLoads(inputs, TAKEN_AT_MS));
  });

  test('settings that were not read leave bytes unknown', () => {
    expect(loadsOf(orders().without('kafkaTopicConfigs'))[0]).toMatchObject({ messagesPerSec: 60, bytesPerSec: null });
    expect(loadsOf(orders({ 'cleanup.policy': 'compact,delete' }))[0]).toMatchObject({ bytesPerSec: null });
    expect(loadsOf(orders().without('kafkaOffsets'))[0]).toMatchObject({ messagesPerSec: null, bytesPerRecord: null });
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

  test('what comes in now may be more than its series had at its busiest', () => {
    const quiet = [1, 2, 3].reduce(
      (builder, id) => builder.withMetric(METRICS.topicBytesIn, { 'Broker ID': id, Topic: 'orders' }, 10),
      orders(),
    );
    expect(topicPeaks(loadsOf(quiet), metrics(quiet)).get('orders')).toEqual({ bytesPerSec: 3000, from: 'series' });
    const unsized = quiet.without('kafkaLogDirs');
    expect(topicPeaks(loadsOf(unsized), metrics(unsized)).get('orders')).toEqual({ bytesPerSec: 30, from: 'series' });
  });

  test('a series without a point tells nothing of its topic, not even by its share', () => {
    const silent = [1, 2, 3].reduce(
      (builder, id) =>
        builder.withMetric(METRICS.topicBytesIn, { 'Broker ID': id, Topic: 'orders' }, [null, null, null]),
      orders(),
    );
    expect(topicPeaks(loadsOf(silent), metrics(silent)).has('orders')).toBe(false);
  });

  test('a broker that leads nothing with traffic may be silent', () => {
    const two = own([1, 2]).withRates('orders', [10, 20, 0]);
    expect(topicPeaks(loadsOf(two), metrics(two)).get('orders')).toEqual({ bytesPerSec: 6000, from: 'series' });
  });

  test('at the p99: one period of a hundred may stand out, and silent brokers add nothing', () => {
    const day = (from: number) => Array.from({ length: 290 }, (_, i) => (i < from ? 9000 : 1000));
    const busy = (periods: number) =>
      [1, 2, 3].reduce(
        (builder, id) =>
          builder.withMetric(
            METRICS.topicBytesIn,
            { 'Broker ID': id, Topic: 'orders' },
            id === 1 ? day(periods) : day(0).map((value, i) => (i % 2 === 0 ? value : null)),
          ),
        orders(),
      );
    expect(topicPeaks(loadsOf(busy(6)), metrics(busy(6))).get('orders')!.bytesPerSec).toBeGreaterThan(9000);
    expect(topicPeaks(loadsOf(busy(1)), metrics(busy(1))).get('orders')!.bytesPerSec).toBe(3000);
  });

  test('by the share of the cluster’s messages, which must move', () => {
    const unsized = (rates: number[]) => orders().without('kafkaLogDirs').withTopic('other').withRates('other', rates);
    const peaks = topicPeaks(loadsOf(unsized([20, 20, 20])), metrics(unsized([20, 20, 20])));
    expect(Object.fromEntries(peaks)).toEqual({
      orders: { bytesPerSec: 3_000_000, from: 'share' },
      other: { bytesPerSec: 3_000_000, from: 'share' },
    });
    const still = aSnapshot().withTopic('t').without('kafkaOffsets');
    expect(topicPeaks(loadsOf(still), metrics(still)).size).toBe(0);
  });

  test('Serverless tells sums of its minutes, for all brokers at once', () => {
    const minutes = METRICS.serverlessBytesIn.periodSec / 60;
    const builder = orders()
      .withKind('serverless')
      .withMetric(METRICS.serverlessBytesIn, { Topic: 'orders' }, 5000 * minutes);
    expect(topicPeaks(loadsOf(builder), metrics(builder)).get('orders')).toEqual({ bytesPerSec: 5000, from: 'series' });
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

  test('groups are counted by topic, and the deepest of any of them tells', () => {
    const two = orders()
      .withTopic('other', { partitions: 1, end: 1000 })
      .withRates('other', [5])
      .withGroup('g', { commits: { orders: [1000, 800, 970], other: [990] } })
      .withGroup('h', { commits: { orders: [900, 1000, 1000] } });
    expect(Object.fromEntries(depths(two))).toEqual({
      orders: { groups: 2, deepestSec: 10 },
      other: { groups: 1, deepestSec: 2 },
    });
  });

  test('at the end nothing is deep, also where an age was looked up or nothing comes in', () => {
    const done = orders()
      .withRates('orders', [0, 0, 0])
      .withGroup('g', { commits: { orders: [1000, 1001, 1000] } });
    expect(depths(done).get('orders')).toEqual({ groups: 1, deepestSec: 0 });
    expect(
      depths(
        done.withTimeLags([
          [5, 9],
          [5, 9],
          [5, 9],
        ]),
      ).get('orders')?.deepestSec,
    ).toBe(0);
  });

  test('unknown once, unknown for the topic, in any order', () => {
    for (const rates of [
      [0, 10, 10],
      [10, 10, 0],
    ]) {
      const late = orders()
        .withRates('orders', rates)
        .withGroup('g', { commits: { orders: [900, 900, 900] } });
      expect(depths(late).get('orders')).toEqual({ groups: 1, deepestSec: null });
    }
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
        ['1', series([5, 9], 300_000)],
        ['2', series([3], 600_000)],
      ]),
    );
    expect([...over.get('1')!.values]).toEqual([Number.NaN, 1.5]);
    expect(over.get('2')!.points).toEqual([{ atMs: 600_000, value: 0.5 }]);
  });
});
