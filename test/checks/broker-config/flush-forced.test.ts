import { describe, expect, test } from 'vitest';
import { renderCommand } from '../../../lib/text/command.ts';
import { aSnapshot, type SnapshotBuilder } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const NONE = '9223372036854775807';

function settings(
  messages: string = NONE,
  ms: string | null = null,
  topic: Record<string, string> = {},
): SnapshotBuilder {
  const builder = aSnapshot()
    .withBrokerSettings({ 'log.flush.interval.messages': messages, 'log.flush.interval.ms': ms })
    .withTopic('orders', { configs: topic });
  return inherits(builder, { 'flush.messages': NONE, 'flush.ms': NONE }, topic);
}

/** What the topic answers without setting it. */
function inherits(
  builder: SnapshotBuilder,
  values: Record<string, string>,
  own: Record<string, string>,
): SnapshotBuilder {
  const configs = structuredClone(builder.build().sections.kafkaTopicConfigs);
  if (!configs?.ok) return builder;
  for (const [key, value] of Object.entries(values))
    if (!(key in own)) configs.value.orders![key] = { value, source: 'default' };
  return builder.withSection('kafkaTopicConfigs', configs.value);
}

describe('flush-forced', () => {
  describeVerdicts('flush-forced', [
    ['passes: nobody forces a flush', settings(), 'pass'],
    ['fails: after 10,000 messages', settings('10000'), 'fail', 'high log.flush.interval.messages'],
    ['fails: every second', settings(NONE, '1000'), 'fail', 'high log.flush.interval.ms'],
    ['fails: on a topic', settings(NONE, null, { 'flush.ms': '1000' }), 'fail', 'high orders'],
    ['passes: a topic that sets the default itself', settings(NONE, null, { 'flush.ms': NONE }), 'pass'],
    [
      'fails: on one broker alone',
      settings().withBrokerSettings({ 'log.flush.interval.ms': '500' }, { brokers: [2], source: 'dynamic-broker' }),
      'fail',
      'high log.flush.interval.ms',
    ],
    [
      'fails by the revision in use where the brokers were not asked',
      settings()
        .without('kafkaBrokerConfigs', 'unreachable')
        .withSection('configuration', { arn: 'a', revision: 1, properties: { 'log.flush.interval.messages': '1' } }),
      'fail',
      'high log.flush.interval.messages',
    ],
    [
      'no-data: the brokers were not asked, and an override would show nowhere else',
      settings().without('kafkaBrokerConfigs', 'unreachable'),
      'no-data',
    ],
    ['no-data: settings of topics were not read', settings().without('kafkaTopicConfigs', 'timed-out'), 'no-data'],
    [
      'no-data: a topic did not answer these settings',
      aSnapshot()
        .withTopic('t')
        .withBrokerSettings({ 'log.flush.interval.messages': NONE, 'log.flush.interval.ms': null }),
      'no-data',
    ],
    ['fails on Kafka without AWS', settings('10000').withKind('kafka'), 'fail', 'high log.flush.interval.messages'],
    ['not applicable: Express', settings('10000').withKind('provisioned-express'), 'not-applicable'],
    ['not applicable: Serverless', settings('10000').withKind('serverless'), 'not-applicable'],
  ]);

  describeSeverities('flush-forced', () => settings('10000'), {
    production: 'high',
    staging: 'medium',
    development: 'low',
  });

  test('takes the settings off the topic, which holds at once', () => {
    const { recommendation } = runCheck('flush-forced', settings(NONE, null, { 'flush.ms': '1000' }));
    // Kafka refuses to take off what the topic does not set.
    expect(renderCommand(recommendation!.commands[0]!)).toMatch(/--entity-name orders --delete-config flush.ms$/);
    expect(recommendation!.effort).toBe('setting');
    const both = settings(NONE, null, { 'flush.ms': '1000', 'flush.messages': '1' });
    expect(renderCommand(runCheck('flush-forced', both).recommendation!.commands[0]!)).toMatch(
      /--delete-config flush.messages,flush.ms$/,
    );
  });

  describe('where the value is dynamic the file does not count', () => {
    const MS = { 'log.flush.interval.ms': '500' };
    const commandsOf = (builder: SnapshotBuilder) =>
      runCheck('flush-forced', builder).recommendation!.commands.map(renderCommand);

    test('set for all brokers', () => {
      const commands = commandsOf(settings().withBrokerSettings(MS, { source: 'dynamic-default-broker' }));
      expect(commands).toEqual([expect.stringMatching(/--entity-default --delete-config log.flush.interval.ms$/)]);
    });

    test('set on broker 2 alone', () => {
      const commands = commandsOf(settings().withBrokerSettings(MS, { brokers: [2], source: 'dynamic-broker' }));
      expect(commands).toEqual([expect.stringMatching(/--entity-name 2 --delete-config log.flush.interval.ms$/)]);
    });

    test('set on broker 2, and by the file on the others; an override that forces nothing stays', () => {
      const mixed = settings(NONE, '1000')
        .withBrokerSettings(MS, { brokers: [2], source: 'dynamic-broker' })
        .withBrokerSettings({ 'log.flush.interval.ms': NONE }, { brokers: [3], source: 'dynamic-broker' });
      const commands = commandsOf(mixed);
      expect(commands[0]).toContain('--entity-name 2 --delete-config');
      expect(commands.join()).not.toContain('--entity-name 3');
      expect(commands.join()).toContain('update-configuration');
    });

    test('set for all brokers, and in the file beneath', () => {
      const both = settings()
        .withBrokerSettings(MS, { source: 'dynamic-default-broker' })
        .withSection('configuration', { arn: 'a', revision: 1, properties: MS });
      expect(commandsOf(both).join()).toContain('update-configuration');
    });

    test('set in the file', () => {
      expect(commandsOf(settings(NONE, '1000')).join()).not.toContain('--delete-config');
    });
  });

  test('names where the value comes from, and the broker that differs', () => {
    const source = settings().withBrokerSettings(
      { 'log.flush.interval.ms': '500' },
      { brokers: [2], source: 'dynamic-broker' },
    );
    expect(runCheck('flush-forced', source).findings[0]?.note).toContain('on broker 2');
  });
});
