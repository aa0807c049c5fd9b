import { describe, expect, test } from 'vitest';
import { aSnapshot, type SnapshotBuilder } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const SOUND = {
  'cleanup.policy': 'compact',
  'min.cleanable.dirty.ratio': '0.5',
  'delete.retention.ms': '86400000',
  'max.compaction.lag.ms': '9223372036854775807',
};
const topic = (configs: Record<string, string> = {}): SnapshotBuilder =>
  aSnapshot().withTopic('orders', { configs: { ...SOUND, ...configs } });

describe('compaction-ineffective', () => {
  describeVerdicts('compaction-ineffective', [
    ['passes: the defaults', topic(), 'pass'],
    ['warns: cleaned for less than a tenth', topic({ 'min.cleanable.dirty.ratio': '0.09' }), 'warn', 'medium orders'],
    ['passes: a tenth', topic({ 'min.cleanable.dirty.ratio': '0.1' }), 'pass'],
    ['passes: nine tenths', topic({ 'min.cleanable.dirty.ratio': '0.9' }), 'pass'],
    ['warns: hardly ever cleaned', topic({ 'min.cleanable.dirty.ratio': '0.91' }), 'warn', 'medium orders'],
    ['passes: deletions are kept for a week', topic({ 'delete.retention.ms': '604800000' }), 'pass'],
    ['warns: longer', topic({ 'delete.retention.ms': '604800001' }), 'warn', 'medium orders'],
    [
      'not applicable: nothing is compacted',
      topic({ 'cleanup.policy': 'delete', 'min.cleanable.dirty.ratio': '0.01' }),
      'not-applicable',
    ],
    [
      'warns: compacted and deleted',
      topic({ 'cleanup.policy': 'compact,delete', 'min.cleanable.dirty.ratio': '0.01' }),
      'warn',
      'medium orders',
    ],
    ['no-data: settings were not read', topic().without('kafkaTopicConfigs', 'timed-out'), 'no-data'],
    [
      'no-data: a topic did not answer',
      aSnapshot().withTopic('t', { configs: { 'cleanup.policy': 'compact' } }),
      'no-data',
    ],
    [
      'warns on Kafka without AWS',
      topic({ 'min.cleanable.dirty.ratio': '0.01' }).withKind('kafka'),
      'warn',
      'medium orders',
    ],
    [
      'not applicable: Serverless',
      topic({ 'min.cleanable.dirty.ratio': '0.01' }).withKind('serverless'),
      'not-applicable',
    ],
  ]);

  describeSeverities('compaction-ineffective', () => topic({ 'min.cleanable.dirty.ratio': '0.01' }), {
    production: 'medium',
    staging: 'low',
    development: 'info',
  });

  test('what all inherit is one finding', () => {
    const builder = topic().withTopic('other', { configs: SOUND });
    const configs = builder.build().sections.kafkaTopicConfigs;
    if (configs?.ok)
      for (const entries of Object.values(configs.value))
        entries['min.cleanable.dirty.ratio'] = { value: '0.99', source: 'static-broker' };
    if (configs?.ok) builder.withSection('kafkaTopicConfigs', configs.value);
    const { findings } = runCheck('compaction-ineffective', builder);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ scope: 'cluster', resource: 'min.cleanable.dirty.ratio', measured: 0.99 });
  });
});
