import { describe } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { aMonitored, rising } from '../monitored.ts';
import { describeSeverities, describeVerdicts } from '../run.ts';
import { anExpress, SICK } from '../sick.ts';

const stored = (values: number[]) => anExpress().withHourly(METRICS.storageUsed, {}, values);
const retained = (bytes: number, configs: Record<string, string> = {}) =>
  anExpress()
    .withSection('kafkaTopics', [])
    .withSection('kafkaTopicConfigs', {})
    .withTopic('t', { configs })
    .withHourly(METRICS.storageUsed, {}, bytes);

describe('express-storage-growing', () => {
  describeVerdicts('express-storage-growing', [
    ['passes: a stable cluster', anExpress(), 'pass'],
    // Thirty days of growth against the level now.
    ['passes: 15 % a month', stored(rising(8.6e11, 1e12)), 'pass'],
    ['warns: a third a month', stored(rising(7e11, 1e12)), 'warn', 'medium orders/growth'],
    [
      'passes: the traffic grows as well',
      stored(rising(7e11, 1e12)).withHourlyOfBrokers(METRICS.bytesIn, rising(1.4e6, 2e6)),
      'pass',
    ],
    ['passes: a third of very little', stored(rising(7e9, 1e10)), 'pass'],
    // 6 MB/s for a week are 3.63 TB.
    ['passes: what a week of traffic makes, and a quarter', retained(4.5e12), 'pass'],
    ['warns: a third more than a week of traffic', retained(4.8e12), 'warn', 'medium orders/excess'],
    ['passes: three copies of it, as an alarm of AWS reckons', retained(1.09e13), 'pass'],
    ['warns: a third more than three copies', retained(1.45e13), 'warn', 'medium orders/excess'],
    ['passes: a compacted topic keeps what it keeps', retained(4.8e12, { 'cleanup.policy': 'compact' }), 'pass'],
    ['no-data: six days of history', stored(rising(1e12, 1e12, 6 * 24)), 'no-data'],
    ['no-data: no history', anExpress().withoutMetric(METRICS.storageUsed), 'no-data'],
    ['not applicable: Standard', aMonitored(), 'not-applicable'],
    ['no-data: CloudWatch was not read', anExpress().without('metrics', 'throttled'), 'no-data'],
    ['not applicable: Serverless', aMonitored().withKind('serverless'), 'not-applicable'],
    ['not applicable: Kafka without AWS', aMonitored().withKind('kafka'), 'not-applicable'],
  ]);

  describeSeverities('express-storage-growing', SICK['express-storage-growing'], {
    production: 'medium',
    staging: 'low',
    development: 'info',
  });
});
