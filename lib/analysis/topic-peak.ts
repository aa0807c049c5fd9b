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

/** By topic; one of which nothing is known is left out. Without metrics only the looks tell, and records of the others for its own. */
export function topicPeaks(
  loads: readonly TopicLoad[],
  metrics: SectionValue<'metrics'> | null,
): Map<string, TopicPeak> {
  const own = metrics === null ? new Map<string, number>() : ownPeaks(metrics);
  const messages = loads.reduce((total, { messagesPerSec }) => total + (messagesPerSec ?? 0), 0);
  const whole = metrics === null || messages === 0 ? null : clusterPeak(metrics);
  const usualBytes = bytesPerMessage(loads);
  return new Map(
    loads.flatMap(({ topic, bytesPerSec, messagesPerSec }): [string, TopicPeak][] => {
      const measured = own.get(topic);
      if (measured !== undefined)
        return [[topic, { bytesPerSec: Math.max(measured, bytesPerSec ?? 0), from: 'series' }]];
      if (bytesPerSec !== null) return [[topic, { bytesPerSec, from: 'looks' }]];
      const perMessage = whole === null ? usualBytes : whole / messages;
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

function ownPeaks(metrics: SectionValue<'metrics'>): Map<string, number> {
  const series = [
    ...findSeries(metrics, METRICS.topicBytesIn).map((each) => trustedPoints(each)),
    ...findSeries(metrics, METRICS.serverlessBytesIn).map((each) => perMinute(trustedPoints(each))),
  ];
  const byTopic = Map.groupBy(series, ({ dimensions: { Topic = '' } }) => Topic);
  return new Map(
    [...byTopic].flatMap(([topic, all]) => {
      const peak = peakOf(all);
      return peak === null ? [] : [[topic, peak]];
    }),
  );
}

/** A broker or topic without traffic publishes nothing: silence adds nothing. */
function peakOf(all: readonly TrustedSeries[]): number | null {
  return seriesQuantile(sumByTimestamp(all, { silentAfterSec: 0 }), 0.99);
}

function clusterPeak(metrics: SectionValue<'metrics'>): number | null {
  const brokers = findSeries(metrics, METRICS.bytesIn).map((each) => trustedPoints(each));
  if (brokers.length > 0) return peakOf(brokers);
  const topics = findSeries(metrics, METRICS.serverlessBytesIn).map((each) => perMinute(trustedPoints(each)));
  return topics.length > 0 ? peakOf(topics) : null;
}
