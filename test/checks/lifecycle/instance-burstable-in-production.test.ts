import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { aSnapshot } from '../../builders/a-snapshot.ts';
import { describeVerdicts, runCheck } from '../run.ts';

const ID = 'instance-burstable-in-production';
const type = (instanceType: string) => aSnapshot().withCluster({ instanceType });
const t3 = () => type('kafka.t3.small');

describe(ID, () => {
  describeVerdicts(ID, [
    ['passes: m7g', type('kafka.m7g.large'), 'pass'],
    ['passes: m5', type('kafka.m5.large'), 'pass'],
    ['fails: t3 in production', t3(), 'fail', 'high orders'],
    [
      'fails without metrics and prices',
      t3().without('metrics', 'not-permitted').without('prices', 'not-permitted'),
      'fail',
      'high orders',
    ],
    ['no-data: a cluster that is being deleted', t3().withCluster({ state: 'DELETING' }), 'no-data'],
    ['no-data: not described', t3().without('cluster', 'not-permitted'), 'no-data'],
    ['not applicable: Express', t3().withKind('provisioned-express'), 'not-applicable'],
    ['not applicable: Serverless', t3().withKind('serverless'), 'not-applicable'],
    ['not applicable: Kafka without AWS', aSnapshot().withKind('kafka'), 'not-applicable'],
  ]);

  test.each([
    ['production', 'fail', ['high']],
    ['staging', 'warn', ['medium']],
    ['development', 'pass', []],
  ] as const)('in %s: %s', (environment, status, severities) => {
    const result = runCheck(ID, t3(), { environment });
    expect([result.status, result.findings.map(({ severity }) => severity)]).toEqual([status, severities]);
  });

  test('shows the credits that are left, and what the smallest m7g costs more', () => {
    const snapshot = t3()
      .withMetric(METRICS.cpuCreditBalance, { 'Broker ID': 1 }, 120)
      .withSection('prices', {
        source: 'offline',
        asOfDate: '2026-11-01',
        region: 'eu-west-1',
        currency: 'USD',
        items: {
          'broker/kafka.t3.small': { usd: 0.05, unit: 'hours', source: 'test' },
          'broker/kafka.m7g.large': { usd: 0.2, unit: 'hours', source: 'test' },
        },
      });
    const { evidence, recommendation } = runCheck(ID, snapshot);
    expect(evidence[0]?.rows[0]).toMatchObject({ broker: '1', credits: 120 });
    // 3 brokers x 730 h x (0.20 - 0.05).
    expect(recommendation!.impact).toMatchObject({ kind: 'added-cost', usdPerMonth: expect.closeTo(328.5, 9) });
    expect(recommendation!.commands[0]?.argv.at(-1)).toBe('kafka.m7g.large');
  });
});
