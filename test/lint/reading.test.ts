// What is read of a file: its syntax, its keys with their places, what it is taken for, and what is refused without a word of its content.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LintInputError, type LintOptions } from '../../lib/lint/lint-types.ts';
import { jsonErrorAt } from '../../lib/lint/parse/json-error.ts';
import { parseFile } from '../../lib/lint/parse/parse-file.ts';
import { parseProperties } from '../../lib/lint/parse/properties.ts';
import { nearest } from '../../lib/text/nearest.ts';
import { findings, lines, lint } from './linted.ts';

const entries = (path: string, text: string) =>
  parseFile({ path, text }).entries.map((each) => [
    each.path.join('/'),
    each.text,
    each.line,
    each.column,
    each.endColumn,
  ]);

describe('properties', () => {
  test.each([
    [
      'three separators',
      'a=1\nb : 2\nc 3',
      [
        ['a', '1', 1, 1, 2],
        ['b', '2', 2, 1, 2],
        ['c', '3', 3, 1, 2],
      ],
    ],
    ['comments and blank lines', '# a=1\n\n  ! b=2\n  c=3', [['c', '3', 4, 3, 4]]],
    [
      'a line that goes on',
      'a=1,\\\n   2\nb=3',
      [
        ['a', '1,2', 1, 1, 2],
        ['b', '3', 3, 1, 2],
      ],
    ],
    ['blanks before the end of a line that goes on', 'a=1 \\\n  2 \\\n  3', [['a', '1 2 3', 1, 1, 2]]],
    [
      'an escaped backslash ends nothing',
      'a=1\\\\\nb=2',
      [
        ['a', '1\\', 1, 1, 2],
        ['b', '2', 2, 1, 2],
      ],
    ],
    ['escapes', 'a\\=b=\\u0041\\tx', [['a=b', 'A\tx', 1, 1, 5]]],
    [
      'a mark of the byte order and Windows lines',
      '\ufeffa=1\r\nb=2\r\n',
      [
        ['a', '1', 1, 1, 2],
        ['b', '2', 2, 1, 2],
      ],
    ],
    [
      'a section',
      '[default]\na=1\n[consumer]\nb=2',
      [
        ['a', '1', 2, 1, 2],
        ['consumer/b', '2', 4, 1, 2],
      ],
    ],
    ['a key alone', 'a', [['a', '', 1, 1, 2]]],
  ])('%s', (_, text, expected) => {
    expect(entries('a.properties', text)).toEqual(expected);
  });

  test('what is written is read again, whatever is in it', () => {
    const word = fc
      .string({
        minLength: 1,
        unit: fc.constantFrom('a', 'Z', '9', '.', '-', '_', '=', ' ', ':', '#', '!', '\\', '\t'),
      })
      .filter((text) => text.trim() === text);
    const escaped = (text: string) => text.replace(/[\\=: #!\t]/g, (one) => (one === '\t' ? '\\t' : `\\${one}`));
    fc.assert(
      fc.property(fc.array(fc.tuple(word, word), { minLength: 1, maxLength: 5 }), (pairs) => {
        const text = pairs.map(([key, value]) => `${escaped(key)}=${escaped(value)}`).join('\n');
        expect(parseProperties(text).map(({ path, text: value }) => [path.at(-1), value])).toEqual(pairs);
      }),
    );
  });
});

describe('JSON and YAML', () => {
  test('keys have their places, whole numbers keep every digit', () => {
    expect(entries('a.json', '{\n  "a": 9223372036854775807,\n  "b": {"c": [1, "x"]}\n}')).toEqual([
      ['a', '9223372036854775807', 2, 3, 6],
      ['b/c', '1,x', 3, 9, 12],
    ]);
  });

  test('a merge stands for its keys, and what stands there itself counts', () => {
    expect(entries('a.yaml', 'x: &x {a: 1, b: 2}\ny:\n  <<: *x\n  b: 3')).toEqual([
      ['x/a', '1', 1, 8, 9],
      ['x/b', '2', 1, 14, 15],
      ['y/b', '3', 4, 3, 4],
      ['y/a', '1', 1, 8, 9],
    ]);
  });

  test('name and value of a list are a map', () => {
    expect(
      entries('a.json', '{"configEntries":[{"name":"retention.ms","value":"1"}]}').map(([key, value]) => [key, value]),
    ).toEqual([['configEntries/retention.ms', '1']]);
  });

  test.each([
    ['{"a":1}', 'json'],
    ['a=1', 'properties'],
    ['a: 1\nb:\n  c: 2', 'yaml'],
    ['[consumer]\na=1', 'properties'],
    ['[{"topic":"a"}]', 'json'],
  ])('standard input %j is %s', (text, syntax) => {
    expect(parseFile({ path: '-', text }).syntax).toBe(syntax);
  });
});

describe('where JSON breaks off', () => {
  test('what parses has no such place, what is cut off breaks off at its end', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), fc.nat(), (text, cut) => {
        expect(jsonErrorAt(text)).toBe(text.length);
        const head = text.slice(0, cut % text.length);
        // A number, or nothing after one, is whole when it is cut.
        expect(jsonErrorAt(`${head}\u0000`)).toBeLessThanOrEqual(head.length);
      }),
    );
  });

  test.each([
    ['{"a": hunter2}', 6],
    ['{"a": 1,}', 8],
    ['[1 2]', 3],
    ['{"a" 1}', 5],
    ["{'a': 1}", 1],
    ['{"a": 1} x', 9],
    ['{"a": 01}', 7],
    ['[1}', 2],
    ['['.repeat(100_000), 100_000],
  ])('%s', (text, at) => {
    expect(jsonErrorAt(text)).toBe(at);
  });
});

