import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { crossZoneReads } from '../../lib/analysis/cross-zone-reads.ts';
import type { TopicLoad } from '../../lib/analysis/topic-load.ts';
import type { SectionValue } from '../../lib/snapshot/schema.ts';

const ZONES = ['az1', 'az2', 'az3'];
const zones = new Map(ZONES.map((zone, i) => [String(i + 1), zone]));

/** Partition p is led by broker p % 3 + 1, with so many copies on the brokers after it. */
function topic(partitions: number, copies = 3): SectionValue<'kafkaTopics'> {
  return [
    {
      name: 't',
      internal: false,
      error: null,
      partitions: Array.from({ length: partitions }, (_, partition) => {
        const replicas = Array.from({ length: copies }, (_, r) => ((partition + r) % 3) + 1);
        return { partition, leader: replicas[0]!, replicas, isr: replicas, offlineReplicas: [], error: null };
      }),
    },
  ];
}

function loads(rates: readonly (number | null)[]): TopicLoad[] {
  const rows = rates.map((bytesPerSec, partition) => ({
    partition,
    leader: 1,
    messagesPerSec: bytesPerSec,
    bytesPerSec,
    sizeBytes: null,
  }));
  const total = rates.reduce<number>((sum, rate) => sum + (rate ?? 0), 0);
  return [
    {
      topic: 't',
      internal: false,
      partitions: rows,
      messagesPerSec: total,
      bytesPerSec: total,
      bytesPerRecord: 1,
      localBytes: null,
    },
  ];
}

/** One member a partition. */
function group(racks: readonly (string | null)[]): SectionValue<'kafkaGroups'> {
  return [
    {
      groupId: 'g',
      type: 'classic',
      state: 'Stable',
      protocolType: 'consumer',
      coordinatorId: 1,
      assignor: 'range',
      error: null,
      members: racks.map((rack, i) => ({
        memberId: `m${i}`,
        clientId: 'c',
        host: '/10.0.0.1',
        instanceId: null,
        rack,
        assignment: [{ topic: 't', partitions: [i] }],
      })),
    },
  ];
}

const read = (
  racks: readonly (string | null)[],
  isRackAware: boolean,
  rates: readonly (number | null)[] = racks.map(() => 1),
  copies = 3,
) =>
  crossZoneReads({
    groups: group(racks),
    topics: topic(racks.length, copies),
    loads: loads(rates),
    zones,
    azs: 3,
    isRackAware,
  });

