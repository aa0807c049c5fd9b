// K17. Messages behind, of the group and topic that is furthest behind. Says little without the produce rate: a low weight beside time lag.
import { seriesQuantile } from '../analysis/series.ts';
import type { Inputs } from '../checks/check.ts';
import { METRICS } from '../facts/metric-catalogue.ts';
import { type GroupTopicSeries, groupTopicSeries, readGroups, wasNotAsked } from './consumer-groups.ts';
import { defineKpi } from './kpi.ts';
import { coverageFactor, largest, missingFrom, noData, notApplicable, ONE_LOOK, PROXY, THIN } from './reading.ts';

const METRIC = METRICS.maxOffsetLag;

export default defineKpi({
  id: 'K17',
  name: 'consumer-offset-lag',
  title: 'Consumer lag in messages',
  category: 'consumers',
  weight: 1,
  unit: 'messages',
  mayUse: ['metrics', 'kafkaGroups', 'kafkaOffsets', 'kafkaSamples'],
  read(inputs, run) {
    const series = inputs.metrics.ok ? groupTopicSeries(inputs.metrics.value, METRIC) : [];
    const worst = largest(
      series.map((each) => ({ ...each, lag: seriesQuantile(each.series, 0.95)! })),
      ({ lag }) => lag,
    );
    if (worst !== null) {
      const { factor, note } = completeness(inputs, series);
      return {
        state: 'ok',
        value: worst.lag,
        confidence: (coverageFactor(worst.series.coverage) ?? ONE_LOOK) * factor,
        source: `CloudWatch ${METRIC.name}, ${METRIC.statistic} of ${METRIC.periodSec} s, p95 over the window, the worst of ${series.length} groups and topics${note}`,
        worst: `${worst.groupId}/${worst.topic}`,
      };
    }
    const read = readGroups(inputs, run);
    if ('ok' in read) return missingFrom(read, 'consumer groups');
    if (wasNotAsked(inputs.metrics, METRIC, read.groups, run))
      return noData(`CloudWatch has no ${METRIC.name} of the groups`);
    const partitions = read.groups.flatMap((group) =>
      group.partitions.map((row) => ({ ...row, group: group.groupId })),
    );
    if (partitions.length === 0) return notApplicable('no consumer group has committed an offset');
    const furthest = largest(
      partitions.filter((row) => row.lag !== null),
      (row) => row.lag!,
    );
    if (furthest === null) return noData('no log end or committed offset could be read');
    return {
      state: 'ok',
      value: furthest.lag!,
      confidence: ONE_LOOK,
      source: `committed and log end offsets of ${partitions.length} partitions, one look, the worst partition`,
      worst: `${furthest.group}/${furthest.topic}`,
    };
  },
});

/**
 * Only the brokers know every group. Of a list that was cut, or that CloudWatch made itself, the worst may be missing: it ranks by the
 * last hours, 500 pairs at most, and no groups that were not stable.
 */
function completeness(
  { kafkaGroups, kafkaOffsets }: Inputs<never, 'kafkaGroups' | 'kafkaOffsets'>,
  series: readonly GroupTopicSeries[],
): { factor: number; note: string } {
  if (!kafkaGroups.ok || !kafkaOffsets.ok) return { factor: PROXY, note: ' that CloudWatch names' };
  const { committed, topics } = kafkaOffsets.value;
  const pair = (groupId: string, topic: string) => JSON.stringify([groupId, topic]);
  const pairs = new Set<string>();
  let before: (typeof committed)[number] | undefined;
  for (const row of committed) {
    if (row.offset === null || !Object.hasOwn(topics, row.topic)) continue;
    // The partitions of a pair follow each other.
    if (row.groupId !== before?.groupId || row.topic !== before.topic) pairs.add(pair(row.groupId, row.topic));
    before = row;
  }
  const all = pairs.size;
  for (const { groupId, topic } of series) pairs.delete(pair(groupId, topic));
  if (kafkaGroups.partial !== undefined || kafkaOffsets.partial !== undefined) {
    return { factor: THIN, note: ', from a part of the groups' };
  }
  return pairs.size === 0 ? { factor: 1, note: '' } : { factor: THIN, note: `, of ${all} in all` };
}
