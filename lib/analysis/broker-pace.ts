// How fast each broker answers producers, against its own weeks and against the other brokers, also for each MiB that it takes in. After the
// slow-broker finder of Cruise Control (https://github.com/linkedin/cruise-control, SlowBrokerFinder).
import type { MaskedInterval } from '../checks/check.ts';
import { METRICS } from '../facts/metric-catalogue.ts';
import type { SectionValue } from '../snapshot/schema.ts';
import { mapped } from './scales.ts';
import { findHourly, type TrustedSeries, trustedPoints } from './series.ts';
import { median } from './statistics.ts';
import { MIB } from './throughput-limits.ts';

export interface PaceLimits {
  /** Times its own 90th percentile. */
  overHistory: number;
  /** Times the median of the others. */
  overPeers: number;
  ofWindows: number;
  minMiBPerSec: number;
  minMs: number;
  minHistoryHours: number;
}

export interface BrokerPace {
  id: string;
  /** Enough of the latest windows were measured to speak of the broker. */
  isSeen: boolean;
  /** Latest windows with enough traffic. */
  windows: readonly number[];
  slowWindows: number;
  nowMs: number;
  /** Median of the other brokers over the same windows. */
  peersMs: number;
  /** 90th percentile of its hours; null without enough of them. */
  usualMs: number | null;
}

/** One row a broker with produce times; a window is slow only when all four comparisons say so. */
export function brokerPaces(
  times: ReadonlyMap<string, TrustedSeries>,
  bytes: ReadonlyMap<string, TrustedSeries>,
  metrics: SectionValue<'metrics'>,
  thresholds: PaceLimits,
  masked: readonly MaskedInterval[],
): BrokerPace[] {
  const ids = [...times.keys()];
  const perMiB = (id: string, atMs: number) => {
    const time = times.get(id)?.at(atMs) ?? Number.NaN;
    const moved = bytes.get(id)?.at(atMs) ?? Number.NaN;
    const isKnown = !Number.isNaN(time) && moved >= thresholds.minMiBPerSec * MIB;
    return isKnown ? { ms: time, perMiB: time / (moved / MIB) } : null;
  };
  return ids.map((id) => {
    const latest = latestTimes(times.get(id)!, thresholds.ofWindows);
    const usual = historyOf(metrics, id, thresholds, masked);
    const windows: { ms: number; peersMs: number; isSlow: boolean }[] = [];
    for (const atMs of latest) {
      const mine = perMiB(id, atMs);
      const peers = ids.flatMap((other) => (other === id ? [] : (perMiB(other, atMs) ?? [])));
      if (mine === null || peers.length < 2) continue;
      const peersMs = median(peers.map((peer) => peer.ms))!;
      const isSlow =
        mine.ms > thresholds.minMs &&
        mine.ms > thresholds.overPeers * peersMs &&
        mine.perMiB > thresholds.overPeers * median(peers.map((peer) => peer.perMiB))! &&
        usual !== null &&
        mine.ms > thresholds.overHistory * usual.ms &&
        mine.perMiB > thresholds.overHistory * usual.perMiB;
      windows.push({ ms: mine.ms, peersMs, isSlow });
    }
    return {
      id,
      isSeen: latest.length >= thresholds.ofWindows && (bytes.get(id)?.count ?? 0) > 0,
      windows: windows.map((window) => window.ms),
      slowWindows: windows.filter(({ isSlow }) => isSlow).length,
      nowMs: median(windows.map((window) => window.ms)) ?? 0,
      peersMs: median(windows.map((window) => window.peersMs)) ?? 0,
      usualMs: usual?.ms ?? null,
    };
  });
}

/** The broker's own 90th percentiles over the weeks before; null without enough hours. */
function historyOf(
  metrics: SectionValue<'metrics'>,
  id: string,
  { minHistoryHours }: PaceLimits,
  masked: readonly MaskedInterval[],
) {
  const [time, moved] = [METRICS.produceTotalTimeMean, METRICS.bytesIn].map((definition) => {
    const series = findHourly(metrics, definition, { 'Broker ID': id })[0];
    return series === undefined ? null : trustedPoints(series, { masked, dropLast: 0 });
  });
  if (!time || time.count < minHistoryHours) return null;
  const perMiB = mapped(time, (value, i) => {
    const rate = moved?.at(time.timeOf(i)) ?? 0;
    return rate > 0 ? value / (rate / MIB) : Number.NaN;
  });
  const [ms, msPerMiB] = [time, perMiB].map((series) => series.quantile(0.9));
  return typeof ms === 'number' && typeof msPerMiB === 'number' ? { ms, perMiB: msPerMiB } : null;
}

/** Times of the latest measured periods, newest first. */
function latestTimes(series: TrustedSeries, count: number): number[] {
  const times: number[] = [];
  const { values } = series;
  for (let i = values.length - 1; i >= 0 && times.length < count; i--) {
    if (!Number.isNaN(values[i]!)) times.push(series.timeOf(i));
  }
  return times;
}
