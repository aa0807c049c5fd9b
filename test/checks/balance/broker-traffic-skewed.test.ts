import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { aSnapshot, type SnapshotBuilder, TAKEN_AT_MS, WINDOW_START_MS } from '../../builders/a-snapshot.ts';
import { during5, onlyFirst, PERIODS_OF_DAY } from '../minutes.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const MIB = 1024 ** 2;

/** Bytes in of each broker in MiB/s for the last hours, before that all as the least; as many bytes out. */
function traffic(mib: readonly number[], hours = 24): SnapshotBuilder {
  const builder = aSnapshot().withBrokers(mib.length).withTopic('orders').withHealthyMetrics();
  for (const [i, rate] of mib.entries()) {
    const values = during5(PERIODS_OF_DAY - hours * 12, PERIODS_OF_DAY, rate * MIB, Math.min(...mib) * MIB);
    builder
      .withMetric(METRICS.bytesIn, { 'Broker ID': i + 1 }, values)
      .withMetric(METRICS.bytesOut, { 'Broker ID': i + 1 }, values);
  }
  return builder;
}

function cpu(percent: readonly number[]): SnapshotBuilder {
  const builder = traffic([4, 4, 4]);
  for (const [i, value] of percent.entries()) builder.withMetric(METRICS.cpuUser, { 'Broker ID': i + 1 }, value - 5);
  return builder;
}

describe('broker-traffic-skewed', () => {
  describeVerdicts('broker-traffic-skewed', [
    ['passes: even traffic', traffic([4, 4, 4]), 'pass'],
    ['passes: exactly 1.5 times the mean', traffic([6, 3, 3]), 'pass'],
    ['warns: 1.53 times the mean', traffic([6.2, 3, 3]), 'warn', 'medium 1'],
    ['passes: uneven for two hours, where a tenth of the day is 2.4', traffic([9, 3, 3], 2), 'pass'],
    ['warns: uneven for three hours', traffic([9, 3, 3], 3), 'warn', 'medium 1'],
    ['not applicable: half a MiB a second each', traffic([0.9, 0.1, 0.1]), 'not-applicable'],
    ['warns: CPU 1.7 times the mean at even traffic', cpu([50, 20, 20]), 'warn', 'medium 1'],
    ['passes: three times the CPU of next to nothing', cpu([18, 6, 6]), 'pass'],
    ['fails: the hottest broker is short of CPU as well', cpu([75, 20, 20]), 'fail', 'high 1'],
    ['passes: just at the CPU limit it is a warning only', cpu([70, 20, 20]), 'warn', 'medium 1'],
    [
      'warns: a zone 1.35 times the mean, no broker above 1.5',
      traffic([4.3, 3, 3, 4.3, 3, 1.5]),
      'warn',
      'medium euw1-az1',
    ],
    ['passes: a zone at 1.29', traffic([4.1, 3, 3, 4.1, 3, 1.87]), 'pass'],
    [
      'no-data: the hottest broker publishes no more, and says nothing of a skew',
      traffic([9, 3, 3]).withMetric(METRICS.bytesIn, { 'Broker ID': 1 }, onlyFirst(during5(0, 0, 0, 9 * MIB), 0.4)),
      'no-data',
    ],
    [
      'passes: uneven while an operation ran',
      traffic([9, 3, 3], 6).withOperation('UPDATE_BROKER_TYPE', TAKEN_AT_MS - 7 * 3_600_000, TAKEN_AT_MS),
      'pass',
    ],
    [
      'no-data: a cluster of two hours',
      [1, 2, 3].reduce(
        (builder, id) =>
          builder.withMetric(
            METRICS.bytesIn,
            { 'Broker ID': id },
            during5(0, 264, 0, 9 * MIB).map((v) => v || null),
          ),
        traffic([9, 3, 3]),
      ),
      'no-data',
    ],
    ['no-data: CloudWatch was not read', traffic([9, 3, 3]).without('metrics', 'throttled'), 'no-data'],
    ['warns on Express', traffic([9, 3, 3]).withKind('provisioned-express'), 'warn', 'medium 1'],
    ['not applicable: Serverless', traffic([9, 3, 3]).withKind('serverless'), 'not-applicable'],
    ['not applicable: Kafka without AWS', traffic([9, 3, 3]).withKind('kafka'), 'not-applicable'],
  ]);

  describeSeverities('broker-traffic-skewed', () => traffic([9, 3, 3]), {
    production: 'medium',
    staging: 'low',
    development: 'info',
  });
  describeSeverities('broker-traffic-skewed', () => cpu([75, 20, 20]), {
    production: 'high',
    staging: 'medium',
    development: 'low',
  });

  test('by hand: 9 of 15 over three brokers are 1.8 times the mean, 44.4 % of the capacity is lost', () => {
    const result = runCheck('broker-traffic-skewed', traffic([9, 3, 3]));
    expect(result.findings[0]).toMatchObject({ measured: 1.8, limit: 1.5, unit: 'ratio', scope: 'broker' });
    expect(result.summary).toContain("44.4% of the cluster's capacity cannot be used");
  });

  test('names the busiest partitions of the hottest broker, and consumers that all sit in one zone', () => {
    const source = traffic([9, 3, 3])
      .withRates('orders', [900, 20, 20])
      .withGroup('g', { commits: { orders: [1, 1, 1] } });
    const snapshot = source.build();
    const groups = snapshot.sections.kafkaGroups;
    if (groups?.ok) for (const member of groups.value[0]!.members!) member.rack = 'euw1-az1';
    const result = runCheck('broker-traffic-skewed', snapshot);
    expect(result.evidence[1]?.rows).toEqual([{ topic: 'orders', partition: 0, messages: 900, bytes: null }]);
    expect(result.recommendation?.action).toContain('all that name one are in euw1-az1');
    expect(snapshot.window.startMs).toBe(WINDOW_START_MS);
  });

  test('Express: no reassignment by hand', () => {
    const { recommendation } = runCheck('broker-traffic-skewed', traffic([9, 3, 3]).withKind('provisioned-express'));
    expect(JSON.stringify(recommendation)).not.toContain('kafka-reassign-partitions.sh');
  });
});
