import { describe, expect, test } from 'vitest';
import { groupStatuses } from '../../lib/analysis/consumer-status.ts';
import type { LagPolicy } from '../../lib/policy/lag-policy.ts';
import { aSnapshot, TAKEN_AT_MS } from '../builders/a-snapshot.ts';
import { LAG, moving, statuses } from './group-statuses.ts';

describe('one group', () => {
  test('whose commit the log no longer reaches is not well, although nothing waits', () => {
    const at = (committed: number) => ({ commits: { orders: Array.from({ length: 3 }, () => [committed, 11_200]) } });
    const [beyond] = statuses(moving().withGroup('billing', at(11_201)));
    expect(beyond).toMatchObject({ status: 'REWIND', lagTotal: 0, affectedPartitionShare: 0.5 });
    expect(beyond!.partitions.map(({ beyondEnd }) => beyondEnd)).toEqual([1, 0]);
    expect(statuses(moving().withGroup('billing', at(11_200)))[0]).toMatchObject({ status: 'OK' });
  });

  test('gives the rates, the position and the member of each partition', () => {
    const [group] = statuses(
      moving().withGroup('billing', {
        commits: {
          orders: [
            [9900, 1000],
            [10_500, 1000],
            [11_100, 1000],
          ],
        },
      }),
    );
    expect(group).toMatchObject({
      status: 'STALLED',
      members: 1,
      lagTotal: 100 + 10_200,
      produceRatePerSec: 20,
      affectedPartitionShare: 0.5,
      affectedTrafficShare: 0.5,
      topics: [{ topic: 'orders', status: 'STALLED', lag: 10_300, partitions: 2, produceRatePerSec: 20 }],
    });
    expect(group!.partitions).toEqual([
      {
        topic: 'orders',
        partition: 0,
        status: 'OK',
        beyondEnd: 0,
        lag: 100,
        lagSlopePerSec: 0,
        produceRatePerSec: 10,
        consumeRatePerSec: 10,
        committed: 11_100,
        start: 0,
        end: 11_200,
        assignedTo: 'billing-member-0',
        lastProgressMs: TAKEN_AT_MS + 120_000,
      },
      {
        topic: 'orders',
        partition: 1,
        status: 'STALLED',
        beyondEnd: 0,
        lag: 10_200,
        lagSlopePerSec: 10,
        produceRatePerSec: 10,
        consumeRatePerSec: 0,
        committed: 1000,
        start: 0,
        end: 11_200,
        assignedTo: 'billing-member-0',
        lastProgressMs: null,
      },
    ]);
  });

  test('the allowance follows the produce rate: 60 s of 10 messages a second', () => {
    const at = (lag: number) => {
      const committed = 11_200 - lag;
      return statuses(moving().withGroup('g', { commits: { orders: [committed, 11_200] } }))[0]!.partitions[0]!.status;
    };
    expect(at(600)).toBe('OK');
    // The commits stand still while the end moves: at the first look such a group was within its allowance.
    expect(at(1801)).toBe('STALLED');
  });

  test('a group without members has stopped', () => {
    const group = moving().withGroup('g', { commits: { orders: [0, 0] }, members: 0, state: 'Empty' });
    expect(statuses(group)[0]).toMatchObject({ status: 'STOPPED', members: 0 });
  });

  test('a share group is not called stopped: its members hold no partitions', () => {
    const group = moving().withGroup('g', { commits: { orders: [0, 0] }, members: 0, state: 'Empty', type: 'share' });
    expect(statuses(group)[0]!.status).toBe('INSUFFICIENT');
  });

  test('a Streams group is judged by its active tasks', () => {
    const commits = { orders: [0, 0] };
    const live = moving().withGroup('g', { commits, members: 1, type: 'streams' });
    const empty = moving().withGroup('g', { commits, members: 0, state: 'Empty', type: 'streams' });
    expect([live, empty].map((group) => statuses(group)[0]!.status)).toEqual(['STALLED', 'STOPPED']);
  });

  test('members that could not be described are unknown, not gone', () => {
    const snapshot = moving().withGroup('g', { commits: { orders: [0, 0] } });
    const { kafkaGroups } = snapshot.build().sections;
    if (!kafkaGroups?.ok) throw new Error('the builder has groups');
    const undescribed = kafkaGroups.value.map((group) => ({
      ...group,
      members: null,
      error: 'GROUP_AUTHORIZATION_FAILED',
    }));
    expect(statuses(snapshot.withSection('kafkaGroups', undescribed))[0]).toMatchObject({
      status: 'INSUFFICIENT',
      members: null,
    });
  });

  test('a partition that was never committed is left out; one that could not be read is not', () => {
    const snapshot = moving();
    snapshot.withGroup('g', { commits: { orders: [11_200, 11_200] } });
    const { kafkaOffsets, kafkaSamples } = snapshot.build().sections;
    if (!kafkaOffsets?.ok || !kafkaSamples?.ok) throw new Error('the builder has offsets and samples');
    const [first, second] = kafkaOffsets.value.committed;
    const withError = (error: string | null) =>
      statuses(
        snapshot
          .withSection('kafkaOffsets', {
            ...kafkaOffsets.value,
            committed: [first!, { ...second!, offset: null, error }],
          })
          .withSection(
            'kafkaSamples',
            kafkaSamples.value.map((sample) => ({ ...sample, committed: [sample.committed[0]!, null] })),
          ),
      )[0]!;
    expect(withError(null)).toMatchObject({ status: 'OK', partitions: [{ partition: 0 }] });
    expect(withError('UNSTABLE_OFFSET_COMMIT')).toMatchObject({
      status: 'INSUFFICIENT',
      partitions: [{ status: 'OK' }, { status: 'INSUFFICIENT', lag: null, committed: null }],
    });
  });

  test('a group that commits to a topic that no longer exists has no lag there', () => {
    const group = moving().withGroup('g', { commits: { gone: [5] } });
    expect(statuses(group)[0]).toMatchObject({ status: 'INSUFFICIENT', lagTotal: null });
  });

  test('a commit for a deleted topic takes nothing from the verdict on the others', () => {
    const group = moving().withGroup('g', { commits: { orders: [11_200, 11_200], gone: [5] } });
    expect(statuses(group)[0]).toMatchObject({ status: 'OK', topics: [{ topic: 'orders' }] });
  });

  test('without samples one look is left: a backlog is not judged, a loss is', () => {
    const lagging = moving()
      .withGroup('g', { commits: { orders: [0, 0] } })
      .without('kafkaSamples');
    expect(statuses(lagging)[0]).toMatchObject({ status: 'INSUFFICIENT', lagTotal: 20_000 });
    const lost = aSnapshot()
      .withTopic('t', { partitions: 1, start: 50, end: 60 })
      .withGroup('g', { commits: { t: [49] } });
    expect(statuses(lost.without('kafkaSamples'))[0]!.status).toBe('DATA_LOSS');
  });

  test('topics named like object properties are topics', () => {
    const group = aSnapshot()
      .withTopic('constructor', { partitions: 1, end: 100 })
      .withGroup('g', { commits: { constructor: [100] } });
    expect(statuses(group)[0]).toMatchObject({ status: 'OK', lagTotal: 0 });
  });
});

