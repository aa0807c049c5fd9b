// When each broker's volume reaches the alarm line (K29), from its hours of the last weeks since it was last enlarged.
import { METRICS } from '../facts/metric-catalogue.ts';
import type { Collected } from '../snapshot/collected.ts';
import type { SectionValue } from '../snapshot/schema.ts';
import { type DiskForecast, diskForecast } from './disk-forecast.ts';
import { findHourly, trustedPoints } from './series.ts';
import { TREND_P_VALUE } from './trend.ts';

export interface BrokerForecast {
  brokerId: string;
  forecast: DiskForecast;
  /** Percent in the latest hour. */
  nowPercent: number;
  /** Days until the threshold by the steepest slope of the band; null = never as far as it shows, or not known. */
  earlyDays: number | null;
}

/**
 * One row a broker with an hourly series, the earliest first. Maintenance counts: what fills a volume fills it.
 * @param plateauOf percent at which retention holds a broker's volume; null when unknown
 */
export function diskForecasts(
  metrics: SectionValue<'metrics'>,
  operations: Collected<SectionValue<'operations'>>,
  thresholdPercent: number,
  plateauOf: (brokerId: string) => number | null = () => null,
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
    return [{ brokerId, forecast, nowPercent: trusted.latest.value, earlyDays }];
  });
  return rows.sort((a, b) => (a.earlyDays ?? Number.POSITIVE_INFINITY) - (b.earlyDays ?? Number.POSITIVE_INFINITY));
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
