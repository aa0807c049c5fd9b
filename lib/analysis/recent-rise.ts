// How fast a volume has filled of late. A line through weeks sees a jump of the rate too late: what began the day before yesterday is
// full before half of the days have seen it.
import { median, quantile } from './statistics.ts';
import { measured } from './trend.ts';
import type { TrustedSeries } from './trusted-series.ts';

const HOURS = { day: 24, week: 168 };
/** Hours that end the series and are held against the same hours of the days before: no pattern of the day is then growth. */
const COMPARED_HOURS = 12;
/** Both days must have risen by these shares of what is said to be the rate, else it was one load and is over. */
const STEADY = { ofTwoDays: 0.5, ofTheWeek: 0.25 };
/** The same two days of the week before rose by more than this share of it: so begins every week. */
const EVERY_WEEK = 0.5;
/** A single hour is a peak, and no level. */
const LEVEL_QUANTILE = 0.9;

export interface RecentRise {
  perDay: number;
  /** What the rate was seen over. */
  days: 2 | 7;
  /** Of the busy hours of the last day. */
  level: number;
  /** False where the series does not reach to the same days of the week before, so that this may be how every week begins. */
  isUnusual: boolean;
}

/**
 * The rate of the last two days or, where they were uneven or the week before rose alike on the same days, of the last week. Null where
 * the level did not rise on both days, is not higher than in the week before by a day of that rate, or too few hours were measured.
 * @param series one point an hour, its maximum
 */
export function recentRise(series: TrustedSeries): RecentRise | null {
  const [yesterday, before] = [growth(series, HOURS.day), growth(series, HOURS.day, HOURS.day)];
  if (yesterday === null || before === null) return null;
  const isSteady = (perDay: number, share: number) => perDay > 0 && Math.min(yesterday, before) >= share * perDay;
  const level = quantile(hoursOf(series, 0, HOURS.day), LEVEL_QUANTILE)!;
  // Infinitely higher than a week of which nothing was measured.
  const highest = hoursOf(series, 2 * HOURS.day, HOURS.week).reduce(
    (most, value) => Math.max(most, value),
    Number.NEGATIVE_INFINITY,
  );
  const isHigher = (perDay: number) => level - highest >= perDay;
  const ofTwoDays = (yesterday + before) / 2;
  const weekAgo = growth(series, 2 * HOURS.day, HOURS.week);
  if (isSteady(ofTwoDays, STEADY.ofTwoDays) && (weekAgo === null || weekAgo / 2 <= ofTwoDays * EVERY_WEEK))
    return isHigher(ofTwoDays) ? { perDay: ofTwoDays, days: 2, level, isUnusual: weekAgo !== null } : null;
  const week = growth(series, HOURS.week);
  if (week === null || !isSteady(week / 7, STEADY.ofTheWeek) || !isHigher(week / 7)) return null;
  return { perDay: week / 7, days: 7, level, isUnusual: true };
}

/** Median rise over so many hours, as of so many hours before the end; null where fewer than half of the hours can be compared. */
function growth({ values, periodSec }: TrustedSeries, hours: number, endsBefore = 0): number | null {
  const perHour = 3600 / periodSec;
  const end = values.length - endsBefore * perHour;
  const rises: number[] = [];
  for (let i = Math.max(0, end - COMPARED_HOURS * perHour); i < end; i++) {
    const rise = values[i]! - (values[i - hours * perHour] ?? Number.NaN);
    if (!Number.isNaN(rise)) rises.push(rise);
  }
  return rises.length < (COMPARED_HOURS * perHour) / 2 ? null : median(rises);
}

/** What was measured in so many hours that end so many hours before the end. */
function hoursOf({ values, periodSec }: TrustedSeries, endsBefore: number, hours: number): Float64Array {
  const end = Math.max(0, values.length - (endsBefore * 3600) / periodSec);
  return measured(values.subarray(Math.max(0, end - (hours * 3600) / periodSec), end));
}
