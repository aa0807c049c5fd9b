import { expect, test } from 'vitest';
import { mostLaggingPairs } from '../../../lib/collect/cloudwatch/lagging-pairs.ts';

const end = (partition: number, offset: string | null) => ({ partition, start: '0', end: offset, error: null });
const committed = (groupId: string, topic: string, partition: number, offset: string | null) => ({
  groupId,
  topic,
  partition,
  offset,
  error: null,
});

const OFFSETS = {
  topics: { t: [end(0, '100'), end(1, '9007199254740993'), end(2, null)], u: [end(0, '50')] },
  committed: [
    committed('small', 't', 0, '90'),
    committed('exact', 't', 1, '9007199254740991'),
    committed('sum', 't', 0, '95'),
    committed('sum', 't', 1, '9007199254740990'),
    committed('ahead', 'u', 0, '60'),
    committed('none', 'u', 0, null),
    committed('unread', 't', 2, '5'),
    committed('b', 'u', 0, '50'),
    committed('a', 'u', 0, '50'),
    committed('gone', 'deleted-topic', 0, '1'),
  ],
};

test('sums lag over partitions, exactly beyond 2^53, largest first, ties by name, and leaves out what is unknown', () => {
  expect(mostLaggingPairs(OFFSETS, 50).map((pair) => pair.groupId)).toEqual([
    'small',
    'sum',
    'exact',
    'a',
    'ahead',
    'b',
  ]);
});

test('keeps the first ones only', () => {
  expect(mostLaggingPairs(OFFSETS, 2)).toEqual([
    { groupId: 'small', topic: 't' },
    { groupId: 'sum', topic: 't' },
  ]);
});
