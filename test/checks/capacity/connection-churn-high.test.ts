import { describe } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { TAKEN_AT_MS } from '../../builders/a-snapshot.ts';
import { during } from '../minutes.ts';
import { aMonitored, IAM, rising } from '../monitored.ts';
import { describeSeverities, describeVerdicts } from '../run.ts';
import { SICK } from '../sick.ts';

const B2 = { 'Broker ID': 2 };
const HOUR_MS = 3_600_000;
const created = (values: number | number[]) => aMonitored().withMetric(METRICS.connectionCreationRate, B2, values);
const many = (perSec: number) => created(perSec).withMetric(METRICS.clientConnections, { ...B2, ...IAM }, 2400);
const leak = (values: number[]) => aMonitored().withHourlyOfBrokers(METRICS.clientConnections, values, IAM);

describe('connection-churn-high', () => {
  describeVerdicts('connection-churn-high', [
    ['passes: a healthy cluster', aMonitored(), 'pass'],
    // 200 connections are open: a twentieth a second are ten.
    ['passes: ten new ones a second', created(10), 'pass'],
    ['warns: just over ten', created(10.1), 'warn', 'medium 2'],
    [
      'passes: one a second on ten connections is nothing',
      created(1).withMetric(METRICS.clientConnections, { ...B2, ...IAM }, 10),
      'pass',
    ],
    ['passes: an hour of a deployment', created(during(0, 60, 50, 0.5)), 'pass'],
    ['warns: three hours', created(during(0, 180, 50, 0.5)), 'warn', 'medium 2'],
    ['passes: 80 new ones a second on many connections', many(80), 'pass'],
    ['warns: 81 with IAM', many(81), 'warn', 'medium 2'],
    [
      'passes: 81 without IAM',
      many(81).withSecurity({ authentication: { unauthenticated: true, iam: false, scram: false, tls: false } }),
      'pass',
    ],
    ['passes: 21 on idle network threads', many(21), 'pass'],
    [
      'warns: 21 on busy network threads',
      many(21).withMetric(METRICS.networkProcessorIdle, B2, 0.45),
      'warn',
      'medium 2',
    ],
    ['passes: 20 on busy network threads', many(20).withMetric(METRICS.networkProcessorIdle, B2, 0.45), 'pass'],
    ['warns: a leak, a fifth more every week', leak(rising(50 * 60, 300 * 60)), 'warn', 'medium orders'],
    [
      'passes: the traffic grows as well',
      leak(rising(50 * 60, 300 * 60)).withHourlyOfBrokers(METRICS.bytesIn, rising(1e6, 3e6)),
      'pass',
    ],
    ['passes: a leak of a few connections', leak(rising(5 * 60, 15 * 60)), 'pass'],
    [
      'passes: all come back after a restart of the brokers',
      created(during(120, 300, 50, 0.5)).withOperation(
        'REBOOT_BROKER',
        TAKEN_AT_MS - 22 * HOUR_MS,
        TAKEN_AT_MS - 19 * HOUR_MS,
      ),
      'pass',
    ],
    ['no-data: the free level', aMonitored().withoutMetric(METRICS.connectionCreationRate), 'no-data'],
    ['no-data: two days of history', leak(Array.from({ length: 48 }, () => 200 * 60)), 'no-data'],
    ['warns on Express', created(30).withKind('provisioned-express'), 'warn', 'medium 2'],
    ['no-data: CloudWatch was not read', aMonitored().without('metrics', 'throttled'), 'no-data'],
    ['no-data: CloudWatch was read in part', aMonitored().withPartial('metrics', 'throttled'), 'no-data'],
    ['not applicable: Serverless', aMonitored().withKind('serverless'), 'not-applicable'],
    ['not applicable: Kafka without AWS', aMonitored().withKind('kafka'), 'not-applicable'],
  ]);

  describeSeverities('connection-churn-high', SICK['connection-churn-high'], {
    production: 'medium',
    staging: 'low',
    development: 'info',
  });
});
