import { describe, expect, test } from 'vitest';
import { patchReadiness, READINESS_SECTIONS, type ReadinessInputs } from '../../lib/analysis/patch-readiness.ts';
import { METRICS } from '../../lib/facts/metric-catalogue.ts';
import { aSnapshot, type SnapshotBuilder, TAKEN_AT_MS } from '../builders/a-snapshot.ts';
import { collected } from './sections.ts';

const LIMITS = {
  maxCpuPercent: 60,
  maxCpuAfterLossPercent: 100,
  maxDiskPercent: 85,
  minVersionDays: 60,
  maxTableAgeDays: 90,
  minCoveragePercent: 80,
};
const MIN_ISR = 'min.insync.replicas';

function read(builder: SnapshotBuilder, changes: { inMaintenance?: boolean; limits?: Partial<typeof LIMITS> } = {}) {
  const inputs = Object.fromEntries(
    READINESS_SECTIONS.map((name) => [name, collected(builder, name)]),
  ) as unknown as ReadinessInputs;
  const found = patchReadiness(inputs, {
    takenAtMs: TAKEN_AT_MS,
    limits: { ...LIMITS, ...changes.limits },
    isEphemeral: (topic) => topic.startsWith('tmp'),
    inMaintenance: changes.inMaintenance ?? false,
  });
  return Object.fromEntries(found.map(({ id, holds, measured, worst }) => [id, [holds, measured, worst]]));
}

const ready = () => aSnapshot().withTopic('orders').withSection('versions', { status: 'ACTIVE', upgradeTargets: [] });
const single = (name: string, perSec: number) => (builder: SnapshotBuilder) =>
  builder
    .withTopic(name, { replicationFactor: 1, partitions: 1, configs: { [MIN_ISR]: '1' } })
    .withRates(name, [perSec]);

test('a healthy cluster: all that applies holds', () => {
  expect(read(ready())).toEqual({
    'single-copies': [true, 0, []],
    'every-replica-needed': [true, 0, []],
    'under-replicated': [true, 0, []],
    cpu: [true, 25, []],
    // 5 % without load and 20 % of it: leaders 2.0 x 1.5 and followers 0.6 x 0.75 over 2.6.
    'cpu-after-loss': [true, expect.closeTo(5 + (20 * 3.45) / 2.6, 9), []],
    disk: [true, 30, []],
    version: [true, null, ['3.9.x.kraft']],
  });
});

test('Express fixes copies and disks; an operation explains missing replicas; Serverless has no brokers', () => {
  expect(Object.keys(read(ready().withKind('provisioned-express')))).toEqual([
    'under-replicated',
    'cpu',
    'cpu-after-loss',
    'version',
  ]);
  expect(Object.keys(read(ready(), { inMaintenance: true }))).not.toContain('under-replicated');
  expect(read(ready().withKind('serverless'))).toEqual({});
  expect(read(ready().without('cluster'))).toEqual({});
});

describe('copies', () => {
  test('single ones with traffic, the busiest first', () => {
    const builder = single('c', 9)(single('b', 0)(single('a', 5)(ready())));
    expect(read(builder)['single-copies']).toEqual([false, 2, ['c', 'a']]);
    expect(read(single('tmp-x', 5)(ready()))['single-copies']).toEqual([true, 0, []]);
  });

  test('of unknown rate they may or may not have traffic', () => {
    expect(read(single('a', 5)(ready()).without('kafkaSamples'))['single-copies']).toEqual([null, 0, []]);
    expect(read(ready().without('kafkaTopics'))['single-copies']).toEqual([null, null, []]);
    expect(read(ready().withPartial('kafkaTopics', 'x'))['single-copies']![0]).toBeNull();
  });

  test('each is needed where the minimum is all of them', () => {
    const needing = (name: string, minIsr: string, replicationFactor: number) =>
      read(ready().withTopic(name, { replicationFactor, configs: { [MIN_ISR]: minIsr } }))['every-replica-needed'];
    expect(needing('a', '3', 3)).toEqual([false, 1, ['a']]);
    expect(needing('a', '2', 2)).toEqual([false, 1, ['a']]);
    expect(needing('a', '4', 3)![0]).toBe(false);
    expect(needing('a', '2', 3)![0]).toBe(true);
    expect(needing('a', '1', 1)![0]).toBe(true);
    expect(needing('tmp', '3', 3)![0]).toBe(true);
    expect(needing('a', '', 3)![0]).toBeNull();
  });

  test.each<[string, SnapshotBuilder]>([
    ['settings were not read', ready().without('kafkaTopicConfigs')],
    ['settings were read in part', ready().withPartial('kafkaTopicConfigs', 'x')],
    ['topics were read in part', ready().withPartial('kafkaTopics', 'x')],
  ])('are not known to be spare where %s', (_, builder) => {
    expect(read(builder)['every-replica-needed']![0]).toBeNull();
  });

  test('missing ones, by partition; a topic is named once', () => {
    const builder = ready()
      .withPartition('orders', 0, { isr: [1] })
      .withPartition('orders', 2, { isr: [3] });
    expect(read(builder)['under-replicated']).toEqual([false, 2, ['orders']]);
    expect(read(ready().withPartial('kafkaTopics', 'x'))['under-replicated']![0]).toBeNull();
    expect(read(ready().without('kafkaTopics'))['under-replicated']).toEqual([null, null, []]);
  });
});

