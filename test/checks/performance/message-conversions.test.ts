import { describe } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { during5, onlyFirst } from '../minutes.ts';
import { aMonitored } from '../monitored.ts';
import { describeSeverities, describeVerdicts } from '../run.ts';
import { SICK } from '../sick.ts';

const B2 = { 'Broker ID': 2 };
const converted = (values: number | (number | null)[]) =>
  aMonitored().withMetric(METRICS.produceConversions, B2, values);

describe('message-conversions', () => {
  describeVerdicts('message-conversions', [
    ['passes: a healthy cluster', aMonitored(), 'pass'],
    // Three brokers take in 6,000 messages a second: one per cent are 60.
    ['passes: 10 a second', converted(10), 'pass'],
    ['warns: just over 10 a second', converted(10.1), 'warn', 'medium orders'],
    ['passes: 1 % of little traffic', converted(0.9).withMetricOfBrokers(METRICS.messagesIn, 30), 'pass'],
    [
      'warns: just over 1 % of little traffic',
      converted(0.91).withMetricOfBrokers(METRICS.messagesIn, 30),
      'warn',
      'medium orders',
    ],
    [
      'warns: produce and fetch together',
      converted(6).withMetric(METRICS.fetchConversions, B2, 6),
      'warn',
      'medium orders',
    ],
    ['passes: two hours are no tenth of the day', converted(during5(0, 24, 50)), 'pass'],
    ['warns: three hours', converted(during5(0, 36, 50)), 'warn', 'medium orders'],
    ['not applicable: Kafka 4', converted(50).withCluster({ kafkaVersion: '4.0.x.kraft' }), 'not-applicable'],
    ['no-data: a broker has too few datapoints', converted(onlyFirst(during5(0, 0, 0), 0.4)), 'no-data'],
    ['no-data: the free level', aMonitored().withoutMetric(METRICS.produceConversions), 'no-data'],
    ['not applicable: Express', aMonitored().withKind('provisioned-express'), 'not-applicable'],
    ['no-data: CloudWatch was not read', aMonitored().without('metrics', 'throttled'), 'no-data'],
    ['no-data: CloudWatch was read in part', aMonitored().withPartial('metrics', 'throttled'), 'no-data'],
    ['not applicable: Serverless', aMonitored().withKind('serverless'), 'not-applicable'],
    ['not applicable: Kafka without AWS', aMonitored().withKind('kafka'), 'not-applicable'],
  ]);

  describeSeverities('message-conversions', SICK['message-conversions'], {
    production: 'medium',
    staging: 'low',
    development: 'info',
  });
});
