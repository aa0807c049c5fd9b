// Peaks and growth of a load. Of several brokers, sum first (`sumByTimestamp`): percentiles of a sum are not sums of percentiles.
import { mean, quantile } from './statistics.ts';
import { daysOf, measured, type Trend, trendOf } from './trend.ts';
import type { TrustedSeries } from './trusted-series.ts';

export interface LoadProfile {
  mean: number;
  p50: number;
  p95: number;
  p99: number;
  max: number;
  /** Largest period over the mean; null without load. */
  peakToMean: number | null;
}

/** Null without a measured value. */
export function loadProfile(series: TrustedSeries): LoadProfile | null {
  const values = series.measured;
  const average = mean(values);
  if (average === null) return null;
  const at = (q: number) => series.quantile(q)!;
  const max = at(1);
  return {
    mean: average,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    max,
    peakToMean: average > 0 ? max / average : null,
  };
}

/**
 * Largest minute over the mean of its five minutes, worst of the window: what five-minute averages hide. Null when no minute lies in a
 * measured longer period, or nothing flows.
 */
export function burstRatio(minutes: TrustedSeries, fiveMinutes: TrustedSeries): number | null {
  let worst: number | null = null;
  for (const { atMs, value } of minutes.points) {
    const around = fiveMinutes.values[Math.floor((atMs - fiveMinutes.startMs) / (fiveMinutes.periodSec * 1000))];
    if (around === undefined || Number.isNaN(around) || around <= 0) continue;
    worst = Math.max(worst ?? 0, value / around);
  }
  return worst;
}

/** Trend of the daily 95th percentile, a day at a time up to the end of the series; null with fewer than two days. */
export function growthOf(series: TrustedSeries): Trend | null {
  const days = daysOf(series);
  return trendOf(
    days.map(({ day }) => day),
    days.map(({ values }) => quantile(measured(values), 0.95)!),
    0,
  );
}

/**
 * How far replication is from what the producers' bytes ask for, (RF - 1) copies of each: 0.25 = a quarter more. Far off in either
 * direction, replicas are being moved or caught up, and the time is no baseline. Null where no replication is due.
 */
export function replicationExcess(
  bytesInPerSec: number,
  replicationBytesInPerSec: number,
  replicationFactor: number,
): number | null {
  const due = bytesInPerSec * (replicationFactor - 1);
  return due > 0 ? replicationBytesInPerSec / due - 1 : null;
}
