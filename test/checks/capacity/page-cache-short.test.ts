import { describe } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { aMonitored } from '../monitored.ts';
import { describeSeverities, describeVerdicts } from '../run.ts';
import { SICK } from '../sick.ts';

const B2 = { 'Broker ID': 2 };
const LAG = { 'Consumer Group': 'g', Topic: 't' };
const TOPIC = { 'Broker ID': 1, Topic: 't' };
const cached = (bytes: number, readPerSec: number) =>
  aMonitored()
    .withMetric(METRICS.memoryCached, B2, bytes)
    .withMetric(METRICS.volumeReadBytes, B2, readPerSec * 300);

describe('page-cache-short', () => {
  describeVerdicts('page-cache-short', [
    ['passes: a healthy cluster', aMonitored(), 'pass'],
    // Broker 2 takes in 2 + 4 MB/s and sends 4: 180 MB are thirty seconds, and 200 kB/s from disk are a twentieth.
    ['passes: short, but nothing is read from disk', cached(1e8, 0), 'pass'],
    ['passes: short, and a twentieth is read from disk', cached(1e8, 200_000), 'pass'],
    ['warns: short, and more is read from disk', cached(1e8, 201_000), 'warn', 'low 2'],
    [
      'passes: thirty seconds',
      cached(1.8e8, 1e6).withMetric(METRICS.rollingTimeLag, LAG, 0).withMetric(METRICS.topicBytesIn, TOPIC, 2e6),
      'pass',
    ],
    ['warns: just under', cached(1.79e8, 1e6), 'warn', 'low 2'],
    [
      'warns: enough, but a busy group reads further back',
      cached(1.8e9, 1e6).withMetric(METRICS.rollingTimeLag, LAG, 301).withMetric(METRICS.topicBytesIn, TOPIC, 2e6),
      'warn',
      'low 2',
    ],
    [
      'passes: the group that is late reads little',
      cached(1.8e9, 1e6).withMetric(METRICS.rollingTimeLag, LAG, 301).withMetric(METRICS.topicBytesIn, TOPIC, 1e5),
      'pass',
    ],
    ['no-data: reads from disk, and nobody knows how far behind the groups are', cached(1.8e9, 1e6), 'no-data'],
    ['no-data: the free level', aMonitored().withoutMetric(METRICS.volumeReadBytes), 'no-data'],
    ['not applicable: Express', aMonitored().withKind('provisioned-express'), 'not-applicable'],
    ['no-data: CloudWatch was not read', aMonitored().without('metrics', 'throttled'), 'no-data'],
    ['no-data: CloudWatch was read in part', aMonitored().withPartial('metrics', 'throttled'), 'no-data'],
    ['not applicable: Serverless', aMonitored().withKind('serverless'), 'not-applicable'],
    ['not applicable: Kafka without AWS', aMonitored().withKind('kafka'), 'not-applicable'],
  ]);

  describeSeverities('page-cache-short', SICK['page-cache-short'], {
    production: 'low',
    staging: 'low',
    development: 'info',
  });
});
