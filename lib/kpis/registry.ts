// Every KPI, in report order: by category, then by number.
import azSpread from './az-spread.ts';
import batchEfficiency from './batch-efficiency.ts';
import brokerLoadSkew from './broker-load-skew.ts';
import catchUpRatio from './catch-up-ratio.ts';
import clusterAvailability from './cluster-availability.ts';
import compressionCoverage from './compression-coverage.ts';
import connectionUtilisation from './connection-utilisation.ts';
import consumerGroupsHealthy from './consumer-groups-healthy.ts';
import consumerOffsetLag from './consumer-offset-lag.ts';
import consumerTimeLag from './consumer-time-lag.ts';
import costWaste from './cost-waste.ts';
import cpuUtilisation from './cpu-utilisation.ts';
import daysTo85 from './days-to-85.ts';
import diskUsed from './disk-used.ts';
import durabilityConfig from './durability-config.ts';
import errorRate from './error-rate.ts';
import failureHeadroom from './failure-headroom.ts';
import fetchServiceLatency from './fetch-service-latency.ts';
import heapAfterGc from './heap-after-gc.ts';
import type { Kpi } from './kpi.ts';
import leaderSkew from './leader-skew.ts';
import networkProcessorBusy from './network-processor-busy.ts';
import offlinePartitions from './offline-partitions.ts';
import partitionDensity from './partition-density.ts';
import partitionSkew from './partition-skew.ts';
import produceLatency from './produce-latency.ts';
import rebalanceInstability from './rebalance-instability.ts';
import requestHandlerBusy from './request-handler-busy.ts';
import retentionConsumed from './retention-consumed.ts';
import securityPosture from './security-posture.ts';
import storageThroughput from './storage-throughput.ts';
import throttledTime from './throttled-time.ts';
import throughputUtilisation from './throughput-utilisation.ts';
import underMinIsr from './under-min-isr.ts';
import underReplicated from './under-replicated.ts';
import unusedStorage from './unused-storage.ts';
import versionRunway from './version-runway.ts';

export const KPIS: readonly Kpi[] = [
  clusterAvailability,
  offlinePartitions,
  underReplicated,
  underMinIsr,
  durabilityConfig,
  azSpread,
  produceLatency,
  fetchServiceLatency,
  throughputUtilisation,
  throttledTime,
  requestHandlerBusy,
  networkProcessorBusy,
  batchEfficiency,
  compressionCoverage,
  errorRate,
  consumerTimeLag,
  consumerOffsetLag,
  consumerGroupsHealthy,
  rebalanceInstability,
  retentionConsumed,
  catchUpRatio,
  brokerLoadSkew,
  leaderSkew,
  partitionSkew,
  partitionDensity,
  cpuUtilisation,
  failureHeadroom,
  diskUsed,
  daysTo85,
  storageThroughput,
  heapAfterGc,
  connectionUtilisation,
  versionRunway,
  securityPosture,
  costWaste,
  unusedStorage,
];
