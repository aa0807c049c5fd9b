// K18. Share of consumer groups that keep up or are catching up, weighted by what is produced for them.
import { maxOver } from '../analysis/coarser.ts';
import { isWithinRhythm, type RhythmQuestion } from '../analysis/commit-rhythm.ts';
import type { GroupStatus } from '../analysis/consumer-status.ts';
import type { TrustedSeries } from '../analysis/series.ts';
import { mannKendall } from '../analysis/statistics.ts';
import type { Inputs, RunContext } from '../checks/check.ts';
import { METRICS } from '../facts/metric-catalogue.ts';
import type { SectionValue } from '../snapshot/schema.ts';
import { groupTopicSeries, readGroups, trafficWeight } from './consumer-groups.ts';
import { defineKpi, type KpiReading } from './kpi.ts';
import { coverageFactor, largest, missingFrom, notApplicable, PROXY } from './reading.ts';

const METRIC = METRICS.sumOffsetLag;

export default defineKpi({
  id: 'K18',
  name: 'consumer-groups-healthy',
  title: 'Consumer groups that keep up',
  category: 'consumers',
  weight: 5,
  unit: 'percent',
  mayUse: ['metrics', 'kafkaGroups', 'kafkaOffsets', 'kafkaSamples'],
  read(inputs, run) {
    const { metrics } = inputs;
    const read = readGroups(inputs, run);
    if ('ok' in read)
      return (metrics.ok ? fromLagTrend(metrics.value, run) : null) ?? missingFrom(read, 'consumer groups');
    const groups = read.groups.filter((group) => group.partitions.length > 0);
    if (groups.length === 0) return notApplicable('no consumer group has committed an offset');
    const judged = groups.filter((group) => group.status !== 'INSUFFICIENT');
    const rhythm = rhythmQuestion(inputs, run);
    const sick = judged.filter((group) => isSick(group, rhythm));
    const factor = coverageFactor(judged.length / groups.length);
    // Who is caught up shows at one look, who is not needs several: the former alone would always be well.
    const isTooSoon = judged.length < groups.length && read.looks < run.lag.minSamples;
    if (factor === null || isTooSoon) {
      const because = `${read.looks} looks at the offsets were too few or too close to judge ${groups.length - judged.length} of ${groups.length} groups`;
      return { state: 'insufficient-history', because };
    }
    const weigh = (list: typeof groups) => list.reduce((total, group) => total + trafficWeight(group), 0);
    const worst = largest(sick, trafficWeight);
    return {
      state: 'ok',
      value: 100 * (1 - weigh(sick) / weigh(judged)),
      confidence: factor,
      source: `committed and log end offsets, ${read.looks} looks; ${judged.length} of ${groups.length} groups judged, weighted by messages produced a second (+1)`,
      ...(worst === null ? {} : { worst: worst.groupId }),
    };
  },
});

function rhythmQuestion(
  { metrics, kafkaSamples }: Inputs<never, 'metrics' | 'kafkaSamples'>,
  run: RunContext,
): RhythmQuestion {
  const list = metrics.ok ? groupTopicSeries(metrics.value, METRIC) : [];
  const last = kafkaSamples.ok ? kafkaSamples.value.at(-1) : undefined;
  return {
    seriesOf: (groupId, topic) => list.find((each) => each.groupId === groupId && each.topic === topic)?.series ?? null,
    allowedMessages: run.lag.allowedMessages,
    untilMs: last?.atMs ?? run.takenAtMs,
    intervals: run.checks['consumer-stalled'].commitIntervals,
  };
}

/** A slow committer within its usual interval is as well as the check `consumer-stalled` takes it to be. */
function isSick(group: GroupStatus, rhythm: RhythmQuestion): boolean {
  if (group.status === 'OK' || group.status === 'DRAINING') return false;
  const sick = group.partitions.filter(
    ({ status }) => status !== 'OK' && status !== 'DRAINING' && status !== 'INSUFFICIENT',
  );
  return !sick.every(({ status }) => status === 'STALLED') || !isWithinRhythm(group, sick, rhythm);
}

/** Without Kafka the lag's trend over the window is all there is: a group whose lag rises significantly does not keep up. */
function fromLagTrend(metrics: SectionValue<'metrics'>, run: RunContext): KpiReading | null {
  const byGroup = Map.groupBy(groupTopicSeries(metrics, METRIC), (each) => each.groupId);
  if (byGroup.size === 0) return null;
  const growing = [...byGroup].filter(([, topics]) => topics.some(({ series }) => isGrowing(series, run)));
  return {
    state: 'ok',
    value: 100 * (1 - growing.length / byGroup.size),
    confidence: PROXY,
    source: `CloudWatch ${METRIC.name}, trend over the window (Mann-Kendall p < 0.05), ${byGroup.size} groups; Kafka itself was not read`,
    ...(growing[0] === undefined ? {} : { worst: growing[0][0] }),
  };
}

function isGrowing(series: TrustedSeries, run: RunContext): boolean {
  // Minutes of a rising lag repeat each other: as points of their own they would make noise significant.
  const { latest, measured } = maxOver(series, 300);
  if (latest === null || latest.value <= run.lag.allowedMessages) return false;
  const { s, pValue } = mannKendall(measured);
  return s > 0 && pValue < 0.05;
}
