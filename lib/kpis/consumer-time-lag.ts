// K16. How old the next record of the consumers is: p90 over groups, weighted by what is produced for them. A group that the policy gives
// an objective of its own counts against that: at its objective its lag counts as the goal's bad point, at half of it as half of that.
import type { GroupStatus } from '../analysis/consumer-status.ts';
import { type GroupTimeLag, groupTimeLags, type TimeLagSource } from '../analysis/group-time-lag.ts';
import { seriesQuantile } from '../analysis/series.ts';
import { weightedQuantile } from '../analysis/statistics.ts';
import type { RunContext } from '../checks/check.ts';
import { lagTargets } from '../checks/shared/lag-eta.ts';
import { METRICS, type MetricDefinition } from '../facts/metric-catalogue.ts';
import { curveOf } from '../policy/kpi-curves.ts';
import { forName } from '../policy/pattern.ts';
import type { SectionValue } from '../snapshot/schema.ts';
import { formatQuantity } from '../text/units.ts';
import { groupTopicSeries, type ReadGroups, readGroups, trafficWeight, wasNotAsked } from './consumer-groups.ts';
import { defineKpi } from './kpi.ts';
import { coverageFactor, largest, missingFrom, noData, notApplicable, ONE_LOOK, PROXY, THIN } from './reading.ts';

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
    const metric = metricOf(run);
    if (wasNotAsked(metrics, metric, groups, run)) return noData(`CloudWatch has no ${metric.name} of the groups`);
    const configs = kafkaTopicConfigs.ok ? kafkaTopicConfigs.value : null;
    const seen =
      'ok' in read || !kafkaOffsets.ok
        ? []
        : groupTimeLags(groups, { offsets: kafkaOffsets.value, ends: read.ends, configs });
    const { lags, total } = merged(groups, seen, estimated);
    if (total === 0) return notApplicable('no consumer group has committed an offset');
    const factor = coverageFactor(lags.length / total);
    const counted = lags.map((lag) => ({ ...lag, countedSec: lag.lagSec * objectiveFactor(run, lag.groupId) }));
    const value = weightedQuantile(
      counted.map(({ countedSec, group }) => ({ value: countedSec, weight: trafficWeight(group) })),
      0.9,
    );
    if (value === null || factor === null) {
      return noData(`the time lag of ${total - lags.length} of ${total} groups could not be told from ${looks(read)}`);
    }
    const worst = largest(counted, (lag) => lag.countedSec);
    // One look tells no rates: then all groups weigh alike, whatever is produced for them.
    const weighed = 'ok' in read || read.looks > 1 || groups.length < 2 ? 1 : THIN;
    return {
      state: 'ok',
      value,
      confidence: factor * weighed * Math.min(...lags.map(({ source }) => CONFIDENCE[source])),
      source: sourceOf(lags, total, worst, run),
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

/** What a group's lag is multiplied by: 1 without an objective of its own. */
function objectiveFactor(run: RunContext, groupId: string): number {
  const own = forName(run.objectives.groups, groupId);
  if (own?.maxTimeLagSec === undefined && own?.batchEveryHours === undefined) return 1;
  const curve = curveOf('K16', run.environment, run.goal);
  return curve?.kind === 'log-normal' ? curve.bad / lagTargets(run, groupId).badSec : 1;
}

function sourceOf(lags: readonly GroupLag[], total: number, worst: GroupLag | null, run: RunContext): string {
  const metric = metricOf(run);
  const scaled = lags.filter(({ groupId }) => objectiveFactor(run, groupId) !== 1).length;
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
  const own =
    scaled > 0 ? [`${scaled} groups count against objectives of their own, as a share of what the goal calls bad`] : [];
  return [...parts, known, ...own, ...bothOf(worst)].join('; ');
}

/** Two ways to the same lag that do not agree are both shown. */
function bothOf(worst: GroupLag | null): string[] {
  if (worst === null || (worst.otherwise ?? null) === null) return [];
  const { lagSec, otherwise, source } = worst;
  const least = source === 'at-least' ? 'at least ' : '';
  const [byTime, byLooks] = [lagSec, otherwise!.lagSec].map((seconds) => formatQuantity(seconds, 'durationSec'));
  return [`the worst is ${least}${byTime} behind by timestamps, ${byLooks} by the log ends (${otherwise!.kind})`];
}
