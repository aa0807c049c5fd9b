import { describe, expect, test } from 'vitest';
import type { SectionValue } from '../../../lib/snapshot/schema.ts';
import { aSnapshot, type SnapshotBuilder } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

type Alarm = SectionValue<'alarms'>[number];
type Watched = Alarm['metrics'][number];

const metric = (name: string, of: Partial<Watched> = {}): Watched => ({
  name,
  statistic: 'Maximum',
  periodSec: 300,
  brokerId: null,
  consumerGroup: null,
  topic: null,
  ...of,
});

function alarm(metrics: readonly Watched[], fields: Partial<Alarm> = {}): Alarm {
  return {
    name: metrics.map(({ name, brokerId }) => `${name}-${brokerId}`).join('+'),
    state: 'OK',
    metrics: [...metrics],
    comparison: 'GreaterThanThreshold',
    threshold: 1,
    isAnomalyBand: false,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
    hasActions: true,
    isForAutoScaling: false,
    ...fields,
  };
}
const BELOW = { comparison: 'LessThanThreshold' };
const perBroker = (...names: string[]) =>
  [1, 2, 3].map((brokerId) => alarm(names.map((name) => metric(name, { brokerId }))));

/** All that AWS recommends for Standard brokers at the free level. */
const COMPLETE: readonly Alarm[] = [
  alarm([metric('OfflinePartitionsCount')]),
  alarm([metric('ActiveControllerCount')], BELOW),
  ...perBroker('UnderMinIsrPartitionCount'),
  ...perBroker('KafkaDataLogsDiskUsed'),
  ...perBroker('UnderReplicatedPartitions'),
  ...perBroker('CpuUser', 'CpuSystem'),
  ...perBroker('HeapMemoryAfterGC'),
];
const withAlarms = (alarms: readonly Alarm[], source: SnapshotBuilder = aSnapshot()) =>
  source.withSecurity().withSection('alarms', [...alarms]);
const without = (name: string) => COMPLETE.filter(({ metrics }) => !metrics.some((each) => each.name === name));
const paid = (alarms: readonly Alarm[]) =>
  withAlarms(alarms, aSnapshot().withCluster({ enhancedMonitoring: 'PER_BROKER' }));
const PAID: readonly Alarm[] = [
  ...COMPLETE,
  alarm([metric('RequestHandlerAvgIdlePercent')], BELOW),
  alarm([metric('NetworkProcessorAvgIdlePercent')], BELOW),
  alarm([metric('IAMTooManyConnections')]),
];
const read = () =>
  aSnapshot()
    .withTopic('orders')
    .withRates('orders', [10, 10, 10])
    .withGroup('billing', { commits: { orders: [900, 900, 900] } });
const lag = (of: Partial<Watched>, name = 'EstimatedMaxTimeLag') => alarm([metric(name, of)]);

