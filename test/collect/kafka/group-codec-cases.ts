import fc from 'fast-check';
import { consumerGroupDescribe } from '../../../lib/collect/kafka/protocol/consumer-group-describe.ts';
import { describeGroups } from '../../../lib/collect/kafka/protocol/describe-groups.ts';
import { shareGroupDescribe } from '../../../lib/collect/kafka/protocol/share-group-describe.ts';
import { streamsGroupDescribe } from '../../../lib/collect/kafka/protocol/streams-group-describe.ts';
import { type CodecCase, casesOf, errorCode, few, ids, nullable, text } from './codec-case.ts';
import * as answers from './group-answer-writers.ts';

/** Descriptions of groups. */
export function groupCases(): CodecCase[] {
  const bytes = nullable(fc.uint8Array({ maxLength: 30 }).map((given) => Buffer.from(given)));
  const member = { memberId: text, instanceId: nullable(text), clientId: text, host: text };
  const group = { errorCode, groupId: text, state: text, assignor: text };
  const classic = few(
    fc.record({
      ...group,
      protocolType: text,
      members: few(fc.record({ ...member, subscription: bytes, assignment: bytes })),
    }),
  );
  const assignment = few(fc.record({ topic: text, partitions: ids }));
  const others = few(fc.record({ ...group, members: few(fc.record({ ...member, rack: nullable(text), assignment })) }));
  return [
    ...casesOf(describeGroups, classic, answers.describeGroupsAnswer, (version, groups) =>
      version >= 4 ? groups : withoutInstances(groups),
    ),
    ...casesOf(consumerGroupDescribe, others, answers.consumerGroupDescribeAnswer),
    ...casesOf(
      shareGroupDescribe,
      others,
      (_version, groups) => answers.shareGroupDescribeAnswer(groups),
      (_version, groups) => withoutInstances(groups),
    ),
    ...casesOf(
      streamsGroupDescribe,
      others,
      (_version, groups) => answers.streamsGroupDescribeAnswer(groups),
      (_version, groups) => groups.map((each) => ({ ...each, assignor: '' })),
    ),
  ];
}

function withoutInstances<T extends { members: readonly { instanceId: string | null }[] }>(groups: readonly T[]) {
  return groups.map((group) => ({
    ...group,
    members: group.members.map((member) => ({ ...member, instanceId: null })),
  }));
}
