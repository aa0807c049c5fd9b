import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { offlinePricesOf } from '../../../lib/facts/offline-prices.ts';
import { renderCommand } from '../../../lib/text/command.ts';
import { aSnapshot, type SnapshotBuilder } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const MIB = 1024 ** 2;
const { items, asOfDate } = offlinePricesOf('us-east-1')!;

interface Shape {
  instanceType?: string;
  cpu?: number;
  inMiB?: number;
  hours?: number;
  replicas?: number;
  brokers?: number;
}

/** Brokers of one size with the same four weeks each: CPU, MiB/s in (twice that out), replicas, 30 % of 1,000 GiB. */
function cluster({
  instanceType = 'kafka.m7g.2xlarge',
  cpu = 15,
  inMiB = 3,
  hours = 672,
  replicas = 200,
  brokers = 3,
}: Shape = {}) {
  const over = (value: number) => Array.from({ length: hours }, () => value);
  return priced(aSnapshot().withBrokers(brokers).withCluster({ instanceType }))
    .withTopic('t')
    .withHourlyOfBrokers(METRICS.bytesIn, over(inMiB * MIB))
    .withHourlyOfBrokers(METRICS.bytesOut, over(2 * inMiB * MIB))
    .withHourlyOfBrokers(METRICS.cpuUser, over(cpu - 2))
    .withHourlyOfBrokers(METRICS.cpuSystem, over(2))
    .withMetricOfBrokers(METRICS.cpuUser, cpu - 2)
    .withMetricOfBrokers(METRICS.cpuSystem, 2)
    .withHourlyOfBrokers(METRICS.partitionCount, over(replicas))
    .withHourlyOfBrokers(METRICS.diskUsed, over(30));
}

function priced(builder: SnapshotBuilder): SnapshotBuilder {
  return builder.withSection('prices', { source: 'offline', asOfDate, region: 'us-east-1', currency: 'USD', items });
}

/** A value for five minutes of each half hour of a day, and 13 % between. */
const bursts = (value: number) => Array.from({ length: 288 }, (_, i) => (i % 6 === 0 ? value : 13));

