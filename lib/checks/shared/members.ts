// Members of groups in which Kafka gives each partition to one of them: the groups whose members can be idle or unevenly loaded.
import { REBALANCING_STATES, STREAMS_ASSIGNOR } from '../../facts/consumer-groups.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { listed } from './wording.ts';

type Group = SectionValue<'kafkaGroups'>[number];
type Member = NonNullable<Group['members']>[number];

export interface AssignedGroup {
  group: Group;
  members: readonly Member[];
  /** Partitions of each member. */
  counts: readonly number[];
  partitions: number;
}

/** Stable groups of plain consumers that have members; workers of Connect, Kafka Streams and share groups divide their work otherwise. */
export function assignedGroups(groups: readonly Group[]): AssignedGroup[] {
  return groups.filter(isPlain).flatMap((group): AssignedGroup | [] => {
    const { members, state, error } = group;
    if (members === null || members.length === 0 || state !== 'Stable' || error !== null) return [];
    const counts = members.map(({ assignment }) =>
      assignment.reduce((total, { partitions }) => total + partitions.length, 0),
    );
    return { group, members, counts, partitions: counts.reduce((a, b) => a + b, 0) };
  });
}

/** Whether a classic group names its protocol, or the type does. */
function isPlain({ type, protocolType, assignor }: Group): boolean {
  return type === 'consumer' || (type === 'classic' && protocolType === 'consumer' && assignor !== STREAMS_ASSIGNOR);
}

/** Groups of which it is not known who holds what; null when there are none. */
export function unassignedBecause(groups: readonly Group[]): string | null {
  const unread = groups.filter(({ members, error }) => members === null || error !== null);
  if (unread.length > 0) return `members of ${listed(unread.map(({ groupId }) => groupId))} were not read`;
  const moving = groups.filter((group) => isPlain(group) && REBALANCING_STATES.includes(group.state));
  if (moving.length === 0) return null;
  return `${listed(moving.map(({ groupId }) => groupId))} rebalanced while ${moving.length === 1 ? 'it was' : 'they were'} looked at`;
}
