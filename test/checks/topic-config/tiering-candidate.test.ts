import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { renderCommand } from '../../../lib/text/command.ts';
import { aSnapshot, type SnapshotBuilder, TAKEN_AT_MS } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const GIB = 1024 ** 3;

/** Three partitions in three copies with next to no writing: all of it is cold. */
function cold(gib: number, configs: Record<string, string> = {}, behind = 10): SnapshotBuilder {
  const at = 10_000_000 - behind;
  return aSnapshot()
    .withTopic('orders', { configs, end: 10_000_000 })
    .withSizes('orders', (gib * GIB) / 9)
    .withGroup('g', { commits: { orders: [at, at, at] } })
    .withTimeLags([
      [behind, behind],
      [behind, behind],
      [behind, behind],
    ]);
}

/** Disk use by the hour over four weeks, rising by so many percent a day to 70. */
function rising(builder: SnapshotBuilder, perDay: number) {
  const snapshot = builder.build();
  const metrics = snapshot.sections.metrics;
  const hours = 28 * 24;
  if (metrics?.ok)
    metrics.value.hourly = [1, 2, 3].map((id) => ({
      metric: 'KafkaDataLogsDiskUsed',
      statistic: 'Maximum' as const,
      unit: 'Percent',
      dimensions: { 'Cluster Name': 'orders', 'Broker ID': String(id) },
      periodSec: 3600,
      startMs: Math.floor(TAKEN_AT_MS / 3_600_000) * 3_600_000 - hours * 3_600_000,
      values: Array.from({ length: hours }, (_, i) => 70 - ((hours - i) / 24) * perDay),
    }));
  return snapshot;
}

describe('tiering-candidate', () => {
  describeVerdicts('tiering-candidate', [
    ['passes: 500 GiB', cold(500), 'pass'],
    ['warns: 501 GiB', cold(501), 'warn', 'low orders'],
    ['passes: a group reads more than a day back', cold(900, {}, 86_500), 'pass'],
    ['warns: it reads just a day back', cold(900, {}, 86_400), 'warn', 'low orders'],
    ['passes: MSK asks for three days of retention', cold(900, { 'retention.ms': '259199999' }), 'pass'],
    ['warns: three days', cold(900, { 'retention.ms': '259200000' }), 'warn', 'low orders'],
    ['warns: kept for ever', cold(900, { 'retention.ms': '-1' }), 'warn', 'low orders'],
    ['passes: compacted topics cannot be tiered', cold(900, { 'cleanup.policy': 'compact' }), 'pass'],
    ['passes: tiered already', cold(900, { 'remote.storage.enable': 'true' }), 'pass'],
    ['not applicable: t3', cold(900).withCluster({ instanceType: 'kafka.t3.small' }), 'not-applicable'],
    ['not applicable: Kafka 3.5', cold(900).withCluster({ kafkaVersion: '3.5.1' }), 'not-applicable'],
    ['warns: Kafka 3.6', cold(900).withCluster({ kafkaVersion: '3.6.0' }), 'warn', 'low orders'],
    ['no-data: nobody knows the version', cold(900).withCluster({ kafkaVersion: null }), 'no-data'],
    ['no-data: sizes were not read', cold(900).without('kafkaLogDirs', 'timed-out'), 'no-data'],
    ['no-data: little is cold, and the disks were not seen', cold(5).without('metrics', 'throttled'), 'no-data'],
    ['not applicable: Express', cold(900).withKind('provisioned-express'), 'not-applicable'],
  ]);

  describeSeverities('tiering-candidate', () => cold(900), { production: 'low', staging: 'info', development: 'info' });

  test('warns: 50 GiB only, but a disk reaches 85 % within a month', () => {
    expect(runCheck('tiering-candidate', rising(cold(50), 0.6)).status).toBe('warn');
    expect(runCheck('tiering-candidate', rising(cold(50), 0.4)).status).toBe('pass');
  });

  describe('a group that nobody runs hides nothing', () => {
    const DEAD = { 'Consumer Group': 'g', Topic: 'orders' };
    const left = (members = 0) =>
      cold(900, {}, 864_000)
        .withGroupFields('g', members > 0 ? {} : { members: [], state: 'Empty' })
        .withMetric(METRICS.sumOffsetLag, DEAD, 2_592_000);
    const statusOf = (source: SnapshotBuilder) => runCheck('tiering-candidate', source).status;

    test('warns: without members, and nothing read all day', () => {
      const { status, evidence } = runCheck('tiering-candidate', left());
      expect(status).toBe('warn');
      expect(evidence[0]?.source).toContain('without g: no members');
    });

    test('passes: with a member it reads that far back', () => {
      expect(statusOf(left(1))).toBe('pass');
    });

    test('no-data: it may be run at other hours, for what waits is younger than a week', () => {
      const young = left()
        .withoutMetric(METRICS.sumOffsetLag)
        .withTimeLags([
          [100_000, 100_000],
          [100_000, 100_000],
          [100_000, 100_000],
        ]);
      expect(statusOf(young)).toBe('no-data');
      expect(statusOf(young.without('kafkaGroups', 'timed-out'))).toBe('no-data');
    });
  });

  test('what a day of writing takes stays on the brokers', () => {
    const perRecord = (600 * GIB) / 9 / 10_000_000;
    const result = runCheck('tiering-candidate', cold(600).withRates('orders', [10, 10, 10]));
    expect(result.findings[0]?.measured).toBeCloseTo(600 * GIB - 30 * perRecord * 86_400 * 3, -3);
  });

  test('a cluster that may tier already is not switched again', () => {
    const commands = (builder: SnapshotBuilder) =>
      runCheck('tiering-candidate', builder).recommendation!.commands.map(renderCommand);
    expect(commands(cold(900))[0]).toContain('aws kafka update-storage');
    expect(commands(cold(900).withCluster({ storageMode: 'TIERED' }))[0]).toContain(
      'remote.storage.enable=true,local.retention.ms=86400000',
    );
  });
});
