// How long brokers wait for followers before they answer a produce request. Only acks=all waits: a mean near nothing is acks=0 or 1.
// CloudWatch has no remote time; it is what the other phases leave of the total. Source: kafka.apache.org/documentation/#monitoring.
import { METRICS } from '../facts/metric-catalogue.ts';
import type { ReadBrokers } from './request-times.ts';
import { mapped } from './scales.ts';
import { sumByTimestamp, type TrustedSeries } from './series.ts';
import { mean } from './statistics.ts';

const PARTS = [
  METRICS.produceRequestQueueTimeMean,
  METRICS.produceLocalTimeMean,
  METRICS.produceResponseQueueTimeMean,
  METRICS.produceResponseSendTimeMean,
];

/** Mean milliseconds by broker over the periods in which it took bytes in; a broker without all phases, or without traffic, is left out. */
export function remoteTimes(read: ReadBrokers): Map<string, number> {
  const parts = PARTS.map((definition) => read(definition));
  const traffic = read(METRICS.bytesIn);
  return new Map(
    [...read(METRICS.produceTotalTimeMean)].flatMap(([brokerId, total]): [string, number][] => {
      const own = parts.map((part) => part.get(brokerId)).filter((series) => series !== undefined);
      const taken = traffic.get(brokerId);
      if (own.length < PARTS.length || taken === undefined) return [];
      const remote = whereTaken(minus(total, sumByTimestamp(own)), taken);
      const ms = mean(remote.measured);
      return ms === null ? [] : [[brokerId, Math.max(0, ms)]];
    }),
  );
}

function minus(total: TrustedSeries, part: TrustedSeries): TrustedSeries {
  const at = new Map(part.points.map(({ atMs, value }) => [atMs, value]));
  return mapped(total, (value, i) => value - (at.get(total.timeOf(i)) ?? Number.NaN));
}

/** What a broker without requests says of them does not count. */
function whereTaken(series: TrustedSeries, taken: TrustedSeries): TrustedSeries {
  const at = new Map(taken.points.map(({ atMs, value }) => [atMs, value]));
  return mapped(series, (value, i) => ((at.get(series.timeOf(i)) ?? 0) > 0 ? value : Number.NaN));
}
