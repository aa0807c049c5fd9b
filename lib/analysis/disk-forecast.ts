// When a volume will be full, from its hourly maximum over the last weeks. Also for anything else that fills up slowly (stored bytes,
// connections, partitions), in its own unit.
import { median } from './statistics.ts';
import { type Day, type DaysUntil, daysOf, daysUntil, isRising, measured, type Trend, trendOf } from './trend.ts';
import { TrustedSeries } from './trusted-series.ts';

/** A week: less shows no weekend. */
const LEAST_DAYS = 7;

export interface DiskLimits {
  /** Where the alarm is, e.g. 85 %. */
  threshold: number;
  /** Where it ends, e.g. 100 %. */
  full: number;
  /** Ends of everything that changed what the numbers mean: volumes enlarged, retention changed, replicas moved. */
  changesMs?: readonly number[];
  /** Level at which retention deletes as fast as producers write, in the unit of the series; null when unknown or without end. */
  plateau?: number | null;
}

export type DiskForecast =
  /** Too few days since the last change. */
  | { kind: 'insufficient-history'; days: number; sinceMs: number }
  | { kind: 'no-trend'; trend: Trend; sinceMs: number }
  /** It rises, and stops below the threshold. */
  | { kind: 'levels-off'; trend: Trend; sinceMs: number; plateau: number }
  | { kind: 'growing'; trend: Trend; sinceMs: number; toThreshold: DaysUntil; toFull: DaysUntil };

/**
 * Forecast after the last change point: daily medians without the pattern of the day, a line that outliers do not move, its band, and
 * the plateau. Null without a measured value. Level and days are as of the end of the series.
 * @param series one point an hour, its maximum; of a volume, in percent: after the last enlargement they are percents of one size
 */
export function diskForecast(series: TrustedSeries, limits: DiskLimits): DiskForecast | null {
  const { threshold, full, changesMs = [], plateau = null } = limits;
  const last = series.latest;
  if (last === null) return null;
  const known = changesMs.filter((atMs) => atMs <= last.atMs);
  const after = since(series, Math.max(series.startMs, lastDropMs(series) ?? 0, ...known));
  const sinceMs = after.startMs;
  const days = daysOf(after);
  const trend = trendOf(
    days.map(({ day }) => day),
    plainMedians(days),
    0,
  );
  if (days.length < LEAST_DAYS || trend === null) return { kind: 'insufficient-history', days: days.length, sinceMs };
  if (!isRising(trend)) return { kind: 'no-trend', trend, sinceMs };
  // What lies above its plateau already will not be held back by it.
  if (plateau !== null && trend.level <= plateau && plateau < threshold) {
    return { kind: 'levels-off', trend, sinceMs, plateau };
  }
  return { kind: 'growing', trend, sinceMs, toThreshold: daysUntil(trend, threshold), toFull: daysUntil(trend, full) };
}

/** A level is broken by this share within this many hours: someone made room. */
const DROP = { share: 0.15, hours: 6 };
/** A quiet weekend empties a volume that retains little, and the week fills it again: back within these hours... */
const BACK_WITHIN_HOURS = 96;
/** ...or fallen at the same time of the week before, give or take. */
const WEEK = { hours: 168, toleranceHours: 12 };

/**
 * When the level last fell for good: below 85 % of all that was seen in the day that ended six hours earlier, neither to return within
 * days nor as every week. Held against the low of a whole day, because retention that deletes by the night lowers the level every night.
 */
export function lastDropMs(series: TrustedSeries): number | null {
  const perHour = 3600 / series.periodSec;
  const drops = dropsOf(series);
  const isOfTheWeek = (at: number) =>
    drops.some(({ index }) => Math.abs(at - index - WEEK.hours * perHour) <= WEEK.toleranceHours * perHour);
  const returns = ({ index, from }: Drop) =>
    series.values.subarray(index, index + BACK_WITHIN_HOURS * perHour).some((value) => value >= from);
  const last = drops.findLast((drop) => !isOfTheWeek(drop.index) && !returns(drop));
  return last === undefined ? null : series.timeOf(last.index);
}

interface Drop {
  /** Of the hour of the drop itself. */
  index: number;
  /** The low of the day before. */
  from: number;
}

/** Every fall below 85 % of the day before, oldest first. */
function dropsOf({ values, periodSec }: TrustedSeries): Drop[] {
  const perHour = 3600 / periodSec;
  const back = DROP.hours * perHour;
  const drops: Drop[] = [];
  let isFalling = false;
  for (let index = back; index < values.length; index++) {
    const wasFalling = isFalling;
    isFalling = false;
    // Most hours are told apart by one look back.
    if (values[index]! >= (1 - DROP.share) * values[index - back]!) continue;
    const from = lowest(values.subarray(Math.max(0, index - back - 24 * perHour), index - back + 1));
    isFalling = Number.isFinite(from) && values[index]! < (1 - DROP.share) * from;
    if (isFalling && !wasFalling) drops.push({ index, from });
  }
  return drops;
}

/** Infinite where nothing was measured. */
function lowest(values: Float64Array): number {
  return values.reduce(
    (least, value) => (Number.isNaN(value) ? least : Math.min(least, value)),
    Number.POSITIVE_INFINITY,
  );
}

/** The part of a series from then on. */
export function since(series: TrustedSeries, fromMs: number): TrustedSeries {
  const { dimensions, periodSec, startMs, values, silentSec } = series;
  const skipped = Math.min(values.length, Math.max(0, Math.ceil((fromMs - startMs) / (periodSec * 1000))));
  const rest = values.subarray(skipped);
  return new TrustedSeries({
    dimensions,
    periodSec,
    startMs: startMs + skipped * periodSec * 1000,
    values: rest,
    expected: rest.length,
    silentSec,
  });
}

/**
 * The median of each day, after each hour was freed of what it usually lies above its day: hours that were not measured then move
 * nothing. All days begin at the same hour, so the place in the day is the hour of the day.
 */
function plainMedians(days: readonly Day[]): number[] {
  const levels = days.map(({ values }) => median(measured(values))!);
  const pattern = Float64Array.from(days[0]?.values ?? [], (_, hour) => {
    const above = days.map(({ values }, i) => values[hour]! - levels[i]!).filter((value) => !Number.isNaN(value));
    return median(above) ?? 0;
  });
  return days.map(({ values }) => median(measured(values.map((value, hour) => value - pattern[hour]!)))!);
}

/** What one replica keeps in the long run. */
export interface ReplicaLoad {
  bytesInPerSec: number;
  /** Age of its oldest record (`effectiveRetention`); null = without end, and for a compacted topic. */
  retainedSec: number | null;
  /** `retention.bytes` and what is stored beyond it, or the size of a compacted log; null = no limit. */
  limitBytes: number | null;
}

/** Bytes a broker holds once retention deletes as fast as producers write; null when some replica grows without end. */
export function plateauBytes(replicas: readonly ReplicaLoad[]): number | null {
  let total = 0;
  for (const { bytesInPerSec, retainedSec, limitBytes } of replicas) {
    const byAge =
      bytesInPerSec === 0 ? 0 : retainedSec === null ? Number.POSITIVE_INFINITY : bytesInPerSec * retainedSec;
    total += limitBytes !== null && retainedSec === null ? limitBytes : Math.min(byAge, limitBytes ?? byAge);
  }
  return Number.isFinite(total) ? total : null;
}
