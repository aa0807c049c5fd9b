// Where a slow quantity is going: Theil-Sen line with Sen's band, Mann-Kendall test, days until a limit.
import { kendallVariance, mannKendall, median, theilSenBand } from './statistics.ts';
import type { TrustedSeries } from './trusted-series.ts';

/** A trend without this is chance. */
export const TREND_P_VALUE = 0.05;
const DAY_MS = 24 * 3600 * 1000;

export interface Trend {
  slopePerDay: number;
  /** Sen's 95 % band of the slope. */
  slopeLow: number;
  slopeHigh: number;
  /** Value of the line on day 0. */
  intercept: number;
  /** Value of the line today. */
  level: number;
  mannKendallS: number;
  mannKendallZ: number;
  pValue: number;
}

/**
 * Line through values over days. The level is the line's and not the last value's, which may be the outlier.
 * Null with fewer than two different days.
 * @param today the day the level is of
 */
export function trendOf(days: readonly number[], values: readonly number[], today: number): Trend | null {
  const band = theilSenBand(days, values);
  if (band === null) return null;
  const intercept = median(values.map((value, i) => value - band.slope * days[i]!))!;
  // Values by the day tie by rounding: what the correction would gain is no evidence.
  const { s, z, pValue } = mannKendall(values, kendallVariance(values.length));
  return {
    slopePerDay: band.slope,
    slopeLow: band.low,
    slopeHigh: band.high,
    intercept,
    level: intercept + band.slope * today,
    mannKendallS: s,
    mannKendallZ: z,
    pValue,
  };
}

export function isRising({ slopePerDay, pValue }: Trend): boolean {
  return pValue < TREND_P_VALUE && slopePerDay > 0;
}

/** Days until the line reaches a limit; null = never, 0 = it has. */
export interface DaysUntil {
  mid: number | null;
  /** By the steepest slope of the band: what to plan by. */
  early: number | null;
  late: number | null;
}

export function daysUntil({ level, slopePerDay, slopeLow, slopeHigh }: Trend, limit: number): DaysUntil {
  const at = (slope: number) => (level >= limit ? 0 : slope > 0 ? (limit - level) / slope : null);
  return { mid: at(slopePerDay), early: at(slopeHigh), late: at(slopeLow) };
}

export interface Day {
  /** Days before the end of the series, negative: middle of the hours. */
  day: number;
  /** One a period, from the hour at which the series ends to the same hour a day later; NaN where not measured. */
  values: Float64Array;
}

/** A day with fewer of its periods measured says too little about the whole of it. */
const LEAST_SHARE_OF_DAY = 0.5;

/**
 * A series day by day, oldest first. Days end where the series ends, so that the last one is whole, whatever the hour of the report;
 * those measured less than half are left out.
 */
export function daysOf(series: TrustedSeries): Day[] {
  const perDay = DAY_MS / (series.periodSec * 1000);
  const count = series.values.length;
  const days: Day[] = [];
  for (let back = Math.ceil(count / perDay); back >= 1; back--) {
    const from = count - back * perDay;
    const values = new Float64Array(perDay).fill(Number.NaN);
    values.set(series.values.subarray(Math.max(0, from), from + perDay), Math.max(0, -from));
    if (measured(values).length >= LEAST_SHARE_OF_DAY * perDay) days.push({ day: 0.5 - back, values });
  }
  return days;
}

export function measured(values: Float64Array): Float64Array {
  const kept = new Float64Array(values.length);
  let count = 0;
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i]!)) kept[count++] = values[i]!;
  return kept.subarray(0, count);
}
