// How fast a group reads a topic when it has a backlog, against what is produced: over the window where CloudWatch has what came in, else by
// the looks of this run. A group that is not behind reads as fast as records come, and shows nothing.
import { maxOver } from '../../analysis/coarser.ts';
import type { PartitionStatus } from '../../analysis/consumer-status.ts';
import { observedCatchUp } from '../../analysis/lag-forecast.ts';
import { findSeries, sumByTimestamp, type TrustedSeries, trustedPoints } from '../../analysis/series.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import type { RunContext } from '../check.ts';
import type { GroupTopic, PairSeries } from './group-topics.ts';
import { ratesOf } from './lag-eta.ts';

const BEHIND = ['FALLING_BEHIND', 'BEHIND_STEADY', 'DRAINING'];
type Metrics = Collected<SectionValue<'metrics'>>;

export interface GroupSpeed {
  pair: GroupTopic;
  /** Partitions that it was seen on. */
  rows: readonly PartitionStatus[];
  consumeMaxPerSec: number;
  producePerSec: number;
  /** The first over the second. */
  ratio: number;
  from: 'window' | 'looks';
}

/**
 * One entry a pair that was seen with a backlog while something was produced.
 * @param lag series of SumOffsetLag
 * @param lastLookMs null without looks
 */
export function groupSpeeds(
  pairs: readonly GroupTopic[],
  { lag, metrics, lastLookMs }: { lag: PairSeries; metrics: Metrics; lastLookMs: number | null },
  run: RunContext,
): GroupSpeed[] {
  return pairs.flatMap((pair) => {
    const speed = ofWindow(pair, lag, metrics, run) ?? ofLooks(pair, lastLookMs);
    if (speed === null || speed.producePerSec <= 0 || speed.consumeMaxPerSec <= 0) return [];
    return [{ ...speed, pair, ratio: speed.consumeMaxPerSec / speed.producePerSec }];
  });
}

/** In messages: up to here a pair counts as caught up. */
export function allowedLag({ rows }: GroupTopic, { lag }: RunContext): number {
  return Math.max(lag.allowedMessages, lag.allowedSeconds * Math.max(0, ratesOf(rows).producePerSec ?? 0));
}

type Speed = Omit<GroupSpeed, 'pair' | 'ratio'>;

/** Now: the partitions that are behind and move, to the last look; the rest of the topic holds nobody up. */
function ofLooks(pair: GroupTopic, lastLookMs: number | null): Speed | null {
  const rows = pair.rows.filter(
    ({ status, lastProgressMs }) => BEHIND.includes(status) && lastProgressMs !== null && lastProgressMs === lastLookMs,
  );
  const { consumePerSec, producePerSec } = ratesOf(rows);
  if (consumePerSec === null || producePerSec === null) return null;
  return { rows, consumeMaxPerSec: consumePerSec, producePerSec, from: 'looks' };
}

function ofWindow(pair: GroupTopic, series: PairSeries, metrics: Metrics, run: RunContext): Speed | null {
  const lag = series.trusted(pair.group.groupId, pair.topic);
  const produced = producedFor(pair.topic, metrics, run);
  if (lag === null || produced === null) return null;
  const observed = observedCatchUp(maxOver(lag, produced.periodSec), produced, allowedLag(pair, run));
  if (observed === null) return null;
  const { consumeMaxPerSec, produceP95PerSec: producePerSec } = observed;
  return { rows: pair.rows, consumeMaxPerSec, producePerSec, from: 'window' };
}

function producedFor(topic: string, metrics: Metrics, run: RunContext): TrustedSeries | null {
  if (!metrics.ok) return null;
  const byBroker = findSeries(metrics.value, METRICS.topicMessagesIn, { Topic: topic });
  if (byBroker.length === 0) return null;
  return sumByTimestamp(byBroker.map((series) => trustedPoints(series, { masked: run.maintenance })));
}
