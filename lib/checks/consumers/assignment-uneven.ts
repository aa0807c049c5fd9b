// How evenly partitions and their traffic lie on the members of a group: its throughput is that of the busiest one.
import { type Assignment, assignmentOf, bestAssignment } from '../../analysis/assignment.ts';
import type { GroupStatus, PartitionStatus } from '../../analysis/consumer-status.ts';
import { formatQuantity, plural } from '../../text/units.ts';
import { defineCheck, type FindingDraft, type Recommendation } from '../check.ts';
import { describeGroup } from '../shared/commands.ts';
import { conclude, firstGap } from '../shared/conclude.ts';
import { EVERY_KIND, looksSource, NO_GROUPS, readGroups, unjudgedBecause } from '../shared/consumers.ts';
import { type AssignedGroup, assignedGroups, unassignedBecause } from '../shared/members.ts';
import { severityFor } from '../shared/severity.ts';
import { listed, MAX_ROWS } from '../shared/wording.ts';

const WELL = ['OK', 'DRAINING'];
const ratio = (value: number | null) => formatQuantity(value, 'ratio');
const percent = (value: number | null) => formatQuantity(value, 'percent');

interface Spread extends AssignedGroup {
  actual: Assignment;
  best: Assignment;
  /** Messages a second of each member; null where one of its partitions is not known. */
  traffic: readonly (number | null)[];
  /** Of the busiest member over the mean; null when a rate is unknown or nothing comes. */
  trafficTimesMean: number | null;
  isLate: boolean;
}

export default defineCheck({
  id: 'assignment-uneven',
  area: 'consumers',
  title: { pass: 'Partitions spread evenly over members', fail: 'Partitions spread unevenly over members' },
  why: 'The busiest member sets the pace of the group, while the others wait.',
  references: [
    'https://kafka.apache.org/documentation/#consumerconfigs_partition.assignment.strategy',
    'https://cwiki.apache.org/confluence/display/KAFKA/KIP-429%3A+Kafka+Consumer+Incremental+Rebalance+Protocol',
  ],
  appliesTo: EVERY_KIND,
  needs: ['kafkaGroups'],
  mayUse: ['kafkaOffsets', 'kafkaSamples'],
  evaluate({ kafkaGroups, kafkaOffsets, kafkaSamples }, { minEfficiencyPercent, trafficTimesMean }, run) {
    if (kafkaGroups.length === 0) return NO_GROUPS;
    const statuses = kafkaOffsets.ok ? readGroups(kafkaGroups, kafkaOffsets.value, kafkaSamples, run) : [];
    const statusOf = new Map(statuses.map((status) => [status.groupId, status]));
    const spreads = assignedGroups(kafkaGroups).flatMap(
      (each) => spreadOf(each, statusOf.get(each.group.groupId)) ?? [],
    );
    const isUneven = ({ actual }: Spread) => 100 * actual.efficiency < minEfficiencyPercent;
    const isLopsided = (each: Spread) => each.isLate && (each.trafficTimesMean ?? 0) > trafficTimesMean;
    const found = spreads.filter((each) => isUneven(each) || isLopsided(each));
    const findings = found.map((each): FindingDraft => {
      // As even as that many members can be, and nobody is late: nothing is lost.
      const isHarmless = !each.isLate && each.actual.maxPerMember <= each.best.maxPerMember;
      const common = {
        scope: 'group',
        resource: each.group.groupId,
        severity: severityFor(run, isHarmless ? ['info', 'info', 'info'] : ['low', 'low', 'info']),
        note: `${plural(each.partitions, 'partition')} on ${plural(each.members.length, 'member')}, up to ${each.actual.maxPerMember} on one; assignor ${listed([each.group.assignor || 'not told'])}${each.isLate ? '; the group lags' : ''}`,
        confidence: 1,
      } as const;
      return isUneven(each)
        ? { ...common, measured: 100 * each.actual.efficiency, limit: minEfficiencyPercent, unit: 'percent' }
        : { ...common, measured: each.trafficTimesMean, limit: trafficTimesMean, unit: 'ratio' };
    });
    const rows = found.flatMap((each) => each.members.map((member, i) => ({ each, member, i })));
    return conclude({
      findings,
      gap: firstGap(
        unassignedBecause(kafkaGroups),
        kafkaOffsets.ok
          ? unjudgedBecause(statuses, kafkaSamples, run)
          : 'what each member has to read was not looked at',
      ),
      evidence: [
        {
          title: 'Partitions and traffic by member',
          columns: [
            { key: 'group', label: 'Group', as: 'name' },
            { key: 'client', label: 'Client', as: 'name' },
            { key: 'host', label: 'Host', as: 'name' },
            { key: 'partitions', label: 'Partitions', as: 'count' },
            { key: 'perSec', label: 'Produced for it', as: 'countPerSec' },
          ],
          rows: rows
            .sort((a, b) => b.each.counts[b.i]! - a.each.counts[a.i]!)
            .slice(0, MAX_ROWS)
            .map(({ each, member, i }) => ({
              group: each.group.groupId,
              client: member.clientId,
              host: member.host,
              partitions: each.counts[i]!,
              perSec: each.traffic[i]!,
            })),
          source: `Kafka DescribeGroups, one look; ${looksSource(kafkaSamples)}`,
          ...(found[0] === undefined
            ? {}
            : { reproduce: describeGroup(found[0].group.groupId, '--members', '--verbose') }),
        },
      ],
      pass: `Each of ${plural(spreads.length, 'group')} with members uses at least ${percent(minEfficiencyPercent)} of them when its busiest one is busy, and none that lags gives one member more than ${ratio(trafficTimesMean)} times the mean.`,
      fail: (worst) =>
        worst.unit === 'percent'
          ? `${listed([worst.resource])} uses ${percent(worst.measured)} of its members when the busiest one is busy (limit ${percent(worst.limit)}).`
          : `The busiest member of ${listed([worst.resource])} has ${ratio(worst.measured)} times the mean to read (limit ${ratio(worst.limit)}).`,
      recommend: (worst) => recommend(found.find(({ group }) => group.groupId === worst.resource)!),
    });
  },
});

