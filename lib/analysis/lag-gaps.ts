// Rebalances, seen in the gaps of a lag series: MSK publishes the lag of a group only while the group is stable or empty.
// Source: docs.aws.amazon.com/msk/latest/developerguide/consumer-lag.html.
import type { MaskedInterval } from '../checks/check.ts';
import type { MetricSeries } from '../snapshot/metrics-section.ts';
import { gapsOf, type Run, trustedPoints } from './series.ts';

export interface PresentMinutes {
  expectedMinutes: number;
  presentMinutes: number;
  maintenanceMinutes: number;
  presentDuringMaintenance: number;
}

export interface GapShares {
  /** Share of the minutes outside maintenance in which the series is missing, 0..1; null when there are none. */
  gapShare: number | null;
  /** The same over all minutes. */
  gapShareUnmasked: number | null;
}

export function gapShares(minutes: PresentMinutes): GapShares {
  const { expectedMinutes, presentMinutes, maintenanceMinutes, presentDuringMaintenance } = minutes;
  const present = presentMinutes - presentDuringMaintenance;
  return {
    gapShare: missingShare(expectedMinutes - maintenanceMinutes, present),
    gapShareUnmasked: missingShare(expectedMinutes, presentMinutes),
  };
}

function missingShare(expected: number, present: number): number | null {
  return expected > 0 ? Math.max(0, (expected - present) / expected) : null;
}

export interface LagGaps extends PresentMinutes, GapShares {
  /** Outside maintenance, oldest first. */
  gaps: readonly Run[];
}

/** Less says nothing about how steady a group is. */
const LEAST_HOURS = 6;

/**
 * Gaps of one group's series between its first and its last point: before and after, the group may not have been there.
 * Null when that is less than six hours.
 */
export function lagGaps(series: MetricSeries, masked: readonly MaskedInterval[]): LagGaps | null {
  const { points, periodSec } = trustedPoints(series);
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return null;
  const endMs = last.atMs + periodSec * 1000;
  if (endMs - first.atMs < LEAST_HOURS * 3600_000) return null;
  const inMinutes = (periods: number) => (periods * periodSec) / 60;
  const isMasked = (atMs: number) => masked.some((mask) => mask.startMs < atMs + periodSec * 1000 && mask.endMs > atMs);
  let maintenance = 0;
  for (let atMs = first.atMs; atMs < endMs; atMs += periodSec * 1000) if (isMasked(atMs)) maintenance += 1;
  const minutes = {
    expectedMinutes: (endMs - first.atMs) / 60_000,
    presentMinutes: inMinutes(points.length),
    maintenanceMinutes: inMinutes(maintenance),
    presentDuringMaintenance: inMinutes(points.filter(({ atMs }) => isMasked(atMs)).length),
  };
  const gaps = gapsOf(trustedPoints(series), masked).filter((gap) => gap.startMs > first.atMs && gap.endMs < endMs);
  return { ...minutes, ...gapShares(minutes), gaps };
}
