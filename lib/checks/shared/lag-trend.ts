// The long view on lag: whether CloudWatch's lag of a group and topic has been rising for hours.
import { maxOver } from '../../analysis/coarser.ts';
import { findSeries, latestPoint, type Point, trustedPoints } from '../../analysis/series.ts';
import { mannKendall, theilSenSlope } from '../../analysis/statistics.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import type { CheckThresholds } from '../../policy/thresholds/index.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import type { RunContext } from '../check.ts';

export interface LagTrend {
  groupId: string;
  topic: string;
  latestLag: number;
  /** Null when the lag does not rise, or falls, significantly. */
  rise: { slopePerSec: number; pValue: number } | null;
}

const HOUR_MS = 3_600_000;
/** Minutes of a rising lag repeat each other: as points of their own they would make noise significant. */
export const TREND_PERIOD_SEC = 300;

/** One trend a group and topic that has enough points in the last hours of the window; masked minutes are left out. */
export function lagTrends(
  metrics: SectionValue<'metrics'>,
  thresholds: CheckThresholds['lag-growing'],
  run: RunContext,
): LagTrend[] {
  const sinceMs = run.window.endMs - thresholds.trendHours * HOUR_MS;
  return findSeries(metrics, METRICS.sumOffsetLag).flatMap((series): LagTrend[] => {
    const before = { startMs: 0, endMs: sinceMs, because: 'before the trend' };
    const trusted = maxOver(trustedPoints(series, { masked: [...run.maintenance, before] }), TREND_PERIOD_SEC);
    const latest = latestPoint(trusted);
    // MSK publishes lag only while a group is Stable or Empty: a gap is no zero, and a short series no trend.
    if (latest === null || trusted.coverage * 100 < thresholds.minCoveragePercent) return [];
    const { 'Consumer Group': groupId = '', Topic: topic = '' } = series.dimensions;
    return [{ groupId, topic, latestLag: latest.value, rise: significantRise(trusted.points, thresholds.maxPValue) }];
  });
}

function significantRise(points: readonly Point[], maxPValue: number): LagTrend['rise'] {
  const values = points.map((point) => point.value);
  const { s, pValue } = mannKendall(values);
  if (s <= 0 || pValue >= maxPValue) return null;
  const startMs = points[0]!.atMs;
  const slopePerSec = theilSenSlope(
    points.map((point) => (point.atMs - startMs) / 1000),
    values,
  );
  return slopePerSec === null || slopePerSec <= 0 ? null : { slopePerSec, pValue };
}

export type Growth = LagTrend & { rise: NonNullable<LagTrend['rise']> };

/** A rise that is significant, larger than noise against what is produced, and has left a lag worth judging. */
export function isGrowing(
  trend: LagTrend,
  producePerSec: number | null,
  thresholds: CheckThresholds['lag-growing'],
  run: RunContext,
): trend is Growth {
  if (trend.rise === null) return false;
  const { slopePerSec } = trend.rise;
  const produced = Math.max(0, producePerSec ?? 0);
  if (trend.latestLag <= Math.max(run.lag.allowedMessages, run.lag.allowedSeconds * produced)) return false;
  // Without a produce rate the rise itself must be worth judging.
  if (producePerSec === null) return slopePerSec * thresholds.trendHours * 3600 > run.lag.allowedMessages;
  return slopePerSec > (thresholds.minSlopePercentOfProduceRate / 100) * produced;
}
