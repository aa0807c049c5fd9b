import { describe, expect, test } from 'vitest';
import { adviceFor, clientAdvice, goDuration, sourceOf } from '../../lib/facts/client-advice.ts';
import { clientDefaultOf, versionRank } from '../../lib/facts/client-defaults.ts';
import { CLIENT_LIBRARIES } from '../../lib/facts/client-libraries.ts';
import { kafkaNameOf, libraryKeyOf } from '../../lib/facts/client-names.ts';
import { CODECS, codecFor } from '../../lib/facts/codecs.ts';
import { KAFKA_BROKER_SETTINGS, KAFKA_TOPIC_SETTINGS } from '../../lib/facts/kafka-settings.ts';
import { LIBRARY_SETTINGS } from '../../lib/facts/library-settings.ts';
import { TOPIC_NAME_OF_BROKER } from '../../lib/facts/setting-words.ts';
import { lintFiles } from '../../lib/lint/lint.ts';
import { CONFIG_LIMITS } from '../../lib/policy/config-limits.ts';
import { GOALS } from '../../lib/policy/environment.ts';
import { AVAILABILITY } from '../../lib/policy/thresholds/availability.ts';

const ROLES = ['producer', 'consumer'] as const;
const every = CLIENT_LIBRARIES.flatMap((library) =>
  GOALS.flatMap((goal) => ROLES.map((role) => ({ library, goal, role }))),
);

describe('client advice', () => {
  test.each(every)(
    '$library, $role, $goal: each key is one that the library has for this role',
    ({ library, role, goal }) => {
      const { settings } = clientAdvice(library, role, goal);
      expect(settings.length).toBeGreaterThan(3);
      for (const { key, name, reason } of settings) {
        expect([role, 'both']).toContain(LIBRARY_SETTINGS[library].get(key)?.role);
        expect(kafkaNameOf(library, key)).toBe(name);
        expect(reason).not.toBe('');
        expect(sourceOf(library, name)).toMatch(/^https:/);
      }
    },
  );

  test.each(every)('$library, $role, $goal: the lint has nothing to say against it', ({ library, role, goal }) => {
    const settings = clientAdvice(library, role, goal).settings;
    const text =
      library === 'sarama' || library === 'kafkajs'
        ? nested(settings)
        : JSON.stringify(Object.fromEntries(settings.map(({ key, value }) => [key, value])));
    const report = lintFiles([{ path: 'a.json', text }], {
      environment: 'production',
      goal,
      kind: role,
      library,
      clientVersion: null,
      kafkaVersion: null,
      clusterType: 'standard',
      instanceType: null,
    });
    // KafkaJS takes acks and compression with send().
    const found = report.files[0]!.findings.filter(
      ({ ruleId }) => ruleId !== 'key-misplaced' && ruleId !== 'offset-reset-choice',
    );
    expect(found.map(({ ruleId, message }) => `${ruleId}: ${message}`)).toEqual([]);
  });

  test.each([
    ['java', 'linger.ms', 'latency', 'linger.ms=5'],
    [
      'java',
      'partition.assignment.strategy',
      'balanced',
      'partition.assignment.strategy=org.apache.kafka.clients.consumer.CooperativeStickyAssignor',
    ],
    ['librdkafka', 'partition.assignment.strategy', 'balanced', 'partition.assignment.strategy=cooperative-sticky'],
    ['librdkafka', 'compression.type', 'cost', 'compression.type=zstd'],
    ['sarama', 'session.timeout.ms', 'balanced', 'Consumer.Group.Session.Timeout=45s'],
    ['sarama', 'acks', 'balanced', 'Producer.RequiredAcks=WaitForAll'],
    ['sarama', 'max.in.flight.requests.per.connection', 'balanced', 'Net.MaxOpenRequests=1'],
    ['kafkajs', 'acks', 'balanced', 'acks=-1'],
    ['kafka-python', 'batch.size', 'throughput', 'batch_size=131072'],
  ] as const)('%s spells %s in its own way', (library, name, goal, line) => {
    const advice = adviceFor(library, name, goal)!;
    expect(`${advice.key}=${advice.value}`).toBe(line);
  });

  test('what a library lacks is not advised to it', () => {
    expect(adviceFor('kafkajs', 'linger.ms', 'balanced')).toBeNull();
    expect(adviceFor('sarama', 'buffer.memory', 'balanced')).toBeNull();
    expect(adviceFor('kafka-python', 'buffer.memory', 'balanced')).toBeNull();
    expect(adviceFor('librdkafka', 'buffer.memory', 'balanced')).toBeNull();
    expect(adviceFor('java', 'no.such.setting', 'balanced')).toBeNull();
  });
});

