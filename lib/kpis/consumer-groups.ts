// Consumer groups as the consumer KPIs need them: judged once by the shared rules, weighted by what is produced for them.
import { type GroupStatus, groupStatuses } from '../analysis/consumer-status.ts';
import { type LogEnds, logEnds } from '../analysis/produce-rates.ts';
import { findSeries, type TrustedSeries, trustedPoints } from '../analysis/series.ts';
import type { Inputs, RunContext } from '../checks/check.ts';
import { hasLagMetrics } from '../facts/consumer-groups.ts';
import type { MetricDefinition } from '../facts/metric-catalogue.ts';
import type { Missing } from '../snapshot/collected.ts';
import type { SectionValue } from '../snapshot/schema.ts';
import { shouldTell } from './reading.ts';

type GroupInputs = Inputs<never, 'kafkaGroups' | 'kafkaOffsets' | 'kafkaSamples'>;

export interface ReadGroups {
  groups: readonly GroupStatus[];
  ends: LogEnds;
  looks: number;
}

/** All groups with their status, or the section without which there is none. */
export function readGroups(inputs: GroupInputs, run: RunContext): ReadGroups | Missing {
  const { kafkaGroups, kafkaOffsets, kafkaSamples } = inputs;
  if (!kafkaGroups.ok) return kafkaGroups;
  if (!kafkaOffsets.ok) return kafkaOffsets;
  const samples = kafkaSamples.ok ? kafkaSamples.value : null;
  return {
    groups: groupStatuses({
      groups: kafkaGroups.value,
      offsets: kafkaOffsets.value,
      samples,
      lag: run.lag,
      takenAtMs: run.takenAtMs,
    }),
    ends: logEnds(kafkaOffsets.value, samples, run.takenAtMs),
    looks: Math.max(1, samples?.length ?? 0),
  };
}

/** Traffic weight of a group: messages a second produced for it, plus one so that an idle group still counts. */
export function trafficWeight(group: GroupStatus | undefined): number {
  return 1 + Math.max(0, group?.produceRatePerSec ?? 0);
}

/**
 * Whether CloudWatch should have the lag of these groups and was not asked for it: a pair that is asked for has a series, if only one
 * without points. What the window shows of them is then not known, and one look does not stand in for it.
 */
export function wasNotAsked(
  metrics: Inputs<never, 'metrics'>['metrics'],
  definition: MetricDefinition,
  groups: readonly GroupStatus[],
  run: RunContext,
): boolean {
  const isNameable = ({ groupId, topics }: GroupStatus) =>
    hasLagMetrics(groupId) && topics.some(({ topic }) => hasLagMetrics(topic));
  return (
    metrics.ok &&
    shouldTell(metrics, definition, run) &&
    findSeries(metrics.value, definition).length === 0 &&
    groups.some(isNameable)
  );
}

export interface GroupTopicSeries {
  groupId: string;
  topic: string;
  series: TrustedSeries;
}

/**
 * Lag series of CloudWatch by group and topic. They are published only while a group is stable or empty, so a short one
 * is normal; one with less than a fifth of its points is left out.
 */
export function groupTopicSeries(metrics: SectionValue<'metrics'>, definition: MetricDefinition): GroupTopicSeries[] {
  return findSeries(metrics, definition)
    .map((series) => ({
      groupId: series.dimensions['Consumer Group']!,
      topic: series.dimensions.Topic!,
      series: trustedPoints(series),
    }))
    .filter(({ series }) => series.coverage >= 0.2);
}
