// What a fake broker answers: the fake cluster's topics and groups, as Kafka would put them.
import type { BrokerVersions } from '../../../lib/collect/kafka/protocol/api.ts';
import type { ConsumerGroup } from '../../../lib/collect/kafka/protocol/consumer-group-describe.ts';
import type { DescribedConfigs } from '../../../lib/collect/kafka/protocol/describe-configs.ts';
import type { ListedOffsets } from '../../../lib/collect/kafka/protocol/list-offsets.ts';
import type { MetadataAnswer } from '../../../lib/collect/kafka/protocol/metadata.ts';
import { Reader } from '../../../lib/collect/kafka/protocol/reader.ts';
import * as answers from './answer-writers.ts';
import * as extraAnswers from './extra-answer-writers.ts';
import type { FakeCluster, FakeGroup } from './fake-cluster.ts';
import * as groupAnswers from './group-answer-writers.ts';

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
  if (key === 2) return answers.listOffsetsAnswer(version, offsetsOf(cluster, id, version, body));
  if (key === 32) return answers.describeConfigsAnswer(configsOf(body));
  const extra = extraAnswer(id, key, version);
  if (extra !== null) return extra;
  const mine = cluster.groups.filter(({ coordinator }) => coordinator === id);
  if (key === 16) {
    const groups = mine.map(({ groupId, type, state }) => ({
      groupId,
      protocolType: type === 'classic' ? 'consumer' : type,
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
  if (key === 15) return classicDescriptions(asked, version);
  if (key === 77) return groupAnswers.shareGroupDescribeAnswer(othersOf(asked, 'share'));
  if (key === 89) return groupAnswers.streamsGroupDescribeAnswer(othersOf(asked, 'streams'));
  return groupAnswers.consumerGroupDescribeAnswer(version, othersOf(asked, 'consumer'));
}

function metadataOf(cluster: FakeCluster): MetadataAnswer {
  const brokers = cluster.brokers.map((address, index) => ({
    id: index + 1,
    host: '127.0.0.1',
    port: Number(address.split(':')[1]),
    rack: `az${index + 1}`,
  }));
  return {
    brokers: brokers.filter(({ id }) => !cluster.unnamed.includes(id)),
    clusterId: 'fake',
    controllerId: 1,
    topics: cluster.topics,
    mayDescribeCluster: cluster.mayDescribeCluster,
  };
}

function offsetsOf(cluster: FakeCluster, id: number, version: number, body: Buffer): ListedOffsets[] {
  const reader = new Reader(body, version >= 6);
  reader.tags();
  reader.int32();
  reader.int8();
  return reader.array(3, () => {
    const topic = reader.string();
    const known = cluster.topics.find(({ name }) => name === topic)?.partitions ?? [];
    const partitions = reader.array(12, () => {
      const partition = reader.int32();
      if (version >= 4) reader.int32();
      const offset = reader.int64() === '-2' ? '10' : String(1000 + partition);
      reader.tags();
      const isLed = known.some((each) => each.partition === partition && each.leader === id);
      return { partition, errorCode: isLed ? 0 : cluster.notLedError, offset: isLed ? offset : '-1', timestampMs: -1 };
    });
    reader.tags();
    return { topic, partitions };
  });
}

function configsOf(body: Buffer): DescribedConfigs[] {
  const reader = new Reader(body);
  return reader.array(7, () => {
    const type = reader.int8() === 2 ? 'topic' : 'broker';
    const name = reader.string();
    const entries = reader.array(2, () => ({ key: reader.string(), value: '1', source: 5 }));
    return { errorCode: 0, type, name, entries };
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
      return { errorCode: version >= 6 ? 69 : 0, groupId, state: 'Dead', protocolType: '', assignor: '', members: [] };
    const member = {
      memberId: 'm',
      instanceId: null,
      clientId: 'c',
      host: '/127.0.0.1',
      subscription: null,
      assignment: assignment ?? null,
    };
    return {
      errorCode,
      groupId,
      state: state ?? 'Stable',
      protocolType: 'consumer',
      assignor: assignment ? 'range' : '',
      members: assignment ? [member] : [],
    };
  });
  return groupAnswers.describeGroupsAnswer(version, described);
}

/** A group of another type than asked for is not found. */
function othersOf(groups: readonly FakeGroup[], wanted: FakeGroup['type']): ConsumerGroup[] {
  return groups.map(({ groupId, type, errorCode = 0 }) => {
    if (type !== wanted) return { errorCode: 69, groupId, state: 'Dead', assignor: '', members: [] };
    const member = {
      memberId: 'm848',
      instanceId: wanted === 'share' ? null : 'i',
      rack: 'az1',
      clientId: 'c',
      host: '/h',
      assignment: [{ topic: 'a', partitions: [0] }],
    };
    return {
      errorCode,
      groupId,
      state: 'Reconciling',
      assignor: wanted === 'streams' ? '' : 'uniform',
      members: [member],
    };
  });
}

/** What a quiet cluster with nothing special answers about its disks, moves, quorum and quotas. */
function extraAnswer(id: number, key: number, version: number): Buffer | null {
  if (key === 46) return extraAnswers.listPartitionReassignmentsAnswer({ errorCode: 0, partitions: [] });
  if (key === 48) return extraAnswers.describeClientQuotasAnswer(version, { errorCode: 0, quotas: [] });
  if (key === 35) {
    const replica = { partition: 0, sizeBytes: 100 * id, offsetLag: '0', isFuture: false };
    const topics = [{ topic: 'a', replicas: [replica] }];
    const dir = { errorCode: 0, path: '/data', topics, totalBytes: 1000, usableBytes: 900 };
    return extraAnswers.describeLogDirsAnswer(version, { errorCode: 0, dirs: [dir] });
  }
  if (key !== 55) return null;
  const leader = { id: 1000, logEndOffset: '5', lastFetchMs: 7, lastCaughtUpMs: 7 };
  return extraAnswers.describeQuorumAnswer(version, {
    errorCode: 0,
    leaderId: 1000,
    leaderEpoch: 3,
    highWatermark: '5',
    voters: [leader],
    observers: [],
  });
}
