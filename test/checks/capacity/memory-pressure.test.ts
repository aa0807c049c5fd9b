import { describe } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { during5 } from '../minutes.ts';
import { aMonitored } from '../monitored.ts';
import { describeSeverities, describeVerdicts } from '../run.ts';
import { SICK } from '../sick.ts';

const B2 = { 'Broker ID': 2 };
const growing = Array.from({ length: 288 }, (_, i) => i * 1e5);
const none = during5(0, 0, 0).map(() => null);

describe('memory-pressure', () => {
  describeVerdicts('memory-pressure', [
    ['passes: a healthy cluster', aMonitored(), 'pass'],
    // 8 GB in all.
    [
      'passes: 85 % used',
      aMonitored().withMetric(METRICS.memoryUsed, B2, 6.8e9).withMetric(METRICS.memoryCached, B2, 0.6e9),
      'pass',
    ],
    [
      'warns: just over 85 %',
      aMonitored().withMetric(METRICS.memoryUsed, B2, 6.81e9).withMetric(METRICS.memoryCached, B2, 0.59e9),
      'warn',
      'medium 2',
    ],
    ['passes: 80 % of the descriptors', aMonitored().withMetric(METRICS.fileDescriptorsUsed, B2, 80), 'pass'],
    ['warns: just over 80 %', aMonitored().withMetric(METRICS.fileDescriptorsUsed, B2, 80.1), 'warn', 'medium 2'],
    ['passes: 80 % of the maps', aMonitored().withMetric(METRICS.memoryMapsUsed, B2, 80), 'pass'],
    [
      'warns: just over 80 %, one finding for both',
      aMonitored().withMetric(METRICS.memoryMapsUsed, B2, 80.1).withMetric(METRICS.fileDescriptorsUsed, B2, 90),
      'warn',
      'medium 2',
    ],
    [
      'passes: two hours are no tenth of the day',
      aMonitored().withMetric(METRICS.memoryMapsUsed, B2, during5(0, 24, 90, 5)),
      'pass',
    ],
    ['passes: swap that does not grow', aMonitored().withMetric(METRICS.swapUsed, B2, 1e8), 'pass'],
    ['warns: swap that grows', aMonitored().withMetric(METRICS.swapUsed, B2, growing), 'warn', 'medium 2'],
    ['passes: swap that shrinks', aMonitored().withMetric(METRICS.swapUsed, B2, growing.toReversed()), 'pass'],
    [
      'passes: an older cluster that publishes no handles',
      aMonitored()
        .withMetricOfBrokers(METRICS.memoryMapsUsed, none)
        .withMetricOfBrokers(METRICS.fileDescriptorsUsed, none),
      'pass',
    ],
    ['no-data: the free level', aMonitored().withoutMetric(METRICS.memoryMapsUsed), 'no-data'],
    ['no-data: one broker has no swap', aMonitored().withoutMetric(METRICS.swapUsed, B2), 'no-data'],
    [
      'passes: Express publishes memory alone',
      aMonitored()
        .withKind('provisioned-express')
        .withoutMetric(METRICS.swapUsed)
        .withoutMetric(METRICS.memoryMapsUsed),
      'pass',
    ],
    ['no-data: CloudWatch was not read', aMonitored().without('metrics', 'throttled'), 'no-data'],
    ['no-data: CloudWatch was read in part', aMonitored().withPartial('metrics', 'throttled'), 'no-data'],
    ['not applicable: Serverless', aMonitored().withKind('serverless'), 'not-applicable'],
    ['not applicable: Kafka without AWS', aMonitored().withKind('kafka'), 'not-applicable'],
  ]);

  describeSeverities('memory-pressure', SICK['memory-pressure'], {
    production: 'medium',
    staging: 'low',
    development: 'info',
  });
});
