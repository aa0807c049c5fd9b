import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import type { SnapshotBuilder } from '../../builders/a-snapshot.ts';
import { during5, onlyFirst } from '../minutes.ts';
import { aMonitored } from '../monitored.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';
import { SICK } from '../sick.ts';

const B2 = { 'Broker ID': 2 };
const burst = (values: number | readonly (number | null)[]) =>
  aMonitored().withMetric(METRICS.burstBalance, B2, values);
/** Just too small to go without credit. */
const below = (cluster: SnapshotBuilder) => cluster.withCluster({ volumeGiBPerBroker: 999 });

describe('ebs-burst-depleting', () => {
  describeVerdicts('ebs-burst-depleting', [
    ['passes: a healthy cluster', aMonitored(), 'pass'],
    ['passes: 50 %', burst(50), 'pass'],
    ['warns: just under 50 %', burst(49.9), 'warn', 'medium 2'],
    ['warns: 20 %', burst(20), 'warn', 'medium 2'],
    ['fails: just under 20 %', burst(19.9), 'fail', 'high 2'],
    ['warns one step milder: recovered', burst(during5(10, 30, 40, 100)), 'warn', 'low 2'],
    [
      'warns: empty within a day',
      burst(Array.from({ length: 288 }, (_, i) => (i < 216 ? 100 : 100 - ((i - 216) / 72) * 48))),
      'warn',
      'medium 2',
    ],
    [
      'not applicable: asked, and no volume has any',
      aMonitored().withMetricOfBrokers(
        METRICS.burstBalance,
        during5(0, 0, 0).map(() => null),
      ),
      'not-applicable',
    ],
    ['no-data: one volume has too few datapoints', below(burst(onlyFirst(during5(0, 0, 0, 100), 0.4))), 'no-data'],
    ['no-data: it was not asked for', below(aMonitored().withoutMetric(METRICS.burstBalance)), 'no-data'],
    ['no-data: one broker was not asked for', below(aMonitored().withoutMetric(METRICS.burstBalance, B2)), 'no-data'],
    [
      'no-data: how large the volumes are is not known either',
      aMonitored().withoutMetric(METRICS.burstBalance).without('cluster'),
      'no-data',
    ],
    [
      'not applicable: 1,000 GiB have their burst as baseline',
      aMonitored().withoutMetric(METRICS.burstBalance),
      'not-applicable',
    ],
    [
      'not applicable: no credit is missed of one broker',
      aMonitored().withoutMetric(METRICS.burstBalance, B2),
      'not-applicable',
    ],
    [
      'warns: credit runs out all the same, and of one broker nothing is known',
      burst(40).withoutMetric(METRICS.burstBalance, { 'Broker ID': 1 }),
      'warn',
      'medium 2',
    ],
    ['not applicable: Express', aMonitored().withKind('provisioned-express'), 'not-applicable'],
    ['no-data: CloudWatch was not read', aMonitored().without('metrics', 'throttled'), 'no-data'],
    ['no-data: CloudWatch was read in part', aMonitored().withPartial('metrics', 'throttled'), 'no-data'],
    ['not applicable: Serverless', aMonitored().withKind('serverless'), 'not-applicable'],
    ['not applicable: Kafka without AWS', aMonitored().withKind('kafka'), 'not-applicable'],
  ]);

  describeSeverities('ebs-burst-depleting', SICK['ebs-burst-depleting'], {
    production: 'medium',
    staging: 'low',
    development: 'low',
  });

  test('grows small volumes to where the baseline is the burst', () => {
    const small = burst(40).withCluster({ volumeGiBPerBroker: 200 });
    expect(runCheck('ebs-burst-depleting', small).recommendation!.action).toContain('334 GiB');
    expect(runCheck('ebs-burst-depleting', burst(40)).recommendation!.commands).toEqual([]);
  });
});
