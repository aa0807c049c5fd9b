import { describe, expect, test } from 'vitest';
import { type UnusedInputs, unusedStorage, unusedTopics } from '../../lib/analysis/unused-topics.ts';
import { METRICS } from '../../lib/facts/metric-catalogue.ts';
import { missing } from '../../lib/snapshot/collected.ts';
import { aSnapshot, type SnapshotBuilder, TAKEN_AT_MS } from '../builders/a-snapshot.ts';
import { sectionOf } from './sections.ts';

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

  test('sizes of some topics alone are a sum of those', () => {
    const source = cluster().withTopic('young');
    expect(read(source)).toMatchObject({
      totalBytes: 360 * MIB,
      unclear: ['unclear', 'young'],
      unclearBytes: 90 * MIB,
    });
  });

  test('null without a second look', () => {
    const samples = sectionOf(cluster(), 'kafkaSamples');
    expect(read(cluster().withSection('kafkaSamples', samples.slice(0, 1)))).toBeNull();
    expect(read(cluster().withSection('kafkaSamples', samples.slice(0, 2)))).not.toBeNull();
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

  test('a topic whose log ends were not read is no used one: it lowers what is known', () => {
    const source = cluster()
      .withTopic('hidden')
      .withSizes('hidden', 40 * MIB);
    const offsets = sectionOf(source, 'kafkaOffsets');
    const samples = sectionOf(source, 'kafkaSamples');
    offsets.topics.hidden![1]!.end = null;
    for (const sample of samples) sample.end.hidden![1] = null;
    const found = read(source.withSection('kafkaOffsets', offsets).withSection('kafkaSamples', samples))!;
    expect(found).toMatchObject({ unclear: ['unclear', 'hidden'], unclearBytes: 450 * MIB });
    expect(unusedStorage(found)).toEqual({ percent: 25, known: 0.375 });
  });

  const old = (builder: SnapshotBuilder, name = 'old') =>
    builder
      .withTopic(name)
      .withSizes(name, 20 * MIB)
      .withHourlyOfBrokers(METRICS.topicBytesIn, 0, { Topic: name });

  test('the largest first, with the groups that have committed there', () => {
    const both = old(old(aSnapshot().withTopic('small').withSizes('small', MIB)), 'older')
      .withHourlyOfBrokers(METRICS.topicBytesIn, 0, { Topic: 'small' })
      .withSizes('older', 30 * MIB)
      .withGroup('g', { commits: { older: [5, 5, 5] } })
      .withGroup('h', { commits: { older: [7, 7, 7], old: [1, 1, 1] } });
    expect(read(both)!.unused.map(({ topic, groups }) => [topic, groups])).toEqual([
      ['older', ['g', 'h']],
      ['old', ['h']],
      ['small', []],
    ]);
  });

  test('a topic that a group still reads is in use, whoever wrote it', () => {
    const reading = (commits: number[][]) => read(old(aSnapshot()).withGroup('g', { commits: { old: commits } }))!;
    expect(
      reading([
        [1, 1, 1],
        [1, 1, 1],
        [1, 1, 1],
      ]).unused,
    ).toHaveLength(1);
    expect(
      reading([
        [1, 1, 1],
        [1, 1, 1],
        [1, 1, 2],
      ]),
    ).toMatchObject({ unused: [], unclear: [], topics: 1 });
    // Back to where it was is no reading, forward or back.
    expect(
      reading([
        [2, 1, 1],
        [5, 1, 1],
        [2, 1, 1],
      ]).unused,
    ).toHaveLength(1);
  });

  test.each([
    'orders.dlq',
    'orders-DLT',
    'orders_dead-letters',
    'retry.orders',
    'errors',
    'connect-offsets',
    'mm2-configs',
    '__own',
  ])('%s is kept on purpose', (name) => {
    expect(read(old(aSnapshot(), name))).toMatchObject({ unused: [], unclear: [], topics: 0 });
  });

  test.each(['retryable', 'terrors', 'my-connect-offsets', 'deadline'])('%s is a topic like others', (name) => {
    expect(read(old(aSnapshot(), name))!.unused).toHaveLength(1);
  });

  test('compacted topics are state, and internal ones Kafka’s own', () => {
    const kept = (shape: object) =>
      read(aSnapshot().withTopic('old', shape).withHourlyOfBrokers(METRICS.topicBytesIn, 0, { Topic: 'old' }));
    expect(kept({ configs: { 'cleanup.policy': 'compact,delete' } })).toMatchObject({ unused: [], topics: 0 });
    expect(kept({ internal: true })).toMatchObject({ unused: [], topics: 0 });
    const unread = old(aSnapshot()).without('kafkaTopicConfigs');
    expect(read(unread)).toMatchObject({ unused: [], unclear: ['old'], unclearBytes: 180 * MIB });
  });
});

describe('a log that retention has emptied', () => {
  const emptied = (ends: readonly (readonly [number, number])[], retentionMs = 28 * 86_400_000) =>
    read(
      aSnapshot()
        .withTopic('old', { partitions: ends.length, configs: { 'retention.ms': String(retentionMs) } })
        .withOffsets('old', ends),
    )!;

  test('says that nothing came for as long as it keeps records', () => {
    expect(
      emptied([
        [50, 50],
        [0, 0],
      ]).unused,
    ).toMatchObject([{ topic: 'old', idleDays: 28, by: 'empty-log', bytes: null }]);
    expect(
      emptied(
        [
          [50, 50],
          [0, 0],
        ],
        28 * 86_400_000 - 1,
      ),
    ).toMatchObject({ unused: [], unclear: ['old'] });
  });

  test('only if it is empty everywhere, once held a record and keeps none for ever', () => {
    expect(
      emptied([
        [50, 50],
        [0, 1],
      ]).unused,
    ).toEqual([]);
    expect(
      emptied([
        [0, 0],
        [0, 0],
      ]).unused,
    ).toEqual([]);
    expect(emptied([[50, 50]], 0).unused).toEqual([]);
    expect(emptied([[50, 50]], -1).unused).toEqual([]);
  });

  test('the better of two witnesses is told', () => {
    const both = (hours: number) =>
      read(
        aSnapshot()
          .withTopic('old', { start: 5, end: 5, configs: { 'retention.ms': String(20 * 86_400_000) } })
          .withHourlyOfBrokers(
            METRICS.topicBytesIn,
            Array.from({ length: hours }, () => 0),
            { Topic: 'old' },
          ),
        20,
      )!.unused[0];
    expect(both(21 * 24)).toMatchObject({ by: 'metrics', idleDays: 21 });
    expect(both(20 * 24)).toMatchObject({ by: 'metrics', idleDays: 20 });
    expect(both(19 * 24)).toMatchObject({ by: 'empty-log', idleDays: 20 });
  });
});

test('of nothing stored no share is unused', () => {
  const none = { unused: [], unclear: [], topics: 0, unclearBytes: 0 };
  expect(unusedStorage({ ...none, totalBytes: 0 })).toBeNull();
  expect(unusedStorage({ ...none, totalBytes: 1 })).toEqual({ percent: 0, known: 1 });
});
