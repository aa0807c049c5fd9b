// Every check, in the order of the report: what stops clients now, what loses records, what is about to, what wastes.
import minIsrEqualRf from './availability/min-isr-equal-rf.ts';
import offlinePartitions from './availability/offline-partitions.ts';
import partitionsUnderMinIsr from './availability/partitions-under-min-isr.ts';
import partitionsUnderReplicated from './availability/partitions-under-replicated.ts';
import replicationFactorLow from './availability/replication-factor-low.ts';
import uncleanElectionEnabled from './availability/unclean-election-enabled.ts';
import leadersSkewed from './balance/leaders-skewed.ts';
import cpuHigh from './capacity/cpu-high.ts';
import diskUsedHigh from './capacity/disk-used-high.ts';
import type { AnyCheck } from './check.ts';
import consumerStalled from './consumers/consumer-stalled.ts';
import consumerStopped from './consumers/consumer-stopped.ts';
import lagGrowing from './consumers/lag-growing.ts';
import recordsLostToRetention from './consumers/records-lost-to-retention.ts';
import retentionRisk from './consumers/retention-risk.ts';
import versionUnsupported from './lifecycle/version-unsupported.ts';

export const CHECKS: readonly AnyCheck[] = [
  offlinePartitions,
  partitionsUnderMinIsr,
  partitionsUnderReplicated,
  replicationFactorLow,
  minIsrEqualRf,
  uncleanElectionEnabled,
  recordsLostToRetention,
  retentionRisk,
  consumerStalled,
  consumerStopped,
  lagGrowing,
  diskUsedHigh,
  cpuHigh,
  versionUnsupported,
  leadersSkewed,
];
