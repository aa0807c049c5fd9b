// How steady groups are: MSK publishes the lag of a group only while it is stable or empty, so that its gaps are rebalances.
// Source: docs.aws.amazon.com/msk/latest/developerguide/consumer-lag.html.
import { type LagGaps, lagGaps } from '../../analysis/lag-gaps.ts';
import { hasLagMetrics } from '../../facts/consumer-groups.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { plural } from '../../text/units.ts';
import type { RunContext } from '../check.ts';
import type { PairSeries } from './group-topics.ts';
import { listed } from './wording.ts';

type Group = SectionValue<'kafkaGroups'>[number];

/** Gaps by group, of the topic with the fewest: while one topic had a lag the group was stable. Gaps that all groups share are left out. */
export function groupGaps(series: PairSeries, { maintenance }: RunContext): ReadonlyMap<string, LagGaps> {
  const masked = [...maintenance, ...series.commonGaps()];
  const byGroup = new Map<string, LagGaps>();
  for (const { groupId, topic } of series.names()) {
    const gaps = lagGaps(series.raw(groupId, topic)!, masked);
    const before = byGroup.get(groupId);
    if (gaps === null || gaps.gapShare === null) continue;
    if (before === undefined || gaps.gapShare < before.gapShare!) byGroup.set(groupId, gaps);
  }
  return byGroup;
}

/**
 * Why it is not known of groups with members how steady they were; null when it is of all. Groups that commit nothing have no lag
 * (Connect workers, registries) and are not asked for.
 */
export function unsteadyUnknown(
  groups: readonly Group[],
  offsets: Collected<SectionValue<'kafkaOffsets'>>,
  gaps: ReadonlyMap<string, LagGaps>,
  { clusterKind }: RunContext,
): string | null {
  const committing = offsets.ok ? new Set(offsets.value.committed.map(({ groupId }) => groupId)) : null;
  const unknown = groups.filter(
    ({ groupId, members }) => members?.length !== 0 && !gaps.has(groupId) && committing?.has(groupId) !== false,
  );
  if (unknown.length === 0) return null;
  const names = `${plural(unknown.length, 'group')} (${listed(unknown.map(({ groupId }) => groupId))})`;
  if (clusterKind === 'kafka') return `only the lag that MSK publishes tells how often ${names} rebalanced`;
  const unpublished = unknown.every(({ groupId }) => !hasLagMetrics(groupId));
  return `CloudWatch has ${unpublished ? 'no lag' : 'less than six hours of lag'} of ${names}, whose gaps would show rebalances`;
}
