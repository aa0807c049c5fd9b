import { describe, expect, test } from 'vitest';
import { commitRates, partitionOfGroup } from '../../lib/analysis/commit-rates.ts';
import type { TopicLoad } from '../../lib/analysis/topic-load.ts';
import type { SectionValue } from '../../lib/snapshot/schema.ts';

function load(topic: string, perSec: readonly (number | null)[]): TopicLoad {
  const known = perSec.every((each) => each !== null);
  return {
    topic,
    internal: topic.startsWith('__'),
    partitions: perSec.map((messagesPerSec, partition) => ({
      partition,
      leader: 1,
      messagesPerSec,
      bytesPerSec: null,
      sizeBytes: null,
    })),
    messagesPerSec: known ? perSec.reduce<number>((sum, each) => sum + (each ?? 0), 0) : null,
    bytesPerSec: null,
    bytesPerRecord: null,
    localBytes: null,
  };
}

function groups(...ids: string[]): SectionValue<'kafkaGroups'> {
  const member = { memberId: 'm', clientId: 'c', host: 'h', instanceId: null, rack: null, assignment: [] };
  return ids.map((groupId) => ({
    groupId,
    type: 'classic',
    state: 'Stable',
    protocolType: 'consumer',
    coordinatorId: 1,
    assignor: 'range',
    error: null,
    members: groupId.startsWith('empty') ? [] : [member],
  }));
}

describe('commit rates', () => {
  // String.hashCode of Java: "abc" is 96354, "" is 0, "polygenelubricants" is the least integer.
  test.each([
    ['abc', 50, 4],
    ['', 50, 0],
    ['polygenelubricants', 50, 0],
    // -1,808,118,735: absolute value, not the low bits.
    ['String', 50, 35],
  ])('group %j of %i partitions commits to %i', (group, partitions, expected) => {
    expect(partitionOfGroup(group, partitions)).toBe(expected);
  });

  test('by hand: groups of one partition share it, the median is theirs, and groups without members do not count', () => {
    // '5' is 53, 'g' is 103: partition 3 of 50; 'abc' partition 4.
    const rates = Array.from({ length: 50 }, (_, p) => (p === 3 ? 60 : p === 4 ? 10 : 0));
    const found = commitRates([load('__consumer_offsets', rates), load('t', [630])], groups('5', 'g', 'abc', 'empty'));
    expect(found).toMatchObject({ perSec: 70, share: 0.1, perGroupPerSec: 30 });
    expect(found?.partitions).toEqual([
      { partition: 3, perSec: 60, groups: ['5', 'g'] },
      { partition: 4, perSec: 10, groups: ['abc'] },
    ]);
  });

  test('busiest partitions first, equals by number, with no group where none with members commits', () => {
    expect(commitRates([load('__consumer_offsets', [5, 0, 9, 5])], [])).toEqual({
      perSec: 19,
      share: 1,
      perGroupPerSec: null,
      partitions: [
        { partition: 2, perSec: 9, groups: [] },
        { partition: 0, perSec: 5, groups: [] },
        { partition: 3, perSec: 5, groups: [] },
      ],
    });
  });

  test('equals stand by number also where the metadata has its partitions in another order', () => {
    const offsets = load('__consumer_offsets', [5, 5, 5, 9]);
    const [first, second, third, busiest] = offsets.partitions;
    const shuffled = { ...offsets, partitions: [third!, first!, busiest!, second!] };
    expect(commitRates([shuffled], [])?.partitions.map(({ partition }) => partition)).toEqual([3, 0, 1, 2]);
  });

  test('nothing is written at all: no share, rather than none of nothing', () => {
    expect(commitRates([load('__consumer_offsets', [0]), load('t', [0])], groups('g'))).toMatchObject({
      perSec: 0,
      share: 0,
      perGroupPerSec: 0,
    });
  });

  test('a group that could not be described counts as little as an empty one; a topic without partitions tells nothing', () => {
    const hidden = groups('abc').map((group) => ({ ...group, members: null }));
    expect(commitRates([load('__consumer_offsets', [5])], hidden)?.perGroupPerSec).toBeNull();
    expect(commitRates([load('__consumer_offsets', [])], groups('g'))).toBeNull();
  });

  test('an unknown rate among known ones leaves the share unknown, in any order', () => {
    const all = [load('a', [null]), load('__consumer_offsets', [5]), load('t', [1])];
    expect(commitRates(all, [])?.share).toBeNull();
  });

  test('a topic of unknown rate leaves the share unknown; the offsets topic itself leaves everything', () => {
    expect(commitRates([load('__consumer_offsets', [5]), load('t', [null])], groups('g'))?.share).toBeNull();
    expect(commitRates([load('__consumer_offsets', [null]), load('t', [1])], groups('g'))).toBeNull();
    expect(commitRates([load('t', [1])], groups('g'))).toBeNull();
  });
});
