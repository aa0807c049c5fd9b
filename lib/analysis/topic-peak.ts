// What a topic takes in at its busiest, by the best that is known of it.
import { METRICS } from '../facts/metric-catalogue.ts';
import type { SectionValue } from '../snapshot/schema.ts';
import { perMinute } from './scales.ts';
import { findSeries, seriesQuantile, sumByTimestamp, type TrustedSeries, trustedPoints } from './series.ts';
import type { TopicLoad } from './topic-load.ts';

export interface TopicPeak {
  bytesPerSec: number;
  /** `series`: p99 of its own metric. `looks`: what it took during this run. `share`: by its messages, as large as the cluster's are at its p99. */
  from: 'series' | 'looks' | 'share';
}

/**
 * By topic; one of which too little is known is left out. Without metrics only the looks tell, and where no sizes do, the size of
 * records of other topics. A series that a broker with traffic lacks makes the sum too small: then it tells nothing.
 */
export function topicPeaks(
  loads: readonly TopicLoad[],
  metrics: SectionValue<'metrics'> | null,
): Map<string, TopicPeak> {
  const own = metrics === null ? new Map<string, TrustedSeries[]>() : seriesByTopic(metrics);
  const perMessage = metrics === null ? bytesPerMessage(loads) : bytesAtPeak(loads, metrics);
  return new Map(
    loads.flatMap((load): [string, TopicPeak][] => {
      const { topic, bytesPerSec, messagesPerSec } = load;
      const series = own.get(topic);
      if (series !== undefined) {
        const measured = isWhole(series, [load]) ? peakOf(series) : null;
        return measured === null
          ? []
          : [[topic, { bytesPerSec: Math.max(measured, bytesPerSec ?? 0), from: 'series' }]];
      }
      if (bytesPerSec !== null) return [[topic, { bytesPerSec, from: 'looks' }]];
      if (perMessage === null || messagesPerSec === null) return [];
      return [[topic, { bytesPerSec: perMessage * messagesPerSec, from: 'share' }]];
    }),
  );
}

/** Mean size of a record over the topics whose bytes are known; null where there is none. */
function bytesPerMessage(loads: readonly TopicLoad[]): number | null {
  const known = loads.filter(({ bytesPerSec, messagesPerSec }) => bytesPerSec !== null && (messagesPerSec ?? 0) > 0);
  const messages = known.reduce((total, { messagesPerSec }) => total + messagesPerSec!, 0);
  return messages > 0 ? known.reduce((total, { bytesPerSec }) => total + bytesPerSec!, 0) / messages : null;
}

/** What the cluster takes at its p99 over the messages that it takes now; null where part of it is not known. */
function bytesAtPeak(loads: readonly TopicLoad[], metrics: SectionValue<'metrics'>): number | null {
  const messages = loads.reduce((total, { messagesPerSec }) => total + (messagesPerSec ?? 0), 0);
  const brokers = findSeries(metrics, METRICS.bytesIn).map((each) => trustedPoints(each));
  const all = brokers.length > 0 ? brokers : [...seriesByTopic(metrics).values()].flat();
  const peak = all.length > 0 && isWhole(all, loads) ? peakOf(all) : null;
  return peak === null || messages <= 0 ? null : peak / messages;
}

export function seriesByTopic(metrics: SectionValue<'metrics'>): Map<string, TrustedSeries[]> {
  const series = [
    ...findSeries(metrics, METRICS.topicBytesIn).map((each) => trustedPoints(each)),
    ...findSeries(metrics, METRICS.serverlessBytesIn).map((each) => perMinute(trustedPoints(each))),
  ];
  return Map.groupBy(series, ({ dimensions: { Topic = '' } }) => Topic);
}

/** Whether every broker that leads a partition with traffic has a series. Serverless has one for all brokers. */
export function isWhole(series: readonly TrustedSeries[], loads: readonly TopicLoad[]): boolean {
  const told = new Set(series.map(({ dimensions }) => dimensions['Broker ID']));
  if (told.has(undefined)) return true;
  const rows = loads.flatMap(({ partitions }) => partitions);
  return rows.every(({ leader, messagesPerSec }) => !((messagesPerSec ?? 0) > 0) || told.has(String(leader)));
}

/** A broker or topic without traffic publishes nothing: silence adds nothing. */
function peakOf(all: readonly TrustedSeries[]): number | null {
  return seriesQuantile(sumByTimestamp(all, { silentAfterSec: 0 }), 0.99);
}
