import { describe } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { during5 } from '../minutes.ts';
import { aMonitored } from '../monitored.ts';
import { describeSeverities, describeVerdicts } from '../run.ts';
import { SICK } from '../sick.ts';

const B2 = { 'Broker ID': 2 };
/** Broker 2 is slow from this period on; two of the 288 are dropped. */
const slow = (from: number, ms: number) =>
  aMonitored().withMetric(METRICS.produceTotalTimeMean, B2, during5(from, 288, ms, 4));

describe('broker-slow', () => {
  describeVerdicts('broker-slow', [
    ['passes: a healthy cluster', aMonitored(), 'pass'],
    ['warns: five of the last ten windows', slow(281, 40), 'warn', 'medium 2'],
    ['passes: four of them', slow(282, 40), 'pass'],
    ['passes: three times the others', slow(270, 12), 'pass'],
    ['warns: just over three times, and above 10 ms', slow(270, 12.1), 'warn', 'medium 2'],
    [
      'passes: three times nothing is still fast',
      aMonitored()
        .withMetricOfBrokers(METRICS.produceTotalTimeMean, 1)
        .withHourlyOfBrokers(METRICS.produceTotalTimeMean, 1)
        .withMetric(METRICS.produceTotalTimeMean, B2, 9),
      'pass',
    ],
    ['passes: it has always been so slow', slow(270, 40).withHourly(METRICS.produceTotalTimeMean, B2, 20), 'pass'],
    ['passes: all are slow', aMonitored().withMetricOfBrokers(METRICS.produceTotalTimeMean, 60), 'pass'],
    [
      'passes: it takes in ten times as much, and is not slow for each MiB',
      slow(270, 40).withMetric(METRICS.bytesIn, B2, 20e6),
      'pass',
    ],
    [
      'warns: two of three slow at once are the cluster’s trouble',
      slow(270, 90)
        .withBrokers(5)
        .withMetric(METRICS.produceTotalTimeMean, { 'Broker ID': 3 }, 90)
        .withMetric(METRICS.produceTotalTimeMean, { 'Broker ID': 4 }, 4)
        .withMetric(METRICS.produceTotalTimeMean, { 'Broker ID': 5 }, 4)
        .withMetric(METRICS.bytesIn, { 'Broker ID': 4 }, 2e6)
        .withMetric(METRICS.bytesIn, { 'Broker ID': 5 }, 2e6)
        .withHourlyOfBrokers(METRICS.produceTotalTimeMean, 4)
        .withHourlyOfBrokers(METRICS.bytesIn, 2e6),
      'warn',
      'medium orders',
    ],
    [
      'not applicable: fewer than three brokers with traffic',
      slow(270, 90).withMetric(METRICS.bytesIn, { 'Broker ID': 3 }, 1000),
      'not-applicable',
    ],
    [
      'no-data: two days of history',
      aMonitored().withHourly(
        METRICS.produceTotalTimeMean,
        B2,
        Array.from({ length: 48 }, () => 4),
      ),
      'no-data',
    ],
    ['no-data: a broker is missing', aMonitored().withoutMetric(METRICS.produceTotalTimeMean, B2), 'no-data'],
    ['no-data: CloudWatch was not read', aMonitored().without('metrics', 'throttled'), 'no-data'],
    ['no-data: CloudWatch was read in part', aMonitored().withPartial('metrics', 'throttled'), 'no-data'],
    ['not applicable: Serverless', aMonitored().withKind('serverless'), 'not-applicable'],
    ['not applicable: Kafka without AWS', aMonitored().withKind('kafka'), 'not-applicable'],
  ]);

  describeSeverities('broker-slow', SICK['broker-slow'], {
    production: 'medium',
    staging: 'medium',
    development: 'info',
  });
});
