import { describe, expect, test } from 'vitest';
import { aSnapshot, TAKEN_AT_MS } from '../builders/a-snapshot.ts';
import { moving, statuses } from './group-statuses.ts';

describe('what a look that was not answered leaves', () => {
  const lagging = () =>
    moving().withGroup('g', {
      commits: {
        orders: [
          [9900, 9900],
          [10_500, 10_500],
          [11_100, 11_100],
        ],
      },
    });
  /** Without the log end of partition 0 at these looks, or its commit at those. */
  const without = (ends: readonly number[], commits: readonly number[] = []) => {
    const builder = lagging();
    const { kafkaSamples } = builder.build().sections;
    if (!kafkaSamples?.ok) throw new Error('the builder has samples');
    const samples = kafkaSamples.value.map((sample, i) => ({
      ...sample,
      end: { orders: sample.end.orders!.map((end, p) => (p === 0 && ends.includes(i) ? null : end)) },
      committed: sample.committed.map((offset, p) => (p === 0 && commits.includes(i) ? null : offset)),
    }));
    return statuses(builder.withSection('kafkaSamples', samples))[0]!.partitions;
  };

  test('each commit is held against the log end of its own moment', () => {
    const [first, second] = without([0]);
    expect(first).toMatchObject({
      lag: 100,
      lagSlopePerSec: 0,
      produceRatePerSec: 10,
      consumeRatePerSec: 10,
      end: 11_200,
    });
    expect(second).toMatchObject({ lag: 100, lagSlopePerSec: 0 });
    expect(without([1])[0]).toMatchObject({ lag: 100, lagSlopePerSec: 0 });
    expect(without([2])[0]).toMatchObject({ lag: 100, end: 10_600, committed: 11_100 });
  });

  test('without a commit the position is not known, the log is', () => {
    expect(without([], [0, 1, 2])[0]).toMatchObject({
      status: 'INSUFFICIENT',
      lag: null,
      committed: null,
      consumeRatePerSec: null,
      start: 0,
      end: 11_200,
      beyondEnd: null,
      lastProgressMs: null,
    });
    expect(without([], [2])[0]).toMatchObject({ committed: 10_500, lastProgressMs: TAKEN_AT_MS + 60_000 });
  });

  test('a log that nobody read has no lag, and a group of such no sum', () => {
    const [first, second] = without([0, 1, 2]);
    expect(first).toMatchObject({ lag: null, end: null, beyondEnd: null, status: 'INSUFFICIENT' });
    expect(second!.lag).toBe(100);
    const builder = lagging();
    const offsets = builder.build().sections.kafkaOffsets;
    if (!offsets?.ok) throw new Error('the builder has offsets');
    const unread = {
      ...offsets.value,
      topics: { orders: offsets.value.topics.orders!.map((each) => ({ ...each, start: null, end: null })) },
    };
    const [group] = statuses(builder.withSection('kafkaOffsets', unread).without('kafkaSamples'));
    expect(group).toMatchObject({
      lagTotal: null,
      produceRatePerSec: null,
      affectedPartitionShare: 0,
      affectedTrafficShare: 0,
    });
  });

  test('no samples are as one look at the time of the snapshot', () => {
    const [group] = statuses(lagging().withSection('kafkaSamples', []));
    expect(group!.partitions[0]).toMatchObject({ committed: 9900, lag: 100, end: 10_000, produceRatePerSec: null });
  });
});

describe('what is allowed to wait', () => {
  /** So many messages wait at the last look, one a second less before. */
  const falling = (lag: number, perSec = 10) =>
    statuses(
      aSnapshot()
        .withTopic('t', { partitions: 1 })
        .withOffsets('t', [[0, 10_000]], perSec * 60)
        .withGroup('g', {
          commits: { t: [[10_000 - lag + 120], [10_000 + perSec * 60 - lag + 60], [10_000 + perSec * 120 - lag]] },
        }),
    )[0]!.status;

  test('as much as comes in a minute, and never less than a hundred messages', () => {
    // At the first look it was 120 less, and who was within it once is well.
    expect([falling(720), falling(721)]).toEqual(['OK', 'FALLING_BEHIND']);
    // Two a second are 120 in a minute; 1.5 are 90.
    expect([falling(240, 2), falling(241, 2)]).toEqual(['OK', 'FALLING_BEHIND']);
    expect([falling(220, 1.5), falling(221, 1.5)]).toEqual(['OK', 'FALLING_BEHIND']);
  });
});

describe('the whole group', () => {
  test('the share that is affected: neither what drains or is well, nor what cannot be judged', () => {
    const group = aSnapshot()
      .withTopic('t', { partitions: 4 })
      .withOffsets(
        't',
        [0, 1, 2, 3].map(() => [0, 10_000] as const),
        600,
      )
      .withGroup('g', {
        commits: {
          t: [
            [9950, 1000, 1000, 9950],
            [10_550, 1000, 3000, 10_550],
            [11_150, 1000, 5000, 11_150],
          ],
        },
      });
    const { kafkaSamples } = group.build().sections;
    if (!kafkaSamples?.ok) throw new Error('the builder has samples');
    const unread = kafkaSamples.value.map((sample) => ({
      ...sample,
      committed: [...sample.committed.slice(0, 3), null],
    }));
    const [found] = statuses(group.withSection('kafkaSamples', unread));
    expect(found!.partitions.map(({ status }) => status)).toEqual(['OK', 'STALLED', 'DRAINING', 'INSUFFICIENT']);
    expect(found!.affectedPartitionShare).toBeCloseTo(1 / 3, 12);
  });

  test('by traffic a busy partition counts for more, an idle one for a little', () => {
    const group = aSnapshot()
      .withTopic('busy', { partitions: 1 })
      .withOffsets('busy', [[0, 10_000]], 60 * 30)
      .withTopic('slow', { partitions: 1 })
      .withOffsets('slow', [[0, 10_000]], 60 * 9)
      .withTopic('idle', { partitions: 1, end: 10_000 })
      .withGroup('g', {
        commits: { busy: [[10_000], [11_800], [13_600]], slow: [5000], idle: [10_000] },
      });
    expect(statuses(group)[0]!.affectedTrafficShare).toBeCloseTo(10 / (31 + 10 + 1), 12);
  });

  test('a partition that no member holds has stopped, though the group has members', () => {
    const group = moving()
      .withGroup('g', { commits: { orders: [0, 0] } })
      .withGroupFields('g', ({ members }) => ({
        members: members!.map((member) => ({ ...member, assignment: [{ topic: 'orders', partitions: [0] }] })),
      }));
    expect(statuses(group)[0]!.partitions.map(({ status, assignedTo }) => [status, assignedTo])).toEqual([
      ['STALLED', 'g-member-0'],
      ['STOPPED', null],
    ]);
  });

  test('a group that never committed has no topics', () => {
    const builder = moving().withGroup('g', { commits: { orders: [0, 0] } });
    const offsets = builder.build().sections.kafkaOffsets;
    if (!offsets?.ok) throw new Error('the builder has offsets');
    const never = offsets.value.committed.map((each) => ({ ...each, offset: null }));
    const [group] = statuses(builder.withSection('kafkaOffsets', { ...offsets.value, committed: never }));
    expect(group).toMatchObject({ topics: [], partitions: [], status: 'INSUFFICIENT' });
    const [other] = statuses(builder.withSection('kafkaOffsets', { ...offsets.value, committed: [] }));
    expect(other).toMatchObject({ topics: [], status: 'INSUFFICIENT' });
  });
});
