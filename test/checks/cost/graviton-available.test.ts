import { describe, expect, test } from 'vitest';
import { renderCommand } from '../../../lib/text/command.ts';
import { aSnapshot } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

function brokers(
  instanceType: string,
  kafkaVersion: string | null = '3.9.x',
  m7gUsd: number | null = 0.4,
  source: 'offline' | 'price-list-api' = 'offline',
) {
  const price = (usd: number) => ({ usd, unit: 'hours', source: 'test' });
  return aSnapshot()
    .withCluster({ instanceType, kafkaVersion })
    .withSection('prices', {
      source,
      asOfDate: '2026-11-01',
      region: 'eu-west-1',
      currency: 'USD',
      items: {
        'broker/kafka.m5.xlarge': price(0.42),
        ...(m7gUsd === null ? {} : { 'broker/kafka.m7g.xlarge': price(m7gUsd) }),
      },
    });
}

describe('graviton-available', () => {
  describeVerdicts('graviton-available', [
    ['warns: m5 with Kafka 3.9', brokers('kafka.m5.xlarge'), 'warn', 'low orders'],
    ['warns: Kafka 2.8.2 with tiered storage', brokers('kafka.m5.xlarge', '2.8.2.tiered'), 'warn', 'low orders'],
    ['passes: Kafka 2.8.1', brokers('kafka.m5.xlarge', '2.8.1'), 'pass'],
    ['passes: Kafka 3.3.1', brokers('kafka.m5.xlarge', '3.3.1'), 'pass'],
    ['warns: Kafka 3.3.2', brokers('kafka.m5.xlarge', '3.3.2'), 'warn', 'low orders'],
    ['warns: Kafka 4.1 with KRaft', brokers('kafka.m5.xlarge', '4.1.x.kraft'), 'warn', 'low orders'],
    ['passes: m7g already', brokers('kafka.m7g.xlarge'), 'pass'],
    ['passes: t3 is no m5', brokers('kafka.t3.small'), 'pass'],
    ['passes: the largest m5 has no m7g', brokers('kafka.m5.24xlarge'), 'pass'],
    ['passes: it costs the same here', brokers('kafka.m5.xlarge', '3.9.x', 0.42), 'pass'],
    ['no-data: the shipped table has no price for it', brokers('kafka.m5.xlarge', '3.9.x', null), 'no-data'],
    [
      'passes: the region’s whole price list lacks it',
      brokers('kafka.m5.xlarge', '3.9.x', null, 'price-list-api'),
      'pass',
    ],
    [
      'no-data: the price list was read in part',
      brokers('kafka.m5.xlarge', '3.9.x', null, 'price-list-api').withPartial('prices', '3 keys not read'),
      'no-data',
    ],
    ['no-data: no prices', brokers('kafka.m5.xlarge').without('prices', 'not-permitted'), 'no-data'],
    ['no-data: the version is not known', brokers('kafka.m5.xlarge', null), 'no-data'],
    ['passes on Express', brokers('kafka.m5.xlarge').withKind('provisioned-express'), 'pass'],
    ['not applicable: Serverless', brokers('kafka.m5.xlarge').withKind('serverless'), 'not-applicable'],
    ['not applicable: Kafka without AWS', brokers('kafka.m5.xlarge').withKind('kafka'), 'not-applicable'],
  ]);
  describeSeverities('graviton-available', () => brokers('kafka.m5.xlarge'), {
    production: 'low',
    staging: 'low',
    development: 'low',
  });

  test('by hand: three brokers, two cents an hour', () => {
    const { findings, recommendation } = runCheck('graviton-available', brokers('kafka.m5.xlarge'));
    expect(findings[0]?.measured).toBeCloseTo(3 * 0.02 * 730, 9);
    expect(renderCommand(recommendation!.commands[0]!)).toContain('--target-instance-type kafka.m7g.xlarge');
  });
});
