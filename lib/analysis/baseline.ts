// What is usual at this hour: weekdays and weekends apart, over the last weeks.
import { median, medianDeviation, robustZ } from './statistics.ts';
import type { Point, TrustedSeries } from './trusted-series.ts';

export interface AnomalyRule {
  /** Floor of the spread as a share of the median: a steady load has next to none. */
  madFloorShare: number;
  /** Beyond this robust z... */
  zThreshold: number;
  /** ...and this relative change, 0.2 = 20 %. */
  relThreshold: number;
}

/** What is usual. */
export interface Usual {
  median: number;
  mad: number;
  /** The MAD with the floor under it. */
  madUsed: number;
}

export interface AgainstUsual extends Usual {
  /** Infinite where what is usual never changes. */
  robustZ: number;
  /** 0.5 = half as much again; infinite where the usual value is 0. */
  relChange: number;
  anomaly: boolean;
}

/** Null without history. */
export function usualOf(history: readonly number[], { madFloorShare }: AnomalyRule): Usual | null {
  const centre = median(history);
  if (centre === null) return null;
  const mad = medianDeviation(history)!;
  return { median: centre, mad, madUsed: Math.max(mad, madFloorShare * Math.abs(centre)) };
}

/** Anomalous is what lies far outside the usual spread and is a sizeable change as well. */
export function againstUsual(usual: Usual, value: number, { zThreshold, relThreshold }: AnomalyRule): AgainstUsual {
  const z = robustZ(value, usual.median, usual.madUsed);
  const relChange = value === usual.median ? 0 : (value - usual.median) / Math.abs(usual.median);
  return { ...usual, robustZ: z, relChange, anomaly: Math.abs(z) > zThreshold && Math.abs(relChange) > relThreshold };
}

/** Fewer points do not tell what is usual. */
const LEAST_POINTS = 5;
/** A change is one when it shows in three of the last four periods, on the same side. */
const RECENT = { periods: 4, flagged: 3 };
const HOUR_MS = 3600 * 1000;

const hourOf = (atMs: number) => Math.floor(atMs / HOUR_MS) % 24;
/** The epoch began on a Thursday. */
const isWeekend = (atMs: number) => [2, 3].includes(Math.floor(atMs / (24 * HOUR_MS)) % 7);

/**
 * Values of other days at the hour of a time (UTC): of weekdays or of weekends, as that day is; of all days when those are fewer than
 * five; else all values there are.
 */
export function sameHourHistory(history: readonly Point[], atMs: number): number[] {
  const [hour, weekend] = [hourOf(atMs), isWeekend(atMs)];
  const sameHour = history.filter((point) => hourOf(point.atMs) === hour);
  const sameKind = sameHour.filter((point) => isWeekend(point.atMs) === weekend);
  const chosen = [sameKind, sameHour].find(({ length }) => length >= LEAST_POINTS) ?? history;
  return chosen.map(({ value }) => value);
}

/** Hours that stood out themselves are no part of what is usual. */
function withoutAnomalies(history: readonly number[], rule: AnomalyRule): Usual {
  const usual = usualOf(history, rule)!;
  const unremarkable = history.filter((value) => !againstUsual(usual, value, rule).anomaly);
  return usualOf(unremarkable, rule) ?? usual;
}

export interface RecentPeriod extends AgainstUsual {
  atMs: number;
  value: number;
}

export interface RecentAnomaly {
  /** The latest four, oldest first, without those that were not measured. */
  periods: readonly RecentPeriod[];
  /** Of three of them on the same side; null = as usual. */
  direction: 'above' | 'below' | null;
}

/**
 * Whether the latest four hours differ from the same hours before.
 * Null when fewer than three of the four were measured, or the hours before are too few: not known is not usual.
 * @param series hourly, maintenance masked (`trustedPoints(hourly, { masked, dropLast: 0 })`)
 */
export function recentAnomaly(series: TrustedSeries, rule: AnomalyRule): RecentAnomaly | null {
  const { recent, before } = recentAndBefore(series);
  if (recent.length < RECENT.flagged || before.length < LEAST_POINTS) return null;
  const periods = recent.map(({ atMs, value }) => {
    const usual = withoutAnomalies(sameHourHistory(before, atMs), rule);
    return { atMs, value, ...againstUsual(usual, value, rule) };
  });
  const isAnomalous = (sign: number) =>
    periods.filter(({ anomaly, relChange }) => anomaly && Math.sign(relChange) === sign).length >= RECENT.flagged;
  return { periods, direction: isAnomalous(1) ? 'above' : isAnomalous(-1) ? 'below' : null };
}

/** Whether each of the latest hours was measured on enough other days: else what `recentAnomaly` calls usual is that of any hour. */
export function knowsTheseHours(series: TrustedSeries): boolean {
  const { recent, before } = recentAndBefore(series);
  return recent.every(({ atMs }) => before.filter((each) => hourOf(each.atMs) === hourOf(atMs)).length >= LEAST_POINTS);
}

function recentAndBefore(series: TrustedSeries): { recent: Point[]; before: Point[] } {
  const fromMs = series.timeOf(series.values.length - RECENT.periods);
  return {
    recent: series.points.filter(({ atMs }) => atMs >= fromMs),
    before: series.points.filter(({ atMs }) => atMs < fromMs),
  };
}
