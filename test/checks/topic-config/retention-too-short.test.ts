import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { renderCommand } from '../../../lib/text/command.ts';
import { aSnapshot, type SnapshotBuilder } from '../../builders/a-snapshot.ts';
import { during } from '../minutes.ts';
import { describeSeverities, describeVerdicts, runCheck, verdictOf } from '../run.ts';

const HOUR = 3_600_000;

/** A group that was so many seconds behind all day, by CloudWatch. */
function topic(retentionMs: number, lagSec = 0, cleanup = 'delete'): SnapshotBuilder {
  return aSnapshot()
    .withTopic('orders', { configs: { 'retention.ms': String(retentionMs), 'cleanup.policy': cleanup } })
    .withMetric(METRICS.rollingTimeLag, { 'Consumer Group': 'g', Topic: 'orders' }, lagSec);
}

describe('retention-too-short', () => {
  describeVerdicts('retention-too-short', [
    ['passes: a week', topic(168 * HOUR), 'pass'],
    ['passes: an hour, and nobody is late', topic(HOUR), 'pass'],
    ['warns: a little less than an hour', topic(HOUR - 1), 'warn', 'medium orders'],
    ['passes: four times what the slowest group needs', topic(8 * HOUR, 7200), 'pass'],
    ['warns: a little less than four times', topic(8 * HOUR - 1, 7200), 'warn', 'medium orders'],
    ['passes: kept for ever', topic(-1, 7200), 'pass'],
    ['passes: compacted', topic(1000, 7200, 'compact'), 'pass'],
    ['warns: compacted and deleted', topic(1000, 0, 'compact,delete'), 'warn', 'medium orders'],
    [
      'warns by what this run sees of a group',
      topic(2 * HOUR)
        .without('metrics')
        .withGroup('g', { commits: { orders: [1, 1000, 1000] } })
        .withTimeLags([
          [3600, 3600],
          [0, 0],
          [0, 0],
        ]),
      'warn',
      'medium orders',
    ],
    [
      'no-data: a group is late, nobody knows by how much',
      topic(2 * HOUR)
        .without('metrics')
        .withGroup('g', { commits: { orders: [1, 1000, 1000] } }),
      'no-data',
    ],
    ['no-data: offsets were not read', topic(2 * HOUR).without('kafkaOffsets', 'timed-out'), 'no-data'],
    ['no-data: settings were not read', topic(2 * HOUR).without('kafkaTopicConfigs', 'timed-out'), 'no-data'],
    ['warns on Serverless', topic(1000).withKind('serverless'), 'warn', 'medium orders'],
    ['not applicable: no topics', aSnapshot(), 'not-applicable'],
  ]);

  describeSeverities('retention-too-short', () => topic(1000), {
    production: 'medium',
    staging: 'low',
    development: 'info',
  });

  test('where durability is the goal a weekend and a day must fit', () => {
    expect(verdictOf(runCheck('retention-too-short', topic(72 * HOUR - 1), { goal: 'durability' })).status).toBe(
      'warn',
    );
    expect(verdictOf(runCheck('retention-too-short', topic(72 * HOUR), { goal: 'durability' })).status).toBe('pass');
  });

  describe('a group that nobody runs does not say what readers need', () => {
    const DEAD = { 'Consumer Group': 'dead', Topic: 'orders' };
    /** Eight hours of retention; a group without members and seven hours behind, by offsets and by CloudWatch. */
    const left = (members = 0, retentionMs = 8 * HOUR) =>
      aSnapshot()
        .withTopic('orders', { configs: { 'retention.ms': String(retentionMs) } })
        .withGroup('dead', { members, state: members > 0 ? 'Stable' : 'Empty', commits: { orders: [1, 1, 1] } })
        .withTimeLags([
          [25_200, 25_200],
          [25_200, 25_200],
          [25_200, 25_200],
        ])
        .withMetric(METRICS.rollingTimeLag, DEAD, 25_200)
        .withMetric(METRICS.sumOffsetLag, DEAD, 2997);

    test('passes, and names it: its lag grows to any retention', () => {
      const result = runCheck('retention-too-short', left());
      expect(result.status).toBe('pass');
      expect(result.summary).toContain('without dead: no members, and nothing read');
    });

    test('warns: with a member it is a late reader', () => {
      expect(verdictOf(runCheck('retention-too-short', left(1))).findings).toEqual(['medium orders']);
    });

    test('warns: its lag fell today, so somebody runs it at other hours', () => {
      const nightly = left().withMetric(METRICS.sumOffsetLag, DEAD, during(0, 300, 9000, 2997));
      expect(verdictOf(runCheck('retention-too-short', nightly)).findings).toEqual(['medium orders']);
    });

    test('no-data: without hours of lag nobody knows whether it is run at others', () => {
      const result = runCheck('retention-too-short', left().withoutMetric(METRICS.sumOffsetLag));
      expect(result.status).toBe('no-data');
      expect(result.summary).toContain('whether anybody runs dead');
    });

    test('passes without hours of lag: what waits is older than a week', () => {
      const week = left(0, 24 * 8 * HOUR)
        .withoutMetric(METRICS.sumOffsetLag)
        .withTimeLags([
          [604_800, 604_800],
          [604_800, 604_800],
          [604_800, 604_800],
        ]);
      expect(runCheck('retention-too-short', week).status).toBe('pass');
    });

    test('no-data: the groups were not read, so any of them may be left', () => {
      expect(runCheck('retention-too-short', left(1).without('kafkaGroups', 'timed-out')).status).toBe('no-data');
    });

    test('another group that is late speaks for the topic still', () => {
      const two = left().withMetric(METRICS.rollingTimeLag, { 'Consumer Group': 'live', Topic: 'orders' }, 7500);
      expect(runCheck('retention-too-short', two).findings).toMatchObject([{ limit: 4 * 7500 * 1000 }]);
    });
  });

  test('proposes what would do', () => {
    const { recommendation } = runCheck('retention-too-short', topic(HOUR, 7200));
    expect(renderCommand(recommendation!.commands[0]!)).toContain('retention.ms=28800000');
  });
});
