// Files that are linted together are held against each other.
import { describe, expect, test } from 'vitest';
import { lint } from './linted.ts';

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
