import { describe, expect, test } from 'vitest';
import { usualReplication } from '../../lib/analysis/usual-replication.ts';
import { aSnapshot, type SnapshotBuilder } from '../builders/a-snapshot.ts';
import { collected } from './sections.ts';

const KEY = 'default.replication.factor';

function usual(builder: SnapshotBuilder) {
  return usualReplication(collected(builder, 'kafkaTopics'), {
    cluster: collected(builder, 'cluster'),
    configuration: collected(builder, 'configuration'),
    kafkaBrokerConfigs: collected(builder, 'kafkaBrokerConfigs'),
  });
}

const topics = (builder = aSnapshot()) =>
  builder
    .withTopic('small', { partitions: 1, replicationFactor: 1 })
    .withTopic('large', { partitions: 2, replicationFactor: 2 })
    .withTopic('__offsets', { partitions: 50, replicationFactor: 3, internal: true });

describe('the copies of most traffic', () => {
  test("are those of most partitions of clients' topics", () => {
    expect(usual(topics())).toMatchObject({ rf: 2, isAssumed: false });
  });

  test('whole ones where as many have more as fewer', () => {
    const even = aSnapshot()
      .withTopic('a', { partitions: 1, replicationFactor: 1 })
      .withTopic('b', { partitions: 1, replicationFactor: 2 });
    expect(usual(even)!.rf).toBe(2);
  });

  test('three on Express, whatever a topic asks for', () => {
    expect(usual(topics(aSnapshot().withKind('provisioned-express')))).toMatchObject({ rf: 3, isAssumed: false });
  });

  test('what new topics get where there are none; assumed where topics were not read', () => {
    const withDefault = (builder: SnapshotBuilder) => usual(builder.withBrokerSettings({ [KEY]: '2' }));
    expect(withDefault(aSnapshot())).toMatchObject({ rf: 2, isAssumed: false });
    expect(withDefault(aSnapshot().without('kafkaTopics'))).toMatchObject({
      rf: 2,
      isAssumed: true,
      source: expect.stringContaining(`${KEY}, `),
    });
  });

  test('unknown when nobody tells', () => {
    expect(usual(aSnapshot().without('kafkaTopics').without('cluster').without('configuration'))).toBeNull();
  });
});
