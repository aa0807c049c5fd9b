import { describe } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { during, during5 } from '../minutes.ts';
import { aMonitored, IAM } from '../monitored.ts';
import { describeSeverities, describeVerdicts } from '../run.ts';
import { SICK } from '../sick.ts';

const B2 = { 'Broker ID': 2 };
const open = (values: number | number[]) =>
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
});
