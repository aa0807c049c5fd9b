// K17. Messages behind, of the group and topic that is furthest behind. Says little without the produce rate: a low weight beside time lag.
import { seriesQuantile } from '../analysis/series.ts';
import { METRICS } from '../facts/metric-catalogue.ts';
import { groupTopicSeries, readGroups } from './consumer-groups.ts';
import { defineKpi } from './kpi.ts';
import { coverageFactor, largest, missingFrom, noData, notApplicable, ONE_LOOK } from './reading.ts';

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
    const { metrics } = inputs;
    const series = metrics.ok ? groupTopicSeries(metrics.value, METRIC) : [];
    const worst = largest(
      series.map((each) => ({ ...each, lag: seriesQuantile(each.series, 0.95)! })),
      ({ lag }) => lag,
    );
    if (worst !== null) {
      return {
        state: 'ok',
        value: worst.lag,
        confidence: coverageFactor(worst.series.coverage) ?? ONE_LOOK,
        source: `CloudWatch ${METRIC.name}, ${METRIC.statistic} of ${METRIC.periodSec} s, p95 over the window, the worst of ${series.length} groups and topics`,
        worst: `${worst.groupId}/${worst.topic}`,
      };
    }
    const read = readGroups(inputs, run);
    if ('ok' in read) return missingFrom(read, 'consumer groups');
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
