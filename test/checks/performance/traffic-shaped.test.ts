import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { TAKEN_AT_MS } from '../../builders/a-snapshot.ts';
import { during5, onlyFirst } from '../minutes.ts';
import { aMonitored } from '../monitored.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';
import { SICK } from '../sick.ts';

const B2 = { 'Broker ID': 2 };
const HOUR_MS = 3_600_000;
const shaped = (values: (number | null)[]) => aMonitored().withMetric(METRICS.trafficShaping, B2, values);

describe('traffic-shaped', () => {
  describeVerdicts('traffic-shaped', [
    ['passes: a healthy cluster', aMonitored(), 'pass'],
    ['fails: one period with one packet', shaped(during5(10, 11, 1)), 'fail', 'high 2'],
    [
      'fails: only the allowance shows it',
      aMonitored().withMetric(METRICS.packetsShaped, B2, during5(3, 4, 9)),
      'fail',
      'high 2',
    ],
    [
      'passes: during maintenance only',
      shaped(during5(13, 20, 9)).withOperation(
        'SECURITY_PATCHING',
        TAKEN_AT_MS - 23 * HOUR_MS,
        TAKEN_AT_MS - 22 * HOUR_MS,
      ),
      'pass',
    ],
    ['no-data: a broker has too few datapoints', shaped(onlyFirst(during5(0, 0, 0), 0.4)), 'no-data'],
    ['no-data: no series', aMonitored().withoutMetric(METRICS.trafficShaping), 'no-data'],
    ['not applicable: Express', aMonitored().withKind('provisioned-express'), 'not-applicable'],
    ['no-data: CloudWatch was not read', aMonitored().without('metrics', 'throttled'), 'no-data'],
    ['no-data: CloudWatch was read in part', aMonitored().withPartial('metrics', 'throttled'), 'no-data'],
    ['not applicable: Serverless', aMonitored().withKind('serverless'), 'not-applicable'],
    ['not applicable: Kafka without AWS', aMonitored().withKind('kafka'), 'not-applicable'],
  ]);

  describeSeverities('traffic-shaped', SICK['traffic-shaped'], {
    production: 'high',
    staging: 'medium',
    development: 'low',
  });

  test('names the allowance and what relieves it', () => {
    const { findings, recommendation } = runCheck(
      'traffic-shaped',
      shaped(during5(0, 9, 1)).withMetric(METRICS.packetsShaped, B2, 9),
    );
    expect(findings[0]!.note).toBe('above packets a second');
    expect(recommendation!.action).toMatch(/^First send larger compressed batches;/);
  });
});
