import * as v from 'valibot';
import { afterEach, expect, test, vi } from 'vitest';
import { createAlarmReader, readAlarms } from '../../../lib/collect/account/alarms.ts';
import { alarmsSchema } from '../../../lib/snapshot/account-sections.ts';
import { CLUSTER_NAME } from '../../builders/a-snapshot.ts';
import type { Answer, AwsFront } from '../aws-front.ts';
import { ACCESS, ALARM, ARN, accountFront, collected, FORMULA_ALARM, omissions, SIGNAL } from './an-account.ts';

let front: AwsFront;

async function alarmsFrom(answer: Answer) {
  front = await accountFront({ monitoring: { DescribeAlarms: answer } });
  return (await collected()).alarms;
}

async function alarmsOf(...MetricAlarms: object[]) {
  const section = await alarmsFrom({ MetricAlarms });
  if (!section.ok) throw new Error(section.detail);
  return section.value;
}

afterEach(async () => {
  vi.unstubAllEnvs();
  await front.close();
});

test('an alarm on a metric of a broker, and one on a formula, with what each watches', async () => {
  const section = await alarmsFrom(({ input }) => {
    expect(input).toEqual({ AlarmTypes: ['MetricAlarm'], MaxRecords: 100 });
    return { MetricAlarms: [ALARM, FORMULA_ALARM], CompositeAlarms: [] };
  });
  const cpu = { periodSec: 300, brokerId: 1, consumerGroup: null, topic: null, statistic: 'Average' };
  expect(section).toMatchObject({
    ok: true,
    value: [
      {
        name: 'orders-cpu',
        state: 'OK',
        metrics: [
          { name: 'CpuUser', ...cpu },
          { name: 'CpuSystem', ...cpu },
        ],
        comparison: 'GreaterThanThreshold',
        threshold: 60,
        isAnomalyBand: false,
        evaluationPeriods: 1,
        datapointsToAlarm: null,
        hasActions: true,
        isForAutoScaling: false,
      },
      {
        name: 'orders-disk',
        state: 'ALARM',
        metrics: [{ ...cpu, name: 'KafkaDataLogsDiskUsed', statistic: 'Maximum', brokerId: 2 }],
        comparison: 'GreaterThanOrEqualToThreshold',
        threshold: 85,
        evaluationPeriods: 3,
        datapointsToAlarm: 2,
      },
    ],
  });
  const kept = JSON.stringify(section);
  expect(kept).not.toContain('arn:');
  expect(kept).not.toContain('+49');
});

test('alarms of other clusters, other services and other accounts are left out', async () => {
  const other = { Dimensions: [{ Name: 'Cluster Name', Value: 'orders-2' }] };
  const [first, ...inner] = FORMULA_ALARM.Metrics;
  const foreign = { ...FORMULA_ALARM, Metrics: [first, ...inner.map((m) => ({ ...m, AccountId: '999988887777' }))] };
  const found = await alarmsOf(
    { ...ALARM, ...other },
    { ...ALARM, Namespace: 'AWS/EC2' },
    { ...ALARM, Dimensions: [] },
    foreign,
    {},
  );
  expect(found).toEqual([]);
});

test('of a formula over two clusters the metrics of this one are kept', async () => {
  const [sum, user, system] = FORMULA_ALARM.Metrics;
  const ofOther = JSON.parse(JSON.stringify(system).replace(`"${CLUSTER_NAME}"`, '"other"')) as object;
  const [alarm] = await alarmsOf({ ...FORMULA_ALARM, Metrics: [sum, user, ofOther] });
  expect(alarm?.metrics.map(({ name }) => name)).toEqual(['CpuUser']);
});

test('an alarm on the lag of a group names the group and the topic', async () => {
  const [alarm] = await alarmsOf({
    ...ALARM,
    MetricName: 'EstimatedMaxTimeLag',
    Dimensions: [
      { Name: 'Consumer Group', Value: 'billing' },
      { Name: 'Topic', Value: 'payments' },
      { Name: 'Cluster Name', Value: CLUSTER_NAME },
    ],
  });
  expect(alarm?.metrics).toMatchObject([{ consumerGroup: 'billing', topic: 'payments', brokerId: null }]);
});

test('a percentile, an anomaly band, and a broker id that is none', async () => {
  const [{ metrics, isAnomalyBand, threshold } = { metrics: [], isAnomalyBand: false, threshold: 0 }] = await alarmsOf({
    AlarmName: 'band',
    ThresholdMetricId: 'band',
    ComparisonOperator: 'GreaterThanUpperThreshold',
    Metrics: [
      { Id: 'band', Expression: 'ANOMALY_DETECTION_BAND(m, 2)' },
      {
        Id: 'm',
        MetricStat: {
          Metric: {
            Namespace: 'AWS/Kafka',
            MetricName: 'StorageUsed',
            Dimensions: [
              { Name: 'Cluster Name', Value: CLUSTER_NAME },
              { Name: 'Broker ID', Value: '1e9' },
            ],
          },
          Period: 300,
          Stat: 'p99',
        },
      },
    ],
  });
  expect(isAnomalyBand).toBe(true);
  expect(threshold).toBeNull();
  expect(metrics).toMatchObject([{ name: 'StorageUsed', statistic: 'p99', brokerId: null }]);
});

