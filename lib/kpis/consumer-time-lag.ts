// K16. How old the next record of the consumers is: p90 over groups, weighted by what is produced for them.
import type { GroupStatus } from '../analysis/consumer-status.ts';
import { type GroupTimeLag, groupTimeLags, type TimeLagSource } from '../analysis/group-time-lag.ts';
import { seriesQuantile } from '../analysis/series.ts';
import { weightedQuantile } from '../analysis/statistics.ts';
import type { RunContext } from '../checks/check.ts';
import { METRICS, type MetricDefinition } from '../facts/metric-catalogue.ts';
import type { SectionValue } from '../snapshot/schema.ts';
import { formatQuantity } from '../text/units.ts';
import { groupTopicSeries, type ReadGroups, readGroups, trafficWeight } from './consumer-groups.ts';
import { defineKpi } from './kpi.ts';
import { coverageFactor, largest, missingFrom, noData, notApplicable, ONE_LOOK, PROXY } from './reading.ts';

/** Serverless has no rolling estimate. */
function metricOf({ clusterKind }: RunContext): MetricDefinition {
  return clusterKind === 'serverless' ? METRICS.serverlessTimeLag : METRICS.rollingTimeLag;
}

type LagSource = TimeLagSource | 'cloudwatch';

const CONFIDENCE: Readonly<Record<LagSource, number>> = {
  'looked-up': ONE_LOOK,
  /** The least that the lag can be stands in for it. */
  'at-least': ONE_LOOK * PROXY,
  interpolated: ONE_LOOK,
  cloudwatch: PROXY,
  /** The age rests on a produce rate seen for minutes and stretched over the whole lag. */
  extrapolated: 0.4,
};

interface GroupLag {
  groupId: string;
  lagSec: number;
  source: LagSource;
  otherwise?: GroupTimeLag['otherwise'];
}

export default defineKpi({
  id: 'K16',
  name: 'consumer-time-lag',
  title: 'Consumer time lag',
  category: 'consumers',
  weight: 6,
  unit: 'durationSec',
  mayUse: ['metrics', 'kafkaGroups', 'kafkaOffsets', 'kafkaSamples', 'kafkaTopicConfigs'],
  read(inputs, run) {
    const { metrics, kafkaOffsets, kafkaTopicConfigs } = inputs;
    const estimated = metrics.ok ? fromMetrics(metrics.value, metricOf(run)) : new Map<string, GroupLag>();
    const read = readGroups(inputs, run);
    if ('ok' in read && estimated.size === 0) return missingFrom(read, 'consumer groups');
    const groups = 'ok' in read ? [] : read.groups.filter((group) => group.partitions.length > 0);
    const configs = kafkaTopicConfigs.ok ? kafkaTopicConfigs.value : null;
    const seen =
      'ok' in read || !kafkaOffsets.ok
        ? []
        : groupTimeLags(groups, { offsets: kafkaOffsets.value, ends: read.ends, configs });
    const { lags, total } = merged(groups, seen, estimated);
    if (total === 0) return notApplicable('no consumer group has committed an offset');
    const factor = coverageFactor(lags.length / total);
    const value = weightedQuantile(
      lags.map(({ lagSec, group }) => ({ value: lagSec, weight: trafficWeight(group) })),
      0.9,
    );
    if (value === null || factor === null) {
      return noData(`the time lag of ${total - lags.length} of ${total} groups could not be told from ${looks(read)}`);
    }
    const worst = largest(lags, (lag) => lag.lagSec);
    return {
      state: 'ok',
      value,
      confidence: factor * Math.min(...lags.map(({ source }) => CONFIDENCE[source])),
      source: sourceOf(lags, total, worst, metricOf(run)),
      ...(worst === null ? {} : { worst: worst.groupId }),
    };
  },
});

/** By group, the worst topic's p95 over the window: an estimate of the time to catch up, not the age of a record. */
function fromMetrics(metrics: SectionValue<'metrics'>, metric: MetricDefinition): Map<string, GroupLag> {
  const byGroup = Map.groupBy(groupTopicSeries(metrics, metric), (each) => each.groupId);
  const lags = [...byGroup].map(([groupId, topics]): [string, GroupLag] => {
    const lagSec = Math.max(...topics.map(({ series }) => seriesQuantile(series, 0.95)!));
    return [groupId, { groupId, lagSec, source: 'cloudwatch' }];
  });
  return new Map(lags);
}

/** Groups that CloudWatch alone knows, then those of the cluster; `total` counts the ones whose lag nobody can tell as well. */
function merged(
  groups: readonly GroupStatus[],
  seen: readonly (GroupTimeLag | null)[],
  estimated: ReadonlyMap<string, GroupLag>,
): { lags: (GroupLag & { group?: GroupStatus })[]; total: number } {
  const ids = new Set(groups.map(({ groupId }) => groupId));
  const elsewhere = [...estimated.values()].filter(({ groupId }) => !ids.has(groupId));
  const inKafka = groups.flatMap((group, i) => {
    const lag = better(seen[i] ?? null, estimated.get(group.groupId) ?? null);
    return lag === null ? [] : [{ ...lag, group }];
  });
  return { lags: [...elsewhere, ...inKafka], total: elsewhere.length + groups.length };
}

/**
 * The later of what the cluster shows now and what CloudWatch estimates for the window: one look at a quiet hour does not refute an
 * evening. A guess goes behind an estimate.
 */
function better(seen: GroupTimeLag | null, estimated: GroupLag | null): GroupLag | null {
  if (seen === null || estimated === null) return seen ?? estimated;
  return seen.source === 'extrapolated' || estimated.lagSec > seen.lagSec ? estimated : seen;
}

function looks(read: ReadGroups | { ok: false }): string {
  return 'ok' in read ? 'CloudWatch' : `CloudWatch or ${read.looks} looks at the log ends`;
}

function sourceOf(lags: readonly GroupLag[], total: number, worst: GroupLag | null, metric: MetricDefinition): string {
  const count = (...sources: LagSource[]) => lags.filter(({ source }) => sources.includes(source)).length;
  const estimated = count('cloudwatch');
  const lookedUp = count('looked-up', 'at-least');
  const interpolated = count('interpolated', 'extrapolated');
  const least = count('at-least');
  const parts = [
    ...(lookedUp > 0 ? [`offsets looked up by time, one look, ${lookedUp} groups`] : []),
    ...(least > 0 ? [`for ${least} of them the least that it can be`] : []),
    ...(interpolated > 0 ? [`interpolated over this run's looks at the log ends, ${interpolated} groups`] : []),
    ...(estimated > 0 ? [`CloudWatch ${metric.name} (an estimate), p95 over the window, ${estimated} groups`] : []),
  ];
  const known = `${lags.length} of ${total} groups known; p90 over groups, weighted by messages produced a second (+1)`;
  return [...parts, known, ...bothOf(worst)].join('; ');
}

/** Two ways to the same lag that do not agree are both shown. */
function bothOf(worst: GroupLag | null): string[] {
  if (worst === null || (worst.otherwise ?? null) === null) return [];
  const { lagSec, otherwise, source } = worst;
  const least = source === 'at-least' ? 'at least ' : '';
  const [byTime, byLooks] = [lagSec, otherwise!.lagSec].map((seconds) => formatQuantity(seconds, 'durationSec'));
  return [`the worst is ${least}${byTime} behind by timestamps, ${byLooks} by the log ends (${otherwise!.kind})`];
}
