// K19. Share of the time in which a group was neither stable nor empty, seen in the gaps of its lag; p90 over groups, by traffic.

import { weightedQuantile } from '../analysis/statistics.ts';
import { PairSeries } from '../checks/shared/group-topics.ts';
import { groupGaps } from '../checks/shared/rebalances.ts';
import { hasLagMetrics } from '../facts/consumer-groups.ts';
import { METRICS } from '../facts/metric-catalogue.ts';
import { readGroups, trafficWeight } from './consumer-groups.ts';
import { defineKpi } from './kpi.ts';
import {
  cannotBeMeasured,
  coverageFactor,
  largest,
  missingFrom,
  notApplicable,
  notPublished,
  PROXY,
} from './reading.ts';

const METRIC = METRICS.sumOffsetLag;

export default defineKpi({
  id: 'K19',
  name: 'rebalance-instability',
  title: 'Time in rebalances',
  category: 'consumers',
  weight: 2,
  unit: 'percent',
  mayUse: ['metrics', 'kafkaGroups', 'kafkaOffsets', 'kafkaSamples'],
  read(inputs, run) {
    const unmeasurable = cannotBeMeasured(run);
    if (unmeasurable !== null) return unmeasurable;
    const { metrics } = inputs;
    const read = readGroups(inputs, run);
    // MSK publishes no lag of names with a colon, and none of groups that commit nothing.
    const known =
      'ok' in read
        ? null
        : read.groups.filter(({ partitions, groupId }) => partitions.length > 0 && hasLagMetrics(groupId));
    if (known?.length === 0) return notApplicable('no group whose lag MSK publishes has committed an offset');
    if (!metrics.ok) return missingFrom(metrics, 'CloudWatch metrics');
    const series = new PairSeries(metrics, METRIC, run);
    if (series.isEmpty) return notPublished(metrics.value, METRIC);
    const gaps = groupGaps(series, run);
    const statusOf = new Map(known?.map((group) => [group.groupId, group]));
    const shares = [...gaps].map(([groupId, { gapShare }]) => ({
      groupId,
      value: 100 * gapShare!,
      weight: trafficWeight(statusOf.get(groupId)),
    }));
    const value = weightedQuantile(shares, 0.9);
    const all = new Set([...series.names().map(({ groupId }) => groupId), ...statusOf.keys()]).size;
    const factor = coverageFactor(gaps.size / all);
    if (value === null || factor === null)
      return {
        state: 'insufficient-history',
        because: `less than six hours of ${METRIC.name} of ${all - gaps.size} of ${all} groups`,
      };
    const worst = largest(shares, (share) => share.value)!;
    return {
      state: 'ok',
      value,
      confidence: known === null ? factor * PROXY : factor,
      source: `CloudWatch ${METRIC.name}, minutes without a point between a group's first and last one, outside maintenance and gaps that all groups share; ${gaps.size} of ${all} groups, p90 by messages produced a second (+1)`,
      worst: worst.groupId,
    };
  },
});
