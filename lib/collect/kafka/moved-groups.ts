// A coordinator that moves or is still loading refuses to speak for its groups for a moment. One look again at who coordinates them,
// and they are asked for once more: a rolling restart of MSK must not leave holes in every report.
import type { ClusterSession } from './cluster-session.ts';
import {
  describeFound,
  type FoundGroup,
  type FoundGroups,
  findGroups,
  type GroupDescriptions,
} from './collect-groups.ts';
import { type CommittedAnswers, readCommitted } from './collect-offsets.ts';

export interface GroupReading {
  found: FoundGroups;
  committed: CommittedAnswers;
  descriptions: GroupDescriptions;
  /** When the committed offsets were asked for. */
  atMs: number;
  /** Whether that was a second time, after a pause. */
  isSecondTry: boolean;
}

/** COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR. */
const ASK_AGAIN: readonly number[] = [14, 15, 16];
/** Time for a coordinator to load its part of `__consumer_offsets`. */
const SETTLE_MS = 1_000;

/**
 * What the groups committed and how they stand, with one second try for those whose coordinator had moved. The committed offsets of
 * all groups are then read anew: they count from one moment, `atMs`, and log ends that were read before it tell no lag.
 */
export async function readGroups(session: ClusterSession, found: FoundGroups): Promise<GroupReading> {
  const first = await askGroups(session, found, found.groups);
  const unsettled = unsettledIds(first);
  const isLoading = found.answers.some(({ answer }) => ASK_AGAIN.includes(answer?.errorCode ?? 0));
  if (unsettled.size === 0 && !isLoading) return first;
  if (session.clock.remainingMs() < 2 * SETTLE_MS) return first;
  await session.clock.sleep(SETTLE_MS);
  const again = await findGroups(session);
  const known = new Set(found.groups.map(({ groupId }) => groupId));
  const undescribed = again.groups.filter(({ groupId }) => unsettled.has(groupId) || !known.has(groupId));
  const all = { answers: again.answers, groups: merged(found.groups, undescribed) };
  const second = await askGroups(session, all, undescribed);
  return {
    ...second,
    isSecondTry: true,
    committed: [...first.committed, ...second.committed],
    descriptions: {
      classic: [...first.descriptions.classic, ...second.descriptions.classic],
      consumer: [...first.descriptions.consumer, ...second.descriptions.consumer],
      share: [...first.descriptions.share, ...second.descriptions.share],
      streams: [...first.descriptions.streams, ...second.descriptions.streams],
    },
  };
}

async function askGroups(
  session: ClusterSession,
  found: FoundGroups,
  toDescribe: readonly FoundGroup[],
): Promise<GroupReading> {
  const atMs = session.clock.now();
  const [committed, descriptions] = await Promise.all([
    readCommitted(session, found),
    describeFound(session, { ...found, groups: [...toDescribe] }),
  ]);
  return { found, committed, descriptions, atMs, isSecondTry: false };
}

/** Groups whose coordinator said that it is not, or not yet, or that hung up while it was asked. */
function unsettledIds({ found, committed, descriptions }: GroupReading): Set<string> {
  const { classic, consumer, share, streams } = descriptions;
  const answered: { groupId: string; errorCode: number }[] = [
    ...classic.flatMap(({ answer }) => answer ?? []),
    ...[...consumer, ...share, ...streams].flatMap(({ answer }) => answer ?? []),
    ...committed.flatMap(({ answer }) => answer ?? []).flatMap(({ groups }) => groups),
  ];
  const refused = answered.filter(({ errorCode }) => ASK_AGAIN.includes(errorCode));
  const lost = new Set(committed.filter(({ fault }) => fault?.kind === 'closed').map(({ node }) => node.id));
  const orphans = found.groups.filter(({ coordinatorId }) => lost.has(coordinatorId));
  return new Set([...refused, ...orphans].map(({ groupId }) => groupId));
}

function merged(before: readonly FoundGroup[], after: readonly FoundGroup[]): FoundGroup[] {
  const byId = new Map([...before, ...after].map((group) => [group.groupId, group]));
  return [...byId.values()].sort((a, b) => (a.groupId < b.groupId ? -1 : 1));
}
