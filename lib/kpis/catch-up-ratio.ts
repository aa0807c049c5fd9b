// K21. How much faster than the producers a group reads while it has a backlog, of the slowest group: what it takes to recover.
import { groupSpeeds } from '../checks/shared/group-speeds.ts';
import { groupTopics, PairSeries, pairName } from '../checks/shared/group-topics.ts';
import { METRICS } from '../facts/metric-catalogue.ts';
import { readGroups } from './consumer-groups.ts';
import { defineKpi } from './kpi.ts';
import { largest, missingFrom, notApplicable, ONE_LOOK } from './reading.ts';

/** Beyond the best point of every curve: a group that has read almost nothing new says no more. */
const MOST = 10;

export default defineKpi({
  id: 'K21',
  name: 'catch-up-ratio',
  title: 'Speed of catching up over what is produced',
  category: 'consumers',
  weight: 3,
  unit: 'ratio',
  mayUse: ['metrics', 'kafkaGroups', 'kafkaOffsets', 'kafkaSamples'],
  read(inputs, run) {
    const read = readGroups(inputs, run);
    if ('ok' in read) return missingFrom(read, 'consumer groups');
    const pairs = groupTopics(read.groups);
    if (pairs.length === 0) return notApplicable('no consumer group has committed an offset');
    const { metrics, kafkaSamples } = inputs;
    const lag = new PairSeries(metrics, METRICS.sumOffsetLag, run);
    const lastLookMs = kafkaSamples.ok ? (kafkaSamples.value.at(-1)?.atMs ?? null) : null;
    const speeds = groupSpeeds(pairs, { lag, metrics, lastLookMs }, run);
    const slowest = largest(speeds, ({ ratio }) => -ratio);
    if (slowest === null) {
      const because = 'no group was seen with a backlog to work on, so that none showed how fast it can read';
      return { state: 'insufficient-history', because };
    }
    const ofWindow = slowest.from === 'window';
    return {
      state: 'ok',
      value: Math.min(MOST, slowest.ratio),
      confidence: ofWindow ? 1 : ONE_LOOK,
      source: `${ofWindow ? `CloudWatch ${METRICS.sumOffsetLag.name} and ${METRICS.topicMessagesIn.name}, p95 while the group lagged over p95 of what was produced` : `committed and log end offsets, ${read.looks} looks, of partitions with a backlog`}; the slowest of ${speeds.length} groups and topics that were seen with one, of ${pairs.length}`,
      worst: pairName(slowest.pair),
    };
  },
});
