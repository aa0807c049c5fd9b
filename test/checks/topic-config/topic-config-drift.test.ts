import { describe, expect, test } from 'vitest';
import { renderCommand } from '../../../lib/text/command.ts';
import { aSnapshot, type SnapshotBuilder } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

function family(...retentions: (string | null)[]): SnapshotBuilder {
  return retentions.reduce(
    (builder, retention, i) =>
      builder.withTopic(`orders.t${i}`, retention === null ? {} : { configs: { 'retention.ms': retention } }),
    aSnapshot(),
  );
}

describe('topic-config-drift', () => {
  describeVerdicts('topic-config-drift', [
    ['passes: all alike', family(null, null, null, null), 'pass'],
    ['warns: one of four sets its own', family(null, null, null, '1000'), 'warn', 'low orders.t3'],
    ['passes: two of four, so there is no rule', family(null, null, '1000', '2000'), 'pass'],
    ['not applicable: three topics are no family', family(null, null, '1000'), 'not-applicable'],
    ['passes: an override that says what all have', family(null, null, null, '604800000'), 'pass'],
    [
      'warns: where most set it themselves, who sets it otherwise',
      family('1000', '1000', '1000', '2000'),
      'warn',
      'low orders.t3',
    ],
    ['passes: who inherits sets nothing', family('1000', '1000', '1000', null), 'pass'],
    [
      'no-data: a topic of the family was not read',
      (() => {
        const builder = family(null, null, null, null);
        const configs = builder.build().sections.kafkaTopicConfigs;
        if (configs?.ok) delete configs.value['orders.t0'];
        return configs?.ok ? builder.withSection('kafkaTopicConfigs', configs.value) : builder;
      })(),
      'no-data',
    ],
    [
      'no-data: settings were not read',
      family(null, null, null, '1000').without('kafkaTopicConfigs', 'timed-out'),
      'no-data',
    ],
    ['warns on Serverless', family(null, null, null, '1000').withKind('serverless'), 'warn', 'low orders.t3'],
  ]);

  describeSeverities('topic-config-drift', () => family(null, null, null, '1000'), {
    production: 'low',
    staging: 'low',
    development: 'info',
  });

  test('other families are not asked', () => {
    const source = family(null, null, null, '1000').withTopic('payments-a', { configs: { 'retention.ms': '5' } });
    const result = runCheck('topic-config-drift', source);
    expect(result.findings.map(({ resource }) => resource)).toEqual(['orders.t3']);
    expect(renderCommand(result.recommendation!.commands[0]!)).toContain(
      '--entity-name orders.t3 --delete-config retention.ms',
    );
  });

  describe('the topic is set like its family, not like the brokers', () => {
    const commandsOf = (source: SnapshotBuilder) =>
      runCheck('topic-config-drift', source).recommendation!.commands.map((each) => renderCommand(each));
    const four = (usual: Record<string, string>, odd: Record<string, string>, inheriting = 0) =>
      [0, 1, 2, 3].reduce(
        (builder, i) => builder.withTopic(`orders.t${i}`, { configs: i === 3 ? odd : i < inheriting ? {} : usual }),
        aSnapshot(),
      );

    test('where the family overrides too, its value is set: the default of the brokers is another', () => {
      expect(commandsOf(four({ 'retention.ms': '1000' }, { 'retention.ms': '2000' }))).toEqual([
        expect.stringContaining('--entity-name orders.t3 --add-config retention.ms=1000'),
      ]);
    });

    test('where one of the family sets what the others inherit, its value is set', () => {
      const week = '604800000';
      expect(commandsOf(four({ 'retention.ms': week }, { 'retention.ms': '2000' }, 2))).toEqual([
        expect.stringContaining(`--add-config retention.ms=${week}`),
      ]);
    });

    test('a list of policies stands in brackets: kafka-configs.sh parts settings at commas', () => {
      expect(commandsOf(four({ 'cleanup.policy': 'compact,delete' }, { 'cleanup.policy': 'compact' }))).toEqual([
        expect.stringContaining('cleanup.policy=[compact,delete]'),
      ]);
    });

    test('both ways in one topic', () => {
      const source = four({ 'retention.ms': '1000' }, { 'retention.ms': '2000', 'cleanup.policy': 'compact' });
      const commands = commandsOf(source);
      expect(commands).toHaveLength(2);
      expect(commands[0]).toContain('--delete-config cleanup.policy');
      expect(commands[1]).toContain('--add-config retention.ms=1000');
    });

    test('Serverless: no command for the cleanup policy, which is fixed when the topic is created', () => {
      const source = four(
        { 'cleanup.policy': 'compact' },
        { 'cleanup.policy': 'delete', 'retention.ms': '2000' },
      ).withKind('serverless');
      const commands = commandsOf(source);
      expect(commands).toHaveLength(1);
      expect(commands[0]).toContain('--delete-config retention.ms');
    });
  });
});
