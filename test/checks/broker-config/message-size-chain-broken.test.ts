import { describe, expect, test } from 'vitest';
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

  test('what the brokers hand down is a finding of the cluster, a topic’s own limit one of the topic', () => {
    expect(runCheck('message-size-chain-broken', sizes({ message: 2 * MIB })).findings[0]?.scope).toBe('cluster');
    expect(runCheck('message-size-chain-broken', sizes({ topic: 2 * MIB })).findings[0]?.scope).toBe('topic');
  });
});
