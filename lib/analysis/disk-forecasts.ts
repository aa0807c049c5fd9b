// When each broker's volume reaches the alarm line (K29), from its hours of the last weeks since it was last enlarged.
import { METRICS } from '../facts/metric-catalogue.ts';
import type { Collected } from '../snapshot/collected.ts';
import type { SectionValue } from '../snapshot/schema.ts';
import { brokerPlateaus } from './broker-plateaus.ts';
import { type DiskForecast, diskForecast, since } from './disk-forecast.ts';
import { type RecentRise, recentRise } from './recent-rise.ts';
import { findHourly, trustedPoints } from './series.ts';
import type { LoadInputs } from './topic-load.ts';
import { TREND_P_VALUE } from './trend.ts';

export interface BrokerForecast {
  brokerId: string;
  forecast: DiskForecast;
  /** Percent in the latest hour. */
  nowPercent: number;
  /** Days until the threshold by the steepest slope of the band; null = never as far as it shows, or not known. */
  earlyDays: number | null;
  /** Where the rate of the last days is steeper than the band, and reaches the threshold soon. */
  recent: RecentForecast | null;
  /** The sooner of the two. */
  soonestDays: number | null;
}

/** Over the steep edge of the band: less is what the line through the weeks says already. */
const STEEPER = 1.25;

export interface RecentForecast extends RecentRise {
  toThreshold: number;
  toFull: number;
}

/** Percent at which retention holds a broker's volume; null when unknown. */
export type PlateauOf = (brokerId: string) => number | null;

export interface ForecastOptions {
  plateauOf?: PlateauOf;
  /** Asks for the rate of the last days as well, which tells nothing of what lies further ahead than these days. */
  recent?: { withinDays: number; plateauOf: PlateauOf };
}

/** One row a broker with an hourly series, the earliest first. Maintenance counts: what fills a volume fills it. */
export function diskForecasts(
  metrics: SectionValue<'metrics'>,
  operations: Collected<SectionValue<'operations'>>,
  thresholdPercent: number,
  { plateauOf = () => null, recent: asked }: ForecastOptions = {},
): BrokerForecast[] {
  const changesMs = (operations.ok ? operations.value : []).flatMap(({ type, endMs }) =>
    /STORAGE/.test(type) && endMs !== null ? [endMs] : [],
  );
  const rows = findHourly(metrics, METRICS.diskUsed).flatMap((series): BrokerForecast[] => {
    const brokerId = series.dimensions['Broker ID'] ?? '';
    const trusted = trustedPoints(series, { dropLast: 0 });
    const plateau = plateauOf(brokerId);
    const forecast = diskForecast(trusted, { threshold: thresholdPercent, full: 100, changesMs, plateau });
    if (forecast === null || trusted.latest === null) return [];
    const earlyDays = forecast.kind === 'growing' ? forecast.toThreshold.early : null;
    const rise = asked === undefined ? null : recentRise(since(trusted, forecast.sinceMs));
    const isSteeper =
      rise !== null && (!('trend' in forecast) || rise.perDay >= STEEPER * Math.max(0, forecast.trend.slopeHigh));
    const ahead = isSteeper ? reckon(rise, thresholdPercent, asked!.plateauOf(brokerId)) : null;
    const isSooner =
      ahead !== null && ahead.toThreshold < Math.min(asked!.withinDays, earlyDays ?? Number.POSITIVE_INFINITY);
    const recent = isSooner ? ahead : null;
    return [
      {
        brokerId,
        forecast,
        nowPercent: trusted.latest.value,
        earlyDays,
        recent,
        soonestDays: recent?.toThreshold ?? earlyDays,
      },
    ];
  });
  const days = ({ soonestDays }: BrokerForecast) => soonestDays ?? Number.POSITIVE_INFINITY;
  return rows.sort((a, b) => (days(a) === days(b) ? 0 : days(a) - days(b)));
}

/** Hours that tell what retention would hold at the rate of the last days. */
const LATE_HOURS = 48;

/** The forecasts with all that is known of retention, and the percent at which it holds each volume by broker id. */
export function volumeForecasts(
  { metrics, operations, cluster, ...loads }: VolumeInputs,
  { thresholdPercent, highDays }: { thresholdPercent: number; highDays: number },
  takenAtMs: number,
): { all: BrokerForecast[]; plateaus: ReadonlyMap<string, number> | null } {
  const plateaus = brokerPlateaus(metrics, cluster, loads, takenAtMs);
  let late: ReadonlyMap<string, number> | null | undefined;
  const latePlateauOf = (brokerId: string) => {
    late ??= brokerPlateaus(metrics, cluster, loads, takenAtMs, LATE_HOURS);
    return late?.get(brokerId) ?? null;
  };
  const all = diskForecasts(metrics, operations, thresholdPercent, {
    plateauOf: (brokerId) => plateaus?.get(brokerId) ?? null,
    recent: { withinDays: highDays, plateauOf: latePlateauOf },
  });
  return { all, plateaus };
}

/** Percent that the fullest volume will reach: in `mediumDays` by the steep edge of the band; by the rate of days alone, in `highDays`. */
export function levelAhead(
  forecasts: readonly BrokerForecast[],
  { highDays, mediumDays }: { highDays: number; mediumDays: number },
): number {
  const levels = forecasts.flatMap(({ forecast, nowPercent, recent }) => [
    nowPercent,
    forecast.kind === 'growing' ? forecast.trend.level + mediumDays * forecast.trend.slopeHigh : 0,
    recent === null ? 0 : recent.level + highDays * recent.perDay,
  ]);
  return Math.max(0, ...levels);
}

export interface VolumeInputs extends LoadInputs {
  readonly metrics: SectionValue<'metrics'>;
  readonly operations: Collected<SectionValue<'operations'>>;
  readonly cluster: Collected<SectionValue<'cluster'>>;
}

/** Null where retention will hold the level before the threshold. */
function reckon(rise: RecentRise, threshold: number, plateau: number | null): RecentForecast | null {
  if (plateau !== null && rise.level <= plateau && plateau < threshold) return null;
  const until = (percent: number) => Math.max(0, percent - rise.level) / rise.perDay;
  return { ...rise, toThreshold: until(threshold), toFull: until(100) };
}

const grown = new WeakMap<SectionValue<'metrics'>, ReadonlyMap<string, number>>();

/** Percent points a day of each volume that has a history, 0 without a significant rise or fall. Sections do not change. */
export function diskGrowth(
  metrics: SectionValue<'metrics'>,
  operations: Collected<SectionValue<'operations'>>,
): ReadonlyMap<string, number> {
  const before = grown.get(metrics);
  if (before !== undefined) return before;
  const growth = new Map(
    diskForecasts(metrics, operations, 100).flatMap(({ brokerId, forecast }) =>
      'trend' in forecast
        ? [[brokerId, forecast.trend.pValue < TREND_P_VALUE ? forecast.trend.slopePerDay : 0] as const]
        : [],
    ),
  );
  grown.set(metrics, growth);
  return growth;
}
