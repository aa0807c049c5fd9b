import { describe, expect, test } from 'vitest';
import { renderCommand } from '../../../lib/text/command.ts';
import { aSnapshot } from '../../builders/a-snapshot.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';

const KEY = 'min.insync.replicas';
const own = (value: string, replicationFactor = 3) =>
  aSnapshot().withTopic('orders', { replicationFactor, configs: { [KEY]: value } });

/** All topics inherit the value from the brokers. */
function inherited(value: string, ...topics: string[]) {
  const builder = aSnapshot();
  for (const topic of topics) builder.withTopic(topic);
  const entry = { value, source: 'static-broker' as const };
  return builder.withSection('kafkaTopicConfigs', Object.fromEntries(topics.map((name) => [name, { [KEY]: entry }])));
}

describe('min-isr-low', () => {
  describeVerdicts('min-isr-low', [
    ['passes: two of three', own('2'), 'pass'],
    ['passes: three of three is another finding', own('3'), 'pass'],
    ['fails: one of three', own('1'), 'fail', 'high orders'],
    [
      'fails: one of four',
      aSnapshot()
        .withBrokers(6)
        .withTopic('t', { replicationFactor: 4, configs: { [KEY]: '1' } }),
      'fail',
      'high t',
    ],
    ['not applicable: two replicas cannot ask for two', own('1', 2), 'not-applicable'],
    ['fails once for a default that topics inherit', inherited('1', 'a', 'b', 'c'), 'fail', 'high orders'],
    [
      'fails for the default and for the topic that sets it itself',
      inherited('1', 'a').withTopic('own', { configs: { [KEY]: '1' } }),
      'fail',
      'high orders',
      'high own',
    ],
    [
      'fails: internal topics count',
      aSnapshot().withTopic('__transaction_state', { internal: true, configs: { [KEY]: '1' } }),
      'fail',
      'high __transaction_state',
    ],
    [
      'no-data: the setting of a topic was not read',
      inherited('2', 'a').withSection('kafkaTopicConfigs', {}),
      'no-data',
    ],
    ['no-data: no settings', own('1').without('kafkaTopicConfigs', 'unreachable'), 'no-data'],
    ['no-data: no metadata', own('1').without('kafkaTopics', 'unreachable'), 'no-data'],
    ['not applicable: no topics', aSnapshot(), 'not-applicable'],
    ['not applicable: Express', own('1').withKind('provisioned-express'), 'not-applicable'],
    ['not applicable: Serverless', own('1').withKind('serverless'), 'not-applicable'],
    ['fails without AWS', own('1').withKind('kafka'), 'fail', 'high orders'],
  ]);

  describeSeverities('min-isr-low', () => own('1'), { production: 'high', staging: 'medium', development: 'info' });

  test('a topic that the policy calls ephemeral need not last', () => {
    const overrides = { version: 1 as const, topics: { 'or*': { ephemeral: true } } };
    const both = own('1').withTopic('kept', { configs: { [KEY]: '1' } });
    expect(runCheck('min-isr-low', own('1'), { overrides }).status).toBe('not-applicable');
    expect(runCheck('min-isr-low', both, { overrides }).findings.map(({ resource }) => resource)).toEqual(['kept']);
  });

  test('a setting that was not read is named beside the findings', () => {
    const snapshot = own('1').withTopic('t').build();
    const configs = snapshot.sections.kafkaTopicConfigs;
    if (configs?.ok) delete configs.value.t;
    expect(runCheck('min-isr-low', snapshot).partial).toContain('t was not read');
  });

  test('raises the topic at once, and the default by the configuration', () => {
    const commands = runCheck('min-isr-low', inherited('1', 'a')).recommendation!.commands;
    expect(commands[0]?.argv.at(-1)).toBe('min.insync.replicas=2');
    expect(commands.map(({ argv }) => argv[2])).toContain('update-configuration');
    const ownCommands = runCheck('min-isr-low', own('1')).recommendation!.commands;
    expect(ownCommands.map(({ argv }) => argv[0])).toEqual(['kafka-configs.sh']);
  });

  describe('never stops writing', () => {
    const recommended = (builder: Parameters<typeof runCheck>[1]) => {
      const { action, commands } = runCheck('min-isr-low', builder).recommendation!;
      return { action, commands: commands.map(renderCommand) };
    };

    test('no command for a topic with one replica in sync: it is named first', () => {
      const { action, commands } = recommended(
        own('1')
          .withTopic('fit', { configs: { [KEY]: '1' } })
          .withPartition('orders', 1, { isr: [2] }),
      );
      expect(commands.join('\n')).not.toContain('--entity-name orders');
      expect(commands[0]).toContain('--entity-name fit');
      expect(action).toContain('first bring orders back to 2 replicas in sync');
    });

    test('two replicas in sync of three are enough', () => {
      const { commands } = recommended(own('1').withPartition('orders', 1, { isr: [2, 3] }));
      expect(commands[0]).toContain('--entity-name orders --add-config min.insync.replicas=2');
    });

    /** The default, and topics with two replicas that inherit it. */
    const withPairs = (pairs: readonly string[], ownPair = false) => {
      const entry = { value: '1', source: ownPair ? ('topic' as const) : ('static-broker' as const) };
      const builder = aSnapshot().withTopic('a');
      for (const name of pairs) builder.withTopic(name, { replicationFactor: 2 });
      return builder.withSection('kafkaTopicConfigs', {
        a: { [KEY]: { value: '1', source: 'static-broker' } },
        ...Object.fromEntries(pairs.map((name) => [name, { [KEY]: entry }])),
      });
    };

    test('the default comes after topics with two replicas that inherit it got a value of their own', () => {
      const { commands } = recommended(withPairs(['pair']));
      const pin = commands.findIndex((command) =>
        command?.includes('--entity-name pair --add-config min.insync.replicas=1'),
      );
      expect(pin).toBeGreaterThan(0);
      expect(commands.findIndex((command) => command?.includes('update-configuration'))).toBeGreaterThan(pin);
    });

    test('one that has a value of its own needs no other', () => {
      expect(recommended(withPairs(['pair'], true)).commands.join('\n')).not.toContain('pair');
    });

    test('five are written out; of six the default waits and says for whom', () => {
      const names = ['p1', 'p2', 'p3', 'p4', 'p5', 'p6'];
      expect(recommended(withPairs(names.slice(1))).commands.join('\n')).toContain('update-configuration');
      const many = recommended(withPairs(names));
      expect(many.commands.join('\n')).not.toContain('update-configuration');
      expect(many.action).toContain(
        'leave the default for now: p1, p2, p3 and 3 more inherit it with 2 replicas or fewer',
      );
    });

    test('the default waits for a topic that inherits it with one replica in sync, and for one that was not read', () => {
      const short = recommended(inherited('1', 'a', 'b').withPartition('b', 0, { isr: [1] }));
      expect(short.commands.join('\n')).not.toContain('update-configuration');
      expect(short.action).toContain('partitions of b, which inherit it, have fewer than 2 replicas in sync');
      const unread = inherited('1', 'a').build();
      const { kafkaTopics } = unread.sections;
      if (kafkaTopics?.ok)
        kafkaTopics.value.push({
          name: 'hidden',
          internal: false,
          error: 'TOPIC_AUTHORIZATION_FAILED',
          partitions: [],
        });
      expect(recommended(unread).action).toContain('the partitions of hidden were not read');
    });

    test('a dynamic default is raised where it is, one of a single broker taken off', () => {
      const all = inherited('1', 'a').withBrokerSettings({ [KEY]: '1' }, { source: 'dynamic-default-broker' });
      const dynamic = recommended(all).commands;
      expect(dynamic.join('\n')).not.toContain('update-configuration');
      expect(dynamic.at(-1)).toContain('--entity-type brokers --entity-default --add-config min.insync.replicas=2');
      const one = inherited('1', 'a')
        .withBrokerSettings({ [KEY]: '1' })
        .withBrokerSettings({ [KEY]: '1' }, { brokers: [2], source: 'dynamic-broker' });
      const commands = recommended(one).commands;
      expect(commands.join('\n')).toContain('update-configuration');
      expect(commands.at(-1)).toContain('--entity-type brokers --entity-name 2 --delete-config min.insync.replicas');
    });
  });

  test('the topic that carries most comes first in the table', () => {
    const snapshot = aSnapshot()
      .withTopic('quiet', { configs: { [KEY]: '1' } })
      .withTopic('busy', { configs: { [KEY]: '1' } })
      .withSizes('quiet', 1e6)
      .withSizes('busy', 1e6)
      .withRates('busy', [50, 50, 50]);
    const rows = runCheck('min-isr-low', snapshot).evidence[0]!.rows;
    expect(rows.map(({ topic }) => topic)).toEqual(['busy', 'quiet']);
    // 3 x 50 records a second of 1,000 bytes.
    expect(rows[0]?.bytesIn).toBeCloseTo(150_000, 6);
  });
});
