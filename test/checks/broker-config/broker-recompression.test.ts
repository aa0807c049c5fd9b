import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { renderCommand } from '../../../lib/text/command.ts';
import { aSnapshot, type SnapshotBuilder } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

function topic(codec: string, cpu = 60): SnapshotBuilder {
  return aSnapshot()
    .withTopic('orders', { configs: { 'compression.type': codec } })
    .withMetric(METRICS.cpuUser, { 'Broker ID': 1 }, cpu - 5);
}

describe('broker-recompression', () => {
  describeVerdicts('broker-recompression', [
    ['passes: stored as sent', topic('producer'), 'pass'],
    ['warns: zstd at 60 % CPU', topic('zstd'), 'warn', 'medium orders'],
    ['passes: exactly 40 % CPU', topic('zstd', 40), 'pass'],
    ['warns: 41 % CPU', topic('zstd', 41), 'warn', 'medium orders'],
    ['warns: uncompressed is work as well', topic('uncompressed'), 'warn', 'medium orders'],
    [
      'passes: Kafka’s own topics',
      aSnapshot().withTopic('__consumer_offsets', { internal: true, configs: { 'compression.type': 'gzip' } }),
      'pass',
    ],
    ['no-data: CPU is not known', topic('zstd').without('metrics', 'throttled'), 'no-data'],
    [
      'no-data: CPU of one broker is not known',
      topic('zstd', 30).withMetric(METRICS.cpuSystem, { 'Broker ID': 2 }, []),
      'no-data',
    ],
    ['passes without CPU when nothing is compressed again', topic('producer').without('metrics', 'throttled'), 'pass'],
    ['no-data: settings were not read', topic('zstd').without('kafkaTopicConfigs', 'timed-out'), 'no-data'],
    [
      'no-data: one topic did not answer',
      topic('producer').withSection('kafkaTopicConfigs', { orders: {} }),
      'no-data',
    ],
    ['warns on Express', topic('zstd').withKind('provisioned-express'), 'warn', 'medium orders'],
    ['not applicable: Kafka without AWS', topic('zstd').withKind('kafka'), 'not-applicable'],
  ]);

  describeSeverities('broker-recompression', () => topic('zstd'), {
    production: 'medium',
    staging: 'low',
    development: 'info',
  });

  test('inherited by all is one finding, mended for all at once', () => {
    const builder = topic('producer').withTopic('other');
    const configs = builder.build().sections.kafkaTopicConfigs;
    if (configs?.ok)
      for (const entries of Object.values(configs.value))
        entries['compression.type'] = { value: 'lz4', source: 'dynamic-default-broker' };
    if (configs?.ok) builder.withSection('kafkaTopicConfigs', configs.value);
    const result = runCheck('broker-recompression', builder);
    expect(result.findings).toHaveLength(1);
    expect(result.findings[0]?.note).toBe('2 topics inherit compression.type=lz4');
    expect(result.recommendation?.commands).toHaveLength(1);
    const own = builder.withBrokerSettings({ 'compression.type': 'gzip' }, { brokers: [3], source: 'dynamic-broker' });
    expect(
      runCheck('broker-recompression', own).recommendation?.commands.map((command) => renderCommand(command)),
    ).toEqual([
      expect.stringContaining('--entity-default --add-config compression.type=producer'),
      expect.stringContaining('--entity-name 3 --add-config compression.type=producer'),
    ]);
  });
});
