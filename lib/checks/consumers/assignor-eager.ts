// An assignor of the eager protocol takes all partitions from all members at every rebalance: the whole group stands still for the move of
// one partition. It matters where there are many, or where rebalances are common.
import { EAGER_ASSIGNORS } from '../../facts/consumer-groups.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import { safeLabel } from '../../text/sanitize.ts';
import { formatQuantity, plural } from '../../text/units.ts';
import { defineCheck, type FindingDraft, type Recommendation } from '../check.ts';
import { describeGroup } from '../shared/commands.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import { EVERY_KIND, NO_GROUPS } from '../shared/consumers.ts';
import { PairSeries } from '../shared/group-topics.ts';
import { assignedGroups, unassignedBecause } from '../shared/members.ts';
import { groupGaps, unsteadyUnknown } from '../shared/rebalances.ts';
import { severityFor } from '../shared/severity.ts';
import { listed, MAX_ROWS } from '../shared/wording.ts';

export default defineCheck({
  id: 'assignor-eager',
  area: 'consumers',
  title: { pass: 'Groups rebalance without stopping', fail: 'Large groups that stop at every rebalance' },
  why: 'With an eager assignor no member reads while the group rebalances, even if one partition moves.',
  references: [
    'https://kafka.apache.org/documentation/#consumerconfigs_partition.assignment.strategy',
    'https://cwiki.apache.org/confluence/display/KAFKA/KIP-429%3A+Kafka+Consumer+Incremental+Rebalance+Protocol',
  ],
  appliesTo: EVERY_KIND,
  needs: ['kafkaGroups'],
  mayUse: ['kafkaOffsets', 'metrics'],
  // Gaps of each group are counted or missed by name.
  toleratesPartial: ['kafkaOffsets', 'metrics'],
  evaluate({ kafkaGroups, kafkaOffsets, metrics }, { minMembers, minPartitions, missingPercent }, run) {
    if (kafkaGroups.length === 0) return NO_GROUPS;
    const gaps = groupGaps(new PairSeries(metrics, METRICS.sumOffsetLag, run), run);
    const missing = (groupId: string) => {
      const share = gaps.get(groupId)?.gapShare ?? null;
      return share === null ? null : 100 * share;
    };
    const eager = assignedGroups(kafkaGroups)
      .filter(
        // The range assignor of the consumer protocol runs on the brokers and moves partitions one by one.
        ({ group, members }) =>
          group.type === 'classic' && EAGER_ASSIGNORS.includes(group.assignor) && members.length >= minMembers,
      )
      .map((each) => ({ ...each, missing: missing(each.group.groupId) }));
    const found = eager.filter((each) => each.partitions >= minPartitions || (each.missing ?? 0) > missingPercent);
    // Small ones are only a finding where they rebalance often.
    const small = eager.filter((each) => !found.includes(each)).map(({ group }) => group);
    return conclude({
      findings: found.map(({ group, members, partitions, missing: share }): FindingDraft => {
        const common = {
          scope: 'group',
          resource: group.groupId,
          severity: severityFor(run, ['low', 'low', 'info']),
          note: `${safeLabel(group.assignor, 40)}, ${plural(members.length, 'member')}${share === null ? '' : `, ${formatQuantity(share, 'percent')} of the window without a stable group`}`,
          confidence: 1,
        } as const;
        return partitions >= minPartitions
          ? { ...common, measured: partitions, limit: minPartitions, unit: 'count' }
          : { ...common, measured: share, limit: missingPercent, unit: 'percent' };
      }),
      gap: firstGap(unassignedBecause(kafkaGroups), unsteadyUnknown(small, kafkaOffsets, gaps, run)),
      evidence: [
        {
          title: 'Groups with an eager assignor',
          columns: [
            { key: 'group', label: 'Group', as: 'name' },
            { key: 'assignor', label: 'Assignor', as: 'name' },
            { key: 'members', label: 'Members', as: 'count' },
            { key: 'partitions', label: 'Partitions', as: 'count' },
            { key: 'missing', label: 'Not stable', as: 'percent' },
          ],
          rows: [...eager]
            .sort((a, b) => b.partitions - a.partitions)
            .slice(0, MAX_ROWS)
            .map((each) => ({
              group: each.group.groupId,
              assignor: each.group.assignor,
              members: each.members.length,
              partitions: each.partitions,
              missing: each.missing,
            })),
          source: `Kafka DescribeGroups, one look; gaps of CloudWatch ${METRICS.sumOffsetLag.name}`,
          ...(found[0] === undefined ? {} : { reproduce: describeGroup(found[0].group.groupId, '--state') }),
        },
      ],
      pass: `No group of ${minMembers} members or more with ${listed(EAGER_ASSIGNORS)} has ${minPartitions} partitions or rebalances often.`,
      fail: (worst, { length }) =>
        `${plural(length, 'group')} of ${minMembers} members or more ${length === 1 ? 'stops' : 'stop'} as a whole at every rebalance, ${listed([worst.resource])} for one.`,
      recommend: (worst) => recommend(worst.resource),
    });
  },
});

function recommend(groupId: string): Recommendation {
  return {
    action: `Let the clients of ${listed([groupId])} offer both assignors, restart them one by one, then take the old one out and restart them once more; Java clients offer range and cooperative-sticky by default, so that one round is enough there`,
    confirmFirst:
      'Rule out clients whose library has no cooperative assignor, and code that relies on losing all partitions at once.',
    commands: [describeGroup(groupId, '--state'), describeGroup(groupId, '--members', '--verbose')],
    risk: 'Members without an assignor in common are refused (InconsistentGroupProtocol): never take the old one out before all offer the new one.',
    expectedEffect: 'At a rebalance only the partitions that move stop.',
    verifyAfter: 'kafka-consumer-groups.sh --describe --state names cooperative-sticky.',
    effort: 'clientChange',
    impact: { kind: 'none' },
  };
}
