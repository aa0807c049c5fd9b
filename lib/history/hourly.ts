// The last weeks of a cluster in hours: what earlier runs have left, what this one adds, and which hours nobody has read yet.
import type { MetricSeries } from '../snapshot/metrics-section.ts';
import { encodeHour, type HourRange, type HourRow, Hours, UNREAD } from './hourly-hours.ts';
import { HOUR_MS, isHistoryMetric, rollUp } from './hourly-rollup.ts';

/** Baselines look back four weeks. */
export const HOURLY_DAYS = 28;
/** CloudWatch delivers points late: an hour is read once its last two periods of five minutes are past (rules D1). */
const SETTLING_MS = 600_000;
/** A schedule's flexible window and a retry may make a run this much later than yesterday's. */
const LATENESS_MS = 1_800_000;

/** What names a series, and its unit. */
export interface SeriesName {
  metric: string;
  statistic: MetricSeries['statistic'];
  unit: string;
  dimensions: Readonly<Record<string, string>>;
}

export interface HourlySeries<Row extends HourRow = Hours> extends SeriesName {
  hours: Row;
}

/** Series by `hourlyKey`. */
export type HourlyHistory = ReadonlyMap<string, HourlySeries>;

/** As in a history; in a list of them a series may stand more than once. */
export type HourlyEntry = readonly [key: string, series: HourlySeries<HourRow>];

/** A baseline needs no more, and a snapshot of 90 brokers is a third as large. */
const SIGNIFICANT_DIGITS = 6;

/** The same for the same metric, statistic and dimensions in any order. */
export function hourlyKey({ metric, statistic, dimensions }: Omit<SeriesName, 'unit'>): string {
  const sorted = Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([metric, statistic, ...sorted.flat()]);
}

/** End of the last hour whose points have all arrived at `nowMs`. */
export function settledHourEnd(nowMs: number): number {
  return Math.floor((nowMs - SETTLING_MS) / HOUR_MS) * HOUR_MS;
}

/** The hours that a history of four weeks holds at `nowMs`. */
export function hourlyWindow(nowMs: number): HourRange {
  const endMs = settledHourEnd(nowMs);
  return { startMs: endMs - HOURLY_DAYS * 24 * HOUR_MS, endMs };
}

/**
 * A report window of at least so many hours that begins with a whole hour, the first one that yesterday's run could not read to its
 * end: from run to run every hour is then read whole, and none has to be asked for again.
 */
export function reportWindow(nowMs: number, hours: number): HourRange {
  const endMs = Math.floor(nowMs / 60_000) * 60_000;
  return { startMs: settledHourEnd(nowMs - LATENESS_MS) - hours * HOUR_MS, endMs };
}

/** Joins histories, oldest first: the newest word on an hour counts, but "no point" never replaces a point. */
export function mergeHourly(histories: Iterable<Iterable<HourlyEntry>>, window: HourRange): Map<string, HourlySeries> {
  const merged = new Map<string, HourlySeries>();
  for (const history of histories) {
    for (const [key, series] of history) {
      const before = merged.get(key);
      const hours = before?.hours ?? new Hours(window);
      hours.add(series.hours);
      if (before?.unit !== series.unit) merged.set(key, { ...series, hours });
    }
  }
  return withoutEmpty(merged);
}

function withoutEmpty(history: Map<string, HourlySeries>): Map<string, HourlySeries> {
  for (const [key, { hours }] of history) if (hours.newestMs() === null) history.delete(key);
  return history;
}

/**
 * Hours of the window that are worth asking CloudWatch for, as few ranges as there are, oldest first. One request answers for all
 * series, so the hours are those of the whole cluster: one that a series of the cluster or of a broker lacks, if the newest hour knows
 * that series (a broker that is gone lacks every hour, and nobody needs them). Series of topics and groups come and go: they gather
 * their past from day to day, and count only where there are no others.
 */
export function missingHours(history: HourlyHistory, window: HourRange): HourRange[] {
  const isKnown = knownHours(history);
  const ranges: HourRange[] = [];
  for (let hour = Math.ceil(window.startMs / HOUR_MS) * HOUR_MS; hour + HOUR_MS <= window.endMs; hour += HOUR_MS) {
    if (isKnown(hour)) continue;
    const last = ranges.at(-1);
    if (last?.endMs === hour) last.endMs = hour + HOUR_MS;
    else ranges.push({ startMs: hour, endMs: hour + HOUR_MS });
  }
  return ranges;
}