describe('the shared answer', () => {
  test('other groups, samples or another time are another question, too', () => {
    const { kafkaGroups, kafkaOffsets, kafkaSamples } = moving()
      .withGroup('g', { commits: { orders: [0, 0] } })
      .build().sections;
    if (!kafkaGroups?.ok || !kafkaOffsets?.ok || !kafkaSamples?.ok) throw new Error('the builder has all three');
    const question = {
      groups: kafkaGroups.value,
      offsets: kafkaOffsets.value,
      samples: kafkaSamples.value as typeof kafkaSamples.value | null,
      lag: LAG,
      takenAtMs: TAKEN_AT_MS,
    };
    expect(groupStatuses(question)).toHaveLength(1);
    expect(groupStatuses({ ...question, groups: [] })).toEqual([]);
    expect(groupStatuses(question)[0]!.status).toBe('STALLED');
    expect(groupStatuses({ ...question, samples: null })[0]!.status).toBe('INSUFFICIENT');
    const later = { ...question, samples: null, takenAtMs: TAKEN_AT_MS + 1 };
    expect(groupStatuses(later)).not.toBe(groupStatuses({ ...later, takenAtMs: TAKEN_AT_MS }));
  });

  test('another policy for the same snapshot is another question', () => {
    const { kafkaGroups, kafkaOffsets, kafkaSamples } = moving()
      .withGroup('g', {
        commits: {
          orders: [
            [9900, 9900],
            [10_400, 10_400],
            [10_800, 10_800],
          ],
        },
      })
      .build().sections;
    if (!kafkaGroups?.ok || !kafkaOffsets?.ok || !kafkaSamples?.ok) throw new Error('the builder has all three');
    const ask = (lag: LagPolicy) =>
      groupStatuses({
        groups: kafkaGroups.value,
        offsets: kafkaOffsets.value,
        samples: kafkaSamples.value,
        lag,
        takenAtMs: TAKEN_AT_MS,
      });
    expect(ask(LAG)).toBe(ask({ ...LAG }));
    expect(ask(LAG)[0]!.status).toBe('OK');
    expect(ask({ ...LAG, allowedSeconds: 0, allowedMessages: 0 })[0]!.status).toBe('FALLING_BEHIND');
  });
});
