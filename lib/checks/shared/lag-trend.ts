// The long view on lag: whether CloudWatch's lag of a group and topic has been rising for hours.
import { findSeries, latestPoint, trustedPoints } from '../../analysis/series.ts';
import { mannKendall, theilSen } from '../../analysis/statistics.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import type { CheckThresholds } from '../../policy/thresholds.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import type { RunContext } from '../check.ts';

export interface LagTrend {
  groupId: string;
  topic: string;
  latestLag: number;
  slopePerSec: number;
  pValue: number;
}

const HOUR_MS = 3_600_000;

/** One trend a group and topic that has enough points in the last hours of the window; masked minutes are left out. */
export function lagTrends(
  metrics: SectionValue<'metrics'>,
  thresholds: CheckThresholds['lag-growing'],
  run: RunContext,
): LagTrend[] {
  const sinceMs = run.window.endMs - thresholds.trendHours * HOUR_MS;
  return findSeries(metrics, METRICS.sumOffsetLag).flatMap((series): LagTrend[] => {
    const before = { startMs: 0, endMs: sinceMs, because: 'before the trend' };
    const trusted = trustedPoints(series, { masked: [...run.maintenance, before] });
    const latest = latestPoint(trusted);
    // MSK publishes lag only while a group is Stable or Empty: a gap is no zero, and a short series no trend.
    if (latest === null || trusted.coverage * 100 < thresholds.minCoveragePercent) return [];
    const values = trusted.points.map((point) => point.value);
    const line = theilSen(
      trusted.points.map((point) => (point.atMs - sinceMs) / 1000),
      values,
    );
    if (line === null) return [];
    const { 'Consumer Group': groupId = '', Topic: topic = '' } = series.dimensions;
    return [{ groupId, topic, latestLag: latest.value, slopePerSec: line.slope, pValue: mannKendall(values).pValue }];
  });
}

/** A rise that is significant, larger than noise against what is produced, and has left a lag worth judging. */
export function isGrowing(
  trend: LagTrend,
  producePerSec: number | null,
  thresholds: CheckThresholds['lag-growing'],
  run: RunContext,
): boolean {
  if (trend.pValue >= thresholds.maxPValue || trend.slopePerSec <= 0) return false;
  const produced = Math.max(0, producePerSec ?? 0);
  if (trend.latestLag <= Math.max(run.lag.allowedMessages, run.lag.allowedSeconds * produced)) return false;
  // Without a produce rate the rise itself must be worth judging.
  if (producePerSec === null) return trend.slopePerSec * thresholds.trendHours * 3600 > run.lag.allowedMessages;
  return trend.slopePerSec > (thresholds.minSlopePercentOfProduceRate / 100) * produced;
}