describe('brokers', () => {
  const B2 = { 'Broker ID': 2 };
  const B3 = { 'Broker ID': 3 };
  const day = (value: (share: number) => number | null, count = 288) =>
    Array.from({ length: count }, (_, i) => value(i / count));
  const cpu = (user: number | (number | null)[]) =>
    ready().withMetric(METRICS.cpuUser, B2, user).withMetric(METRICS.cpuSystem, B2, 0);

  test('CPU by its 95th percentile, at the limit and above', () => {
    expect(read(cpu(60)).cpu).toEqual([true, 60, []]);
    expect(read(cpu(60.1)).cpu).toEqual([false, 60.1, ['broker 2']]);
    expect(read(cpu(day((at) => (at < 0.07 ? 90 : 10)))).cpu![0]).toBe(false);
    expect(read(cpu(day((at) => (at < 0.04 ? 90 : 10)))).cpu![0]).toBe(true);
  });

  test('all over the limit are named, worst first', () => {
    const builder = cpu(70).withMetric(METRICS.cpuUser, B3, 80);
    expect(read(builder).cpu).toEqual([false, 85, ['broker 3', 'broker 2']]);
  });

  test('CPU that was hardly seen, or no longer is, is no pass', () => {
    const seen = (values: (number | null)[]) => read(cpu(values)).cpu![0];
    expect(seen(day((at) => (at < 0.22 ? null : 10)))).toBeNull();
    expect(seen(day((at) => (at < 0.19 ? null : 10)))).toBe(true);
    expect(seen(day((at) => (at > 0.95 ? null : 10)))).toBeNull();
    expect(read(ready().withoutMetric(METRICS.cpuUser, B2)).cpu![0]).toBeNull();
    expect(read(ready().without('metrics'))).toMatchObject({
      cpu: [null, null, []],
      'cpu-after-loss': [null, null, []],
      disk: [null, null, []],
    });
  });

  test('CPU after a loss needs the load of every broker', () => {
    expect(read(ready().withoutMetric(METRICS.bytesIn, B2))['cpu-after-loss']![0]).toBeNull();
    expect(read(ready(), { limits: { maxCpuAfterLossPercent: 31 } })['cpu-after-loss']).toEqual([
      false,
      expect.closeTo(31.538, 3),
      ['broker 1', 'broker 2', 'broker 3'],
    ]);
  });

  test('a disk by its latest point, at the limit and above', () => {
    const disk = (values: number | (number | null)[]) => read(ready().withMetric(METRICS.diskUsed, B3, values)).disk;
    expect(disk(85)).toEqual([true, 85, []]);
    expect(disk(85.1)).toEqual([false, 85.1, ['broker 3']]);
    expect(disk([...day(() => 50, 286), 60, 86])).toEqual([false, 86, ['broker 3']]);
    expect(disk(day(() => null))![0]).toBeNull();
    expect(read(ready().withoutMetric(METRICS.diskUsed, B3)).disk).toEqual([null, 30, []]);
  });

  test('a disk that nobody has seen for hours may have filled up, and was too full if it was', () => {
    const disk = (value: number) =>
      read(
        ready().withMetric(
          METRICS.diskUsed,
          B3,
          day((at) => (at > 0.5 ? null : value)),
        ),
      ).disk;
    expect(disk(50)![0]).toBeNull();
    expect(disk(90)).toEqual([false, 90, ['broker 3']]);
  });
});

describe('the version', () => {
  // Kafka 3.7.x: support ended on 2026-09-01; the snapshot is of 2026-11-20, 06:15.
  const days = (Date.UTC(2026, 8, 1) - TAKEN_AT_MS) / 86_400_000;
  const version = (kafkaVersion: string | null, minVersionDays: number) =>
    read(ready().withCluster({ kafkaVersion } as never), { limits: { minVersionDays } }).version;

  test('holds so many days before the end of its support', () => {
    expect(version('3.7.x', days)).toEqual([true, expect.closeTo(days, 9), ['3.7.x']]);
    expect(version('3.7.x', days + 0.001)![0]).toBe(false);
  });

  test('that MSK calls deprecated does not hold, whatever date a table gives or lacks', () => {
    const deprecated = ready().withSection('versions', { status: 'DEPRECATED', upgradeTargets: [] });
    expect(read(deprecated).version).toEqual([false, 0, ['3.9.x.kraft']]);
  });

  test('without an end in an old copy of the table is unknown where MSK was not asked', () => {
    const old = { limits: { maxTableAgeDays: 1 } };
    expect(read(ready().without('versions', 'not-permitted'), old).version).toEqual([null, null, []]);
    expect(read(ready(), old).version).toEqual([true, null, ['3.9.x.kraft']]);
  });

  test('that nobody knows is unknown', () => {
    expect(version('9.9.x', 0)).toEqual([null, null, []]);
    expect(version(null, 0)).toEqual([null, null, []]);
  });
});

test("its own topics are MSK's affair, a replica of them that is missing is not", () => {
  const canary = ready()
    .withTopic('__amazon_msk_canary', { configs: { [MIN_ISR]: '3' } })
    .withTopic('__amazon_msk_single', { replicationFactor: 1, partitions: 1 })
    .withRates('__amazon_msk_single', [5]);
  expect(read(canary)).toMatchObject({
    'every-replica-needed': [true, 0, []],
    'single-copies': [true, 0, []],
  });
  expect(read(canary.withPartition('__amazon_msk_canary', 0, { isr: [1, 2] }))).toMatchObject({
    'under-replicated': [false, 1, ['__amazon_msk_canary']],
  });
});
