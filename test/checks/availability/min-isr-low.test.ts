import { describe, expect, test } from 'vitest';
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
