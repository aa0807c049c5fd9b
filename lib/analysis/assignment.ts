// How evenly the partitions of a topic lie on the members of a group.
import { sum } from './statistics.ts';

export interface Assignment {
  members: number;
  /** Partitions of the busiest member. */
  maxPerMember: number;
  /** Mean over max, 0..1: the share of the members' time that is used when the busiest one is. */
  efficiency: number;
  /** Members without a partition. */
  idle: number;
}

/** The best that so many members can do. Null without members or partitions. */
export function bestAssignment(partitions: number, members: number): Assignment | null {
  if (members <= 0 || partitions <= 0) return null;
  const maxPerMember = Math.ceil(partitions / members);
  return {
    members,
    maxPerMember,
    efficiency: partitions / members / maxPerMember,
    idle: Math.max(0, members - partitions),
  };
}

/** The same of an assignment as it is. Null when no member holds a partition. */
export function assignmentOf(partitionsByMember: readonly number[]): Assignment | null {
  const members = partitionsByMember.length;
  const maxPerMember = Math.max(0, ...partitionsByMember);
  if (maxPerMember === 0) return null;
  return {
    members,
    maxPerMember,
    efficiency: sum(partitionsByMember) / members / maxPerMember,
    idle: partitionsByMember.filter((count) => count === 0).length,
  };
}