describe('reads across zones', () => {
  test.each([
    ['each member beside its leader', ['az1', 'az2', 'az3'], false, 0],
    ['each in another zone', ['az2', 'az3', 'az1'], false, 1],
    ['each in another zone, where followers may be read', ['az2', 'az3', 'az1'], true, 0],
    ['no zones told', [null, null, null], true, 2 / 3],
    ['names that no broker has', ['us-east-1a', null, 'az3'], false, 4 / 9],
  ] as const)('%s', (_, racks, isRackAware, expected) => {
    expect(read(racks, isRackAware).crossing).toBeCloseTo(expected, 12);
  });

  test('a follower is of use only in sync and in the zone', () => {
    // Two copies: partition 0 on brokers 1 and 2, none in az3.
    expect(read(['az3', 'az3', 'az3'], true, [1, 1, 1], 2).crossing).toBeCloseTo(1 / 3, 12);
  });

  test('partitions weigh what they carry, all alike where nothing is known', () => {
    expect(read(['az1', 'az1', 'az3'], false, [1, 8, 1]).crossing).toBeCloseTo(0.8, 12);
    expect(read(['az1', 'az1', 'az3'], false, [0, 0, 0]).crossing).toBeCloseTo(1 / 3, 12);
  });

  test('members without partitions do not count, groups nobody could describe are named', () => {
    const [own] = group(['az1']);
    const idle = { ...own!.members![0]!, rack: null, assignment: [] };
    const hidden = { ...own!, groupId: 'h', members: null };
    const found = crossZoneReads({
      groups: [{ ...own!, members: [...own!.members!, idle] }, hidden],
      topics: topic(1),
      loads: loads([1]),
      zones,
      azs: 3,
      isRackAware: false,
    });
    expect(found).toMatchObject({ members: 1, withoutZone: 0, unseen: ['h'], crossing: 0 });
  });

  /** Partitions of `t`, each read by a member of its own group unless told otherwise; those of unknown bytes go by their messages. */
  function weighed(
    rows: readonly { rack: string | null; bytes: number | null; messages: number | null; group?: string }[],
  ) {
    const topics = rows.map(({ bytes, messages }, i) => ({
      ...loads([bytes])[0]!,
      topic: `t${i}`,
      bytesPerSec: bytes,
      messagesPerSec: messages,
      partitions: [{ partition: 0, leader: 1, messagesPerSec: messages, bytesPerSec: bytes, sizeBytes: null }],
    }));
    const [own] = group(['az1']);
    const byGroup = Map.groupBy(rows.entries(), ([i, row]) => row.group ?? `g${i}`);
    return crossZoneReads({
      groups: [...byGroup].map(([groupId, its]) => ({
        ...own!,
        groupId,
        members: its.map(([i, { rack }]) => ({
          ...own!.members![0]!,
          rack,
          assignment: [{ topic: `t${i}`, partitions: [0] }],
        })),
      })),
      // Led by broker 1, in az1.
      topics: rows.map((_, i) => ({ ...topic(1)[0]!, name: `t${i}` })),
      loads: topics,
      zones,
      azs: 3,
      isRackAware: false,
    });
  }

  test('each group with its share of all reads and what of its own crosses, the largest crossing part first', () => {
    const found = weighed([
      { rack: 'az1', bytes: 60, messages: 6, group: 'home' },
      { rack: 'az2', bytes: 10, messages: 1, group: 'away' },
      { rack: 'az1', bytes: 10, messages: 1, group: 'away' },
      { rack: 'az3', bytes: 20, messages: 2, group: 'far' },
    ]);
    expect(found.groups).toEqual([
      { groupId: 'far', members: 1, withoutZone: 0, share: 0.2, crossing: 1 },
      { groupId: 'away', members: 2, withoutZone: 0, share: 0.2, crossing: 0.5 },
      { groupId: 'home', members: 1, withoutZone: 0, share: 0.6, crossing: 0 },
    ]);
    expect(found).toMatchObject({ members: 4, crossing: 0.3, foreignRacks: [], unseen: [] });
  });

  test('bytes that are not known are those of as many messages elsewhere', () => {
    // 10 bytes a message on average: 4 messages are 40 bytes.
    const found = weighed([
      { rack: 'az1', bytes: 50, messages: 1 },
      { rack: 'az1', bytes: 10, messages: 5 },
      { rack: 'az2', bytes: null, messages: 4 },
      // Without messages, or of unknown ones, bytes say nothing of a message.
      { rack: 'az1', bytes: 0, messages: 0 },
      { rack: 'az1', bytes: 1000, messages: null },
    ]);
    expect(found.crossing).toBeCloseTo(40 / 1100, 12);
    const unsized = weighed([
      { rack: 'az1', bytes: null, messages: 3 },
      { rack: 'az2', bytes: null, messages: 1 },
      { rack: 'az2', bytes: null, messages: null },
    ]);
    expect(unsized.crossing).toBe(0.25);
  });

  test('a group that reads nothing has no share, and one that nobody measured no weight', () => {
    const found = weighed([
      { rack: 'az2', bytes: 0, messages: 0, group: 'idle' },
      { rack: 'az1', bytes: 10, messages: 1, group: 'busy' },
    ]);
    expect(found.groups.find(({ groupId }) => groupId === 'idle')).toMatchObject({ share: 0, crossing: 0 });
    const idle = weighed([{ rack: 'az2', bytes: null, messages: null }]);
    expect(idle).toMatchObject({ crossing: 1, groups: [{ share: 1, crossing: 1 }] });
  });

  test('where nothing at all is read there are no shares', () => {
    const found = weighed([{ rack: 'az2', bytes: 0, messages: 1 }]);
    expect(found).toMatchObject({ crossing: null, groups: [{ share: 0, crossing: 0 }] });
  });

  test('members without a zone are counted, and racks that are no zone named', () => {
    const found = read(['us-east-1a', null, 'az3'], false);
    expect(found).toMatchObject({ members: 3, withoutZone: 2, foreignRacks: ['us-east-1a'] });
    expect(found.groups[0]).toMatchObject({ members: 3, withoutZone: 2 });
  });

  test('a partition that the metadata does not have may lie anywhere', () => {
    const found = crossZoneReads({
      groups: group(['az1', 'az2']),
      topics: topic(1),
      loads: loads([1, 1]),
      zones,
      azs: 3,
      isRackAware: false,
    });
    expect(found.crossing).toBeCloseTo(1 / 3, 12);
    const gone = crossZoneReads({ groups: group(['az1']), topics: [], loads: [], zones, azs: 2, isRackAware: true });
    expect(gone.crossing).toBe(0.5);
  });

  test('nothing read is no share', () => {
    expect(read([], true)).toMatchObject({ crossing: null, groups: [] });
  });

  test('a rack-aware selector never makes more cross, and shares stay within 0..1', () => {
    const rack = fc.constantFrom('az1', 'az2', 'az3', 'elsewhere', null);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(rack, fc.integer({ min: 0, max: 1000 })), { minLength: 1, maxLength: 12 }),
        (rows) => {
          const racks = rows.map(([zone]) => zone);
          const rates = rows.map(([, rate]) => rate);
          const [without, aware] = [read(racks, false, rates).crossing!, read(racks, true, rates).crossing!];
          expect(aware).toBeLessThanOrEqual(without + 1e-12);
          expect(aware).toBeGreaterThanOrEqual(0);
          expect(without).toBeLessThanOrEqual(1 + 1e-12);
        },
      ),
    );
  });
});
