import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeAnswer } from '../../../lib/collect/kafka/protocol/api.ts';
import { CommittedLookup } from '../../../lib/collect/kafka/protocol/committed-lookup.ts';
import { committedOffsets } from '../../../lib/collect/kafka/protocol/offset-fetch.ts';
import { type GroupOffsets, offsetFetchAnswer } from './answer-writers.ts';
import { int64 } from './codec-case.ts';

const partitionArb = fc.record({
  partition: fc.nat(6),
  offset: fc.oneof(int64, fc.constant('-1')),
  errorCode: fc.constantFrom(0, 0, 0, 29),
});
const topicArb = fc.record({
  topic: fc.constantFrom('a', 'b', 'c', '__proto__'),
  partitions: fc.uniqueArray(partitionArb, { selector: ({ partition }) => partition, maxLength: 6 }),
});
const groupArb = fc.record({
  groupId: fc.string({ unit: 'grapheme', maxLength: 3 }),
  errorCode: fc.constant(0),
  topics: fc.uniqueArray(topicArb, { selector: ({ topic }) => topic, maxLength: 4 }),
});
const groupsArb = fc.uniqueArray(groupArb, { selector: ({ groupId }) => groupId, maxLength: 8 });

const read = (groups: readonly GroupOffsets[]) => decodeAnswer(committedOffsets, 8, offsetFetchAnswer(groups)).answer;

it('finds each offset among the answers of several coordinators, in whatever order it is asked', () => {
  fc.assert(
    fc.property(groupsArb, fc.nat(8), fc.infiniteStream(fc.nat()), (groups, cut, random) => {
      const lookup = new CommittedLookup([read(groups.slice(0, cut)), read(groups.slice(cut))]);
      const rows = groups.flatMap(({ groupId, topics }) =>
        topics.flatMap(({ topic, partitions }) => partitions.map((each) => ({ groupId, topic, ...each }))),
      );
      const shuffled = rows.map((row) => ({ row, key: random.next().value })).sort((a, b) => a.key - b.key);
      for (const { row } of [...rows.map((row) => ({ row })), ...shuffled]) {
        const isRead = row.errorCode === 0 && !row.offset.startsWith('-');
        expect(lookup.offset(row.groupId, row.topic, row.partition)).toBe(isRead ? row.offset : null);
        expect(lookup.offset(row.groupId, row.topic, 7)).toBeNull();
        expect(lookup.offset(row.groupId, 'elsewhere', row.partition)).toBeNull();
        expect(lookup.offset('nobody', row.topic, row.partition)).toBeNull();
      }
    }),
  );
});
