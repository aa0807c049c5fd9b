import { describe, expect, test } from 'vitest';
import { type UnusedInputs, unusedStorage, unusedTopics } from '../../lib/analysis/unused-topics.ts';
import { METRICS } from '../../lib/facts/metric-catalogue.ts';
import { missing } from '../../lib/snapshot/collected.ts';
import { aSnapshot, type SnapshotBuilder, TAKEN_AT_MS } from '../builders/a-snapshot.ts';

const MIB = 1024 ** 2;

function read(builder: SnapshotBuilder, minIdleDays = 28) {
  const { sections } = builder.build();
  const inputs = new Proxy(sections, {
    get: (all, name) => (all as Record<string | symbol, unknown>)[name] ?? missing('not-requested', ''),
  }) as unknown as UnusedInputs;
  return unusedTopics(inputs, TAKEN_AT_MS, minIdleDays);
}

/** One live topic of 3 × 3 × 10 MiB, one that was silent for four weeks with 20, one that stands still with 10. */
function cluster() {
  return aSnapshot()
    .withTopic('live')
    .withRates('live', [5, 5, 5])
    .withSizes('live', 10 * MIB)
    .withTopic('old')
    .withSizes('old', 20 * MIB)
    .withTopic('unclear')
    .withSizes('unclear', 10 * MIB)
    .withHourlyOfBrokers(METRICS.topicBytesIn, 0, { Topic: 'old' });
}

describe('unused topics', () => {
  test('by hand: half of the bytes lie unused, a quarter stands still for an unknown time', () => {
    const found = read(cluster())!;
    expect(found.unused).toMatchObject([{ topic: 'old', idleDays: 28, by: 'metrics', bytes: 180 * MIB }]);
    expect(found.unclear).toEqual(['unclear']);
    expect(unusedStorage(found)).toEqual({ percent: 50, known: 0.75 });
  });

  test('the share counts every topic on the disks, internal ones too', () => {
    const source = cluster()
      .withTopic('__consumer_offsets', { internal: true })
      .withSizes('__consumer_offsets', 40 * MIB);
    expect(unusedStorage(read(source)!)?.percent).toBeCloseTo(25, 9);
  });

  test('no sizes, no share', () => {
    expect(unusedStorage(read(cluster().without('kafkaLogDirs', 'not-permitted'))!)).toBeNull();
  });

  test('null without a second look', () => {
    expect(read(cluster().without('kafkaSamples', 'timed-out'))).toBeNull();
    expect(read(cluster().without('kafkaTopics', 'timed-out'))).toBeNull();
  });

  test('every broker that leads a part of it must have been silent, whatever their order', () => {
    const days = (own: number) => Array.from({ length: own * 24 }, () => 0);
    const source = (first: number[], second: number[]) =>
      aSnapshot()
        .withTopic('old')
        .withHourly(METRICS.topicBytesIn, { 'Broker ID': 1, Topic: 'old' }, first)
        .withHourly(METRICS.topicBytesIn, { 'Broker ID': 2, Topic: 'old' }, second);
    expect(read(source(days(20), days(28)))?.unused).toEqual([]);
    expect(read(source(days(28), days(20)))?.unused).toEqual([]);
    const used = [1, ...days(27)];
    expect(read(source(used, days(28)))).toMatchObject({ unused: [], unclear: [] });
    expect(read(source(days(28), used))).toMatchObject({ unused: [], unclear: [] });
  });

  test('nothing is called unused for longer than was seen', () => {
    expect(read(cluster(), 29)?.unused).toEqual([]);
  });
});
