import { type Collected, missing, present } from '../../snapshot/collected.ts';
import { GROUP_TYPES } from '../../snapshot/kafka-sections.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import type { ClusterSession, NodeAnswer } from './cluster-session.ts';
import { countErrors, counted, partialLine, silentBrokers } from './partial-line.ts';
import { type ConsumerGroup, consumerGroupDescribe, type TopicPartitions } from './protocol/consumer-group-describe.ts';
import { type DescribedGroup, describeGroups } from './protocol/describe-groups.ts';
import { errorName } from './protocol/error-names.ts';
import { type ListedGroup, type ListGroupsAnswer, listGroups } from './protocol/list-groups.ts';
import { readMemberAssignment } from './protocol/member-assignment.ts';
import type { MetadataAnswer } from './protocol/metadata.ts';
import { MalformedAnswerError } from './protocol/reader.ts';

type Group = SectionValue<'kafkaGroups'>[number];
type GroupType = Group['type'];
type Member = NonNullable<Group['members']>[number];

/** A group with the broker that listed it: that broker is its coordinator, so nobody needs to be asked for one. */
export interface FoundGroup {
  groupId: string;
  type: GroupType;
  state: string;
  protocolType: string;
  coordinatorId: number;
}

export interface FoundGroups {
  groups: FoundGroup[];
  answers: NodeAnswer<ListGroupsAnswer>[];
}

export interface GroupDescriptions {
  classic: NodeAnswer<DescribedGroup[]>[];
  consumer: NodeAnswer<ConsumerGroup[]>[];
}

const GROUPS_FIX =
  'allow Describe on the groups and on the cluster (MSK IAM: kafka-cluster:DescribeGroup on group/*, DescribeCluster)';
/** Describe on the cluster shows every group; without it, those are left out that one may not describe. */
const MAY_HIDE = 'this principal may not describe the cluster, so permissions may hide them';
const AUTHORIZATION_ERRORS = ['GROUP_AUTHORIZATION_FAILED', 'CLUSTER_AUTHORIZATION_FAILED'];

export async function findGroups(session: ClusterSession): Promise<FoundGroups> {
  const answers = await session.askEach(listGroups, () => null);
  // Before KIP-848 there was one kind of group, and ListGroups had no word for it.
  const unnamed: GroupType = session.supports(consumerGroupDescribe) ? 'unknown' : 'classic';
  const found = new Map<string, FoundGroup>();
  for (const { node, answer } of answers) {
    for (const listed of answer?.groups ?? []) found.set(listed.groupId, foundGroup(listed, node.id, unnamed));
  }
  return { answers, groups: [...found.values()].sort((a, b) => (a.groupId < b.groupId ? -1 : 1)) };
}

function foundGroup(listed: ListedGroup, coordinatorId: number, unnamed: GroupType): FoundGroup {
  const { groupId, protocolType, state } = listed;
  const named = GROUP_TYPES.find((type) => type === listed.type.toLowerCase());
  const type = named ?? (listed.type === '' ? unnamed : 'unknown');
  return { groupId, type, state, protocolType, coordinatorId };
}

/**
 * Describes groups at their coordinators: classic ones by DescribeGroups, KIP-848 ones by ConsumerGroupDescribe, those
 * of unknown type by both. Share and Streams groups are listed, not described: that takes other requests.
 */
export async function describeFound(session: ClusterSession, { groups }: FoundGroups): Promise<GroupDescriptions> {
  const classicIds = idsByCoordinator(groups, ['classic', 'unknown']);
  const consumerIds = idsByCoordinator(groups, ['consumer', 'unknown']);
  const [classic, consumer] = await Promise.all([
    session.askEach(describeGroups, (node) => classicIds.get(node.id)),
    session.askEach(consumerGroupDescribe, (node) => consumerIds.get(node.id)),
  ]);
  return { classic, consumer };
}

/**
 * Broker id to the ids of the groups of these types it coordinates. Brokers without any are not in it, and must not be
 * asked: Kafka 3.9 never answers an OffsetFetch without groups, and holds up all that follows on the connection.
 */
export function idsByCoordinator(
  groups: readonly FoundGroup[],
  types: readonly GroupType[],
): ReadonlyMap<number, string[]> {
  const byCoordinator = new Map<number, string[]>();
  for (const { groupId, type, coordinatorId } of groups) {
    if (!types.includes(type)) continue;
    const ids = byCoordinator.get(coordinatorId) ?? [];
    ids.push(groupId);
    byCoordinator.set(coordinatorId, ids);
  }
  return byCoordinator;
}

