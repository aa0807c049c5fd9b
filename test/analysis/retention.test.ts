import { describe, expect, test } from 'vitest';
import { groupStatuses } from '../../lib/analysis/consumer-status.ts';
import { deletesByRetention, retentionExposures, retentionHeadroom } from '../../lib/analysis/retention.ts';
import { aSnapshot, TAKEN_AT_MS } from '../builders/a-snapshot.ts';

const position = { start: 1000n, end: 11_000n, committed: 4000n, startAdvancePerSec: 50, consumePerSec: 20 };

describe('headroom', () => {
  test('by hand: 7,000 of 10,000 retained messages unread, 3,000 before loss, closing by 30 a second', () => {
    expect(retentionHeadroom(position)).toEqual({
      lag: 7000,
      retentionConsumed: 0.7,
      marginOffsets: 3000,
      secondsToLoss: 100,
    });
  });

  test('a consumer as fast as the log start never loses', () => {
    expect(retentionHeadroom({ ...position, consumePerSec: 50 }).secondsToLoss).toBeNull();
  });

  test('records already gone: negative margin, no time left, more than all consumed', () => {
    expect(retentionHeadroom({ ...position, committed: 900n })).toEqual({
      lag: 10_100,
      retentionConsumed: 1.01,
      marginOffsets: -100,
      secondsToLoss: 0,
    });
  });

  test('an unknown rate gives no time', () => {
    expect(retentionHeadroom({ ...position, consumePerSec: null }).secondsToLoss).toBeNull();
  });

  test('an empty log holds nothing to lose', () => {
    expect(retentionHeadroom({ ...position, start: 5n, end: 5n, committed: 5n })).toMatchObject({
      lag: 0,
      retentionConsumed: 0,
    });
  });
});

describe('whether retention deletes', () => {
  const configsOf = (set: Record<string, string>) => {
    const section = aSnapshot().withTopic('t', { configs: set }).build().sections.kafkaTopicConfigs;
    if (!section?.ok) throw new Error('the builder has configs');
    return section.value;
  };

  test.each<[string, Record<string, string>, boolean]>([
    ['delete by time', {}, true],
    ['compacted', { 'cleanup.policy': 'compact' }, false],
    ['compacted and deleted', { 'cleanup.policy': 'compact,delete' }, true],
    ['kept for ever', { 'retention.ms': '-1', 'retention.bytes': '-1' }, false],
    ['kept by size', { 'retention.ms': '-1', 'retention.bytes': '1000' }, true],
  ])('%s', (_, set, expected) => {
    expect(deletesByRetention(configsOf(set), 't')).toBe(expected);
  });

  test('unread configurations are unknown', () => {
    expect(deletesByRetention(null, 't')).toBeNull();
    expect(deletesByRetention(configsOf({}), 'other')).toBeNull();
  });
});

test('exposures leave out logs that were never trimmed and topics without retention', () => {
  const { kafkaGroups, kafkaOffsets, kafkaTopicConfigs } = aSnapshot()
    .withTopic('fresh', { partitions: 1, start: 0, end: 1000 })
    .withTopic('compacted', { partitions: 1, start: 10, end: 1000, configs: { 'cleanup.policy': 'compact' } })
    .withTopic('rolling', { partitions: 1, start: 500, end: 1500 })
    .withGroup('g', { commits: { fresh: [0], compacted: [10], rolling: [600] } })
    .build().sections;
  if (!kafkaGroups?.ok || !kafkaOffsets?.ok || !kafkaTopicConfigs?.ok) throw new Error('the builder has all three');
  const groups = groupStatuses({
    groups: kafkaGroups.value,
    offsets: kafkaOffsets.value,
    samples: null,
    lag: { allowedMessages: 0, allowedSeconds: 0, minSamples: 3, minSpanSec: 120 },
    takenAtMs: TAKEN_AT_MS,
  });
  expect(retentionExposures(groups, kafkaTopicConfigs.value)).toEqual([
    {
      groupId: 'g',
      topic: 'rolling',
      partition: 0,
      lag: 900,
      retentionConsumed: 0.9,
      marginOffsets: 100,
      secondsToLoss: null,
    },
  ]);
});
