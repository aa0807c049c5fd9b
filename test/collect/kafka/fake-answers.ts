// What a fake broker answers: the fake cluster's topics and groups, as Kafka would put them.
import type { BrokerVersions } from '../../../lib/collect/kafka/protocol/api.ts';
import type { ListedOffsets } from '../../../lib/collect/kafka/protocol/list-offsets.ts';
import type { MetadataAnswer } from '../../../lib/collect/kafka/protocol/metadata.ts';
import { Reader } from '../../../lib/collect/kafka/protocol/reader.ts';
import * as answers from './answer-writers.ts';
import type { FakeCluster, FakeGroup } from './fake-cluster.ts';

/** The answer to one request, from behind the correlation id. */
export function answerTo(
  cluster: FakeCluster,
  id: number,
  key: number,
  version: number,
  body: Buffer,
  versions: BrokerVersions,
): Buffer {
  if (key === 18) return answers.apiVersionsAnswer(0, versions);
  if (key === 3) return answers.metadataAnswer(version, metadataOf(cluster));
  if (key === 2) return answers.listOffsetsAnswer(offsetsOf(cluster, id, body));
  if (key === 32) return answers.describeConfigsAnswer(configsOf(body));
  const mine = cluster.groups.filter(({ coordinator }) => coordinator === id);
  if (key === 16) {
    const groups = mine.map(({ groupId, type, state }) => ({
      groupId,
      protocolType: type === 'share' ? 'share' : 'consumer',
      state: state ?? 'Stable',
      type,
    }));
    return answers.listGroupsAnswer(version, { errorCode: 0, groups });
  }
  const groupIds = idsOf(key, version, body);
  const asked = groupIds.map((groupId) => cluster.groups.find((group) => group.groupId === groupId)!);
  if (key === 9) {
    const offsets = asked.map(committedOf);
    return version >= 8 ? answers.offsetFetchAnswer(offsets) : answers.offsetFetchOneGroupAnswer(version, offsets[0]!);
  }
  return key === 69 ? consumerDescriptions(asked) : classicDescriptions(asked, version);
}

function metadataOf(cluster: FakeCluster): MetadataAnswer {
  return {
    brokers: cluster.brokers.map((address, index) => ({
      id: index + 1,
      host: '127.0.0.1',
      port: Number(address.split(':')[1]),
      rack: `az${index + 1}`,
    })),
    clusterId: 'fake',
    controllerId: 1,
    topics: cluster.topics,
    mayDescribeCluster: cluster.mayDescribeCluster,
  };
}

function offsetsOf(cluster: FakeCluster, id: number, body: Buffer): ListedOffsets[] {
  const reader = new Reader(body);
  reader.int32();
  reader.int8();
  return reader.array(6, () => {
    const topic = reader.string();
    const known = cluster.topics.find(({ name }) => name === topic)?.partitions ?? [];
    const partitions = reader.array(12, () => {
      const partition = reader.int32();
      const offset = reader.int64() === '-2' ? '10' : String(1000 + partition);
      const isLed = known.some((each) => each.partition === partition && each.leader === id);
      return isLed ? { partition, errorCode: 0, offset } : { partition, errorCode: 6, offset: '-1' };
    });
    return { topic, partitions };
  });
}

function configsOf(
  body: Buffer,
): { errorCode: number; topic: string; entries: { key: string; value: string; source: number }[] }[] {
  const reader = new Reader(body);
  return reader.array(7, () => {
    reader.int8();
    const name = reader.string();
    const entries = reader.array(2, () => ({ key: reader.string(), value: '1', source: 5 }));
    return { errorCode: 0, topic: name, entries };
  });
}

function idsOf(key: number, version: number, body: Buffer): string[] {
  const isFlexible = key === 9 ? version >= 6 : key === 15 ? version >= 5 : true;
  const reader = new Reader(body, isFlexible);
  reader.tags();
  if (key === 9 && version < 8) return [reader.string()];
  return reader.array(1, () => {
    const groupId = reader.string();
    if (key === 9) {
      reader.nullableArray(1, () => null);
      reader.tags();
    }
    return groupId;
  });
}

function committedOf({ groupId, committed = [], errorCode = 0 }: FakeGroup) {
  const topics = [...Map.groupBy(committed, (row) => row.topic)].map(([name, rows]) => ({
    topic: name,
    partitions: rows.map((row) => ({ errorCode: 0, ...row })),
  }));
  return { groupId, errorCode, topics };
}

function classicDescriptions(groups: readonly FakeGroup[], version: number): Buffer {
  const described = groups.map(({ groupId, type, state, assignment, errorCode = 0 }) => {
    // What Kafka answers for a group of another type (design: sandbox.md 1.4).
    if (type !== 'classic')
      return { errorCode: version >= 6 ? 69 : 0, groupId, state: 'Dead', protocolType: '', members: [] };
    const member = {
      memberId: 'm',
      instanceId: null,
      clientId: 'c',
      host: '/127.0.0.1',
      assignment: assignment ?? null,
    };
    return {
      errorCode,
      groupId,
      state: state ?? 'Stable',
      protocolType: 'consumer',
      members: assignment ? [member] : [],
    };
  });
  return answers.describeGroupsAnswer(version, described);
}

function consumerDescriptions(groups: readonly FakeGroup[]): Buffer {
  const described = groups.map(({ groupId, type, errorCode = 0 }) => {
    const member = {
      memberId: 'm848',
      instanceId: 'i',
      clientId: 'c',
      host: '/h',
      assignment: [{ topic: 'a', partitions: [0] }],
    };
    if (type !== 'consumer') return { errorCode: 69, groupId, state: 'Dead', members: [] };
    return { errorCode, groupId, state: 'Reconciling', members: [member] };
  });
  return answers.consumerGroupDescribeAnswer(described);
}
