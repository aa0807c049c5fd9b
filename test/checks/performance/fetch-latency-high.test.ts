import { describe } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { aMonitored } from '../monitored.ts';
import { describeSeverities, describeVerdicts } from '../run.ts';

const B2 = { 'Broker ID': 2 };
/** The other phases of every broker take 1 ms together. */
const local = (ms: number) => aMonitored().withMetricOfBrokers(METRICS.fetchConsumerLocalTimeMean, ms);

describe('fetch-latency-high', () => {
  describeVerdicts('fetch-latency-high', [
    ['passes: a healthy cluster', aMonitored(), 'pass'],
    ['passes: 50 ms, the bad point', local(49), 'pass'],
    ['warns: just over 50 ms', local(49.1), 'warn', 'medium orders'],
    [
      'passes: the wait for records is no work',
      local(1).withMetricOfBrokers(METRICS.fetchConsumerTotalTimeMean, 500),
      'pass',
    ],
    [
      'passes: a broker that sends nothing has no say',
      aMonitored().withMetric(METRICS.fetchConsumerLocalTimeMean, B2, 900).withMetric(METRICS.bytesOut, B2, 0),
      'pass',
    ],
    ['not applicable: nothing was consumed', aMonitored().withMetricOfBrokers(METRICS.bytesOut, 0), 'not-applicable'],
    [
      'no-data: a phase of a broker is missing',
      aMonitored().withoutMetric(METRICS.fetchConsumerResponseSendTimeMean, B2),
      'no-data',
    ],
    ['no-data: the free level', aMonitored().withoutMetric(METRICS.fetchConsumerLocalTimeMean), 'no-data'],
    ['warns on Express', local(80).withKind('provisioned-express'), 'warn', 'medium orders'],
    ['no-data: CloudWatch was not read', aMonitored().without('metrics', 'throttled'), 'no-data'],
    ['no-data: CloudWatch was read in part', aMonitored().withPartial('metrics', 'throttled'), 'no-data'],
    ['not applicable: Serverless', aMonitored().withKind('serverless'), 'not-applicable'],
    ['not applicable: Kafka without AWS', aMonitored().withKind('kafka'), 'not-applicable'],
  ]);

  describeSeverities('fetch-latency-high', () => local(400), {
    production: 'medium',
    staging: 'low',
    development: 'info',
  });
});
