import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { aSnapshot, type SnapshotBuilder } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const DAY_MS = 86_400_000;

/** Ten messages a second into each of three partitions, and a group so many messages behind. */
function topic(days: number, behind = 100, { share = 0.5, cleanup = 'delete', group = true } = {}): SnapshotBuilder {
  const configs = { 'retention.ms': String(days * DAY_MS), 'cleanup.policy': cleanup };
  const builder = aSnapshot()
    .withTopic('orders', { configs, end: 10_000_000 })
    .withTopic('rest', { end: 10_000_000 })
    .withRates('orders', [10, 10, 10])
    .withSizes('orders', share * 1e9)
    .withSizes('rest', (1 - share) * 1e9);
  const at = 10_000_000 - behind;
  return group ? builder.withGroup('g', { commits: { orders: [at, at, at] } }) : builder;
}

describe('retention-overlong', () => {
  describeVerdicts('retention-overlong', [
    ['passes: a week', topic(7), 'pass'],
    ['warns: eight days, and the group is ten seconds behind', topic(8), 'warn', 'low orders'],
    ['passes: a group that is more than a day behind', topic(8, 864_010), 'pass'],
    ['warns: one that is just a day behind', topic(8, 864_000), 'warn', 'low orders'],
    ['passes: a twentieth of the storage', topic(8, 100, { share: 0.05 }), 'pass'],
    ['passes: nobody commits, so nobody knows who reads', topic(8, 100, { group: false }), 'pass'],
    ['passes: compacted', topic(8, 100, { cleanup: 'compact' }), 'pass'],
    ['no-data: how far back the group reads is not known', topic(8).withRates('orders', [0, 0, 0]), 'no-data'],
    ['no-data: sizes were not read', topic(8).without('kafkaLogDirs', 'timed-out'), 'no-data'],
    ['no-data: offsets were not read', topic(8).without('kafkaOffsets', 'timed-out'), 'no-data'],
    ['warns on Express', topic(8).withKind('provisioned-express'), 'warn', 'low orders'],
    ['not applicable: Serverless shows no sizes', topic(8).withKind('serverless'), 'not-applicable'],
  ]);

  describeSeverities('retention-overlong', () => topic(8), { production: 'low', staging: 'low', development: 'info' });

  describe('a group that nobody runs hides nothing', () => {
    const DEAD = { 'Consumer Group': 'dead', Topic: 'orders' };
    const withDead = (members = 0) =>
      topic(8)
        .withGroup('dead', { members, state: 'Empty', commits: { orders: [1, 1, 1] } })
        .withMetric(METRICS.sumOffsetLag, DEAD, 5_000_000);
    const statusOf = (source: SnapshotBuilder) => runCheck('retention-overlong', source).status;

    test('warns by the group that reads, and names the other', () => {
      const { status, findings, evidence } = runCheck('retention-overlong', withDead());
      expect(status).toBe('warn');
      expect(findings[0]?.note).toContain('1 group at most');
      expect(evidence[0]?.source).toContain('without dead: no members');
    });

    test('passes: with a member it reads that far back', () => {
      expect(statusOf(withDead(1))).toBe('pass');
    });

    test('no-data: it may be run at other hours', () => {
      expect(statusOf(withDead().withoutMetric(METRICS.sumOffsetLag))).toBe('no-data');
      expect(statusOf(withDead().without('metrics', 'throttled'))).toBe('no-data');
    });

    test('no-data: nobody knows which group is run', () => {
      expect(statusOf(withDead().without('kafkaGroups', 'timed-out'))).toBe('no-data');
    });

    test('warns: whichever of them is run, none reads far back', () => {
      expect(statusOf(topic(8).without('kafkaGroups', 'timed-out'))).toBe('warn');
    });

    test('passes: a topic whose only group is left has no readers to go by, or one that reads far back', () => {
      const alone = topic(8, 5_000_000).withGroupFields('g', { members: [], state: 'Empty' });
      expect(statusOf(alone)).toBe('pass');
      expect(statusOf(alone.withMetric(METRICS.sumOffsetLag, { ...DEAD, 'Consumer Group': 'g' }, 15e6))).toBe('pass');
    });
  });

  test('ages that were looked up by time go before the lag over the rate', () => {
    const late = topic(8).withTimeLags([
      [90_000, 90_000],
      [0, 1],
      [0, 1],
    ]);
    expect(runCheck('retention-overlong', late).status).toBe('pass');
  });

  test('volumes do not shrink: no saving is promised on Standard, one copy is saved on Express', () => {
    expect(runCheck('retention-overlong', topic(8)).recommendation?.impact.kind).toBe('unknown');
    expect(runCheck('retention-overlong', topic(8)).recommendation?.commands[0]?.argv).toContain('--all-groups');
    const express = topic(8)
      .withKind('provisioned-express')
      .withSection('prices', {
        source: 'offline',
        asOfDate: '2026-11-01',
        region: 'eu-west-1',
        currency: 'USD',
        items: { 'express/storage': { usd: 0.1, unit: 'GiB-month', source: 'test' } },
      });
    // 1.5 GB on three brokers are 50 bytes a record; a day of 30 records a second in three copies is 388.8 MB.
    expect(runCheck('retention-overlong', express).recommendation?.impact).toMatchObject({
      kind: 'saving',
      usdPerMonth: expect.closeTo(((4.5e9 - 30 * 50 * 86_400 * 3) / 3 / 1024 ** 3) * 0.1, 6),
    });
  });
});
