// Each rule on both sides: what it finds, with its severity and line, and the neighbour that is right.
import { describe, expect, test } from 'vitest';
import { LINT_RULES } from '../../lib/lint/rules/registry.ts';
import { BROKERS } from './cases/brokers.ts';
import { CONSUMERS } from './cases/consumers.ts';
import { PRODUCERS } from './cases/producers.ts';
import { READING } from './cases/reading.ts';
import { SECURITY } from './cases/security.ts';
import { TOPICS } from './cases/topics.ts';
import { findings } from './linted.ts';

const CASES = [...READING, ...SECURITY, ...PRODUCERS, ...CONSUMERS, ...TOPICS, ...BROKERS];

describe('rules', () => {
  test.each(CASES)('%s: %s', (rule, _why, file, text, expected, options) => {
    const found = findings(file, text, options).filter(({ ruleId }) => ruleId === rule);
    expect(found.map(({ line, severity }) => `${line} ${severity}`)).toEqual(expected);
  });

  test('each is seen to speak and to be silent', () => {
    const sides = (rule: string) =>
      new Set(CASES.filter(([id]) => id === rule).map(([, , , , found]) => found.length > 0)).size;
    expect(LINT_RULES.filter(({ id }) => sides(id) !== 2).map(({ id }) => id)).toEqual([]);
  });

  test.each([
    ['acks=1', 'acks=all'],
    ['batch.size=1000', 'batch.size=65536'],
    ['linger.ms=0', 'linger.ms=10'],
    ['compression.type=gzip', 'compression.type=zstd'],
    ['acks=all\nliner.ms=5', 'did you mean linger.ms'],
    ['transaction.state.log.min.isr=1', 'transaction.state.log.min.isr=2', 'server.properties'],
    ['group.max.session.timeout.ms=30000', 'group.max.session.timeout.ms=1800000', 'server.properties'],
    [
      '{"clientId":"x","brokers":["b-1.o.a1.c2.kafka.eu-west-1.amazonaws.com:9094"],"ssl":false}',
      'ssl=true',
      'kafkajs.json',
    ],
    [
      'Net:\n  TLS:\n    Enable: false',
      'Net.TLS.Enable=true, with IAM at port 9098 or SCRAM at port 9096',
      'sarama.yaml',
    ],
    ['Producer:\n  Retry:\n    Backoff: 1ms', 'Producer.Retry.Backoff=100ms', 'sarama.yaml'],
  ])('%s: the right line is %s', (text, right, file = 'producer.properties') => {
    expect(findings(file, text).map((finding) => finding.right)).toContain(right);
  });

  test('two copies of which two must be in sync: the right lines hold together', () => {
    const found = findings('server.properties', 'default.replication.factor=2\nmin.insync.replicas=2');
    expect(found.filter(({ line }) => line <= 2 && line > 0).map(({ right }) => right)).toEqual(
      expect.arrayContaining(['default.replication.factor=3', 'min.insync.replicas=2 with 3 copies']),
    );
  });
});
