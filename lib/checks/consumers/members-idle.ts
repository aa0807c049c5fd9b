// More members than partitions: the rest of them waits. A spare one in each availability zone is insurance, further ones are machines
// that do nothing.
import { formatQuantity, plural } from '../../text/units.ts';
import { defineCheck, type FindingDraft, type Recommendation } from '../check.ts';
import { describeGroup } from '../shared/commands.ts';
import { conclude } from '../shared/conclude.ts';
import { EVERY_KIND, NO_GROUPS } from '../shared/consumers.ts';
import { type AssignedGroup, assignedGroups, unassignedBecause } from '../shared/members.ts';
import { severityFor } from '../shared/severity.ts';
import { listed, MAX_ROWS } from '../shared/wording.ts';
import { zonesByBroker } from '../shared/zones.ts';

const idleOf = ({ counts }: AssignedGroup) => counts.filter((count) => count === 0).length;

export default defineCheck({
  id: 'members-idle',
  area: 'consumers',
  title: { pass: 'Members of groups have partitions to read', fail: 'Members of groups without a partition' },
  why: 'Idle members cost machines, and each of their restarts rebalances the group.',
  references: ['https://kafka.apache.org/documentation/#intro_consumers'],
  appliesTo: EVERY_KIND,
  needs: ['kafkaGroups'],
  mayUse: ['nodes', 'kafkaBrokers'],
  // They tell the number of zones; without them one spare member is taken for meant.
  toleratesPartial: ['nodes', 'kafkaBrokers'],
  evaluate({ kafkaGroups, nodes, kafkaBrokers }, { standbyPerZone }, run) {
    if (kafkaGroups.length === 0) return NO_GROUPS;
    const zones = Math.max(1, new Set(zonesByBroker(nodes, kafkaBrokers).values()).size);
    const spare = zones * standbyPerZone;
    const groups = assignedGroups(kafkaGroups);
    const idle = groups
      .filter((each) => each.members.length > each.partitions && idleOf(each) > spare)
      .sort((a, b) => idleOf(b) - idleOf(a));
    return conclude({
      findings: idle.map(
        (each): FindingDraft => ({
          scope: 'group',
          resource: each.group.groupId,
          severity: severityFor(run, ['low', 'low', 'info']),
          measured: idleOf(each),
          limit: spare,
          unit: 'count',
          note: `${plural(each.members.length, 'member')} on ${plural(each.partitions, 'partition')}`,
          // One look: autoscaling may be about to take them away.
          confidence: 0.5,
        }),
      ),
      gap: unassignedBecause(kafkaGroups),
      evidence: [
        {
          title: 'Groups with more members than partitions',
          columns: [
            { key: 'group', label: 'Group', as: 'name' },
            { key: 'members', label: 'Members', as: 'count' },
            { key: 'partitions', label: 'Partitions', as: 'count' },
            { key: 'idle', label: 'Idle', as: 'count' },
            { key: 'hosts', label: 'Idle on', as: 'name' },
          ],
          rows: idle.slice(0, MAX_ROWS).map((each) => ({
            group: each.group.groupId,
            members: each.members.length,
            partitions: each.partitions,
            idle: idleOf(each),
            hosts: listed([...new Set(each.members.filter((_, i) => each.counts[i] === 0).map(({ host }) => host))]),
          })),
          source: 'Kafka DescribeGroups, one look',
          ...(idle[0] === undefined
            ? {}
            : { reproduce: describeGroup(idle[0].group.groupId, '--members', '--verbose') }),
        },
      ],
      pass: `None of ${plural(groups.length, 'group')} with members has more than ${plural(spare, 'spare member')}.`,
      fail: (worst) =>
        `${formatQuantity(worst.measured, 'count')} members of ${listed([worst.resource])} have no partition (${plural(spare, 'spare one')} in ${plural(zones, 'zone')} would be meant).`,
      recommend: (worst) => recommend(idle.find(({ group }) => group.groupId === worst.resource)!, spare),
    });
  },
});

function recommend({ group, partitions }: AssignedGroup, spare: number): Recommendation {
  return {
    action: `Scale ${listed([group.groupId])} in to ${partitions} members and at most ${spare} spare ones; only where it lags, add partitions instead`,
    confirmFirst: 'Rule out hot standbys that are meant, and autoscaling that is just taking members away.',
    commands: [describeGroup(group.groupId, '--members', '--verbose')],
    risk: 'Fewer members rebalance the group once; fewer spare ones take over later when a host dies. Partitions cannot be taken back, and move keys.',
    expectedEffect: 'The same throughput with fewer machines.',
    verifyAfter: 'Every member holds a partition, and the lag stays as it was.',
    effort: 'clientChange',
    impact: { kind: 'unknown', because: 'the cost of client machines is not known' },
  };
}
