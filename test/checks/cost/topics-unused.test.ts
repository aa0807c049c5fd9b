import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { aSnapshot, type SnapshotBuilder } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const DAY = 86_400_000;

/** A topic in use, and one that stands still with records in it. */
function still(
  configs: Record<string, string> = {},
  name = 'old',
  offsets: [start: number, end: number] = [0, 1000],
): SnapshotBuilder {
  return aSnapshot()
    .withTopic('live')
    .withRates('live', [10, 10, 10])
    .withTopic(name, { configs, start: offsets[0], end: offsets[1] });
}

/** Hours without a byte on each broker that leads it. */
function silent(builder: SnapshotBuilder, hours: number, topic = 'old', value = 0): SnapshotBuilder {
  return builder.withHourlyOfBrokers(
    METRICS.topicBytesIn,
    Array.from({ length: hours }, () => value),
    { Topic: topic },
  );
}

describe('topics-unused', () => {
  describeVerdicts('topics-unused', [
    ['passes: all topics move', aSnapshot().withTopic('live').withRates('live', [10, 0, 0]), 'pass'],
    ['no-data: one stands still, since when is not known', still(), 'no-data'],
    ['warns: not a byte in four weeks', silent(still(), 672), 'warn', 'low old'],
    ['no-data: not a byte in 27 days', silent(still(), 648), 'no-data'],
    [
      'passes: one broker got a byte three weeks ago',
      silent(still(), 672).withHourly(METRICS.topicBytesIn, { 'Broker ID': 2, Topic: 'old' }, [
        ...Array.from({ length: 671 }, () => 0),
        1,
      ]),
      'pass',
    ],
    [
      'warns: retention of 30 days has emptied it',
      still({ 'retention.ms': String(30 * DAY) }, 'old', [500, 500]),
      'warn',
      'low old',
    ],
    ['no-data: retention of 7 days has', still({ 'retention.ms': String(7 * DAY) }, 'old', [500, 500]), 'no-data'],
    ['no-data: an empty topic may be new', still({ 'retention.ms': String(30 * DAY) }, 'old', [0, 0]), 'no-data'],
    [
      'passes: a group still reads what lies there',
      silent(still(), 672).withGroup('g', {
        commits: {
          old: [
            [1, 1, 1],
            [2, 1, 1],
            [3, 1, 1],
          ],
        },
      }),
      'pass',
    ],
    [
      'warns: a group once read it',
      silent(still(), 672).withGroup('g', { commits: { old: [1, 1, 1] } }),
      'warn',
      'low old',
    ],
    ['passes: compacted topics hold state', silent(still({ 'cleanup.policy': 'compact' }), 672), 'pass'],
    ['passes: a dead letter topic should be silent', silent(still({}, 'orders.dlq'), 672, 'orders.dlq'), 'pass'],
    [
      'warns: no dead letters by a part of its name',
      silent(still({}, 'terrors'), 672, 'terrors'),
      'warn',
      'low terrors',
    ],
    ['no-data: one look', silent(still(), 672).withSampleTimes([0]), 'no-data'],
    ['no-data: offsets were not read', silent(still(), 672).without('kafkaOffsets', 'timed-out'), 'no-data'],
    [
      'no-data: without its settings it may be compacted state',
      silent(still(), 672).without('kafkaTopicConfigs', 'timed-out'),
      'no-data',
    ],
    [
      'no-data: nothing stands still, but settings of topics were not read',
      aSnapshot().withTopic('live').withRates('live', [1, 1, 1]).without('kafkaTopicConfigs', 'timed-out'),
      'no-data',
    ],
    ['not applicable: no topics', aSnapshot(), 'not-applicable'],
    [
      'warns on Kafka without AWS by what retention has emptied',
      still({ 'retention.ms': String(30 * DAY) }, 'old', [500, 500]).withKind('kafka'),
      'warn',
      'low old',
    ],
  ]);
  describeSeverities('topics-unused', () => silent(still(), 672), {
    production: 'low',
    staging: 'low',
    development: 'low',
  });

  test('Serverless bills partitions by the hour; volumes cost the same, full or empty', () => {
    const serverless = still({ 'retention.ms': String(30 * DAY) }, 'old', [500, 500])
      .withKind('serverless')
      .withSection('prices', {
        source: 'offline',
        asOfDate: '2026-11-01',
        region: 'eu-west-1',
        currency: 'USD',
        items: { 'serverless/partition': { usd: 0.0015, unit: 'hours', source: 'test' } },
      });
    const impact = (source: SnapshotBuilder) => runCheck('topics-unused', source).recommendation?.impact;
    expect(impact(serverless)).toMatchObject({ kind: 'saving', usdPerMonth: expect.closeTo(3 * 730 * 0.0015, 9) });
    expect(impact(silent(still(), 672))).toEqual({ kind: 'none' });
  });

  test('shows who reads before anything is deleted', () => {
    const { commands } = runCheck('topics-unused', silent(still(), 672)).recommendation!;
    expect(commands.map(({ effect }) => effect)).toEqual(['read', 'change']);
    expect(commands[0]!.argv).toContain('--all-groups');
  });

  test('the size of what lies there is told, all replicas', () => {
    const source = silent(still(), 672).withSizes('old', 1024 ** 3);
    expect(runCheck('topics-unused', source).findings[0]?.note).toContain('9 GiB');
  });
});
