// Who answers for a finding: the policy's word on its topic or group, else on the cluster, else the cluster's tag.
import type { Scope } from '../../checks/check.ts';
import { forName } from '../../policy/pattern.ts';
import type { Policy } from '../../policy/policy.ts';

export type OwnerOf = (finding: { scope: Scope; resource: string }) => string | null;

export function ownersOf({ objectives, owner }: Pick<Policy, 'objectives' | 'owner'>, tagged: string | null): OwnerOf {
  const ofCluster = owner ?? tagged;
  return ({ scope, resource }) => {
    if (scope === 'topic') return forName(objectives.topics, resource)?.owner ?? ofCluster;
    if (scope === 'partition') return forName(objectives.topics, topicOf(resource))?.owner ?? ofCluster;
    if (scope === 'group') return groupOwner(objectives, resource) ?? ofCluster;
    return ofCluster;
  };
}

/** `orders-3` is partition 3 of `orders`. */
function topicOf(partition: string): string {
  return partition.slice(0, partition.lastIndexOf('-'));
}

/** A finding of a group names it alone, or `group/topic`. A group id may hold a slash of its own, a topic may not. */
function groupOwner({ groups, topics }: Policy['objectives'], resource: string): string | undefined {
  const slash = resource.lastIndexOf('/');
  const whole = forName(groups, resource)?.owner;
  if (whole !== undefined || slash < 0) return whole;
  return forName(groups, resource.slice(0, slash))?.owner ?? forName(topics, resource.slice(slash + 1))?.owner;
}
