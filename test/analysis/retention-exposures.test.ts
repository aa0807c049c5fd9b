import { expect, test } from 'vitest';
import { logEnds } from '../../lib/analysis/produce-rates.ts';
import { retentionExposures } from '../../lib/analysis/retention-exposures.ts';
import { aSnapshot, type SnapshotBuilder, TAKEN_AT_MS } from '../builders/a-snapshot.ts';
import { statuses } from './group-statuses.ts';
import { sectionOf } from './sections.ts';

const HOUR_SEC = 3600;

function inputOf(builder: SnapshotBuilder, withConfigs = true) {
  const offsets = sectionOf(builder, 'kafkaOffsets');
  return {
    offsets,
    ends: logEnds(offsets, sectionOf(builder, 'kafkaSamples'), TAKEN_AT_MS),
    configs: withConfigs ? sectionOf(builder, 'kafkaTopicConfigs') : null,
  };
}

const exposed = (builder: SnapshotBuilder, withConfigs = true) =>
  retentionExposures(statuses(builder), inputOf(builder, withConfigs));

/** A trimmed log of one topic into which ten messages a second come. */
const trimmed = (commits: number[][], configs: Record<string, string> = {}) =>
  aSnapshot()
    .withTopic('t', { partitions: 1, configs })
    .withOffsets('t', [[5000, 10_000]], 600)
    .withGroup('g', { commits: { t: commits } });

/** From this log nothing was deleted yet; the next record of its group is between so many hours old. */
const whole = (
  commits: number[][],
  hours: readonly [number | null, number | null],
  configs: Record<string, string> = {},
) =>
  aSnapshot()
    .withTopic('t', { partitions: 1, configs: { 'retention.ms': String(100 * HOUR_SEC * 1000), ...configs } })
    .withOffsets('t', [[0, 10_000]], 600)
    .withGroup('g', { commits: { t: commits } })
    .withTimeLags([[hours[0] === null ? null : hours[0] * HOUR_SEC, hours[1] === null ? null : hours[1] * HOUR_SEC]]);

test('left out are topics without retention and groups that are well', () => {
  const builder = aSnapshot()
    .withTopic('compacted', { partitions: 1, start: 10, end: 1000, configs: { 'cleanup.policy': 'compact' } })
    .withTopic('rolling', { partitions: 1, start: 500, end: 1500 })
    .withGroup('g', { commits: { compacted: [10], rolling: [600] } });
  expect(exposed(builder)).toEqual({
    known: [
      {
        groupId: 'g',
        topic: 'rolling',
        partition: 0,
        lag: 900,
        retentionConsumed: 0.9,
        marginOffsets: 100,
        secondsToLoss: null,
        byAge: null,
      },
    ],
    unknown: [],
  });
});

test('by hand: 2,000 before the log start, which moves by ten a second and the group by five', () => {
  expect(exposed(trimmed([[6400], [6700], [7000]])).known).toMatchObject([
    { groupId: 'g', topic: 't', partition: 0, lag: 4200, marginOffsets: 2000, secondsToLoss: 400, byAge: null },
  ]);
});

test('a group that was just reset has no speed yet; one that is well loses nothing', () => {
  expect(exposed(trimmed([[9000], [7500], [7000]])).known).toMatchObject([
    { marginOffsets: 2000, secondsToLoss: null },
  ]);
  expect(exposed(trimmed([[9900], [10_500], [11_100]]))).toEqual({ known: [], unknown: [] });
});

test('settings that were not read leave a topic exposed; another answer for other settings', () => {
  const builder = trimmed([[6400], [6700], [7000]], { 'cleanup.policy': 'compact' });
  const groups = statuses(builder);
  expect(retentionExposures(groups, inputOf(builder, false)).known).toHaveLength(1);
  expect(retentionExposures(groups, inputOf(builder)).known).toEqual([]);
  expect(retentionExposures(groups, inputOf(builder, false)).known).toHaveLength(1);
});

test('without the log start, its end or a commit nobody knows', () => {
  const builder = trimmed([[6400], [6700], [7000]]);
  const [group] = statuses(builder);
  const only = (fields: object) =>
    retentionExposures(
      [{ ...group!, partitions: group!.partitions.map((row) => ({ ...row, ...fields })) }],
      inputOf(builder),
    ).known;
  expect([only({ start: null }), only({ end: null }), only({ committed: null })]).toEqual([[], [], []]);
  expect(only({})).toHaveLength(1);
});