describe('a file that is no configuration', () => {
  test.each([
    ['broken JSON', 'a.json', '{"acks": "all",\n "sasl.password": hunter2}', /^a\.json:2:\d+: not valid JSON$/],
    ['JSON cut off', 'a.json', '{"sasl.password": "hunter2"', /^a\.json:1:28: not valid JSON$/],
    [
      'JSON with comments',
      'a.json',
      '// ours\n{"acks": "all"}',
      /^a\.json:1:1: not valid JSON \(JSON knows no comments\)$/,
    ],
    [
      'a key twice in JSON',
      'a.json',
      '{"acks": "1",\n"acks": "all"}',
      /^a\.json:2:1: not valid JSON \(duplicate key\)$/,
    ],
    ['broken YAML', 'a.yaml', 'password: "hunter2\nb: [', /^a\.yaml:\d+:\d+: not valid YAML \([a-z ]+\)$/],
    ['a key twice in YAML', 'a.yaml', 'acks: 1\nacks: all', /^a\.yaml:2:1: not valid YAML \(duplicate key\)$/],
    ['nothing', 'a.properties', '# nothing\n', /^a\.properties: holds no settings$/],
    [
      'prose',
      'a.txt',
      'Dear Sir\nhunter2 and so on',
      /^a\.txt: no setting of a Kafka client, topic or broker that we know; name what it is with --kind/,
    ],
    [
      'a file of another tool',
      'compose.yaml',
      "version: '3'\nservices:\n  web: {image: nginx}",
      /^compose\.yaml: no setting of a Kafka client/,
    ],
    ['an image', 'a.properties', '\u0089PNG\0\0', /^a\.properties: not a text file$/],
    ['a book', 'a.properties', 'a=1\n'.repeat(300_000), /^a\.properties: larger than 1048576 characters$/],
    ['an abyss', 'a.json', `${'['.repeat(40)}[{"a":1}]${']'.repeat(40)}`, /^a\.json: nested deeper than 20 levels$/],
    ['a bomb of aliases', 'a.yaml', bomb(), /^a\.yaml: more than 10000 settings$/],
  ])('%s', (_, path, text, message) => {
    expect(() => lint({ [path]: text })).toThrow(LintInputError);
    expect(() => lint({ [path]: text })).toThrow(message);
    expect(() => lint({ [path]: text })).not.toThrow(/hunter2/);
  });
});

function bomb(): string {
  const levels = Array.from(
    { length: 8 },
    (_, level) =>
      `l${level + 1}: &l${level + 1} {${Array.from({ length: 9 }, (_, n) => `k${n}: *l${level}`).join(', ')}}`,
  );
  return `l0: &l0 {acks: all}\n${levels.join('\n')}\n`;
}

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
});

describe('files that limit each other', () => {
  const producer = 'acks=all\nmax.request.size=2097152\nbuffer.memory=67108864';
  const rules = (files: Record<string, string>) =>
    lint(files).files.flatMap(({ path, findings: found }) =>
      found
        .filter(({ ruleId }) => ruleId === 'message-size-chain-broken')
        .map((each) => `${path}:${each.line} ${each.severity} ${each.message}`),
    );

  test('a producer sends more than the topic takes', () => {
    expect(
      rules({
        'producer.properties': producer,
        'topic.json': '{"topic":"o",\n"configs":{"max.message.bytes":1048588}}',
      }),
    ).toEqual([
      'producer.properties:2 high max.request.size=2097152 is more than max.message.bytes=1048588 (topic.json:2) takes',
    ]);
  });

  test('the topic takes as much, the followers and requests too', () => {
    const server =
      'replica.fetch.max.bytes=2097152\nsocket.request.max.bytes=104857600\nunclean.leader.election.enable=false';
    expect(
      rules({
        'producer.properties': producer,
        'topic.properties': 'max.message.bytes=2097152',
        'server.properties': server,
      }),
    ).toEqual([]);
  });

  test('a topic takes more than the followers fetch', () => {
    expect(
      rules({
        'topic.properties': 'max.message.bytes=2097152',
        'server.properties': 'replica.fetch.max.bytes=1048576',
      }),
    ).toEqual([
      'topic.properties:1 low max.message.bytes=2097152 is more than replica.fetch.max.bytes=1048576 (server.properties:1): replication goes batch by batch',
    ]);
  });

  test('as many in sync as the brokers make copies', () => {
    const found = lint({
      'topic.properties': 'min.insync.replicas=2',
      'server.properties': 'default.replication.factor=2',
    });
    expect(found.files[0]!.findings.map(({ ruleId }) => ruleId)).toEqual(['min-isr-equal-rf']);
  });
});

describe('did you mean', () => {
  test.each([
    ['lingr.ms', 'linger.ms'],
    ['batchSize', 'batch.size'],
    ['Producer.Flush.Max', 'Producer.Flush.MaxMessages'],
    ['retries.max', null],
    ['acks2', 'acks'],
    ['foo', null],
  ])('%s: %s', (key, meant) => {
    expect(
      nearest(key, ['linger.ms', 'batch.size', 'acks', 'retries', 'Producer.Flush.MaxMessages', 'fetch.max.bytes']),
    ).toBe(meant);
  });
});
