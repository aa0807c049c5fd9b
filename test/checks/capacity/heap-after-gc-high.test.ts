import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { during5, onlyFirst } from '../minutes.ts';
import { aMonitored } from '../monitored.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';
import { SICK } from '../sick.ts';

const B2 = { 'Broker ID': 2 };
const heap = (values: number | readonly (number | null)[]) => aMonitored().withMetric(METRICS.heapAfterGc, B2, values);

describe('heap-after-gc-high', () => {
  describeVerdicts('heap-after-gc-high', [
    ['passes: a healthy cluster', aMonitored(), 'pass'],
    ['passes: 60 %', heap(60), 'pass'],
    ['warns: just over 60 %', heap(60.1), 'warn', 'medium 2'],
    ['warns: 80 %', heap(80), 'warn', 'medium 2'],
    ['fails: just over 80 %', heap(80.1), 'fail', 'high 2'],
    ['passes: two hours are no tenth of the day', heap(during5(0, 24, 90, 30)), 'pass'],
    ['fails: three hours', heap(during5(0, 36, 90, 30)), 'fail', 'high 2'],
    ['no-data: a broker has too few datapoints', heap(onlyFirst(during5(0, 0, 0, 30), 0.4)), 'no-data'],
    ['no-data: no series', aMonitored().withoutMetric(METRICS.heapAfterGc), 'no-data'],
    ['not applicable: Express', aMonitored().withKind('provisioned-express'), 'not-applicable'],
    ['no-data: CloudWatch was not read', aMonitored().without('metrics', 'throttled'), 'no-data'],
    ['no-data: CloudWatch was read in part', aMonitored().withPartial('metrics', 'throttled'), 'no-data'],
    ['not applicable: Serverless', aMonitored().withKind('serverless'), 'not-applicable'],
    ['not applicable: Kafka without AWS', aMonitored().withKind('kafka'), 'not-applicable'],
  ]);

  describeSeverities('heap-after-gc-high', SICK['heap-after-gc-high'], {
    production: 'medium',
    staging: 'low',
    development: 'info',
  });

  test('advises a day for transactional ids', () => {
    const { recommendation } = runCheck('heap-after-gc-high', heap(75));
    expect(recommendation!.commands.map(({ purpose }) => purpose).join()).toContain(
      'transactional.id.expiration.ms=86400000',
    );
  });
});
