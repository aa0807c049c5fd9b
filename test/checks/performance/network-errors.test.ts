import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { TAKEN_AT_MS } from '../../builders/a-snapshot.ts';
import { during5, onlyFirst } from '../minutes.ts';
import { aMonitored } from '../monitored.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';
import { SICK } from '../sick.ts';

const B2 = { 'Broker ID': 2 };
const HOUR_MS = 3_600_000;
const dropped = (values: (number | null)[]) => aMonitored().withMetric(METRICS.receiveDropped, B2, values);

describe('network-errors', () => {
  describeVerdicts('network-errors', [
    ['passes: a healthy cluster', aMonitored(), 'pass'],
    ['passes: 14 periods of 286 prove 14 of 1,430 minutes, 0.98 %', dropped(during5(0, 14, 3)), 'pass'],
    ['warns: 15 periods prove 1.05 %', dropped(during5(0, 15, 3)), 'warn', 'medium 2'],
    ['passes: four lost packets a day', dropped(during5(0, 288, 0).map((_, i) => (i % 80 === 3 ? 1 : 0))), 'pass'],
    // 286 periods of two million packets: one in a thousand are 572,000.
    ['passes: 0.1 % of the packets', dropped(during5(0, 1, 572_000)), 'pass'],
    ['warns: just over 0.1 % of the packets', dropped(during5(0, 1, 573_000)), 'warn', 'medium 2'],
    [
      'warns: errors of any kind',
      aMonitored().withMetric(METRICS.transmitErrors, B2, during5(0, 20, 1)),
      'warn',
      'medium 2',
    ],
    [
      'passes: during maintenance only',
      dropped(during5(9, 27, 9)).withOperation(
        'SECURITY_PATCHING',
        TAKEN_AT_MS - 23 * HOUR_MS,
        TAKEN_AT_MS - 22 * HOUR_MS,
      ),
      'pass',
    ],
    ['no-data: a broker has too few datapoints', dropped(onlyFirst(during5(0, 0, 0), 0.4)), 'no-data'],
    ['no-data: one kind of error was not asked for', aMonitored().withoutMetric(METRICS.transmitErrors), 'no-data'],
    ['warns on Express', dropped(during5(0, 20, 3)).withKind('provisioned-express'), 'warn', 'medium 2'],
    ['no-data: CloudWatch was not read', aMonitored().without('metrics', 'throttled'), 'no-data'],
    ['no-data: CloudWatch was read in part', aMonitored().withPartial('metrics', 'throttled'), 'no-data'],
    ['not applicable: Serverless', aMonitored().withKind('serverless'), 'not-applicable'],
    ['not applicable: Kafka without AWS', aMonitored().withKind('kafka'), 'not-applicable'],
  ]);

  describeSeverities('network-errors', SICK['network-errors'], {
    production: 'medium',
    staging: 'low',
    development: 'info',
  });

  test('points to the shaped traffic where there was some, else to AWS', () => {
    const sick = dropped(during5(0, 20, 3));
    expect(runCheck('network-errors', sick).recommendation!.action).toMatch(/^Open a case/);
    const shaped = dropped(during5(0, 20, 3)).withMetric(METRICS.trafficShaping, B2, during5(0, 2, 1));
    expect(runCheck('network-errors', shaped).recommendation!.action).toMatch(/^Relieve the network/);
  });
});
