import { describe, expect, test } from 'vitest';
import { product, sumOf, topicsOf } from '../../lib/analysis/cost-item.ts';
import { aSnapshot, type SnapshotBuilder } from '../builders/a-snapshot.ts';

const counted = (builder: SnapshotBuilder) => topicsOf(builder.build().sections);
const three = () =>
  aSnapshot()
    .withTopic('a', { partitions: 4 })
    .withTopic('b', { partitions: 2 })
    .withTopic('__consumer_offsets', { partitions: 50, internal: true });

describe('topics that are billed', () => {
  test('are those of clients, by Kafka or by the topic API', () => {
    expect(counted(three())).toEqual({ count: 2, partitions: 6 });
    expect(counted(three().withTopicApi())).toEqual({ count: 2, partitions: 6 });
  });

  test('a part of them is no number', () => {
    expect(counted(three().withPartial('kafkaTopics', 'one broker did not answer'))).toBeNull();
    expect(counted(three().withTopicApi().withPartial('mskTopics', '1 of 3 listed'))).toBeNull();
    expect(counted(three().without('kafkaTopics', 'unreachable'))).toBeNull();
    expect(counted(three().withTopicApi().without('mskTopics', 'not-permitted'))).toBeNull();
    // Where Kafka told a part, the API may tell all.
    const { mskTopics } = three().withTopicApi().build().sections;
    const { kafkaTopics } = three().withPartial('kafkaTopics', 'x').build().sections;
    expect(topicsOf({ kafkaTopics, mskTopics })).toEqual({ count: 2, partitions: 6 });
  });

  test('a topic of unknown partitions counts as one, its partitions are unknown', () => {
    const { mskTopics } = three().withTopicApi().build().sections;
    if (!mskTopics?.ok) throw new Error('the builder has the topic API');
    mskTopics.value[1]!.partitionCount = null;
    expect(topicsOf({ mskTopics })).toEqual({ count: 2, partitions: null });
  });
});

test('what is unknown stays so in products and sums', () => {
  expect([product(2, 3), product(null, 3), product(2, null), product(0, 3)]).toEqual([6, null, null, 0]);
  expect([sumOf([1, 2]), sumOf([1, null, 2]), sumOf([null, 1]), sumOf([])]).toEqual([3, null, null, 0]);
});