describe('alarms-missing', () => {
  describeVerdicts('alarms-missing', [
    ['passes: all that AWS recommends', withAlarms(COMPLETE), 'pass'],
    ['warns: none at all', withAlarms([]), 'warn', 'medium orders'],
    ['warns: one is missing', withAlarms(without('HeapMemoryAfterGC')), 'warn', 'medium orders'],
    [
      'warns: one broker is not watched',
      withAlarms(COMPLETE.filter(({ name }) => name !== 'KafkaDataLogsDiskUsed-2')),
      'warn',
      'medium orders',
    ],
    [
      'passes: a query watches all brokers',
      withAlarms([...without('KafkaDataLogsDiskUsed'), alarm([metric('KafkaDataLogsDiskUsed')])]),
      'pass',
    ],
    ['passes: idle CPU tells the same', withAlarms([...without('CpuUser'), alarm([metric('CpuIdle')], BELOW)]), 'pass'],
    [
      'warns: an alarm that looks the wrong way',
      withAlarms([...without('KafkaDataLogsDiskUsed'), alarm([metric('KafkaDataLogsDiskUsed')], BELOW)]),
      'warn',
      'medium orders',
    ],
    [
      'warns: an alarm that only scales calls nobody',
      withAlarms([
        ...without('KafkaDataLogsDiskUsed'),
        alarm([metric('KafkaDataLogsDiskUsed')], { isForAutoScaling: true }),
      ]),
      'warn',
      'medium orders',
    ],
    [
      'passes: an alarm without an action may be part of another',
      withAlarms(COMPLETE.map((each) => ({ ...each, hasActions: false }))),
      'pass',
    ],
    ['passes: what the level does not publish need not be watched', withAlarms(COMPLETE), 'pass'],
    ['warns: what the level publishes is not watched', paid(COMPLETE), 'warn', 'medium orders'],
    ['passes: all of the paid level', paid(PAID), 'pass'],
    ['no-data: whether clients use IAM is not known', paid(PAID).without('security', 'not-permitted'), 'no-data'],
    [
      'no-data: which brokers there are is not known',
      withAlarms(COMPLETE).without('nodes', 'not-permitted'),
      'no-data',
    ],
    ['no-data: alarms were not read', withAlarms(COMPLETE).without('alarms', 'not-permitted'), 'no-data'],
    [
      'no-data: part of the alarms was read',
      withAlarms(COMPLETE).withPartial('alarms', 'only the first 5000'),
      'no-data',
    ],
    ['no-data: who reads is not known', withAlarms(COMPLETE).without('kafkaGroups', 'unreachable'), 'no-data'],
    ['warns: the lag of the busiest group', withAlarms(COMPLETE, read()), 'warn', 'medium orders'],
    [
      'passes: with an alarm on it',
      withAlarms([...COMPLETE, lag({ consumerGroup: 'billing', topic: 'orders' })], read()),
      'pass',
    ],
    [
      'passes: with one on another figure of its lag',
      withAlarms([...COMPLETE, lag({ consumerGroup: 'billing', topic: 'orders' }, 'SumOffsetLag')], read()),
      'pass',
    ],
    [
      'warns: with one on the lag of another group',
      withAlarms([...COMPLETE, lag({ consumerGroup: 'audit', topic: 'orders' })], read()),
      'warn',
      'medium orders',
    ],
    ['warns on Express without alarms', withAlarms([]).withKind('provisioned-express'), 'warn', 'medium orders'],
    ['passes: Serverless that nobody reads from', withAlarms([]).withKind('serverless'), 'pass'],
    ['warns: Serverless with a group', withAlarms([], read()).withKind('serverless'), 'warn', 'medium orders'],
    ['no-data: a cluster that is being created', withAlarms([]).withCluster({ state: 'CREATING' }), 'no-data'],
    ['not applicable: Kafka without AWS', aSnapshot().withKind('kafka'), 'not-applicable'],
  ]);

  describeSeverities('alarms-missing', () => withAlarms([]), {
    production: 'medium',
    staging: 'low',
    development: 'info',
  });

  const commandsOf = (source: SnapshotBuilder) =>
    runCheck('alarms-missing', source).recommendation!.commands.map(({ argv }) => argv);
  const option = (argv: readonly unknown[], name: string) => argv[argv.indexOf(name) + 1];

  test('one command for each, in the order of what stops clients first', () => {
    expect(commandsOf(withAlarms([])).map((argv) => option(argv, '--alarm-name'))).toEqual([
      'orders-offline-partitions',
      'orders-no-controller',
      'orders-under-min-isr',
      'orders-disk-used',
      'orders-under-replicated',
      'orders-cpu-1-2-3',
      'orders-heap',
    ]);
  });

  test('without datapoints the alarm on the controller goes off, the others wait for data', () => {
    const breaching = commandsOf(withAlarms([])).filter((argv) => argv.includes('--treat-missing-data'));
    expect(breaching.map((argv) => option(argv, '--alarm-name'))).toEqual(['orders-no-controller']);
    expect(option(breaching[0]!, '--treat-missing-data')).toBe('breaching');
  });

  test('CPU is a formula: the highest sum of user and system over the brokers', () => {
    const [argv] = commandsOf(withAlarms(without('CpuUser')));
    const metrics = JSON.parse(option(argv!, '--metrics') as string);
    expect(metrics.map(({ Id }: { Id: string }) => Id)).toEqual([
      'a1',
      'b1',
      'a2',
      'b2',
      'a3',
      'b3',
      's1',
      's2',
      's3',
      'worst',
    ]);
    expect(metrics.at(-1)).toEqual({ Id: 'worst', Expression: 'MAX([s1, s2, s3])', ReturnData: true });
    expect(metrics[0].MetricStat).toEqual({
      Metric: {
        Namespace: 'AWS/Kafka',
        MetricName: 'CpuUser',
        Dimensions: [
          { Name: 'Cluster Name', Value: 'orders' },
          { Name: 'Broker ID', Value: '1' },
        ],
      },
      Period: 300,
      Stat: 'Average',
    });
    expect(metrics.filter(({ ReturnData }: { ReturnData: boolean }) => ReturnData)).toHaveLength(1);
    expect(option(argv!, '--threshold')).toBe('60');
    expect(option(argv!, '--alarm-actions')).toEqual({ variable: 'ALARM_TOPIC_ARN' });
  });

  test('a formula holds ten metrics: five brokers an alarm', () => {
    const seven = withAlarms([], aSnapshot().withBrokers(7));
    const names = commandsOf(seven).map((argv) => option(argv, '--alarm-name'));
    expect(names.filter((name) => String(name).includes('cpu'))).toEqual(['orders-cpu-1-2-3-4-5', 'orders-cpu-6-7']);
  });

  test('other metrics of brokers are one query over all of them', () => {
    const [argv] = commandsOf(withAlarms(without('KafkaDataLogsDiskUsed')));
    expect(JSON.parse(option(argv!, '--metrics') as string)).toEqual([
      {
        Id: 'q',
        Expression: `SELECT MAX("KafkaDataLogsDiskUsed") FROM SCHEMA("AWS/Kafka", "Broker ID", "Cluster Name") WHERE "Cluster Name" = 'orders'`,
        ReturnData: true,
        Period: 300,
      },
    ]);
  });

  test('of an idle share the lowest broker counts', () => {
    const [argv] = commandsOf(paid(PAID.filter(({ metrics }) => metrics[0]?.name !== 'RequestHandlerAvgIdlePercent')));
    expect(option(argv!, '--metrics')).toContain('SELECT MIN(');
    expect(option(argv!, '--comparison-operator')).toBe('LessThanThreshold');
  });

  test('stored bytes of Express have a band', () => {
    const argv = commandsOf(withAlarms([]).withKind('provisioned-express')).at(-1)!;
    expect(option(argv, '--threshold-metric-id')).toBe('band');
    expect(option(argv, '--metrics')).toContain('ANOMALY_DETECTION_BAND(m, 2)');
    expect(argv).not.toContain('--threshold');
  });

  test('only the busiest groups and topics, the largest first; a name with a comma stays one', () => {
    const source = aSnapshot();
    for (const [i, topic] of ['a', 'b', 'c', 'd'].entries()) {
      source.withTopic(topic, { partitions: 1 }).withRates(topic, [10 * (i + 1)]);
      source.withGroup(`g,${topic}`, { commits: { [topic]: [900] } });
    }
    const argvs = commandsOf(withAlarms(COMPLETE, source));
    expect(argvs.map((argv) => option(argv, '--alarm-name'))).toEqual([
      'orders-lag-g,d-d',
      'orders-lag-g,c-c',
      'orders-lag-g,b-b',
    ]);
    expect(option(argvs[0]!, '--dimensions')).toContain('{"Name":"Consumer Group","Value":"g,d"}');
  });

  test('says which are in alarm now', () => {
    const ringing = COMPLETE.map((each, i) => (i === 0 ? { ...each, state: 'ALARM' } : each));
    expect(runCheck('alarms-missing', withAlarms(ringing)).summary).toContain('in alarm now: offline partitions');
  });
});
