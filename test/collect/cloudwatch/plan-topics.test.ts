import { expect, test } from 'vitest';
import { busiestTopics } from '../../../lib/collect/cloudwatch/plan-topics.ts';
import type { Sections, SectionValue } from '../../../lib/snapshot/schema.ts';
import { aSnapshot, type SnapshotBuilder } from '../../builders/a-snapshot.ts';

const ranked = (builder: SnapshotBuilder, limit = 20) => busiestTopics(builder.build().sections as Sections, limit);
const names = (builder: SnapshotBuilder, limit?: number) => ranked(builder, limit).map(({ topic }) => topic);

/** Log directories by broker: bytes of partition 0 of each topic it holds. */
function logDirs(...bytesByTopic: Record<string, number>[]): SectionValue<'kafkaLogDirs'> {
  return bytesByTopic.map((byTopic, i) => ({
    brokerId: i + 1,
    dirs: [{ error: null, totalBytes: null, usableBytes: null }],
    topics: Object.fromEntries(
      Object.entries(byTopic).map(([topic, sizeBytes]) => [
        topic,
        [{ partition: 0, sizeBytes, offsetLag: '0', isFuture: false }],
      ]),
    ),
  }));
}

/** `perLook` messages between two of the three looks. */
const topic = (builder: SnapshotBuilder, name: string, perLook: number, end = 1000) =>
  builder.withTopic(name, { partitions: 1 }).withOffsets(name, [[0, end]], perLook);

test('the topics that grew most come first, ties by name', () => {
  const builder = topic(topic(topic(aSnapshot(), 'b', 5), 'busy', 50), 'a', 5);
  expect(names(builder)).toEqual(['busy', 'a', 'b']);
  expect(names(builder, 1)).toEqual(['busy']);
});

test('where the logs tell the size of a record, few large records outweigh many small ones', () => {
  // 1,000 records of 100 bytes in one copy, and 1,000 of 10 in three, which are not records of 30.
  const builder = topic(topic(aSnapshot(), 'large', 10), 'small', 50);
  expect(names(builder)).toEqual(['small', 'large']);
  builder.withSection('kafkaLogDirs', logDirs({ large: 100_000, small: 10_000 }, { small: 10_000 }, { small: 10_000 }));
  expect(names(builder)).toEqual(['large', 'small']);
});

test('topics at rest follow by what lies in them', () => {
  const builder = topic(topic(topic(aSnapshot(), 'empty', 0, 0), 'full', 0, 9000), 'moving', 1);
  expect(names(builder)).toEqual(['moving', 'full', 'empty']);
});

test('a topic comes with the brokers that lead it, each once; one without a leader is led by nobody', () => {
  const builder = aSnapshot().withTopic('orders', { partitions: 5 }).withTopic('lost', { partitions: 1 });
  builder.withPartition('lost', 0, { leader: -1 });
  expect(new Map(ranked(builder).map((each) => [each.topic, each.leaders]))).toEqual(
    new Map([
      ['orders', [1, 2, 3]],
      ['lost', []],
    ]),
  );
});

test('without the topics of Kafka there is nothing to ask for, and what else is missing only costs precision', () => {
  expect(names(aSnapshot().without('kafkaTopics', 'unreachable'))).toEqual([]);
  const builder = topic(topic(aSnapshot(), 'b', 5), 'constructor', 50);
  expect(names(builder.without('kafkaSamples').without('kafkaOffsets'))).toEqual(['b', 'constructor']);
});
