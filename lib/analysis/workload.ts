// What a cluster's brokers carried over the last weeks: what right-sizing and the comparison of cluster types begin with.
import { METRICS, type MetricDefinition } from '../facts/metric-catalogue.ts';
import type { Cluster } from '../snapshot/aws-sections.ts';
import type { SectionValue } from '../snapshot/schema.ts';
import { cpuByBroker } from './headroom.ts';
import { findHourly, findSeries, seriesQuantile, sumByTimestamp, type TrustedSeries, trustedPoints } from './series.ts';
import { mean, sum } from './statistics.ts';
import { growthOf } from './throughput.ts';
import { isRising } from './trend.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

type Metrics = SectionValue<'metrics'>;
type Provisioned = Exclude<Cluster, { kind: 'serverless' }>;

export interface Workload {
  /** Days of hours in which all brokers were measured. */
  historyDays: number;
  avgInMiBPerSec: number;
  avgOutMiBPerSec: number;
  /** p99 of the sum over brokers: the larger of the window's five minutes and the weeks' hours. */
  peakInMiBPerSec: number;
  peakOutMiBPerSec: number;
  /** Of the daily p95, as a share of today's level a day; 0 without a significant rise. */
  growthPerDay: number;
  /** p95 and p99 of the busiest broker: the larger of the window's five minutes and the weeks' hours, whose means hide bursts. */
  cpuP95Percent: number;
  cpuP99Percent: number;
  /** Replicas of all partitions. */
  replicas: number;
  /** What lies on the volumes, or in Express's storage (one copy); null where it was not measured or the volume is not known. */
  storedGiB: number | null;
}

/**
 * Null unless every broker has its history of bytes in and out, CPU and replicas, and its CPU in the window: a part of the load must not
 * look like a small one.
 */
export function workloadOf(metrics: Metrics, cluster: Provisioned): Workload | null {
  const bytesIn = summed(metrics, METRICS.bytesIn, cluster.brokerCount);
  const bytesOut = summed(metrics, METRICS.bytesOut, cluster.brokerCount);
  const cpuByHour = cpuByBroker(findHourly(metrics, METRICS.cpuUser), findHourly(metrics, METRICS.cpuSystem), 0);
  const cpuInWindow = cpuByBroker(findSeries(metrics, METRICS.cpuUser), findSeries(metrics, METRICS.cpuSystem), 2);
  const replicas = latestByBroker(metrics, METRICS.partitionCount);
  const cpu = [...cpuByHour, ...cpuInWindow];
  const busiest = (q: number) => Math.max(...cpu.map(([, series]) => seriesQuantile(series, q) ?? Number.NaN));
  const cpuP95Percent = busiest(0.95);
  const isWhole = [cpuByHour, cpuInWindow, replicas].every(({ length }) => length >= cluster.brokerCount);
  if (bytesIn === null || bytesOut === null || !isWhole || Number.isNaN(cpuP95Percent)) return null;
  const growth = growthOf(bytesIn.hourly);
  return {
    historyDays: (bytesIn.hourly.count * bytesIn.hourly.periodSec) / 86_400,
    avgInMiBPerSec: mean(bytesIn.hourly.measured)! / MIB,
    avgOutMiBPerSec: mean(bytesOut.hourly.measured)! / MIB,
    peakInMiBPerSec: bytesIn.peak / MIB,
    peakOutMiBPerSec: bytesOut.peak / MIB,
    growthPerDay: growth !== null && isRising(growth) && growth.level > 0 ? growth.slopePerDay / growth.level : 0,
    cpuP95Percent,
    cpuP99Percent: busiest(0.99),
    replicas: sum(replicas),
    storedGiB: storedOf(metrics, cluster),
  };
}

/** Peaks to plan for: grown for so many days, with a margin as a factor (both from the policy). */
export function plannedPeaks(
  { peakInMiBPerSec, peakOutMiBPerSec, growthPerDay }: Workload,
  { growthDays, margin }: { growthDays: number; margin: number },
): Pick<Workload, 'peakInMiBPerSec' | 'peakOutMiBPerSec'> {
  const factor = (1 + growthPerDay * growthDays) * margin;
  return { peakInMiBPerSec: peakInMiBPerSec * factor, peakOutMiBPerSec: peakOutMiBPerSec * factor };
}

function summed(
  metrics: Metrics,
  definition: MetricDefinition,
  brokers: number,
): { hourly: TrustedSeries; peak: number } | null {
  const found = findHourly(metrics, definition);
  if (found.length < brokers) return null;
  const hourly = sumByTimestamp(found.map((series) => trustedPoints(series, { dropLast: 0 })));
  const window = sumByTimestamp(findSeries(metrics, definition).map((series) => trustedPoints(series)));
  const peaks = [hourly, window].map((series) => seriesQuantile(series, 0.99)).filter((peak) => peak !== null);
  return hourly.count === 0 ? null : { hourly, peak: Math.max(...peaks) };
}

function latestByBroker(metrics: Metrics, definition: MetricDefinition): number[] {
  return findHourly(metrics, definition).flatMap((series) => {
    const latest = trustedPoints(series, { dropLast: 0 }).latest;
    return latest === null ? [] : [latest.value];
  });
}

function storedOf(metrics: Metrics, cluster: Provisioned): number | null {
  if (cluster.kind === 'provisioned-express') {
    const [bytes] = latestByBroker(metrics, METRICS.storageUsed);
    return bytes === undefined ? null : bytes / GIB;
  }
  const used = latestByBroker(metrics, METRICS.diskUsed);
  const { volumeGiBPerBroker: volumeGiB, brokerCount } = cluster;
  return volumeGiB === null || used.length < brokerCount ? null : (sum(used) / 100) * volumeGiB;
}