test('by hand, nothing deleted yet: 40 of 100 hours; at half the speed of the producers the other 60 last 120', () => {
  expect(exposed(whole([[4000], [4300], [4600]], [40, 40]))).toMatchObject({
    known: [
      {
        retentionConsumed: 0.4,
        secondsToLoss: 120 * HOUR_SEC,
        byAge: { ageSec: 40 * HOUR_SEC, retentionSec: 100 * HOUR_SEC },
      },
    ],
    unknown: [],
  });
});

test.each<[string, number[][], number | null]>([
  ['who stands still has the rest of the retention', [[4000], [4000], [4000]], 60],
  ['who is as fast as the producers never loses', [[4000], [4600], [5200]], null],
  ['who was just reset has no speed yet', [[4600], [4000], [4100]], null],
])('nothing deleted yet: %s', (_, commits, hours) => {
  expect(exposed(whole(commits, [40, 40])).known[0]?.secondsToLoss).toBe(hours === null ? null : hours * HOUR_SEC);
});

test('nothing deleted yet: who stands still in a topic into which nothing comes has the rest of the retention, too', () => {
  const still = whole([[4000], [4000], [4000]], [40, 40]).withOffsets('t', [[0, 10_000]]);
  expect(exposed(still).known[0]?.secondsToLoss).toBe(60 * HOUR_SEC);
});

test('nothing deleted yet, and one look: an age that was looked up counts, and one that no way tells is unknown', () => {
  const once = (ageSec: number | null) =>
    exposed(
      aSnapshot()
        .withSampleTimes([0])
        .withTopic('t', { partitions: 1, configs: { 'retention.ms': String(100 * HOUR_SEC * 1000) } })
        .withOffsets('t', [[0, 10_000]])
        .withGroup('g', { commits: { t: [4000] } })
        .withTimeLags([[ageSec, ageSec]]),
    );
  expect(once(40 * HOUR_SEC)).toMatchObject({ known: [{ retentionConsumed: 0.4, secondsToLoss: null }], unknown: [] });
  expect(once(null)).toMatchObject({ known: [], unknown: [{ groupId: 'g', lag: 6000 }] });
});

test('nothing deleted yet: whose commit was seen only once has no speed yet', () => {
  const builder = whole([[4000], [4300], [4600]], [40, 40]);
  const [group] = statuses(builder);
  const partitions = group!.partitions.map((row) => ({ ...row, consumeRatePerSec: null }));
  const { known } = retentionExposures([{ ...group!, partitions }], inputOf(builder));
  expect(known).toMatchObject([{ retentionConsumed: 0.4, secondsToLoss: null }]);
});

test('nothing deleted yet where nothing is kept: all of it is due; limited by bytes alone nothing is due', () => {
  const kept = (ms: string) => exposed(whole([[4000], [4000], [4000]], [0.001, 0.001], { 'retention.ms': ms }));
  expect(kept('0').known[0]).toMatchObject({ retentionConsumed: 1, secondsToLoss: 0 });
  expect(
    exposed(whole([[4000], [4000], [4000]], [40, 40], { 'retention.ms': '-1', 'retention.bytes': '1000' })),
  ).toEqual({ known: [], unknown: [] });
});

test('nothing deleted yet: past its retention it may go at any time', () => {
  expect(exposed(whole([[4000], [4000], [4000]], [110, 110])).known[0]).toMatchObject({
    retentionConsumed: 1.1,
    secondsToLoss: 0,
  });
});

test('nothing deleted yet: an age at the least counts, and is not all there is to know', () => {
  const { known, unknown } = exposed(whole([[4000], [4000], [4000]], [40, 90]));
  expect(known).toMatchObject([{ retentionConsumed: 0.4 }]);
  expect(unknown).toEqual([{ groupId: 'g', topic: 't', partition: 0, lag: 7200 }]);
});

test.each<[string, SnapshotBuilder, boolean]>([
  ['of a record that was not looked up', whole([[4000], [4000], [4000]], [null, null]), true],
  ['by a retention that was not read', whole([[4000], [4000], [4000]], [40, 40]), false],
])('nothing deleted yet: unknown is the exposure %s', (_, builder, withConfigs) => {
  expect(exposed(builder, withConfigs)).toMatchObject({ known: [], unknown: [{ groupId: 'g', lag: 7200 }] });
});

test('nothing deleted yet: a log that only its size limits is left out', () => {
  const bySize = { 'retention.ms': '-1', 'retention.bytes': '1000000' };
  expect(exposed(whole([[4000], [4000], [4000]], [40, 40], bySize))).toEqual({ known: [], unknown: [] });
});
