import { type Collected, missing, present } from '../../snapshot/collected.ts';
import { GROUP_TYPES } from '../../snapshot/kafka-words.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { askInParts, partsOf } from './chunks.ts';
import type { ClusterSession, NodeAnswer } from './cluster-session.ts';
import { countErrors, counted, partialLine, silentBrokers } from './partial-line.ts';
import type { Api } from './protocol/api.ts';
import { type ConsumerGroup, consumerGroupDescribe, type TopicPartitions } from './protocol/consumer-group-describe.ts';
import { type DescribedGroup, describeGroups } from './protocol/describe-groups.ts';
import { errorName } from './protocol/error-names.ts';
import { type ListedGroup, type ListGroupsAnswer, listGroups } from './protocol/list-groups.ts';
import { readMemberAssignment } from './protocol/member-assignment.ts';
import { readMemberRack } from './protocol/member-subscription.ts';
import type { MetadataAnswer } from './protocol/metadata.ts';
import { MalformedAnswerError } from './protocol/reader.ts';
import { shareGroupDescribe } from './protocol/share-group-describe.ts';
import { streamsGroupDescribe } from './protocol/streams-group-describe.ts';

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
  share: NodeAnswer<ConsumerGroup[]>[];
  streams: NodeAnswer<ConsumerGroup[]>[];
}

/** What a described group takes in an answer: some forty members with their subscription and assignment. */
const GROUP_BYTES = 12_000;

const GROUPS_FIX =
  'allow Describe on the groups, on what they read and on the cluster (MSK IAM: kafka-cluster:DescribeGroup on group/*, DescribeTopic on topic/*, DescribeCluster)';
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
 * Describes groups at their coordinators, each type by its own request; those of unknown type by the two oldest. A group of a type
 * that the brokers list and cannot describe stays without members.
 */
export async function describeFound(session: ClusterSession, { groups }: FoundGroups): Promise<GroupDescriptions> {
  const [classic, consumer, share, streams] = await Promise.all([
    describeTypes(session, describeGroups, idsByCoordinator(groups, ['classic', 'unknown'])),
    describeTypes(session, consumerGroupDescribe, idsByCoordinator(groups, ['consumer', 'unknown'])),
    describeTypes(session, shareGroupDescribe, idsByCoordinator(groups, ['share'])),
    describeTypes(session, streamsGroupDescribe, idsByCoordinator(groups, ['streams'])),
  ]);
  return { classic, consumer, share, streams };
}

async function describeTypes<Described>(
  session: ClusterSession,
  api: Api<readonly string[], Described[]>,
  ids: ReadonlyMap<number, string[]>,
): Promise<NodeAnswer<Described[]>[]> {
  const answers = await askInParts(session, api, (node) => partsOf(ids.get(node.id) ?? [], () => GROUP_BYTES));
  return answers.map(({ answer, ...given }) => ({ ...given, answer: answer?.flat() ?? null }));
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
  const unreadable = unreadableList(metadata, found, listErrorsOf(found));
  if (unreadable !== null) return unreadable;
  const { classic, consumer, share, streams } = descriptions;
  const described = {
    classic: byGroupId(classic),
    others: byGroupId([...consumer, ...share, ...streams]),
  };
  const asked = [...classic, ...consumer, ...share, ...streams];
  const faults = new Map(asked.flatMap(({ node, fault }) => (fault === null ? [] : [[node.id, fault] as const])));
  const groups = found.groups.map((group) => {
    const known = describedGroup(group, described.classic.get(group.groupId), described.others.get(group.groupId));
    const fault = faults.get(group.coordinatorId);
    return known.members === null && fault ? { ...known, error: `not described: ${fault.says}` } : known;
  });
  const undescribed = groups.filter(({ members, type }) => members === null && type !== 'unknown');
  const refusals = undescribed.flatMap(({ error }) => (error?.endsWith('_AUTHORIZATION_FAILED') ? error : []));
  if (refusals.length > 0 && refusals.length === groups.length) {
    const detail = `${counted(groups.length, 'group')} may not be described: ${countErrors(refusals)}`;
    return missing('not-permitted', detail, GROUPS_FIX);
  }
  const why = refusals.length > 0 ? `: ${countErrors(refusals)}` : '';
  return present(
    groups,
    atMs,
    partialLine([
      ...unlistedGroups(metadata, found),
      undescribed.length > 0 && `members of ${undescribed.length} of ${counted(groups.length, 'group')} not read${why}`,
    ]),
  );
}

