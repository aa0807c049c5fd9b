// Groups by topic, with what CloudWatch publishes of them: the unit in which MSK counts lag.
import type { GroupStatus, PartitionStatus } from '../../analysis/consumer-status.ts';
import { findSeries, gapsOf, maxByTimestamp, type TrustedSeries, trustedPoints } from '../../analysis/series.ts';
import { hasLagMetrics } from '../../facts/consumer-groups.ts';
import { METRICS, type MetricDefinition } from '../../facts/metric-catalogue.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { MetricSeries } from '../../snapshot/metrics-section.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import { plural } from '../../text/units.ts';
import type { MaskedInterval, RunContext } from '../check.ts';
import { isThin } from './series.ts';
import { listed } from './wording.ts';

type Metrics = Collected<SectionValue<'metrics'>>;

export interface GroupTopic {
  group: GroupStatus;
  topic: string;
  rows: readonly PartitionStatus[];
}

/** The last answers: half a dozen checks ask about the same 20,000 group partitions, and statuses do not change. */
const answered = new WeakMap<readonly GroupStatus[], readonly GroupTopic[]>();

/** One entry a group and topic for which something is committed, in the order of the groups. */
export function groupTopics(statuses: readonly GroupStatus[]): readonly GroupTopic[] {
  const before = answered.get(statuses);
  if (before !== undefined) return before;
  const pairs = statuses.flatMap((group) =>
    [...Map.groupBy(group.partitions, ({ topic }) => topic)].map(([topic, rows]) => ({ group, topic, rows })),
  );
  answered.set(statuses, pairs);
  return pairs;
}

/** What a finding about a group and topic is called. */
export function pairName({ group, topic }: Pick<GroupTopic, 'group' | 'topic'>): string {
  return `${group.groupId}/${topic}`;
}

/** The estimate of time that there is: Serverless has the time that catching up would take alone. */
export function timeLagMetric({ clusterKind }: RunContext): MetricDefinition {
  return clusterKind === 'serverless' ? METRICS.serverlessTimeLag : METRICS.rollingTimeLag;
}

/** Lag series by group and topic. */
export class PairSeries {
  private readonly byPair: ReadonlyMap<string, MetricSeries>;
  private readonly masked: readonly MaskedInterval[];

  constructor(metrics: Metrics, definition: MetricDefinition, { maintenance }: RunContext) {
    const all = metrics.ok ? findSeries(metrics.value, definition) : [];
    this.byPair = new Map(
      all.map((series) => [keyOf(series.dimensions['Consumer Group'] ?? '', series.dimensions.Topic ?? ''), series]),
    );
    this.masked = maintenance;
  }

  get isEmpty(): boolean {
    return this.byPair.size === 0;
  }

  /** As collected. */
  raw(groupId: string, topic: string): MetricSeries | null {
    return this.byPair.get(keyOf(groupId, topic)) ?? null;
  }

  /** Without the minutes of maintenance. */
  trusted(groupId: string, topic: string): TrustedSeries | null {
    const series = this.raw(groupId, topic);
    return series === null ? null : trustedPoints(series, { masked: this.masked });
  }

  names(): { groupId: string; topic: string }[] {
    return [...this.byPair.keys()].map((key) => {
      const [groupId, topic] = JSON.parse(key) as [string, string];
      return { groupId, topic };
    });
  }

  /** When no group at all had a lag: CloudWatch or a broker was silent, not one group. */
  commonGaps(): MaskedInterval[] {
    const all = [...this.byPair.values()];
    const groups = new Set(all.map(({ dimensions }) => dimensions['Consumer Group']));
    if (groups.size < 2) return [];
    return gapsOf(maxByTimestamp(all.map((series) => trustedPoints(series)))).map(({ startMs, endMs }) => {
      return { startMs, endMs, because: 'no group published its lag' };
    });
  }
}

function keyOf(groupId: string, topic: string): string {
  return JSON.stringify([groupId, topic]);
}

/**
 * Why the hours before are not known of some pairs; null when they are of all that MSK can publish. Outside MSK nobody publishes them:
 * there the question is about now.
 */
export function unseenHours(
  pairs: readonly GroupTopic[],
  series: PairSeries,
  minCoveragePercent: number,
  run: RunContext,
): string | null {
  if (run.clusterKind === 'kafka') return null;
  const unseen = pairs.filter(
    ({ group, topic }) =>
      hasLagMetrics(group.groupId) &&
      hasLagMetrics(topic) &&
      isThin(series.trusted(group.groupId, topic), minCoveragePercent),
  );
  if (unseen.length === 0) return null;
  return `CloudWatch has no usable lag over the window of ${plural(unseen.length, 'group and topic', 'groups and topics')} (${listed(unseen.map(pairName))})`;
}
