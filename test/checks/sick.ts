// For each check of performance and capacity a cluster that it finds wanting, and nothing else wrong where that can be.
import { METRICS } from '../../lib/facts/metric-catalogue.ts';
import type { CheckId } from '../../lib/policy/thresholds/index.ts';
import type { OpenMonitoring } from '../../lib/snapshot/open-monitoring-section.ts';
import type { SnapshotBuilder } from '../builders/a-snapshot.ts';
import { during5 } from './minutes.ts';
import { aMonitored, IAM, lastHours, rising } from './monitored.ts';

export const MIB = 1024 ** 2;
const B2 = { 'Broker ID': 2 };

export function monitoring(failedPerSec: number, brokers = 3): OpenMonitoring {
  return {
    spanSec: 60,
    brokers: Array.from({ length: brokers }, (_, i) => ({
      brokerId: i + 1,
      jmx: { spanSec: 60, problem: null },
      node: { spanSec: 60, problem: null },
      figures: {
        failedProduceRequestsPerSec: failedPerSec,
        failedFetchRequestsPerSec: 0,
        totalProduceRequestsPerSec: 100,
        // Followers fetch hundreds of partitions several times a second.
        totalFetchRequestsPerSec: 9300,
      },
      errors: [{ request: 'Produce', error: 'NOT_ENOUGH_REPLICAS', perSec: failedPerSec }],
      gaps: [],
    })),
  };
}

/** An Express cluster with its own metrics. */
export function anExpress(): SnapshotBuilder {
  return aMonitored().withKind('provisioned-express').withHourly(METRICS.storageUsed, {}, 1e12);
}

export const SICK = {
  'clients-throttled': () => aMonitored().withMetric(METRICS.produceThrottleTime, B2, during5(0, 4, 12)),
  'request-handlers-saturated': () => aMonitored().withMetric(METRICS.requestHandlerIdle, B2, 0.05),
  'network-threads-saturated': () => aMonitored().withMetric(METRICS.networkProcessorIdle, B2, 0.2),
  'produce-latency-high': () => aMonitored().withMetricOfBrokers(METRICS.produceTotalTimeMean, 150),
  'fetch-latency-high': () => aMonitored().withMetricOfBrokers(METRICS.fetchConsumerLocalTimeMean, 80),
  'latency-regressed': () => aMonitored().withHourlyOfBrokers(METRICS.produceTotalTimeMean, lastHours(3, 8, 4)),
  'throughput-near-limit': () => aMonitored().withMetric(METRICS.bytesIn, B2, 25 * MIB),
  'traffic-shaped': () => aMonitored().withMetric(METRICS.trafficShaping, B2, during5(10, 11, 5)),
  'message-conversions': () => aMonitored().withMetric(METRICS.produceConversions, B2, 50),
  'network-errors': () => aMonitored().withMetric(METRICS.receiveDropped, B2, during5(0, 20, 3)),
  'request-errors': () => aMonitored().withSection('openMonitoring', monitoring(2)),
  'broker-slow': () => aMonitored().withMetric(METRICS.produceTotalTimeMean, B2, during5(270, 288, 60, 4)),
  'traffic-anomalous': () => aMonitored().withHourlyOfBrokers(METRICS.bytesIn, lastHours(4, 500_000, 2_000_000)),
  'cpu-credits-low': () =>
    aMonitored().withCluster({ instanceType: 'kafka.t3.small' }).withMetricOfBrokers(METRICS.cpuCreditBalance, 80),
  'failure-headroom-low': () => aMonitored().withMetricOfBrokers(METRICS.cpuUser, 90),
  'disk-full-forecast': () => aMonitored().withHourly(METRICS.diskUsed, B2, rising(30, 75)),
  'storage-autoscaling-absent': () =>
    aMonitored()
      .withMetric(METRICS.diskUsed, B2, 60)
      .withSection('storageScaling', { targets: [], policies: [], lastActivity: null }),
  'ebs-throughput-near-limit': () => aMonitored().withMetric(METRICS.volumeWriteBytes, B2, 70 * MIB * 300),
  'ebs-burst-depleting': () => aMonitored().withMetric(METRICS.burstBalance, B2, 40),
  'page-cache-short': () =>
    aMonitored()
      .withMetric(METRICS.volumeReadBytes, B2, 1_000_000 * 300)
      .withMetric(METRICS.memoryCached, B2, 1.7e8)
      .withMetric(METRICS.memoryUsed, B2, 0.6e9),
  'express-storage-growing': () => anExpress().withHourly(METRICS.storageUsed, {}, rising(7e11, 1e12)),
  'quota-near': () => aMonitored().withCluster({ volumeGiBPerBroker: 14_000 }),
  'heap-after-gc-high': () => aMonitored().withMetric(METRICS.heapAfterGc, B2, 75),
  'memory-pressure': () => aMonitored().withMetric(METRICS.memoryMapsUsed, B2, 90),
  'iam-connections-near-limit': () => aMonitored().withMetric(METRICS.clientConnections, { ...B2, ...IAM }, 2700),
  'connection-churn-high': () => aMonitored().withMetric(METRICS.connectionCreationRate, B2, 30),
} satisfies Partial<Record<CheckId, () => SnapshotBuilder>>;
