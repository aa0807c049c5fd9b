import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { renderCommand } from '../../../lib/text/command.ts';
import { aSnapshot, type SnapshotBuilder } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

/** Produce requests of so many ms, 2 ms of them at the leader, on every broker. */
function writes(
  totalMs: number,
  { fetchers = '2', pst = null as number | null, cpu = 25, queue = 0.2, mib = 25 } = {},
): SnapshotBuilder {
  const builder = aSnapshot()
    .withCluster({ instanceType: 'kafka.m7g.4xlarge', provisionedThroughputMiBPerSec: pst })
    .withBrokerSettings({ 'num.replica.fetchers': fetchers });
  for (const id of [1, 2, 3]) {
    const broker = { 'Broker ID': id };
    builder
      .withMetric(METRICS.produceTotalTimeMean, broker, totalMs)
      .withMetric(METRICS.produceLocalTimeMean, broker, 1.4);
    for (const part of [
      METRICS.produceRequestQueueTimeMean,
      METRICS.produceResponseQueueTimeMean,
      METRICS.produceResponseSendTimeMean,
    ])
      builder.withMetric(part, broker, 0.2);
    builder
      .withMetric(METRICS.replicationBytesIn, broker, mib * 1024 ** 2)
      .withMetric(METRICS.fetchFollowerRequestQueueTimeMean, broker, queue)
      .withMetric(METRICS.cpuUser, broker, cpu - 5);
  }
  return builder;
}

const ALL = ['medium 1', 'medium 2', 'medium 3'];

describe('replica-fetchers-low', () => {
  describeVerdicts('replica-fetchers-low', [
    ['passes: writes hardly wait', writes(4), 'pass'],
    [
      'warns: throughput is provisioned, and two fetchers where AWS gives four',
      writes(4, { pst: 400 }),
      'warn',
      'medium orders',
    ],
    ['passes: four', writes(4, { pst: 400, fetchers: '4' }), 'pass'],
    ['warns: 8 of 10 ms are the wait for followers', writes(10), 'warn', ...ALL],
    ['passes: 5 ms of wait are the network', writes(7), 'pass'],
    ['passes: the wait is long, and there are fetchers enough', writes(10, { fetchers: '4' }), 'pass'],
    ['passes: the leader is slow to answer its followers', writes(10, { queue: 6 }), 'pass'],
    ['passes: 19 MiB/s are no work for two fetchers', writes(10, { mib: 19 }), 'pass'],
    ['warns: 20 MiB/s', writes(10, { mib: 20 }), 'warn', ...ALL],
    ['passes: CPU is short', writes(10, { cpu: 50 }), 'pass'],
    [
      'no-data: the level that publishes the parts is not on',
      aSnapshot().withBrokerSettings({ 'num.replica.fetchers': '2' }),
      'no-data',
    ],
    [
      'warns without CloudWatch when throughput is provisioned',
      writes(4, { pst: 400 }).without('metrics', 'throttled'),
      'warn',
      'medium orders',
    ],
    [
      'no-data: quiet, and the brokers were not asked',
      writes(4).without('kafkaBrokerConfigs', 'unreachable'),
      'no-data',
    ],
    ['not applicable: Express', writes(10).withKind('provisioned-express'), 'not-applicable'],
  ]);

  describeSeverities('replica-fetchers-low', () => writes(4, { pst: 400 }), {
    production: 'medium',
    staging: 'low',
    development: 'info',
  });

  test.each([
    ['2', 'kafka.m7g.4xlarge', true, 4],
    ['2', 'kafka.m7g.8xlarge', false, 8],
  ])('from %s on %s: at once only where Kafka takes the step', (fetchers, instanceType, isDynamic, target) => {
    const source = writes(4, { pst: 400, fetchers }).withCluster({ instanceType });
    const commands = runCheck('replica-fetchers-low', source).recommendation!.commands;
    expect(
      commands.map(renderCommand).some((command) => command?.includes(`--add-config num.replica.fetchers=${target}`)),
    ).toBe(isDynamic);
    expect(commands.map(({ purpose }) => purpose).join()).toContain(`num.replica.fetchers=${target}`);
  });

  test('by hand: 10 ms less 2 ms at the leader are 80 % of waiting', () => {
    const [finding] = runCheck('replica-fetchers-low', writes(10)).findings;
    expect(finding?.measured).toBeCloseTo(80, 9);
    expect(finding).toMatchObject({ limit: 50, confidence: 0.6 });
  });
});
