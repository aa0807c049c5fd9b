import { describe, expect, test } from 'vitest';
import { CHECKS } from '../../../lib/checks/registry.ts';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { aSnapshot, type SnapshotBuilder, TAKEN_AT_MS } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const DAY_MS = 86_400_000;
const KEY = 'min.insync.replicas';
const ready = () => aSnapshot().withTopic('orders').withSection('versions', { status: 'ACTIVE', upgradeTargets: [] });
const solo = (perSec: number) =>
  ready()
    .withTopic('solo', { replicationFactor: 1, partitions: 1, configs: { [KEY]: '1' } })
    .withRates('solo', [perSec]);
const withCpu = (percent: number) =>
  ready().withMetric(METRICS.cpuUser, { 'Broker ID': 2 }, percent).withMetric(METRICS.cpuSystem, { 'Broker ID': 2 }, 0);
const withDisk = (percent: number) => ready().withMetric(METRICS.diskUsed, { 'Broker ID': 3 }, percent);

function daysBeforeEnd(days: number) {
  // Kafka 3.7.x: support ended on 2026-09-01.
  const snapshot = ready().withCluster({ kafkaVersion: '3.7.x' }).build();
  snapshot.takenAtMs = Date.UTC(2026, 8, 1) - days * DAY_MS;
  return snapshot;
}
const broken = (source: Parameters<typeof runCheck>[1]) =>
  runCheck('maintenance-unready', source).findings.map(({ note }) => note);

