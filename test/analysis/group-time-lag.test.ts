import { describe, expect, test } from 'vitest';
import { groupTimeLags } from '../../lib/analysis/group-time-lag.ts';
import { logEnds } from '../../lib/analysis/produce-rates.ts';
import { aSnapshot, type SnapshotBuilder, TAKEN_AT_MS } from '../builders/a-snapshot.ts';
import { statuses } from './group-statuses.ts';
import { sectionOf } from './sections.ts';

/** Log ends at 10,000, 10,600 and 11,200, a minute apart: 10 messages a second. Commits by partition, at all looks. */
function group(commits: readonly number[], configs: Record<string, string> = {}, endPerSample = 600): SnapshotBuilder {
  return aSnapshot()
    .withTopic('t', { partitions: commits.length, configs })
    .withOffsets(
      't',
      commits.map(() => [0, 10_000] as const),
      endPerSample,
    )
    .withGroup('g', { commits: { t: commits } });
}

function lagOf(builder: SnapshotBuilder, withConfigs = true) {
  const offsets = sectionOf(builder, 'kafkaOffsets');
  const ends = logEnds(offsets, sectionOf(builder, 'kafkaSamples'), TAKEN_AT_MS);
  const configs = withConfigs ? sectionOf(builder, 'kafkaTopicConfigs') : null;
  return groupTimeLags(statuses(builder), { offsets, ends, configs })[0] ?? null;
}

type Bounds = readonly [number | null, number | null];
const lookedUp = (commits: readonly number[], bounds: readonly Bounds[], untrusted?: number[]) =>
  lagOf(group(commits).withTimeLags(bounds, untrusted));

describe('looked up by time', () => {
  test('the partition that is furthest behind', () => {
    expect(
      lookedUp(
        [9000, 9000, 9000],
        [
          [40, 40],
          [100, 100],
          [0, 0],
        ],
      ),
    ).toEqual({
      groupId: 'g',
      lagSec: 100,
      source: 'looked-up',
      otherwise: null,
    });
  });

  test.each<[string, Bounds, number, string]>([
    ['ten seconds apart', [90, 100], 95, 'looked-up'],
    ['more than ten', [90, 100.1], 90, 'at-least'],
    ['a tenth apart', [1000, 1100], 1050, 'looked-up'],
    ['more than a tenth', [1000, 1100.1], 1000, 'at-least'],
    ['without an upper bound', [90, null], 90, 'at-least'],
  ])('bounds %s', (_, bounds, lagSec, source) => {
    expect(lookedUp([9000], [bounds])).toMatchObject({ lagSec, source });
  });

  test('what another partition may be behind leaves it at a lower bound', () => {
    expect(
      lookedUp(
        [9000, 9000],
        [
          [100, 100],
          [0, 111],
        ],
      ),
    ).toMatchObject({ lagSec: 100, source: 'at-least' });
    expect(
      lookedUp(
        [9000, 9000],
        [
          [100, 100],
          [0, 110],
        ],
      ),
    ).toMatchObject({ lagSec: 105, source: 'looked-up' });
  });

  test('the last two offsets may be the markers of a transaction, whose age is nobody’s lag', () => {
    expect(lookedUp([9998], [[500, 500]])).toMatchObject({ lagSec: 0, source: 'at-least' });
    expect(lookedUp([9997], [[500, 500]])).toMatchObject({ lagSec: 500, source: 'looked-up' });
  });
});

describe('by the looks at the log end', () => {
  test('where nothing was looked up: offset 10,900 was produced at 90 s of 120', () => {
    expect(lagOf(group([10_900]))).toEqual({ groupId: 'g', lagSec: 30, source: 'interpolated', otherwise: null });
  });

  test('where timestamps tell nothing, or no lower bound is known', () => {
    expect(lookedUp([10_900], [[5000, 5000]], [0])).toMatchObject({ lagSec: 30, source: 'interpolated' });
    expect(lookedUp([10_900], [[null, 5000]])).toMatchObject({ lagSec: 30, source: 'interpolated' });
    const both: Bounds[] = [
      [5000, 5000],
      [40, 40],
    ];
    expect(lookedUp([10_900, 9000], both, [0])).toMatchObject({ source: 'looked-up', lagSec: 40 });
  });

  test('before all looks by the mean rate: 6,200 messages at 10 a second', () => {
    expect(lagOf(group([5000]))).toMatchObject({ lagSec: 620, source: 'extrapolated' });
  });

  test('a guess in one partition makes the whole a guess', () => {
    expect(
      lagOf(
        group([5000, 5000]).withTimeLags([
          [620, 620],
          [null, null],
        ]),
      ),
    ).toMatchObject({ source: 'extrapolated' });
  });

  test('no record is older than what its topic keeps', () => {
    expect(lagOf(group([5000], { 'retention.ms': '300000' }))!.lagSec).toBe(300);
    expect(lagOf(group([5000], { 'retention.ms': '-1' }))!.lagSec).toBe(620);
    expect(lagOf(group([5000], { 'retention.ms': '300000', 'cleanup.policy': 'compact' }))!.lagSec).toBe(620);
    expect(lagOf(group([5000], { 'retention.ms': '300000' }), false)!.lagSec).toBe(620);
    // What lies between the looks needs no such limit.
    expect(lagOf(group([10_900], { 'retention.ms': '1000' }))!.lagSec).toBe(30);
  });

  test('unknown as soon as one partition is: nothing was produced, or nothing is committed', () => {
    expect(lagOf(group([5000], {}, 0))).toBeNull();
    expect(lagOf(group([10_000], {}, 0))).toMatchObject({ lagSec: 0 });
    const both = group([5000, 5000], {}, 0).withTimeLags([
      [100, 100],
      [null, null],
    ]);
    expect(lagOf(both)).toBeNull();
    const gone = aSnapshot().withGroup('g', { commits: { gone: [5] } });
    expect(lagOf(gone)).toBeNull();
  });
});

describe('the other way to the same number', () => {
  /** At the first look 1,000 messages wait, produced in 100 s by the rate. */
  const other = (sec: number, commit = 9000) => lookedUp([commit], [[sec, sec]])!.otherwise?.lagSec ?? null;

  test('is shown when it is more than half a minute away', () => {
    expect([other(70), other(69.9)]).toEqual([null, 100]);
    expect([other(130), other(130.1)]).toEqual([null, 100]);
  });

  test('and more than a fifth', () => {
    expect([other(1250, 0), other(1251, 0)]).toEqual([null, 1000]);
  });

  test('is measured from the nearer bound', () => {
    expect(lookedUp([9000], [[60, 70]])!.otherwise).toBeNull();
    expect(lookedUp([9000], [[60, 69.9]])!.otherwise).toMatchObject({ lagSec: 100 });
  });
});
