import { describe, expect, test } from 'vitest';
import { renderCommand } from '../../../lib/text/command.ts';
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
    [
      'passes: Express, where nobody can set the ratio',
      topic({ 'min.cleanable.dirty.ratio': '0.01' }).withKind('provisioned-express'),
      'pass',
    ],
    [
      'passes: Express need not answer with a ratio',
      aSnapshot()
        .withTopic('orders', { configs: { 'cleanup.policy': 'compact', 'delete.retention.ms': '86400000' } })
        .withKind('provisioned-express'),
      'pass',
    ],
    [
      'warns: Express, deletions kept for more than a week',
      topic({ 'delete.retention.ms': '604800001' }).withKind('provisioned-express'),
      'warn',
      'medium orders',
    ],
    [
      'no-data: Express, how long deletions are kept was not read',
      aSnapshot()
        .withTopic('orders', { configs: { 'cleanup.policy': 'compact', 'min.cleanable.dirty.ratio': '0.5' } })
        .withKind('provisioned-express'),
      'no-data',
    ],
  ]);

  describeSeverities('compaction-ineffective', () => topic({ 'min.cleanable.dirty.ratio': '0.01' }), {
    production: 'medium',
    staging: 'low',
    development: 'info',
  });

  /** Two topics that inherit a setting. */
  function inheriting(
    key: string,
    value: string,
    source: 'static-broker' | 'dynamic-default-broker' = 'static-broker',
  ): SnapshotBuilder {
    const builder = topic().withTopic('other', { configs: SOUND });
    const configs = builder.build().sections.kafkaTopicConfigs;
    if (!configs?.ok) throw new Error('settings are there');
    for (const entries of Object.values(configs.value)) entries[key] = { value, source };
    return builder.withSection('kafkaTopicConfigs', configs.value);
  }
  const RATIO = 'min.cleanable.dirty.ratio';
  const advised = (source: SnapshotBuilder) => {
    const { commands, effort, risk } = runCheck('compaction-ineffective', source).recommendation!;
    return { effort, risk, text: commands.map((each) => `${each.purpose}: ${renderCommand(each)}`).join('\n') };
  };

  test('what all inherit is one finding, mended in the configuration of the cluster', () => {
    const source = inheriting(RATIO, '0.99');
    const { findings } = runCheck('compaction-ineffective', source);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ scope: 'cluster', resource: RATIO, measured: 0.99 });
    const { text, effort, risk } = advised(source);
    expect(text).toContain('log.cleaner.min.cleanable.ratio=0.5');
    expect(text).toContain('update-configuration');
    expect(effort).toBe('rollingRestart');
    expect(risk).toContain('restarts the brokers');
  });

  test('a default that was set dynamically is changed dynamically: a file would not reach it', () => {
    const { text, effort } = advised(inheriting(RATIO, '0.99', 'dynamic-default-broker'));
    expect(text).toContain('--entity-type brokers --entity-default --add-config log.cleaner.min.cleanable.ratio=0.5');
    expect(text).not.toContain('update-configuration');
    expect(effort).toBe('setting');
  });

  test('a broker with a value of its own gets the new one too', () => {
    const source = inheriting(RATIO, '0.99', 'dynamic-default-broker').withBrokerSettings(
      { 'log.cleaner.min.cleanable.ratio': '0.95' },
      { brokers: [2], source: 'dynamic-broker' },
    );
    const { commands } = runCheck('compaction-ineffective', source).recommendation!;
    expect(commands.map((command) => renderCommand(command))).toEqual([
      expect.stringContaining('--entity-default --add-config log.cleaner.min.cleanable.ratio=0.5'),
      expect.stringContaining('--entity-name 2 --add-config log.cleaner.min.cleanable.ratio=0.5'),
    ]);
  });

  test('on Express what is inherited is changed live, and nothing asks for a ratio', () => {
    const { text, risk, effort } = advised(
      inheriting('delete.retention.ms', '999999999').withKind('provisioned-express'),
    );
    expect(text).toContain('log.cleaner.delete.retention.ms=86400000');
    expect(text).not.toContain('ratio');
    expect(risk).toContain('7 days or more');
    expect(effort).toBe('setting');
  });
});