const query = (where: string) =>
  `SELECT MAX("CpuUser") FROM SCHEMA("AWS/Kafka", "Cluster Name", "Broker ID") ${where} GROUP BY "Broker ID"`;

test.each([
  ['over all clusters', query(''), true],
  ['of this cluster', query(`WHERE "Cluster Name" = '${CLUSTER_NAME}'`), true],
  ['of all but another', query(`WHERE "Cluster Name" != 'other' AND "Broker ID" = '1'`), true],
  ['of another cluster', query(`WHERE "Cluster Name" = 'other'`), false],
  ['of all but this', query(`WHERE "Cluster Name" != '${CLUSTER_NAME}'`), false],
  ['over another service', 'SELECT MAX(CPUUtilization) FROM SCHEMA("AWS/EC2", InstanceId)', false],
  ['without a schema', 'SELECT AVG(CpuUser) FROM "AWS/Kafka"', true],
])('an alarm on a query %s', async (_, Expression, isMeant) => {
  const [alarm] = await alarmsOf({ AlarmName: 'q', Metrics: [{ Id: 'q', Expression, Period: 60 }] });
  expect(alarm !== undefined).toBe(isMeant);
  if (alarm !== undefined) expect(alarm.metrics).toMatchObject([{ name: 'CpuUser', periodSec: 60, brokerId: null }]);
});

test.each([
  ['to nobody', { AlarmActions: [] }, { hasActions: false, isForAutoScaling: false }],
  ['switched off', { ActionsEnabled: false }, { hasActions: false, isForAutoScaling: false }],
  [
    'to a scaling policy',
    { AlarmActions: [`arn:aws:autoscaling:eu-west-1:${ARN.accountId}:scalingPolicy:u:p`] },
    { hasActions: true, isForAutoScaling: true },
  ],
  [
    'to both',
    { AlarmActions: [...ALARM.AlarmActions, 'arn:aws:autoscaling:eu-west-1:1:scalingPolicy:u:p'] },
    { hasActions: true, isForAutoScaling: false },
  ],
])('whom an alarm reaches: %s', async (_, changed, expected) => {
  expect(await alarmsOf({ ...ALARM, ...changed })).toMatchObject([expected]);
});

test('whatever field is left out, alarms are read and fit their schema', async () => {
  const cases = [...omissions<object>(ALARM), ...omissions<object>(FORMULA_ALARM)];
  let MetricAlarms: object[] = [];
  front = await accountFront({ monitoring: { DescribeAlarms: () => ({ MetricAlarms }) } });
  const reader = await createAlarmReader(ACCESS);
  const seen = new Set<string>();
  for (const { path, without } of cases) {
    MetricAlarms = [without];
    const { value } = await readAlarms(reader, ARN, SIGNAL);
    expect(v.is(alarmsSchema, value), path).toBe(true);
    seen.add(JSON.stringify(value));
  }
  expect(seen.size).toBeGreaterThan(20);
});

test('unknown states, operators and statistics stay as they come', async () => {
  const odd = { StateValue: 'ASLEEP', ComparisonOperator: 'Smells', Statistic: 'Vibe' };
  expect(await alarmsOf({ ...ALARM, ...odd })).toMatchObject([
    { state: 'ASLEEP', comparison: 'Smells', metrics: [{ statistic: 'Vibe' }] },
  ]);
});

test('no alarms at all is a section without alarms, not a gap', async () => {
  expect(await alarmsFrom({})).toMatchObject({ ok: true, value: [] });
});

test('alarms on later pages count', async () => {
  const section = await alarmsFrom(({ input }) =>
    input.NextToken === undefined ? { MetricAlarms: [{}], NextToken: 'n' } : { MetricAlarms: [ALARM] },
  );
  expect(section).toMatchObject({ ok: true, value: [{ name: 'orders-disk' }] });
  expect(section).not.toHaveProperty('partial');
});

test.each([
  ['repeats its token', () => 'again', 2],
  ['never ends', (index: number) => `page ${index}`, 50],
])('a list that %s is cut, and says how many were looked at', async (_, token, calls) => {
  const section = await alarmsFrom(({ index }) => ({ MetricAlarms: [{}, {}], NextToken: token(index) }));
  expect(section).toHaveProperty('partial', `only the first ${2 * calls} alarms of the region were looked at`);
  expect(front.requests.filter(({ operation }) => operation === 'DescribeAlarms')).toHaveLength(calls);
});
