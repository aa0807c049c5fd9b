import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { during5, onlyFirst } from '../minutes.ts';
import { aMonitored } from '../monitored.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const B2 = { 'Broker ID': 2 };
const t3 = () =>
  aMonitored().withCluster({ instanceType: 'kafka.t3.small' }).withMetricOfBrokers(METRICS.cpuCreditBalance, 400);
const credits = (values: number | readonly (number | null)[]) => t3().withMetric(METRICS.cpuCreditBalance, B2, values);

describe('cpu-credits-low', () => {
  describeVerdicts('cpu-credits-low', [
    ['passes: credits in plenty', t3(), 'pass'],
    ['passes: more than 100 credits', credits(101), 'pass'],
    ['fails: 100 credits', credits(100), 'fail', 'high 2'],
    ['passes: ten minutes of it', credits(during5(280, 282, 90, 300)), 'pass'],
    ['fails: a quarter of an hour of it', credits(during5(270, 273, 90, 300)), 'fail', 'high 2'],
    [
      'fails: falls by 10 an hour from 300',
      credits(Array.from({ length: 288 }, (_, i) => 340 - (i / 12) * 8)),
      'fail',
      'high 2',
    ],
    [
      'passes: falls slowly from a full balance',
      credits(Array.from({ length: 288 }, (_, i) => 576 - (i / 12) * 8)),
      'pass',
    ],
    ['passes: rises', credits(Array.from({ length: 288 }, (_, i) => 200 + i)), 'pass'],
    ['no-data: a broker has too few datapoints', credits(onlyFirst(during5(0, 0, 0, 300), 0.4)), 'no-data'],
    ['no-data: no series', t3().withoutMetric(METRICS.cpuCreditBalance), 'no-data'],
    ['not applicable: m7g', aMonitored(), 'not-applicable'],
    ['no-data: CloudWatch was not read', t3().without('metrics', 'throttled'), 'no-data'],
    ['not applicable: Express', aMonitored().withKind('provisioned-express'), 'not-applicable'],
    ['not applicable: Serverless', aMonitored().withKind('serverless'), 'not-applicable'],
    ['not applicable: Kafka without AWS', aMonitored().withKind('kafka'), 'not-applicable'],
  ]);

  describeSeverities('cpu-credits-low', () => credits(80), {
    production: 'high',
    staging: 'high',
    development: 'medium',
  });

  test('leads to m7g', () => {
    expect(runCheck('cpu-credits-low', credits(80)).recommendation!.commands[0]!.argv).toContain('kafka.m7g.large');
  });
});
