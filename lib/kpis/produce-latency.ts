// K07. Broker-side produce time: p95 over the window of 5-minute means. It includes the wait for acks=all; client linger and
// network are not in it, and a mean hides single slow requests: CloudWatch has no percentiles.
import { findSeries, type TrustedSeries, trustedPoints } from '../analysis/series.ts';
import { quantile } from '../analysis/statistics.ts';
import { METRICS } from '../facts/metric-catalogue.ts';
import { defineKpi } from './kpi.ts';
import {
  brokerSeries,
  cannotBeMeasured,
  coverageFactor,
  expectedBrokerCount,
  metricSource,
  missingFrom,
  notApplicable,
  tooThin,
} from './reading.ts';

const METRIC = METRICS.produceTotalTimeMean;

export default defineKpi({
  id: 'K07',
  name: 'produce-latency',
  title: 'Produce latency, p95 of 5-minute means',
  category: 'performance',
  weight: 5,
  unit: 'durationMs',
  mayUse: ['metrics', 'nodes'],
  read({ metrics, nodes }, run) {
    if (run.clusterKind === 'serverless') return notApplicable('MSK Serverless publishes no produce time');
    const unmeasurable = cannotBeMeasured(run);
    if (unmeasurable !== null) return unmeasurable;
    if (!metrics.ok) return missingFrom(metrics, 'CloudWatch metrics');
    const options = { masked: run.maintenance };
    const latency = brokerSeries(metrics.value, METRIC, expectedBrokerCount(nodes), options);
    const bytesIn = findSeries(metrics.value, METRICS.bytesIn).map((series) => trustedPoints(series, options));
    const factor = coverageFactor(latency.coverage);
    if (factor === null) return tooThin(METRIC, latency.coverage);
    if (!bytesIn.some((series) => series.count > 0)) return tooThin(METRICS.bytesIn, 0);
    const value = quantile(trafficWeightedMeans(latency.list, bytesIn), 0.95);
    if (value === null) return notApplicable('nothing was produced in the window');
    return {
      state: 'ok',
      value,
      confidence: factor,
      source: `${metricSource(METRIC, latency.coverage, run)}, weighted by each broker's BytesInPerSec, p95 over the window, outside maintenance`,
    };
  },
});

/** One mean per timestamp with traffic; brokers without traffic have no say, whatever their idle mean is. */
function trafficWeightedMeans(latency: readonly TrustedSeries[], bytesIn: readonly TrustedSeries[]): number[] {
  const bytesOf = new Map(bytesIn.map((series) => [brokerOf(series), byTime(series)]));
  const sums = new Map<number, { weighted: number; bytes: number }>();
  for (const series of latency) {
    const bytesAt = bytesOf.get(brokerOf(series));
    for (const { atMs, value } of series.points) {
      const bytes = bytesAt?.get(atMs) ?? 0;
      const sum = sums.get(atMs) ?? { weighted: 0, bytes: 0 };
      sums.set(atMs, { weighted: sum.weighted + bytes * value, bytes: sum.bytes + bytes });
    }
  }
  return [...sums.values()].filter((sum) => sum.bytes > 0).map((sum) => sum.weighted / sum.bytes);
}

function brokerOf(series: TrustedSeries): string {
  return series.dimensions['Broker ID'] ?? '';
}

function byTime(series: TrustedSeries): Map<number, number> {
  return new Map(series.points.map((point) => [point.atMs, point.value]));
}