function nested(settings: readonly { key: string; value: string }[]): string {
  const root: Record<string, unknown> = {};
  for (const { key, value } of settings) {
    const parts = key.split('.');
    const leaf = parts.pop()!;
    let at = root;
    for (const part of parts) {
      at[part] ??= {};
      at = at[part] as Record<string, unknown>;
    }
    at[leaf] = value;
  }
  return JSON.stringify(root);
}

describe('defaults of the libraries', () => {
  test.each([
    ['java', 'linger.ms', '3.9.1', '0'],
    ['java', 'linger.ms', '4.0.0', '5'],
    ['java', 'acks', '2.8.0', '1'],
    ['java', 'acks', '3.0.0', 'all'],
    ['java', 'linger.ms', null, null],
    ['java', 'batch.size', null, '16384'],
    ['librdkafka', 'retries', '1.4.4', '2'],
    ['kafka-python', 'retries', '2.2.0', null],
    ['kafka-python', 'acks', '3.0.12', 'all'],
    ['sarama', 'acks', null, '1'],
    ['kafkajs', 'linger.ms', null, null],
  ] as const)('%s has %s of version %s: %s', (library, name, version, value) => {
    expect(clientDefaultOf(library, name, version)).toBe(value);
  });

  test('versions are numbers, not texts', () => {
    expect(versionRank('3.10')!).toBeGreaterThan(versionRank('3.9')!);
    expect(versionRank('4')).toBe(versionRank('4.0.1'));
    expect(versionRank('latest')).toBeNull();
  });
});

describe('names', () => {
  test.each(CLIENT_LIBRARIES)('%s: what is translated is there, and comes back', (library) => {
    for (const key of LIBRARY_SETTINGS[library].keys()) {
      const name = kafkaNameOf(library, key);
      const back = name === null ? null : libraryKeyOf(library, name);
      if (name === null) continue;
      expect(LIBRARY_SETTINGS[library].has(back!), `${key} ${back}`).toBe(true);
      expect(kafkaNameOf(library, back!)).toBe(name);
    }
  });

  test('a topic has under another name what the brokers have as its default', () => {
    for (const [broker, topic] of Object.entries(TOPIC_NAME_OF_BROKER)) {
      expect(KAFKA_BROKER_SETTINGS.has(broker), broker).toBe(true);
      expect(KAFKA_TOPIC_SETTINGS.has(topic), topic).toBe(true);
    }
  });
});

test('codecs: zstd where cost is the goal, never gzip', () => {
  expect(GOALS.map((goal) => codecFor(goal))).toEqual(GOALS.map((goal) => (goal === 'cost' ? 'zstd' : 'lz4')));
  expect(CODECS.map(({ codec }) => codec).sort()).toEqual(['gzip', 'lz4', 'none', 'snappy', 'zstd']);
});

test('durations as Go writes them', () => {
  expect([5, 1_000, 45_000, 1_500].map(goDuration)).toEqual(['5ms', '1s', '45s', '1500ms']);
});

test('the lint and the check of a file and of a cluster ask for the same number of copies', () => {
  expect(CONFIG_LIMITS.topic.minReplicationFactor).toBe(
    AVAILABILITY['replication-factor-low'].minReplicationFactor.value,
  );
});