describe('brokers-oversized', () => {
  describeVerdicts('brokers-oversized', [
    // 15 % of 8 cores are 60 % of 2, and 90 % with one zone lost: above 85. 30 % of 4 are 45 % then.
    ['warns: half the cores carry it', cluster(), 'warn', 'medium orders'],
    [
      'warns: 28 % would be 56 % of half the cores, and 84 % with one zone lost',
      cluster({ cpu: 28 }),
      'warn',
      'medium orders',
    ],
    ['passes: 29 % would be 87 % with one zone lost', cluster({ cpu: 29 }), 'pass'],
    ['passes: CPU of 36 % is no small load', cluster({ cpu: 36, instanceType: 'kafka.m7g.16xlarge' }), 'pass'],
    [
      'passes: five minutes of 75 % each half hour, which the hours do not show',
      cluster().withMetric(METRICS.cpuUser, { 'Broker ID': 2 }, bursts(73)),
      'pass',
    ],
    [
      'warns: five minutes of 17 % each half hour are no bursts',
      cluster().withMetric(METRICS.cpuUser, { 'Broker ID': 2 }, bursts(15)),
      'warn',
      'medium orders',
    ],
    [
      'no-data: the window has no CPU of one broker, so that bursts would not show',
      cluster().withoutMetric(METRICS.cpuUser, { 'Broker ID': 2 }).withHourly(METRICS.cpuUser, { 'Broker ID': 2 }, 13),
      'no-data',
    ],
    ['passes: the smallest size', cluster({ instanceType: 'kafka.m7g.large', cpu: 3 }), 'pass'],
    // 90 MiB/s planned: Equation 1 gives three m7g.xlarge 125, AWS's workbook 72.
    ['passes: half the size would be what the workbook calls tight', cluster({ inMiB: 25 }), 'pass'],
    ['warns: 70 MiB/s planned are not', cluster({ inMiB: 19 }), 'warn', 'medium orders'],
    ['warns: two weeks of hours', cluster({ hours: 336 }), 'warn', 'medium orders'],
    ['no-data: an hour less', cluster({ hours: 335 }), 'no-data'],
    ['no-data: two hours of a fresh cluster', cluster({ hours: 2 }), 'no-data'],
    [
      'no-data: one broker has no history of CPU',
      cluster().withHourly(METRICS.cpuUser, { 'Broker ID': 2 }, []),
      'no-data',
    ],
    ['no-data: no hours at all', priced(aSnapshot()), 'no-data'],
    ['no-data: no prices', cluster().without('prices', 'not-permitted'), 'no-data'],
    ['no-data: a size that AWS may add', cluster({ instanceType: 'kafka.m9g.large' }), 'no-data'],
    ['warns also while topics were not read', cluster().without('kafkaTopics', 'unreachable'), 'warn', 'medium orders'],
    [
      'no-data: it fits, but the replication factor is a guess',
      cluster({ cpu: 29 }).without('kafkaTopics', 'unreachable'),
      'no-data',
    ],
    ['not applicable: Serverless', cluster().withKind('serverless'), 'not-applicable'],
    ['not applicable: Kafka without AWS', cluster().withKind('kafka'), 'not-applicable'],
  ]);

  describeSeverities('brokers-oversized', () => cluster(), {
    production: 'medium',
    staging: 'medium',
    development: 'medium',
  });

  test('by hand: 3 m7g.xlarge instead of m7g.2xlarge spare 3 × 0.408 × 730 dollars', () => {
    const { findings, recommendation, evidence } = runCheck('brokers-oversized', cluster());
    expect(findings[0]?.measured).toBeCloseTo(893.52, 6);
    expect(findings[0]).toMatchObject({
      confidence: 0.9,
      note: expect.stringContaining('3 × kafka.m7g.xlarge instead of'),
    });
    expect(recommendation?.commands.map((command) => renderCommand(command))).toEqual([
      expect.stringMatching(/update-broker-type .*--target-instance-type kafka\.m7g\.xlarge$/),
    ]);
    expect(evidence[0]?.rows[1]).toMatchObject({ cpu: 30, azLoss: 45 });
  });

  test('1,000 replicas fit on a broker of the next size; one more, and twice as many of the smallest are the answer', () => {
    const note = (replicas: number) => runCheck('brokers-oversized', cluster({ replicas })).findings[0]?.note;
    expect(note(1000)).toContain('3 × kafka.m7g.xlarge instead');
    expect(note(1001)).toContain('6 × kafka.m7g.large instead');
  });

  test('fewer brokers: partitions go first, and the number stays a multiple of the zones', () => {
    const source = cluster({ instanceType: 'kafka.m7g.large', brokers: 9, cpu: 10, inMiB: 1, replicas: 100 });
    const { recommendation } = runCheck('brokers-oversized', source);
    expect(recommendation?.action).toMatch(/moving all partitions off \d brokers? of each zone first/);
    const [count] = recommendation!.commands.map((command) => renderCommand(command)).slice(-1);
    expect(Number(/--target-number-of-broker-nodes (\d+)/.exec(count!)?.[1]) % 3).toBe(0);
  });

  describe('MSK takes brokers away from M5 and M7g alone, on Kafka 2.8.1 or later', () => {
    const best = (instanceType: string, kafkaVersion: string) => {
      const source = cluster({ instanceType, brokers: 9, cpu: 10, inMiB: 1, replicas: 100 });
      return runCheck('brokers-oversized', source.withCluster({ kafkaVersion })).recommendation?.commands ?? [];
    };
    const verbs = (...of: Parameters<typeof best>) => best(...of).map(({ argv }) => argv[2]);

    test.each([
      ['kafka.m7g.large', '3.9.x.kraft', true],
      ['kafka.m5.large', '2.8.1', true],
      ['kafka.m5.large', '2.8.0', false],
      ['kafka.m5.large', '2.7.x', false],
      ['kafka.t3.small', '3.9.x', false],
    ])('%s on Kafka %s: %s', (instanceType, kafkaVersion, removes) => {
      expect(verbs(instanceType, kafkaVersion).includes('update-broker-count')).toBe(removes);
    });
  });

  test('each update after the first reads the version again', () => {
    const source = cluster({ instanceType: 'kafka.m7g.xlarge', brokers: 9, cpu: 10, inMiB: 1, replicas: 100 });
    const commands = runCheck('brokers-oversized', source).recommendation!.commands;
    const updates = commands.flatMap(({ argv }, i) =>
      typeof argv[2] === 'string' && argv[2].startsWith('update-') ? [i] : [],
    );
    expect(updates.length).toBeGreaterThan(1);
    for (const i of updates.slice(1)) expect(commands[i - 1]).toMatchObject({ assigns: 'CURRENT_VERSION' });
  });

  test('a saving must reach both a tenth and 50 dollars', () => {
    const wanting = (minSavingUsdPerMonth: number) =>
      runCheck('brokers-oversized', cluster(), {
        overrides: { version: 1, checks: { 'brokers-oversized': { minSavingUsdPerMonth } } },
      }).status;
    expect(wanting(893)).toBe('warn');
    expect(wanting(894)).toBe('pass');
  });

  test('another family is less sure, and too little for who asks for more', () => {
    const source = cluster({ instanceType: 'kafka.m5.2xlarge' });
    const findings = runCheck('brokers-oversized', source).findings;
    expect(findings[0]?.confidence).toBe(0.7);
    const strict = { overrides: { version: 1 as const, checks: { 'brokers-oversized': { minConfidence: 0.8 } } } };
    // An m5 of half the size costs a little more than the m7g, and is as sure as can be.
    expect(runCheck('brokers-oversized', source, strict).findings[0]?.note).toContain('kafka.m5.xlarge');
  });

  test('where latency counts the planned peaks are larger', () => {
    const planned = (goal: 'latency' | 'cost') => {
      const rows = runCheck('brokers-oversized', cluster(), { goal }).evidence[1]!.rows;
      return rows[0]!.planned as number;
    };
    expect(planned('latency') / planned('cost')).toBeCloseTo(1.3 / 1.2, 9);
  });
});
