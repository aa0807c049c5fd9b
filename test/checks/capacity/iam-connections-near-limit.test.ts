import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { renderCommand } from '../../../lib/text/command.ts';
import { during, during5 } from '../minutes.ts';
import { aMonitored, IAM } from '../monitored.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';
import { SICK } from '../sick.ts';

const B2 = { 'Broker ID': 2 };
/** Nothing each so many minutes. */
const broken = (value: number, each: number) => Array.from({ length: 1440 }, (_, i) => (i % each === 0 ? null : value));
const open = (values: number | (number | null)[]) =>
  aMonitored().withMetric(METRICS.clientConnections, { ...B2, ...IAM }, values);

describe('iam-connections-near-limit', () => {
  describeVerdicts('iam-connections-near-limit', [
    ['passes: a healthy cluster', aMonitored(), 'pass'],
    ['passes: 2,400 connections of 3,000', open(2400), 'pass'],
    ['fails: one more', open(2401), 'fail', 'high 2'],
    ['passes: fourteen minutes', open(during(100, 114, 2900, 200)), 'pass'],
    ['fails: a quarter of an hour', open(during(100, 115, 2900, 200)), 'fail', 'high 2'],
    [
      'passes: a higher limit in force',
      open(2900).withBrokerSettings({ 'listener.name.client_iam.max.connections': '4000' }),
      'pass',
    ],
    [
      'fails: a lower limit in force',
      open(900).withBrokerSettings({ 'listener.name.client_iam.max.connections': '1000' }),
      'fail',
      'high 2',
    ],
    ['no-data: a gap each quarter of an hour, so that nothing is held for one', open(broken(200, 15)), 'no-data'],
    ['passes: gaps that leave a quarter of an hour', open(broken(200, 16)), 'pass'],
    ['fails: nearly all of the limit between such gaps', open(broken(2900, 16)), 'fail', 'high 2'],
    [
      'no-data: the same of new connections',
      aMonitored().withMetric(METRICS.connectionCreationRate, B2, broken(1, 15)),
      'no-data',
    ],
    [
      'fails: what one broker holds is enough, whatever another leaves open',
      open(2900).withMetric(METRICS.clientConnections, { 'Broker ID': 3, ...IAM }, broken(200, 15)),
      'fail',
      'high 2',
    ],
    ['passes: 80 new ones a second', aMonitored().withMetric(METRICS.connectionCreationRate, B2, 80), 'pass'],
    ['fails: 81 new ones a second', aMonitored().withMetric(METRICS.connectionCreationRate, B2, 81), 'fail', 'high 2'],
    [
      'fails: four a second are the limit of t3',
      aMonitored().withCluster({ instanceType: 'kafka.t3.small' }).withMetric(METRICS.connectionCreationRate, B2, 3.3),
      'fail',
      'high 2',
    ],
    [
      'fails: connections were refused',
      aMonitored().withMetric(METRICS.iamTooManyConnections, B2, during5(0, 1, 1)),
      'fail',
      'high 2',
    ],
    [
      'passes: as many connections of another kind',
      aMonitored().withMetric(METRICS.clientConnections, { ...B2, 'Client Authentication': 'SSL' }, 2900),
      'pass',
    ],
    [
      'not applicable: no IAM',
      open(2900).withSecurity({ authentication: { unauthenticated: false, iam: false, scram: true, tls: false } }),
      'not-applicable',
    ],
    [
      'no-data: nobody knows whether there is IAM',
      aMonitored().without('security').withoutMetric(METRICS.clientConnections),
      'no-data',
    ],
    [
      'no-data: the free level tells no new connections',
      aMonitored().withoutMetric(METRICS.connectionCreationRate),
      'no-data',
    ],
    ['fails on Express', open(2900).withKind('provisioned-express'), 'fail', 'high 2'],
    ['no-data: CloudWatch was not read', aMonitored().without('metrics', 'throttled'), 'no-data'],
    ['no-data: CloudWatch was read in part', aMonitored().withPartial('metrics', 'throttled'), 'no-data'],
    ['not applicable: Serverless', aMonitored().withKind('serverless'), 'not-applicable'],
    ['not applicable: Kafka without AWS', aMonitored().withKind('kafka'), 'not-applicable'],
  ]);

  describeSeverities('iam-connections-near-limit', SICK['iam-connections-near-limit'], {
    production: 'high',
    staging: 'medium',
    development: 'low',
  });

  test('the limit on connections is raised for connections alone, not for how fast they come', () => {
    const advice = (source: ReturnType<typeof aMonitored>) =>
      runCheck('iam-connections-near-limit', source).recommendation!;
    const many = advice(open(2900));
    expect(many.commands.map((command) => renderCommand(command))).toEqual([
      expect.stringContaining('listener.name.client_iam.max.connections=4000'),
    ]);
    expect(many.action).toContain('raise the limit');
    const key = 'listener.name.client_iam.max.connections';
    const own = open(2900).withBrokerSettings({ [key]: '3000' }, { brokers: [2], source: 'dynamic-broker' });
    expect(advice(own).commands.map((command) => renderCommand(command))).toEqual([
      expect.stringContaining(`--entity-default --add-config ${key}=4000`),
      expect.stringContaining(`--entity-name 2 --add-config ${key}=4000`),
    ]);
    for (const source of [
      aMonitored().withMetric(METRICS.connectionCreationRate, B2, 90),
      aMonitored().withMetric(METRICS.iamTooManyConnections, B2, during5(0, 1, 1)),
    ]) {
      const { commands, action, risk } = advice(source);
      expect([commands.map(({ effect }) => effect), action, risk]).toEqual([
        ['read'],
        expect.not.stringContaining('raise'),
        'The limit on new connections a second cannot be raised.',
      ]);
    }
  });
});
