// K16. How old the next record of the consumers is: p90 over groups, weighted by what is produced for them.

import type { GroupStatus } from '../analysis/consumer-status.ts';
import { seriesQuantile } from '../analysis/series.ts';
import { weightedQuantile } from '../analysis/statistics.ts';
import { timeLagByInterpolation } from '../analysis/time-lag.ts';
import { METRICS } from '../facts/metric-catalogue.ts';
import type { SectionValue } from '../snapshot/schema.ts';
import { groupTopicSeries, type ReadGroups, readGroups, trafficWeight } from './consumer-groups.ts';
import { defineKpi } from './kpi.ts';
import { coverageFactor, largest, missingFrom, noData, notApplicable, ONE_LOOK, PROXY } from './reading.ts';

const METRIC = METRICS.rollingTimeLag;

/** The age rests on a produce rate seen for minutes and stretched over the whole lag. */
const EXTRAPOLATED = 0.4;

interface GroupLag {
  groupId: string;
  lagSec: number;
  confidence: number;
}

export default defineKpi({
  id: 'K16',
  name: 'consumer-time-lag',
  title: 'Consumer time lag',
  category: 'consumers',
  weight: 6,
  unit: 'durationSec',
  mayUse: ['metrics', 'kafkaGroups', 'kafkaOffsets', 'kafkaSamples'],
  read(inputs, run) {
    const { metrics } = inputs;
    const measured = metrics.ok ? fromMetrics(metrics.value) : [];
    const read = readGroups(inputs, run);
    if ('ok' in read && measured.length === 0) return missingFrom(read, 'consumer groups');
    const groups = 'ok' in read ? [] : read.groups.filter((group) => group.partitions.length > 0);
    const inMetrics = new Set(measured.map((lag) => lag.groupId));
    const unmeasured = groups.filter((group) => !inMetrics.has(group.groupId));
    const sampled = 'ok' in read ? [] : unmeasured.flatMap((group) => fromSamples(group, read) ?? []);
    const lags = [...measured, ...sampled];
    const known = lags.length;
    const total = measured.length + unmeasured.length;
    if (total === 0) return notApplicable('no consumer group has committed an offset');
    const factor = coverageFactor(known / total);
    const value = weightedQuantile(
      lags.map(({ groupId, lagSec }) => ({
        value: lagSec,
        weight: trafficWeight(groups.find((group) => group.groupId === groupId)),
      })),
      0.9,
    );
    if (value === null || factor === null) {
      return noData(`the time lag of ${total - known} of ${total} groups could not be told from ${looks(read)}`);
    }
    const worst = largest(lags, (lag) => lag.lagSec);
    return {
      state: 'ok',
      value,
      confidence: factor * Math.min(...lags.map((lag) => lag.confidence)),
      source: sourceOf(measured.length, sampled.length, total),
      ...(worst === null ? {} : { worst: worst.groupId }),
    };
  },
});

/** By group, the worst topic's p95 over the window: an estimate of the time to catch up, not the age of a record. */
function fromMetrics(metrics: SectionValue<'metrics'>): GroupLag[] {
  const byGroup = Map.groupBy(groupTopicSeries(metrics, METRIC), (each) => each.groupId);
  return [...byGroup].map(([groupId, topics]) => ({
    groupId,
    lagSec: Math.max(...topics.map(({ series }) => seriesQuantile(series, 0.95)!)),
    confidence: PROXY,
  }));
}

/** The worst partition now; null when the age of some lagging partition cannot be told. */
function fromSamples(group: GroupStatus, { ends }: ReadGroups): GroupLag | null {
  let lagSec = 0;
  let confidence = ONE_LOOK;
  for (const { topic, partition, committed } of group.partitions) {
    const points = ends.topic(topic)?.get(partition)?.ends ?? [];
    const lastLook = points.at(-1);
    if (committed === null || lastLook === undefined) return null;
    const lag = timeLagByInterpolation(points, committed, lastLook.atMs);
    if (lag === null) return null;
    if (lag.kind === 'extrapolated') confidence = EXTRAPOLATED;
    lagSec = Math.max(lagSec, lag.lagSec);
  }
  return { groupId: group.groupId, lagSec, confidence };
}

function looks(read: ReadGroups | { ok: false }): string {
  return 'ok' in read ? 'CloudWatch' : `CloudWatch or ${read.looks} looks at the log ends`;
}

function sourceOf(measured: number, sampled: number, total: number): string {
  const parts = [
    ...(measured > 0 ? [`CloudWatch ${METRIC.name} (an estimate), p95 over the window, ${measured} groups`] : []),
    ...(sampled > 0 ? [`interpolated over this run's looks at the log ends, ${sampled} groups`] : []),
  ];
  return `${parts.join('; ')}; ${measured + sampled} of ${total} groups known; p90 over groups, weighted by messages produced a second (+1)`;
}