function knownHours(history: HourlyHistory): (hour: number) => boolean {
  const all = [...history.values()];
  const lasting = all.filter(({ dimensions }) => !('Topic' in dimensions) && !('Consumer Group' in dimensions));
  if (lasting.length === 0) return (hour) => all.some(({ hours }) => hours.get(hour) !== undefined);
  const newest = lasting.reduce((most, { hours }) => Math.max(hours.newestMs() ?? 0, most), 0);
  const current = lasting.filter(({ hours }) => hours.get(newest) !== undefined);
  return (hour) => current.every(({ hours }) => hours.get(hour) !== undefined);
}

/**
 * What the plan of this run should ask for: the hours of the last four weeks that no run has left, without those that the report window
 * brings along at no cost.
 */
export function hoursToAsk(history: HourlyHistory, nowMs: number, report: HourRange): HourRange[] {
  const { startMs, endMs } = hourlyWindow(nowMs);
  const broughtFromMs = Math.ceil(report.startMs / HOUR_MS) * HOUR_MS;
  return missingHours(history, { startMs, endMs: Math.min(endMs, broughtFromMs) });
}

/**
 * Hourly series as a history, to six significant digits. Of a series whose answer broke off only the points count: its nulls may be
 * points that exist.
 */
export function historyOf(list: readonly MetricSeries[], { startMs, endMs }: HourRange): Map<string, HourlySeries> {
  const hourly = list.filter((each) => each.periodSec === 3600 && each.startMs % HOUR_MS === 0);
  const firstMs = hourly.reduce((first, each) => Math.min(first, each.startMs), endMs);
  return mergeHourly([hourly.map(entryOf)], { startMs: Math.max(startMs, firstMs), endMs });
}

function entryOf(series: MetricSeries): HourlyEntry {
  const { startMs, values, incomplete, metric, statistic, unit, dimensions } = series;
  const name = { metric, statistic, unit, dimensions };
  const without = incomplete === true ? UNREAD : encodeHour(null);
  const hours = {
    startMs,
    values: values.map((value) => (value === null ? without : Number(value.toPrecision(SIGNIFICANT_DIGITS)))),
  };
  return [hourlyKey(name), { ...name, hours }];
}

/** A history as series of a snapshot, each over the whole window; hours that nobody read are null like those without a point. */
export function seriesOfHistory(history: HourlyHistory, { startMs, endMs }: HourRange): MetricSeries[] {
  const count = (endMs - startMs) / HOUR_MS;
  return [...history.values()].map(({ hours, ...name }) => ({
    ...name,
    periodSec: 3600,
    startMs,
    values: Array.from({ length: count }, (_, index) => hours.get(startMs + index * HOUR_MS) ?? null),
  }));
}

export interface TakenUp {
  /** For the snapshot: `sections.metrics.value.hourly`. */
  hourly: MetricSeries[];
  /** For the store: what earlier runs do not have. */
  added: HourlyHistory;
}

/**
 * What this run knows of the last four weeks: the stored hours, those that it asked CloudWatch for, and those that the report window
 * itself gives at no cost.
 *
 * @param metrics the section as collected: `hourly` holds only what was asked for
 * @param takenAtMs when the metrics were read
 */
export function takeUpHourly(
  metrics: { series: readonly MetricSeries[]; hourly?: readonly MetricSeries[] | undefined },
  stored: HourlyHistory,
  takenAtMs: number,
): TakenUp {
  // A clock that is ahead does not make an hour end sooner: the series end at CloudWatch's time.
  const readUntilMs = metrics.series.reduce(
    (end, { startMs, values, periodSec }) => Math.min(end, startMs + values.length * periodSec * 1000),
    takenAtMs,
  );
  const window = hourlyWindow(readUntilMs);
  const wanted = metrics.series.filter(isHistoryMetric);
  const read = historyOf([...(metrics.hourly ?? []), ...rollUp(wanted)], window);
  const all = mergeHourly([stored, read], window);
  return { hourly: seriesOfHistory(all, window), added: withoutStored(read, stored) };
}

/** Takes out of what was read the hours that are stored already. */
function withoutStored(read: Map<string, HourlySeries>, stored: HourlyHistory): HourlyHistory {
  for (const [key, { hours }] of read) {
    for (const [hourMs, value] of hours) {
      const known = stored.get(key)?.hours.get(hourMs);
      if (known !== undefined && (value ?? known) === known) hours.forget(hourMs);
    }
  }
  return withoutEmpty(read);
}
