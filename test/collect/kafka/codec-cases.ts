// Each API and version with arbitrary answers, the broker's bytes for them, and what must be read from those.
import fc from 'fast-check';
import { apiVersions } from '../../../lib/collect/kafka/protocol/api-versions.ts';
import { describeConfigs } from '../../../lib/collect/kafka/protocol/describe-configs.ts';
import { listGroups } from '../../../lib/collect/kafka/protocol/list-groups.ts';
import { listOffsets } from '../../../lib/collect/kafka/protocol/list-offsets.ts';
import { metadata } from '../../../lib/collect/kafka/protocol/metadata.ts';
import { committedOffsets, committedOffsetsOfOneGroup } from '../../../lib/collect/kafka/protocol/offset-fetch.ts';
import * as answers from './answer-writers.ts';
import { type CodecCase, casesOf, errorCode, few, ids, int32, int64, nullable, objectsOf, text } from './codec-case.ts';
import { extraCases } from './extra-codec-cases.ts';
import { groupCases } from './group-codec-cases.ts';

const versionsArb = few(fc.tuple(fc.nat(100), fc.record({ min: fc.nat(9), max: fc.nat(20) }))).map(
  (entries) => new Map(entries),
);
const metadataArb = fc.record({
  brokers: few(fc.record({ id: int32, host: text, port: int32, rack: nullable(text) })),
  clusterId: nullable(text),
  controllerId: int32,
  mayDescribeCluster: fc.constantFrom(true, false, null),
  topics: few(
    fc.record({
      errorCode,
      name: text,
      internal: fc.boolean(),
      partitions: few(
        fc.record({ errorCode, partition: int32, leader: int32, replicas: ids, isr: ids, offlineReplicas: ids }),
      ),
    }),
  ),
});
const listGroupsArb = fc.record({
  errorCode,
  groups: few(fc.record({ groupId: text, protocolType: text, state: text, type: text })),
});
const offsetsArb = fc.record({
  groupId: text,
  errorCode,
  topics: few(fc.record({ topic: text, partitions: few(fc.record({ partition: int32, offset: int64, errorCode })) })),
});
const listedArb = few(
  fc.record({
    topic: text,
    partitions: few(fc.record({ partition: int32, errorCode, offset: int64, timestampMs: fc.maxSafeInteger() })),
  }),
);
const configsArb = few(
  fc.record({
    errorCode,
    type: fc.constantFrom('topic' as const, 'broker' as const, null),
    name: text,
    entries: few(fc.record({ key: text, value: nullable(text), source: fc.integer({ min: 0, max: 8 }) })),
  }),
);

function asRead(group: answers.GroupOffsets): ReturnType<typeof objectsOf>[number] {
  const topics = group.topics.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map((each) => {
      const isRead = each.errorCode === 0 && !each.offset.startsWith('-');
      return { ...each, offset: isRead ? each.offset : null };
    }),
  }));
  return { ...group, topics };
}

export const CASES: CodecCase[] = [
  ...casesOf(
    apiVersions,
    versionsArb,
    (_version, versions) => answers.apiVersionsAnswer(35, versions),
    (_version, versions) => ({ errorCode: 35, versions }),
  ),
  ...casesOf(metadata, metadataArb, answers.metadataAnswer, (version, given) =>
    version >= 8 ? given : { ...given, mayDescribeCluster: null },
  ),
  ...casesOf(listGroups, listGroupsArb, answers.listGroupsAnswer, (version, given) => ({
    ...given,
    groups: given.groups.map((group) => ({
      ...group,
      state: version >= 4 ? group.state : '',
      type: version >= 5 ? group.type : '',
    })),
  })),
  ...casesOf(
    committedOffsets,
    few(offsetsArb),
    (_version, groups) => answers.offsetFetchAnswer(groups),
    (_version, groups) => groups.map(asRead),
    objectsOf,
  ),
  ...casesOf(
    committedOffsetsOfOneGroup,
    offsetsArb,
    answers.offsetFetchOneGroupAnswer,
    (_version, group) => [asRead({ ...group, groupId: 'named' })],
    (read) => objectsOf(read.named('named')),
  ),
  ...casesOf(listOffsets, listedArb, answers.listOffsetsAnswer),
  ...casesOf(describeConfigs, configsArb, (_version, results) => answers.describeConfigsAnswer(results)),
  ...groupCases(),
  ...extraCases(),
];
