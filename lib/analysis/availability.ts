// Minutes in which a cluster could not serve everyone, over the minutes that were seen.
import type { MaskedInterval } from '../checks/check.ts';
import type { TrustedSeries } from './trusted-series.ts';

export interface DownCounts {
  observedMinutes: number;
  noControllerMinutes: number;
  offlinePartitionMinutes: number;
  /** Minutes that are in both of the above. */
  overlapMinutes: number;
  /** Of the observed ones. */
  maintenanceMinutes: number;
  downMinutesInsideMaintenance: number;
}

export interface Availability {
  downMinutes: number;
  /** 0..1; null when nothing was observed. */
  availabilityAll: number | null;
  /** Without maintenance on either side. */
  availabilityExMaintenance: number | null;
}

export function availability(counts: DownCounts): Availability {
  const downMinutes = counts.noControllerMinutes + counts.offlinePartitionMinutes - counts.overlapMinutes;
  return {
    downMinutes,
    availabilityAll: shareUp(downMinutes, counts.observedMinutes),
    availabilityExMaintenance: shareUp(
      downMinutes - counts.downMinutesInsideMaintenance,
      counts.observedMinutes - counts.maintenanceMinutes,
    ),
  };
}

function shareUp(down: number, observed: number): number | null {
  return observed > 0 ? 1 - down / observed : null;
}

/** One sign of being down, e.g. no active controller or offline partitions. All series of one period, not masked. */
export interface DownSign {
  series: TrustedSeries;
  isDown: (value: number) => boolean;
}

export interface ObservedAvailability extends Availability {
  observedMinutes: number;
  maintenanceMinutes: number;
  downMinutesInsideMaintenance: number;
}

/**
 * A minute is down when any sign says so, up when all were measured and none does, and else not observed: half a view proves nothing.
 * Null without a sign.
 */
export function availabilityOf(
  signs: readonly DownSign[],
  masked: readonly MaskedInterval[],
): ObservedAvailability | null {
  const first = signs[0];
  if (first === undefined) return null;
  const periodMs = first.series.periodSec * 1000;
  const startMs = Math.min(...signs.map(({ series }) => series.startMs));
  const endMs = Math.max(...signs.map(({ series }) => series.timeOf(series.values.length)));
  const total = { observed: 0, down: 0, maintenance: 0, downInside: 0 };
  for (let atMs = startMs; atMs < endMs; atMs += periodMs) {
    const isDown = signs.some(({ series, isDown: holds }) => holds(valueAt(series, atMs)));
    if (!isDown && signs.some(({ series }) => Number.isNaN(valueAt(series, atMs)))) continue;
    const isMasked = masked.some((mask) => mask.startMs < atMs + periodMs && mask.endMs > atMs);
    total.observed += 1;
    if (isDown) total.down += 1;
    if (isMasked) total.maintenance += 1;
    if (isDown && isMasked) total.downInside += 1;
  }
  const minutes = (periods: number) => (periods * periodMs) / 60_000;
  const counts = {
    observedMinutes: minutes(total.observed),
    maintenanceMinutes: minutes(total.maintenance),
    downMinutesInsideMaintenance: minutes(total.downInside),
  };
  const down = { noControllerMinutes: minutes(total.down), offlinePartitionMinutes: 0, overlapMinutes: 0 };
  return { ...counts, ...availability({ ...counts, ...down }) };
}

/** NaN where the series has no value, which no comparison holds for. */
function valueAt(series: TrustedSeries, atMs: number): number {
  return series.values[(atMs - series.startMs) / (series.periodSec * 1000)] ?? Number.NaN;
}
