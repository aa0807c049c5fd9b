// The configuration blocks of five public chapters on tuning Kafka, as files, and what an expert says of each line.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FIXTURES, findings, fixture, lines, lint } from './linted.ts';

/** File, then line, rule and severity of all that is to be said, in the order of the file. */
const VERDICTS: [file: string, found: string[]][] = [
  [
    'broker-disk-commented.properties',
    [
      '1 comment-in-value high',
      '1 unclean-election-enabled medium',
      '1 io-threads-low info',
      '2 flush-forced high',
      '3 flush-forced high',
    ],
  ],
  [
    'broker-disk.properties',
    [
      '1 unclean-election-enabled medium',
      '1 not-adjustable-on-msk medium',
      '3 flush-forced high',
      '4 flush-forced high',
    ],
  ],
  ['broker-jvm-4g.properties', ['1 jvm-not-adjustable medium']],
  [
    'broker-jvm-6g.properties',
    [
      '1 jvm-not-adjustable medium',
      '2 jvm-not-adjustable medium',
      '3 jvm-not-adjustable medium',
      '4 jvm-not-adjustable medium',
    ],
  ],
  [
    'broker-network.properties',
    [
      '1 comment-in-value high',
      '1 unclean-election-enabled medium',
      '1 socket-buffers-odd info',
      '2 comment-in-value high',
      '2 socket-buffers-odd info',
      '3 comment-in-value high',
      '4 network-threads-unpaired low',
      '4 io-threads-low info',
    ],
  ],
  ['broker-replication.properties', ['1 unclean-election-enabled medium', '2 not-adjustable-on-msk medium']],
  [
    'broker-sockets-65536.properties',
    ['1 unclean-election-enabled medium', '1 socket-buffers-odd low', '2 socket-buffers-odd low'],
  ],
  ['broker-threads-4-8.properties', ['1 unclean-election-enabled medium', '1 io-threads-low medium']],
  [
    'broker-throughput.properties',
    ['1 unclean-election-enabled medium', '1 io-threads-low info', '2 io-threads-low info'],
  ],
  [
    'broker-tiered.properties',
    [
      '2 not-adjustable-on-msk medium',
      '3 not-adjustable-on-msk medium',
      '5 tiering-misconfigured high',
      '6 tiering-misconfigured high',
    ],
  ],
  ['java-perf-test.properties', ['2 acks-weak high']],
  ['kafka-python-batch-of-1000.json', ['2 defaults-weak low', '3 batch-size-small high']],
  ['kafka-python-batching.json', ['3 batch-size-small info', '4 key-removed low']],
  ['kafka-python-consumer-batching.json', []],
  ['kafka-python-critical.json', ['2 defaults-weak low', '4 retries-limited medium']],
  ['kafka-python-fast.json', ['2 acks-weak high', '2 defaults-weak low', '3 retries-limited high']],
  ['kafka-python-plain-producer.json', ['1 defaults-weak low']],
  ['kafka-python-rebalance.json', ['2 poll-interval-raised medium']],
  ['kafka-python-snappy.json', ['1 defaults-weak low']],
  ['kafka-python-static-member.json', []],
  ['librdkafka-consumer.json', ['4 offset-reset-choice info']],
  ['librdkafka-producer.json', ['2 defaults-weak low']],
  ['sarama-acks-all.yaml', ['2 defaults-weak medium']],
  ['sarama-acks-local.yaml', ['2 acks-weak high', '2 defaults-weak medium']],
  ['sarama-batching.yaml', ['3 defaults-weak medium', '4 batch-size-large low']],
  ['sarama-compression-gzip.yaml', ['2 defaults-weak medium', '2 codec-unfit low']],
  ['sarama-compression-lz4.yaml', ['2 defaults-weak medium']],
  ['sarama-compression-snappy.yaml', ['2 defaults-weak medium']],
  ['sarama-consumer-memory.yaml', []],
  ['sarama-fetch-large.yaml', ['3 fetch-large low']],
  [
    'sarama-flush-each.yaml',
    ['3 defaults-weak medium', '3 linger-unfit low', '4 batch-size-small high', '5 flush-per-message high'],
  ],
  [
    'sarama-go-lines.properties',
    [
      '1 defaults-weak medium',
      '2 batch-size-large low',
      '4 codec-unfit low',
      '5 acks-weak high',
      '6 fetch-empty-polls low',
    ],
  ],
  ['sarama-producer-memory.yaml', ['3 defaults-weak medium']],
  ['sarama-short-wait.yaml', ['2 fetch-empty-polls low', '4 fetch-min-unfit low']],
  [
    'sarama-validated.yaml',
    [
      '3 defaults-weak medium',
      '4 key-misspelt medium',
      '8 message-size-chain-broken high',
      '8 fetch-sizes-contradict medium',
    ],
  ],
  ['topic-counts-as-configs.json', ['2 not-a-topic-config high', '3 not-a-topic-config high']],
];

describe('blocks of public chapters', () => {
  test.each(VERDICTS)('%s', (file, expected) => {
    expect(lines(findings(file, fixture(`seeds/${file}`)))).toEqual(expected);
  });

  test('each of them is in the table', () => {
    expect(VERDICTS.map(([file]) => file).sort()).toEqual(readdirSync(join(FIXTURES, 'seeds')).sort());
  });

  test('snappy is second to lz4 where latency is the goal', () => {
    const found = findings('a.yaml', fixture('seeds/sarama-compression-snappy.yaml'), { goal: 'latency' });
    expect(lines(found)).toContain('2 codec-unfit info');
    expect(found.find(({ ruleId }) => ruleId === 'codec-unfit')!.right).toBe('Producer.Compression=lz4');
  });

  test('fetches of 10 MiB are right where throughput is the goal', () => {
    expect(findings('a.yaml', fixture('seeds/sarama-fetch-large.yaml'), { goal: 'throughput' })).toEqual([]);
  });

  test('16 and 8 threads are right on a 4xlarge, and too many on a large', () => {
    const of = (instanceType: string) =>
      lines(findings('server.properties', fixture('seeds/broker-throughput.properties'), { instanceType })).filter(
        (each) => each.includes('io-threads'),
      );
    expect(of('kafka.m7g.4xlarge')).toEqual([]);
    expect(of('kafka.m7g.large')).toEqual(['1 io-threads-low low', '2 io-threads-low low']);
    expect(of('kafka.m7g.8xlarge')).toEqual(['1 io-threads-low medium', '2 io-threads-low medium']);
  });
});

describe('good configurations', () => {
  const good = readdirSync(join(FIXTURES, 'good'));
  test.each(good)('%s: nothing to say', (file) => {
    const clusterType = file.startsWith('express') ? 'express' : 'standard';
    expect(findings(file, fixture(`good/${file}`), { clusterType })).toEqual([]);
  });

  test.each(['latency', 'throughput', 'cost'] as const)('for the goal %s too', (goal) => {
    const found = good.flatMap((file) =>
      findings(file, fixture(`good/${file}`), {
        goal,
        clusterType: file.startsWith('express') ? 'express' : 'standard',
      }),
    );
    expect(lines(found)).toEqual([]);
  });

  test('nothing to say of all of them together', () => {
    const files = Object.fromEntries(
      good.filter((file) => !file.startsWith('express')).map((file) => [file, fixture(`good/${file}`)]),
    );
    expect(
      lint(files).files.flatMap(({ path, findings: found }) => lines(found).map((each) => `${path}: ${each}`)),
    ).toEqual([]);
  });
});
