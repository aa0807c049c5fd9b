import { describe, expect, test } from 'vitest';
import { renderCommand } from '../../../lib/text/command.ts';
import { aSnapshot, type SnapshotBuilder } from '../../builders/a-snapshot.ts';
import { describeVerdicts, runCheck } from '../run.ts';

const MIB = 1024 ** 2;

/** Kafka's own defaults, a topic that inherits and one that may set its own limit. */
function sizes({
  request = 104_857_600,
  message = 1_048_588,
  fetch = 1_048_576,
  topic = null as number | null,
} = {}): SnapshotBuilder {
  const builder = aSnapshot()
    .withBrokerSettings({
      'socket.request.max.bytes': String(request),
      'message.max.bytes': String(message),
      'replica.fetch.max.bytes': String(fetch),
    })
    .withTopic('orders', topic === null ? {} : { configs: { 'max.message.bytes': String(topic) } });
  const configs = builder.build().sections.kafkaTopicConfigs;
  if (topic === null && configs?.ok) {
    configs.value.orders!['max.message.bytes'] = { value: String(message), source: 'static-broker' };
    builder.withSection('kafkaTopicConfigs', configs.value);
  }
  return builder;
}

describe('message-size-chain-broken', () => {
  describeVerdicts('message-size-chain-broken', [
    ['passes: the defaults of Kafka, 12 bytes apart', sizes(), 'pass'],
    ['warns: one byte more', sizes({ message: 1_048_589 }), 'warn', 'low orders'],
    ['passes: 8 MiB, and fetches as large', sizes({ message: 8 * MIB, fetch: 8 * MIB }), 'pass'],
    ['warns: more than 8 MiB', sizes({ message: 8 * MIB + 1, fetch: 9 * MIB }), 'warn', 'medium orders'],
    ['fails: a request with the largest batch is refused', sizes({ request: 1_100_000 }), 'fail', 'high orders'],
    ['passes: a tenth of room in the request', sizes({ request: Math.ceil(1.1 * 1_048_588) }), 'pass'],
    ['warns: a topic of its own', sizes({ topic: 5 * MIB }), 'warn', 'low orders'],
    ['no-data: the brokers were not asked', sizes().without('kafkaBrokerConfigs', 'unreachable'), 'no-data'],
    ['no-data: a topic did not answer', sizes().withTopic('other'), 'no-data'],
    ['no-data: settings of topics were not read', sizes().without('kafkaTopicConfigs', 'timed-out'), 'no-data'],
    [
      'warns on Kafka without AWS',
      sizes({ message: 9 * MIB, fetch: 9 * MIB }).withKind('kafka'),
      'warn',
      'medium orders',
    ],
    ['not applicable: Serverless', sizes({ message: 9 * MIB }).withKind('serverless'), 'not-applicable'],
  ]);

  test.each([
    ['production', 'high'],
    ['staging', 'medium'],
    ['development', 'low'],
  ] as const)('a refused request in %s: %s', (environment, severity) => {
    expect(
      runCheck('message-size-chain-broken', sizes({ request: 1_100_000 }), { environment }).findings[0]?.severity,
    ).toBe(severity);
  });

  test('raises the fetch limit where it is the one that is short, and only there', () => {
    const purposes = (builder: SnapshotBuilder) =>
      runCheck('message-size-chain-broken', builder).recommendation!.commands.map(({ purpose }) => purpose);
    expect(purposes(sizes({ message: 2 * MIB })).join()).toContain(`replica.fetch.max.bytes=${2 * MIB}`);
    expect(purposes(sizes({ message: 9 * MIB, fetch: 9 * MIB }))).toEqual([]);
  });

  describe('where a request with the largest batch is refused', () => {
    const commandsOf = (builder: SnapshotBuilder) =>
      runCheck('message-size-chain-broken', builder).recommendation!.commands.map(
        (command) => `${command.purpose}: ${renderCommand(command)}`,
      );

    test('a topic’s own limit is lowered to what a request can carry, at once', () => {
      const commands = commandsOf(sizes({ request: 4_000_000, topic: 4_000_000 }));
      // 4,000,000 / 1.1.
      expect(commands).toEqual([expect.stringMatching(/--entity-name orders --add-config max.message.bytes=3636363$/)]);
    });

    test('what the brokers hand down gets larger requests, by hand 1.1 times', () => {
      const commands = commandsOf(sizes({ request: 1_100_000 })).join();
      expect(commands).toContain('socket.request.max.bytes=1153447,');
      expect(commands).not.toContain('replica.fetch.max.bytes');
    });

    test('beyond what any batch should be, smaller batches', () => {
      const commands = commandsOf(sizes({ request: 10 * MIB, message: 10 * MIB, fetch: MIB })).join();
      expect(commands).toContain(`message.max.bytes=${Math.floor((10 * MIB) / 1.1)},`);
      expect(commands).not.toContain('socket.request.max.bytes');
    });
  });

  test('what the brokers hand down is a finding of the cluster, a topic’s own limit one of the topic', () => {
    expect(runCheck('message-size-chain-broken', sizes({ message: 2 * MIB })).findings[0]?.scope).toBe('cluster');
    expect(runCheck('message-size-chain-broken', sizes({ topic: 2 * MIB })).findings[0]?.scope).toBe('topic');
  });
});
