import { describe, expect, test } from 'vitest';
import { renderCommand } from '../../../lib/text/command.ts';
import { aSnapshot, type SnapshotBuilder } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const GIB = 1024 ** 3;

function topic(configs: Record<string, string>, shape: { internal?: boolean; name?: string } = {}): SnapshotBuilder {
  return aSnapshot().withTopic(shape.name ?? 'orders', { configs, internal: shape.internal ?? false });
}

const ENDLESS = { 'retention.ms': '-1' };

describe('retention-unbounded', () => {
  describeVerdicts('retention-unbounded', [
    ['passes: a week', topic({}), 'pass'],
    ['fails: neither a time nor a size', topic(ENDLESS), 'fail', 'high orders'],
    ['passes: no time, but a size', topic({ ...ENDLESS, 'retention.bytes': '1000000' }), 'pass'],
    [
      'passes: a compacted topic keeps the latest of each key',
      topic({ ...ENDLESS, 'cleanup.policy': 'compact' }),
      'pass',
    ],
    ['passes: tiered, kept on purpose', topic({ ...ENDLESS, 'remote.storage.enable': 'true' }), 'pass'],
    ['not applicable: an internal topic', topic(ENDLESS, { internal: true }), 'not-applicable'],
    ['not applicable: a topic of MSK itself', topic(ENDLESS, { name: '__amazon_msk_canary' }), 'not-applicable'],
    ['no-data: settings were not read', topic(ENDLESS).without('kafkaTopicConfigs', 'not-permitted'), 'no-data'],
    ['no-data: one topic did not answer', topic({}).withSection('kafkaTopicConfigs', { orders: {} }), 'no-data'],
    [
      'fails by MSK’s topic API alone',
      topic({ ...ENDLESS, 'retention.bytes': '-1', 'cleanup.policy': 'delete' }).withTopicApi({ told: 'own' }),
      'fail',
      'high orders',
    ],
    ['fails on Express', topic(ENDLESS).withKind('provisioned-express'), 'fail', 'high orders'],
    ['fails on Serverless', topic(ENDLESS).withKind('serverless'), 'fail', 'high orders'],
    ['fails on Kafka without AWS', topic(ENDLESS).withKind('kafka'), 'fail', 'high orders'],
  ]);

  describeSeverities('retention-unbounded', () => topic(ENDLESS), {
    production: 'high',
    staging: 'medium',
    development: 'low',
  });

  test('what the brokers hand down is one finding, not one for every topic', () => {
    const builder = aSnapshot().withTopic('a').withTopic('b');
    const configs = builder.build().sections.kafkaTopicConfigs;
    if (configs?.ok)
      for (const entries of Object.values(configs.value))
        entries['retention.ms'] = { value: '-1', source: 'static-broker' };
    if (configs?.ok) builder.withSection('kafkaTopicConfigs', configs.value);
    const result = runCheck('retention-unbounded', builder);
    expect(result.findings).toHaveLength(1);
    expect(result.findings[0]).toMatchObject({ scope: 'cluster', measured: 2 });
  });

  test('by hand: 1 MiB/s in three copies is 253 GiB a day; three volumes with 55 % of 1,000 GiB left last 6.52 days', () => {
    const source = topic(ENDLESS)
      .withRates('orders', [341, 341, 342])
      .withSizes('orders', 1000 * 1024);
    const result = runCheck('retention-unbounded', source);
    expect(result.evidence[0]?.rows[0]?.growth).toBeCloseTo(253.125 * GIB, -6);
    expect(result.summary).toContain('reach 85% in 6.52 d');
    expect(result.recommendation?.impact).toMatchObject({ kind: 'saving', usdPerMonth: expect.closeTo(769.92, 1) });
    expect(result.recommendation!.commands[0]!.argv).toContain('--all-groups');
    expect(renderCommand(result.recommendation!.commands[1]!)).toContain('--add-config retention.ms=604800000');
  });
});
