import { describe, expect, test } from 'vitest';
import { aSnapshot } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

interface Shape {
  /** Waiting on each partition at all looks. */
  lag?: number;
  /** Messages a minute into each partition. */
  produced?: readonly number[];
}

/** A group whose members hold so many partitions each. */
function held(counts: readonly number[], { lag = 0, produced }: Shape = {}) {
  const partitions = counts.reduce((a, b) => a + b, 0);
  const perMinute = produced ?? Array.from({ length: partitions }, () => 60);
  const ends = [0, 1, 2].map((look) => perMinute.map((each) => 100_000 + look * each));
  const source = aSnapshot()
    .withTopic('t', { partitions, end: 100_000 })
    .withGroup('g', { commits: { t: ends.map((row) => row.map((end) => end - lag)) }, members: counts.length });
  const samples = source.build().sections.kafkaSamples;
  if (samples?.ok)
    samples.value.forEach((sample, look) => {
      sample.end.t = ends[look]!.map(String);
    });
  let next = 0;
  return source.withSection('kafkaSamples', samples?.ok ? samples.value : []).withGroupFields('g', ({ members }) => ({
    members: members!.map((member, i) => ({
      ...member,
      assignment: counts[i] === 0 ? [] : [{ topic: 't', partitions: Array.from({ length: counts[i]! }, () => next++) }],
    })),
  }));
}
const late = { lag: 5000 };

describe('assignment-uneven', () => {
  describeVerdicts('assignment-uneven', [
    ['passes: even', held([3, 3]), 'pass'],
    ['passes: six on two and one, 3 of 4, is 75 %', held([2, 2, 1, 1]), 'pass'],
    ['warns: 5 partitions as 3, 1 and 1', held([3, 1, 1]), 'warn', 'low g'],
    ['passes with a note: as even as three members can hold four, and in time', held([2, 1, 1]), 'pass', 'info g'],
    ['warns: the same while it lags', held([2, 1, 1], late), 'warn', 'low g'],
    ['passes: members beyond the partitions are another finding', held([1, 1, 0, 0]), 'pass'],
    ['warns: range leaves members idle that could help', held([2, 2, 0, 0], late), 'warn', 'low g'],
    [
      'warns: lags, and the busiest has 1.52 times the mean',
      held([1, 1], { ...late, produced: [76, 24] }),
      'warn',
      'low g',
    ],
    ['passes: lags, and the busiest has 1.5 times the mean', held([1, 1], { ...late, produced: [75, 25] }), 'pass'],
    ['passes: lopsided and in time', held([1, 1], { produced: [99, 1] }), 'pass'],
    ['passes: Kafka Streams assigns tasks', held([3, 1, 1]).withGroupFields('g', { assignor: 'stream' }), 'pass'],
    ['no-data: in a rebalance', held([3, 1, 1]).withGroupFields('g', { state: 'PreparingRebalance' }), 'no-data'],
    ['no-data: even, but nobody knows the traffic', held([1, 1], late).without('kafkaOffsets', 'timed-out'), 'no-data'],
    [
      'warns without offsets too: the counts are enough',
      held([3, 1, 1]).without('kafkaOffsets', 'timed-out'),
      'warn',
      'low g',
    ],
    ['no-data: one look only, and it lags', held([1, 1], late).without('kafkaSamples'), 'no-data'],
    ['warns on Serverless', held([3, 1, 1]).withKind('serverless'), 'warn', 'low g'],
    ['warns on Kafka without AWS', held([3, 1, 1]).withKind('kafka'), 'warn', 'low g'],
    ['not applicable: no groups', aSnapshot(), 'not-applicable'],
  ]);
  describeSeverities('assignment-uneven', () => held([3, 1, 1]), {
    production: 'low',
    staging: 'low',
    development: 'info',
  });

  test('names the assignor where it could do better, else a better number of members', () => {
    const action = (counts: readonly number[]) =>
      runCheck('assignment-uneven', held(counts, late)).recommendation!.action;
    expect(action([3, 1, 1])).toContain('CooperativeStickyAssignor');
    expect(action([2, 1, 1])).toContain('divides its 4 partitions, 4 for example');
  });

  test('says which of the two it is', () => {
    expect(runCheck('assignment-uneven', held([3, 1, 1])).summary).toContain('g uses 55.6% of its members');
    const lopsided = runCheck('assignment-uneven', held([1, 1], { ...late, produced: [76, 24] }));
    expect(lopsided.summary).toBe('The busiest member of g has 1.52 times the mean to read (limit 1.5).');
  });

  test('members with what is produced for them', () => {
    const { rows } = runCheck('assignment-uneven', held([3, 1, 1])).evidence[0]!;
    expect(rows.map(({ partitions, perSec }) => [partitions, perSec])).toEqual([
      [3, 3],
      [1, 1],
      [1, 1],
    ]);
  });
});