describe('maintenance-unready', () => {
  describeVerdicts('maintenance-unready', [
    ['passes: all preconditions hold', ready(), 'pass'],
    ['fails: a topic with traffic on a single replica', solo(5), 'fail', 'high orders'],
    ['passes: a single replica that nobody writes to', solo(0), 'pass'],
    [
      'fails: a topic that needs every replica',
      aSnapshot().withTopic('t', { configs: { [KEY]: '3' } }),
      'fail',
      'high orders',
    ],
    [
      "passes: MSK's own topic needs every replica, which nobody else can change",
      ready().withTopic('__amazon_msk_canary', { configs: { [KEY]: '3' } }),
      'pass',
    ],
    ['passes: CPU at 60 %', withCpu(60), 'pass'],
    ['fails: CPU above 60 %', withCpu(60.5), 'fail', 'high orders'],
    ['passes: a disk at 85 %', withDisk(85), 'pass'],
    ['fails: a disk above 85 %', withDisk(85.1), 'fail', 'high orders'],
    ['fails: a replica is missing', ready().withPartition('orders', 0, { isr: [1, 2] }), 'fail', 'high orders'],
    [
      'passes: a replica is missing while an operation restarts brokers',
      ready()
        .withPartition('orders', 0, { isr: [1, 2] })
        .withOperation('SECURITY_PATCHING', TAKEN_AT_MS - 600_000, null),
      'pass',
    ],
    ['no-data: nobody knows whether the single replica has traffic', solo(5).without('kafkaSamples'), 'no-data'],
    ['no-data: no topics', ready().without('kafkaTopics', 'unreachable'), 'no-data'],
    ['no-data: no settings of topics', ready().without('kafkaTopicConfigs', 'unreachable'), 'no-data'],
    ['no-data: no metrics', ready().without('metrics', 'not-permitted'), 'no-data'],
    [
      'fails on what is known, whatever is not',
      ready()
        .withPartition('orders', 0, { isr: [1] })
        .without('metrics', 'throttled'),
      'fail',
      'high orders',
    ],
    [
      'fails: a version that MSK calls deprecated, without a date in the table',
      ready().withSection('versions', { status: 'DEPRECATED', upgradeTargets: [] }),
      'fail',
      'high orders',
    ],
    ['no-data: a version that the table does not know', ready().withCluster({ kafkaVersion: '9.9.x' }), 'no-data'],
    ['no-data: part of the topics', ready().withPartial('kafkaTopics', 'one broker did not answer'), 'no-data'],
    ['passes on Express, whose replicas and disks are fixed', solo(5).withKind('provisioned-express'), 'pass'],
    ['not applicable: Serverless', ready().withKind('serverless'), 'not-applicable'],
    ['not applicable: Kafka without AWS', ready().withKind('kafka'), 'not-applicable'],
  ]);

  describeSeverities('maintenance-unready', () => withCpu(80), {
    production: 'high',
    staging: 'medium',
    development: 'info',
  });

  test.each([
    [60, []],
    [59.9, ['support of Kafka 3.7.x that ends in 59.9 d']],
    [-1, ['support of Kafka 3.7.x that has ended']],
  ])('the version, %d days before its end', (days, notes) => {
    expect(broken(daysBeforeEnd(days))).toEqual(notes);
  });

  test('a broker without points hides its CPU', () => {
    const snapshot = ready().build();
    const { metrics } = snapshot.sections;
    if (metrics?.ok)
      metrics.value.series = metrics.value.series.filter(
        ({ metric, dimensions }) => metric !== 'CpuUser' || dimensions['Broker ID'] !== '3',
      );
    expect(runCheck('maintenance-unready', snapshot).status).toBe('no-data');
  });

  test('CPU that only just suffices is too much without a zone', () => {
    // 59 % with all load led: two of three zones would need more than half as much again.
    const busy = (source: SnapshotBuilder) => {
      for (const id of [1, 2, 3]) {
        source
          .withMetric(METRICS.cpuUser, { 'Broker ID': id }, 59)
          .withMetric(METRICS.cpuSystem, { 'Broker ID': id }, 0)
          .withMetric(METRICS.bytesIn, { 'Broker ID': id }, 1e6);
      }
      return source;
    };
    expect(broken(busy(ready()))).toEqual([]);
    const limits = { version: 1 as const, checks: { 'maintenance-unready': { maxCpuAfterLossPercent: 70 } } };
    expect(runCheck('maintenance-unready', busy(ready()), { overrides: limits }).findings[0]?.note).toMatch(
      /^CPU would be at \d/,
    );
  });

  test('names all that is broken, in one finding, and what mends it in words', () => {
    const result = runCheck('maintenance-unready', solo(5).withMetric(METRICS.diskUsed, { 'Broker ID': 1 }, 90));
    expect(result.summary).toBe(
      'The next patch would meet: 1 topic with traffic on a single replica (solo); a disk at 90% (limit 85%).',
    );
    expect(result.findings[0]).toMatchObject({ measured: 2, limit: 0 });
    expect(result.recommendation!.action).toBe(
      'Before the next patch, in this order: give topics with one replica more of them, make room on the disks',
    );
  });

  test('sends the reader to findings by their titles, and nowhere for what holds', () => {
    const sick = solo(5)
      .withTopic('t', { configs: { [KEY]: '3' } })
      .withPartition('orders', 0, { isr: [1, 2] })
      .withMetric(METRICS.diskUsed, { 'Broker ID': 1 }, 90)
      .withMetricOfBrokers(METRICS.cpuUser, 80)
      .withCluster({ kafkaVersion: '2.1.0' });
    const { recommendation, evidence } = runCheck('maintenance-unready', sick);
    const titles = recommendation!.sumsUp!.map((id) => CHECKS.find((check) => check.id === id)!.title.fail);
    expect(titles).toHaveLength(7);
    expect(evidence[0]!.rows.map(({ see }) => see)).toEqual(titles);
    const [first, ...others] = runCheck('maintenance-unready', solo(5)).evidence[0]!.rows;
    expect(first).toMatchObject({ holds: 'no', see: 'Topics with too few replicas' });
    expect(new Set(others.map(({ see }) => see))).toEqual(new Set(['']));
  });

  test('one broker: nothing is left to hand over to, in no number', () => {
    const { note } = runCheck('maintenance-unready', ready().withCluster({ brokerCount: 1, azCount: 1 })).findings[0]!;
    expect(note).toContain('there is no other zone or broker to carry the load');
    expect(note).not.toContain('not measured');
  });

  test('a topic that the policy calls ephemeral may stop', () => {
    const overrides = { version: 1 as const, topics: { solo: { ephemeral: true } } };
    expect(runCheck('maintenance-unready', solo(5), { overrides }).status).toBe('pass');
  });

  test('rehearses on test clusters alone', () => {
    const verbs = (environment: 'production' | 'staging') =>
      runCheck('maintenance-unready', withCpu(80), { environment }).recommendation!.commands.map(({ argv }) => argv[2]);
    expect(verbs('production')).toEqual(['list-cluster-operations-v2']);
    expect(verbs('staging')).toContain('reboot-broker');
  });

  test('tells when the last patch was', () => {
    const snapshot = withCpu(80).withOperation(
      'SECURITY_PATCHING',
      TAKEN_AT_MS - 41 * DAY_MS,
      TAKEN_AT_MS - 40 * DAY_MS,
    );
    expect(runCheck('maintenance-unready', snapshot).evidence[0]?.title).toBe(
      'Preconditions of a patch; the last one known ended on 2026-10-11',
    );
  });
});
