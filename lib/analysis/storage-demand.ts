// What each broker's volume had to take over the last weeks, by the bytes that came in: volume metrics have no history.
import { METRICS } from '../facts/metric-catalogue.ts';
import type { SectionValue } from '../snapshot/schema.ts';
import { findHourly, seriesQuantile, trustedPoints } from './series.ts';
import { writeDemandMiBPerSec } from './storage-limits.ts';
import { MIB } from './throughput-limits.ts';

export interface WeeksOfDemand {
  brokerId: string;
  /** Days of hours that were measured. */
  days: number;
  /** p99 of bytes in times copies; null without an hour. */
  miBPerSec: number | null;
}

/** One row a broker with hours; brokers are taken to lead and follow alike. */
export function weeksOfDemand(metrics: SectionValue<'metrics'>, rf: number): WeeksOfDemand[] {
  return findHourly(metrics, METRICS.bytesIn).map((series) => {
    const trusted = trustedPoints(series, { dropLast: 0 });
    const p99 = seriesQuantile(trusted, 0.99);
    return {
      brokerId: series.dimensions['Broker ID'] ?? '',
      days: (trusted.count * trusted.periodSec) / 86_400,
      miBPerSec: p99 === null ? null : writeDemandMiBPerSec(p99 / MIB, rf),
    };
  });
}
