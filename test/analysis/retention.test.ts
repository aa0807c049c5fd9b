import { describe, expect, test } from 'vitest';
import { deletesByRetention, retentionHeadroom } from '../../lib/analysis/retention.ts';
import { aSnapshot } from '../builders/a-snapshot.ts';

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

  test('at the log start there is no margin and still nothing lost; a lag in an empty log is all of it', () => {
    expect(retentionHeadroom({ ...position, committed: 1000n })).toMatchObject({
      retentionConsumed: 1,
      marginOffsets: 0,
      secondsToLoss: 0,
    });
    expect(retentionHeadroom({ ...position, committed: 1000n, startAdvancePerSec: 10 }).secondsToLoss).toBeNull();
    expect(retentionHeadroom({ ...position, start: 50n, end: 50n, committed: 40n })).toMatchObject({
      lag: 10,
      retentionConsumed: 1,
    });
    expect(retentionHeadroom({ ...position, committed: 12_000n })).toMatchObject({ lag: 0, retentionConsumed: 0 });
    expect(retentionHeadroom({ ...position, startAdvancePerSec: null }).secondsToLoss).toBeNull();
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