export function groupsSection(
  metadata: MetadataAnswer,
  found: FoundGroups,
  descriptions: GroupDescriptions,
  atMs: number,
): Collected<SectionValue<'kafkaGroups'>> {
  const listErrors = found.answers.flatMap(({ answer }) => errorName(answer?.errorCode ?? 0) ?? []);
  const unreadable = unreadableList(metadata, found, listErrors);
  if (unreadable !== null) return unreadable;
  const classic = byGroupId(descriptions.classic);
  const consumer = byGroupId(descriptions.consumer);
  const faults = new Map(
    [...descriptions.classic, ...descriptions.consumer].map(({ node, fault }) => [node.id, fault]),
  );
  const groups = found.groups.map((group) => {
    const described = describedGroup(group, classic.get(group.groupId), consumer.get(group.groupId));
    const fault = faults.get(group.coordinatorId);
    return described.members === null && fault ? { ...described, error: `not described: ${fault.says}` } : described;
  });
  const silent = silentBrokers(found.answers);
  const undescribed = groups.filter(
    ({ members, type }) => members === null && (type === 'classic' || type === 'consumer'),
  );
  return present(
    groups,
    atMs,
    partialLine([
      metadata.mayDescribeCluster === false && `there may be more groups: ${MAY_HIDE}`,
      silent !== '' && `groups coordinated by ${silent} are not known`,
      listErrors.length > 0 && `ListGroups: ${countErrors(listErrors)}`,
      undescribed.length > 0 && `members of ${undescribed.length} of ${counted(groups.length, 'group')} not read`,
    ]),
  );
}

/** Nothing was listed at all, or refused everywhere, or left out in silence: no knowledge, not "no groups". */
function unreadableList(
  { mayDescribeCluster }: MetadataAnswer,
  { answers, groups }: FoundGroups,
  errors: string[],
): Collected<never> | null {
  const fault = answers.find((given) => given.fault !== null)?.fault;
  if (fault && answers.every(({ answer }) => answer === null)) return fault.asMissing();
  if (groups.length > 0) return null;
  if (errors.length === 0 && mayDescribeCluster === false)
    return missing('not-permitted', `no group is visible: ${MAY_HIDE}`, GROUPS_FIX);
  if (errors.length === 0 || errors.length < answers.length) return null;
  const reason = errors.some((error) => AUTHORIZATION_ERRORS.includes(error)) ? 'not-permitted' : 'failed';
  return missing(reason, `ListGroups was refused by every broker: ${countErrors(errors)}`, GROUPS_FIX);
}

function byGroupId<T extends { groupId: string }>(answers: readonly NodeAnswer<T[]>[]): Map<string, T> {
  return new Map(answers.flatMap(({ answer }) => answer ?? []).map((group) => [group.groupId, group]));
}

function describedGroup(found: FoundGroup, classic?: DescribedGroup, consumer?: ConsumerGroup): Group {
  if (consumer !== undefined && consumer.errorCode === 0) return consumerGroup(found, consumer);
  // DescribeGroups calls every group it does not hold "Dead", also living ones of another type: no answer at all.
  if (classic !== undefined && classic.errorCode === 0 && classic.state !== 'Dead') return classicGroup(found, classic);
  return { ...found, state: stateOf(found), members: null, error: undescribedError(found, classic, consumer) };
}

function stateOf(found: FoundGroup): string {
  return found.state === '' ? 'Unknown' : found.state;
}

function undescribedError(found: FoundGroup, classic?: DescribedGroup, consumer?: ConsumerGroup): string {
  if (found.type === 'share' || found.type === 'streams') return `not described: ${found.type} groups are listed only`;
  const code = (found.type === 'consumer' ? consumer : classic)?.errorCode;
  if (code === undefined) return 'not described';
  return errorName(code) ?? 'GROUP_ID_NOT_FOUND';
}

function consumerGroup(found: FoundGroup, { state, members }: ConsumerGroup): Group {
  return { ...found, type: 'consumer', state, members: members.sort(byMemberId), error: null };
}

function classicGroup(found: FoundGroup, { state, protocolType, members }: DescribedGroup): Group {
  let error: string | null = null;
  const read = members.map(({ assignment, ...member }): Member => {
    try {
      return { ...member, assignment: protocolType === 'consumer' ? readMemberAssignment(assignment) : [] };
    } catch (cause) {
      if (!(cause instanceof MalformedAnswerError)) throw cause;
      error = 'the assignment of a member cannot be read';
      return { ...member, assignment: [] satisfies TopicPartitions[] };
    }
  });
  const type = found.type === 'unknown' ? 'classic' : found.type;
  return {
    ...found,
    type,
    state,
    protocolType: protocolType || found.protocolType,
    members: read.sort(byMemberId),
    error,
  };
}

function byMemberId(a: { memberId: string }, b: { memberId: string }): number {
  return a.memberId < b.memberId ? -1 : 1;
}