/** Members beyond the number of partitions are the finding of another check: here they do not count. */
function spreadOf(each: AssignedGroup, status: GroupStatus | undefined): Spread | null {
  const { counts, members, partitions } = each;
  const spare = Math.max(0, members.length - partitions);
  const actual = assignmentOf([...counts].sort((a, b) => a - b).slice(spare));
  const best = bestAssignment(partitions, members.length - spare);
  if (actual === null || best === null) return null;
  const isLate = status !== undefined && !WELL.includes(status.status);
  const byMember = Map.groupBy(status?.partitions ?? [], ({ assignedTo }) => assignedTo);
  const traffic = members.map(({ memberId }) =>
    status === undefined ? null : trafficOf(byMember.get(memberId) ?? []),
  );
  return { ...each, actual, best, traffic, trafficTimesMean: timesMean(traffic), isLate };
}

function trafficOf(own: readonly PartitionStatus[]): number | null {
  return own.reduce<number | null>(
    (total, { produceRatePerSec: rate }) => (total === null || rate === null ? null : total + Math.max(0, rate)),
    0,
  );
}

function timesMean(traffic: readonly (number | null)[]): number | null {
  const known = traffic.filter((each) => each !== null);
  const all = known.reduce((a, b) => a + b, 0);
  return known.length < traffic.length || all === 0 ? null : (Math.max(...known) * known.length) / all;
}

function recommend({ group, partitions, members, actual, best }: Spread): Recommendation {
  const strategy = 'partition.assignment.strategy=org.apache.kafka.clients.consumer.CooperativeStickyAssignor';
  const name = listed([group.groupId]);
  const divisors = Array.from({ length: partitions }, (_, i) => i + 1).filter((n) => partitions % n === 0);
  const up = divisors.find((n) => n > members.length);
  return {
    action:
      actual.maxPerMember > best.maxPerMember
        ? `Set ${strategy} in the clients of ${name}: with the range assignor the first partitions of every topic pile up on the same members`
        : `Run ${name} with a number of members that divides its ${partitions} partitions${up === undefined ? '' : `, ${up} for example`}`,
    confirmFirst: 'Rule out a member that just joined or left, and topics that only some members subscribe to.',
    commands: [describeGroup(group.groupId, '--members', '--verbose')],
    risk: 'Going from range alone to cooperative-sticky takes two rolling restarts of the clients: first both assignors, then the old one taken out; another number of members rebalances the group.',
    expectedEffect: `The busiest member goes from ${actual.maxPerMember} to ${best.maxPerMember} partitions at best, and the group as a whole gets faster by that.`,
    verifyAfter: 'Members hold the same number of partitions, give or take one.',
    effort: 'clientChange',
    impact: { kind: 'none' },
  };
}