/** Where Kafka keeps groups: the leader of a partition coordinates those that are in it, and nobody knows of them without one. */
const GROUPS_TOPIC = '__consumer_offsets';

/** Why there may be groups that nobody listed; nothing in a whole list. */
export function unlistedGroups({ mayDescribeCluster, topics }: MetadataAnswer, found: FoundGroups): string[] {
  const silent = silentBrokers(found.answers);
  const errors = listErrorsOf(found);
  const homes = topics.find(({ name }) => name === GROUPS_TOPIC)?.partitions ?? [];
  const leaderless = homes.filter(({ leader }) => leader < 0).length;
  return [
    ...(leaderless === 0
      ? []
      : [`groups in ${leaderless} of ${homes.length} partitions of ${GROUPS_TOPIC} are not known: no leader`]),
    ...(mayDescribeCluster === false ? [`there may be more groups: ${MAY_HIDE}`] : []),
    ...(silent === '' ? [] : [`groups coordinated by ${silent} are not known`]),
    ...(errors.length === 0 ? [] : [`ListGroups: ${countErrors(errors)}`]),
  ];
}

function listErrorsOf({ answers }: FoundGroups): string[] {
  return answers.flatMap(({ answer }) => errorName(answer?.errorCode ?? 0) ?? []);
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

/** Where a group was asked for twice, the answer without an error counts, or else the later one. */
function byGroupId<T extends { groupId: string; errorCode: number }>(
  answers: readonly NodeAnswer<T[]>[],
): Map<string, T> {
  const groups = answers.flatMap(({ answer }) => answer ?? []);
  return new Map(
    groups.toSorted((a, b) => Number(a.errorCode === 0) - Number(b.errorCode === 0)).map((g) => [g.groupId, g]),
  );
}

function describedGroup(found: FoundGroup, classic?: DescribedGroup, other?: ConsumerGroup): Group {
  if (other !== undefined && other.errorCode === 0) return otherGroup(found, other);
  // DescribeGroups calls every group it does not hold "Dead", also living ones of another type: no answer at all.
  if (classic !== undefined && classic.errorCode === 0 && classic.state !== 'Dead') return classicGroup(found, classic);
  const error = undescribedError(found, classic, other);
  return { ...found, state: stateOf(found), assignor: '', members: null, error };
}

function stateOf(found: FoundGroup): string {
  return found.state === '' ? 'Unknown' : found.state;
}

function undescribedError(found: FoundGroup, classic?: DescribedGroup, other?: ConsumerGroup): string {
  const code = (found.type === 'classic' || found.type === 'unknown' ? classic : other)?.errorCode;
  if (code === undefined) return 'not described';
  return errorName(code) ?? 'GROUP_ID_NOT_FOUND';
}

/** A group of one of the newer protocols: the broker itself assigns, and says what to whom. */
function otherGroup(found: FoundGroup, { state, assignor, members }: ConsumerGroup): Group {
  const type = found.type === 'unknown' ? 'consumer' : found.type;
  return { ...found, type, state, assignor, members: members.sort(byMemberId), error: null };
}

function classicGroup(found: FoundGroup, { state, protocolType, assignor, members }: DescribedGroup): Group {
  let error: string | null = null;
  const read = members.map(({ assignment, subscription, ...named }): Member => {
    const member = { ...named, rack: protocolType === 'consumer' ? readMemberRack(subscription) : null };
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
    assignor,
    members: read.sort(byMemberId),
    error,
  };
}

function byMemberId(a: { memberId: string }, b: { memberId: string }): number {
  return a.memberId < b.memberId ? -1 : 1;
}
