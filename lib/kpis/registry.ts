// Every KPI, in report order: by category, then by number.
import consumerGroupsHealthy from './consumer-groups-healthy.ts';
import consumerOffsetLag from './consumer-offset-lag.ts';
import consumerTimeLag from './consumer-time-lag.ts';
import cpuUtilisation from './cpu-utilisation.ts';
import diskUsed from './disk-used.ts';
import durabilityConfig from './durability-config.ts';
import type { Kpi } from './kpi.ts';
import offlinePartitions from './offline-partitions.ts';
import produceLatency from './produce-latency.ts';
import retentionConsumed from './retention-consumed.ts';
import underMinIsr from './under-min-isr.ts';
import underReplicated from './under-replicated.ts';
import versionRunway from './version-runway.ts';

export const KPIS: readonly Kpi[] = [
  offlinePartitions,
  underReplicated,
  underMinIsr,
  durabilityConfig,
  produceLatency,
  consumerTimeLag,
  consumerOffsetLag,
  consumerGroupsHealthy,
  retentionConsumed,
  cpuUtilisation,
  diskUsed,
  versionRunway,
];
