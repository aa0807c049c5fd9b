// What a topic usually takes in: the minutes of one run are not its day, nor its day the week.
import { METRICS } from '../facts/metric-catalogue.ts';
import type { SectionValue } from '../snapshot/schema.ts';
import { since } from './disk-forecast.ts';
import { findHourly, sumByTimestamp, type TrustedSeries, trustedPoints } from './series.ts';
import { sum } from './statistics.ts';
import type { TopicLoad } from './topic-load.ts';
import { isWhole, seriesByTopic } from './topic-peak.ts';

export interface UsualRate {
  bytesPerSec: number;
  /** `week`, `day`: mean of its own metric. `share`: of the cluster's week, as it shares the looks. `looks`: of this run alone. */
  from: 'week' | 'day' | 'share' | 'looks';
}

const HOURS = { day: 24, week: 168 };

/**
 * By topic, by the longest that is known of it; one of which no bytes are known is left out. A series that a broker with traffic lacks
 * makes the sum too small: then it tells nothing.
 */
export function usualRates(
  loads: readonly TopicLoad[],
  metrics: SectionValue<'metrics'> | null,
): Map<string, UsualRate> {
  const hourly = metrics === null ? [] : weekOf(metrics, METRICS.topicBytesIn);
  const ofWeek = Map.groupBy(hourly, ({ dimensions: { Topic = '' } }) => Topic);
  const ofDay = metrics === null ? new Map<string, TrustedSeries[]>() : seriesByTopic(metrics);
  const scale = metrics === null ? null : weekOverLooks(loads, metrics);
  return new Map(
    loads.flatMap((load): [string, UsualRate][] => {
      const { topic, bytesPerSec } = load;
      const meanOf = (series: readonly TrustedSeries[] = []) => (isWhole(series, [load]) ? meanRate(series) : null);
      const [week, day] = [meanOf(ofWeek.get(topic)), meanOf(ofDay.get(topic))];
      if (week !== null) return [[topic, { bytesPerSec: week, from: 'week' }]];
      if (day !== null) return [[topic, { bytesPerSec: day, from: 'day' }]];
      if (bytesPerSec === null) return [];
      return scale === null
        ? [[topic, { bytesPerSec, from: 'looks' }]]
        : [[topic, { bytesPerSec: bytesPerSec * scale, from: 'share' }]];
    }),
  );
}

function weekOf(metrics: SectionValue<'metrics'>, definition: typeof METRICS.bytesIn): TrustedSeries[] {
  return findHourly(metrics, definition).map((hourly) => {
    const series = trustedPoints(hourly, { dropLast: 0 });
    return since(series, series.timeOf(series.values.length - HOURS.week));
  });
}

/** Null for less than a day. A broker or topic without traffic publishes nothing: silence adds nothing. */
function meanRate(series: readonly TrustedSeries[]): number | null {
  const { measured, values, periodSec } = sumByTimestamp(series, { silentAfterSec: 0 });
  return measured.length === 0 || values.length * periodSec < HOURS.day * 3600 * 0.9
    ? null
    : sum(measured) / values.length;
}

/**
 * Mean of the cluster's week over what all topics took in this run; null where a broker or a topic is not known. Of Kafka's own topics,
 * which are compacted, nobody knows the bytes, and they are few.
 */
function weekOverLooks(loads: readonly TopicLoad[], metrics: SectionValue<'metrics'>): number | null {
  const brokers = weekOf(metrics, METRICS.bytesIn);
  const week = isWhole(brokers, loads) ? meanRate(brokers) : null;
  const looks = loads.reduce(
    (total, { bytesPerSec, internal }) => total + (bytesPerSec ?? (internal ? 0 : Number.NaN)),
    0,
  );
  return week !== null && looks > 0 ? week / looks : null;
}
