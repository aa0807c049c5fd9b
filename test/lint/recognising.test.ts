// What a file is taken for: client, topic or broker, which library, and settings that a framework writes its own way.
import { describe, expect, test } from 'vitest';
import type { LintOptions } from '../../lib/lint/lint-types.ts';
import { findings, lines, lint } from './linted.ts';

describe('what a file is taken for', () => {
  const taken = (path: string, text: string, options: Partial<LintOptions> = {}) => {
    const { kind, library, because } = lint({ [path]: text }, options).files[0]!;
    return { is: `${kind} ${library}`, because };
  };

  test.each([
    ['buffer.memory', 'a.properties', 'acks=all\nbuffer.memory=1', 'producer java'],
    ['a dotted object', 'a.json', '{"acks":"all","linger.ms":5}', 'producer librdkafka'],
    [
      'names of librdkafka in properties',
      'a.properties',
      'queue.buffering.max.ms=5\nbatch.num.messages=100',
      'producer librdkafka',
    ],
    ['underscores', 'a.json', '{"linger_ms":5}', 'producer kafka-python'],
    ['fields of Go', 'a.yaml', 'Consumer:\n  Fetch:\n    Default: 1', 'consumer sarama'],
    ['fields of Go in small letters', 'a.yaml', 'producer:\n  flush:\n    frequency: 5ms', 'producer sarama'],
    ['camels', 'a.json', '{"sessionTimeout":45000,"groupId":"g"}', 'consumer kafkajs'],
    ['a topic', 'a.properties', 'retention.ms=1\nsegment.bytes=1', 'topic null'],
    ['topics', 'a.yaml', 'topics:\n  - name: a\n    config: {retention.ms: 1}', 'topic null'],
    ['brokers', 'a.properties', 'num.io.threads=8\nlog.retention.hours=1', 'broker null'],
    ["MSK's own", 'a.properties', 'allow.everyone.if.no.acl.found=true', 'broker null'],
    ['both roles', 'a.properties', 'buffer.memory=1\nmax.poll.records=1', 'client java'],
    ['neither role', 'a.properties', 'sasl.jaas.config=x\nssl.truststore.type=JKS', 'client java'],
    ['its name', 'consumer.properties', 'client.id=a\nsasl.jaas.config=x', 'consumer java'],
    [
      'a prefix',
      'a.properties',
      'spring.kafka.producer.acks=all\nspring.kafka.producer.buffer.memory=1',
      'producer java',
    ],
  ])('%s', (_, path, text, is) => {
    expect(taken(path, text).is).toBe(is);
  });

  test('it says why', () => {
    expect(taken('a.properties', 'acks=all\nbuffer.memory=1').because).toBe(
      '2 of 2 keys known, `buffer.memory` of it alone',
    );
    expect(taken('a.properties', 'acks=all\nfoo=1').because).toBe(
      '1 of 2 keys known, none of them telling: --kind and --library decide',
    );
  });

  test('the user knows better', () => {
    expect(taken('a.properties', 'compression.type=zstd', { kind: 'topic' }).is).toBe('topic null');
    expect(taken('a.properties', 'linger.ms=5', { library: 'librdkafka' }).is).toBe('producer librdkafka');
    expect(taken('a.properties', 'client.id=a', { kind: 'consumer', library: 'java' })).toEqual({
      is: 'consumer java',
      because: '--kind consumer --library java',
    });
  });

  test("an operator's resource is a topic, and its labels are none of our business", () => {
    const text =
      'kind: KafkaTopic\nmetadata:\n  name: orders\n  labels: {strimzi.io/cluster: main}\nspec:\n  partitions: 12\n  replicas: 3\n  config: {retention.ms: 604800000}';
    expect(taken('a.yaml', text).is).toBe('topic null');
    expect(findings('a.yaml', text)).toEqual([]);
  });

  test('each topic of a list is judged alone, and named', () => {
    const found = findings(
      'topics.json',
      '[{"name":"orders","config":{"retention.ms":-1}},{"name":"bills","config":{"retention.bytes":1}}]',
    );
    expect(found.map(({ message }) => message)).toEqual(['orders: retention.ms=-1 without a limit in bytes']);
  });
});

describe('Spring Boot', () => {
  const application = `server: {port: 8080}
spring:
  application: {name: orders}
  kafka:
    bootstrap-servers: localhost:9092
    producer:
      acks: all
      batch-size: 64KB
      buffer-memory: 64MB
      value-serializer: org.example.Orders
      properties:
        linger.ms: 0
        lingr.ms: 5
    consumer:
      group-id: orders
      heartbeat-interval: 20s
      fetch-min-size: 1KB
    listener: {concurrency: 3, ack-mode: batch}
`;

  test('its names and units are read as what they stand for', () => {
    const report = lint({ 'application.yaml': application });
    expect(report.files[0]).toMatchObject({ kind: 'client', library: 'java' });
    expect(report.files[0]!.findings.map(({ line, ruleId, severity }) => `${line} ${ruleId} ${severity}`)).toEqual([
      '12 linger-unfit medium',
      '13 key-misspelt medium',
      '16 heartbeat-over-third medium',
    ]);
  });

  test('lines of properties are read alike', () => {
    expect(
      lines(
        findings(
          'application.properties',
          'server.port=1\nspring.kafka.producer.acks=1\nspring.kafka.producer.batch-size=1000B',
        ),
      ),
    ).toEqual(['2 acks-weak high', '3 batch-size-small high']);
  });

  test('a key in brackets keeps its dots, and the words of an enum are read in any spelling', () => {
    const consumer = `spring:
  kafka:
    properties:
      "[sasl.jaas.config]": software.amazon.msk.auth.iam.IAMLoginModule required;
    producer:
      properties:
        "[delivery.timeout.ms]": 10000
    consumer:
      isolation-level: read-committed
`;
    expect(lines(findings('application.yaml', consumer))).toEqual([
      '7 timeouts-contradict high',
      '7 timeouts-short medium',
    ]);
    const flat = 'spring.kafka.consumer.isolation-level=READ_COMMITTED\nspring.kafka.producer.properties[acks]=1';
    expect(lines(findings('application.properties', flat))).toEqual(['2 acks-weak high']);
  });

  test("hours and gigabytes, and the stores' passwords", () => {
    const text =
      'spring.kafka.producer.buffer-memory=1GB\nspring.kafka.consumer.heartbeat-interval=1h\nspring.kafka.ssl.key-store-password=hunter2';
    expect(lines(findings('application.properties', text))).toEqual([
      '2 heartbeat-over-third medium',
      '3 secret-inline high',
    ]);
  });
});
