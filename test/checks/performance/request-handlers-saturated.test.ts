import { describe } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { during5, onlyFirst } from '../minutes.ts';
import { aMonitored } from '../monitored.ts';
import { describeSeverities, describeVerdicts } from '../run.ts';
import { SICK } from '../sick.ts';

const B2 = { 'Broker ID': 2 };
/** Idle share of broker 2. */
const idle = (values: number | readonly (number | null)[]) =>
  aMonitored().withMetric(METRICS.requestHandlerIdle, B2, values);

describe('request-handlers-saturated', () => {
  describeVerdicts('request-handlers-saturated', [
    ['passes: a healthy cluster', aMonitored(), 'pass'],
    ['passes: busy for 70 %', idle(0.3), 'pass'],
    ['warns: just over 70 %', idle(0.299), 'warn', 'medium 2'],
    ['warns: 90 %', idle(0.1), 'warn', 'medium 2'],
    ['fails: just over 90 %', idle(0.099), 'fail', 'high 2'],
    [
      'fails: published in percent',
      aMonitored().withMetricOfBrokers(METRICS.requestHandlerIdle, 80).withMetric(METRICS.requestHandlerIdle, B2, 5),
      'fail',
      'high 2',
    ],
    ['passes: a peak of an hour is no tenth of the day', idle(during5(0, 12, 0.05, 0.8)), 'pass'],
    ['fails: three hours', idle(during5(0, 36, 0.05, 0.8)), 'fail', 'high 2'],
    ['no-data: a broker has too few datapoints', idle(onlyFirst(during5(0, 0, 0, 0.8), 0.4)), 'no-data'],
    ['no-data: the free level', aMonitored().withoutMetric(METRICS.requestHandlerIdle), 'no-data'],
    ['fails on Express', idle(0.05).withKind('provisioned-express'), 'fail', 'high 2'],
    ['no-data: CloudWatch was not read', aMonitored().without('metrics', 'throttled'), 'no-data'],
    ['no-data: CloudWatch was read in part', aMonitored().withPartial('metrics', 'throttled'), 'no-data'],
    ['not applicable: Serverless', aMonitored().withKind('serverless'), 'not-applicable'],
    ['not applicable: Kafka without AWS', aMonitored().withKind('kafka'), 'not-applicable'],
  ]);

  describeSeverities('request-handlers-saturated', SICK['request-handlers-saturated'], {
    production: 'high',
    staging: 'medium',
    development: 'low',
  });
});
