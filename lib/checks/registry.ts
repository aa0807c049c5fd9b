// Every check, in the order of the report: what stops clients now, what loses records, what is about to, what wastes.
import alarmsMissing from './availability/alarms-missing.ts';
import brokerSilent from './availability/broker-silent.ts';
import controllerMissing from './availability/controller-missing.ts';
import customerActionRequired from './availability/customer-action-required.ts';
import internalTopicsFragile from './availability/internal-topics-fragile.ts';
import maintenanceUnready from './availability/maintenance-unready.ts';
import minIsrEqualRf from './availability/min-isr-equal-rf.ts';
import minIsrLow from './availability/min-isr-low.ts';
import offlinePartitions from './availability/offline-partitions.ts';
import partitionsUnderMinIsr from './availability/partitions-under-min-isr.ts';
import partitionsUnderReplicated from './availability/partitions-under-replicated.ts';
import replicasSameAz from './availability/replicas-same-az.ts';
import replicationFactorLow from './availability/replication-factor-low.ts';
import uncleanElectionEnabled from './availability/unclean-election-enabled.ts';
import brokerTrafficSkewed from './balance/broker-traffic-skewed.ts';
import leadersNotPreferred from './balance/leaders-not-preferred.ts';
import leadersSkewed from './balance/leaders-skewed.ts';
import partitionHot from './balance/partition-hot.ts';
import partitionOversized from './balance/partition-oversized.ts';
import partitionsPerBrokerHigh from './balance/partitions-per-broker-high.ts';
import reassignmentLingering from './balance/reassignment-lingering.ts';
import rebalancingPaused from './balance/rebalancing-paused.ts';
import topicOverpartitioned from './balance/topic-overpartitioned.ts';
import topicUnderpartitioned from './balance/topic-underpartitioned.ts';
import brokerRecompression from './broker-config/broker-recompression.ts';
import configNotApplied from './broker-config/config-not-applied.ts';
import defaultsUnsafe from './broker-config/defaults-unsafe.ts';
import flushForced from './broker-config/flush-forced.ts';
import ioThreadsLow from './broker-config/io-threads-low.ts';
import messageSizeChainBroken from './broker-config/message-size-chain-broken.ts';
import networkThreadsUnpaired from './broker-config/network-threads-unpaired.ts';
import rackSelectorMissing from './broker-config/rack-selector-missing.ts';
import replicaFetchersLow from './broker-config/replica-fetchers-low.ts';
import socketBuffersOdd from './broker-config/socket-buffers-odd.ts';
import topicsAutoCreated from './broker-config/topics-auto-created.ts';
import transactionalIdExpiryLong from './broker-config/transactional-id-expiry-long.ts';
import connectionChurnHigh from './capacity/connection-churn-high.ts';
import cpuCreditsLow from './capacity/cpu-credits-low.ts';
import cpuHigh from './capacity/cpu-high.ts';
import diskFullForecast from './capacity/disk-full-forecast.ts';
import diskUsedHigh from './capacity/disk-used-high.ts';
import ebsBurstDepleting from './capacity/ebs-burst-depleting.ts';
import ebsThroughputNearLimit from './capacity/ebs-throughput-near-limit.ts';
import expressStorageGrowing from './capacity/express-storage-growing.ts';
import failureHeadroomLow from './capacity/failure-headroom-low.ts';
import heapAfterGcHigh from './capacity/heap-after-gc-high.ts';
import iamConnectionsNearLimit from './capacity/iam-connections-near-limit.ts';
import memoryPressure from './capacity/memory-pressure.ts';
import pageCacheShort from './capacity/page-cache-short.ts';
import quotaNear from './capacity/quota-near.ts';
import storageAutoscalingAbsent from './capacity/storage-autoscaling-absent.ts';
import type { AnyCheck } from './check.ts';
import acksWeak from './clients/acks-weak.ts';
import batchesSmall from './clients/batches-small.ts';
import clientsOutdated from './clients/clients-outdated.ts';
import codecHeavy from './clients/codec-heavy.ts';
import commitsExcessive from './clients/commits-excessive.ts';
import fetchesInefficient from './clients/fetches-inefficient.ts';
import producersNotIdempotent from './clients/producers-not-idempotent.ts';
import readersCrossAz from './clients/readers-cross-az.ts';
import trafficUncompressed from './clients/traffic-uncompressed.ts';
import assignmentUneven from './consumers/assignment-uneven.ts';
import assignorEager from './consumers/assignor-eager.ts';
import catchUpCapacityLow from './consumers/catch-up-capacity-low.ts';
import consumerStalled from './consumers/consumer-stalled.ts';
import consumerStopped from './consumers/consumer-stopped.ts';
import deadLetterGrowing from './consumers/dead-letter-growing.ts';
import groupAbandoned from './consumers/group-abandoned.ts';
import groupInvisible from './consumers/group-invisible.ts';
import groupsTooMany from './consumers/groups-too-many.ts';
import lagConcentrated from './consumers/lag-concentrated.ts';
import lagGrowing from './consumers/lag-growing.ts';
import membersIdle from './consumers/members-idle.ts';
import offsetRewound from './consumers/offset-rewound.ts';
import rebalancesFrequent from './consumers/rebalances-frequent.ts';
import recordsLostToRetention from './consumers/records-lost-to-retention.ts';
import retentionRisk from './consumers/retention-risk.ts';
import timeLagOverTarget from './consumers/time-lag-over-target.ts';
import transactionHanging from './consumers/transaction-hanging.ts';
import brokersOversized from './cost/brokers-oversized.ts';
import clusterTypeCostlier from './cost/cluster-type-costlier.ts';
import ebsOversized from './cost/ebs-oversized.ts';
import gravitonAvailable from './cost/graviton-available.ts';
import monitoringOverpaid from './cost/monitoring-overpaid.ts';
import provisionedThroughputUnused from './cost/provisioned-throughput-unused.ts';
import topicsUnused from './cost/topics-unused.ts';
import instanceBurstableInProduction from './lifecycle/instance-burstable-in-production.ts';
import metadataZookeeper from './lifecycle/metadata-zookeeper.ts';
import monitoringLevelLow from './lifecycle/monitoring-level-low.ts';
import versionUnsupported from './lifecycle/version-unsupported.ts';
import brokerSlow from './performance/broker-slow.ts';
import clientsThrottled from './performance/clients-throttled.ts';
import fetchLatencyHigh from './performance/fetch-latency-high.ts';
import latencyRegressed from './performance/latency-regressed.ts';
import messageConversions from './performance/message-conversions.ts';
import networkErrors from './performance/network-errors.ts';
import networkThreadsSaturated from './performance/network-threads-saturated.ts';
import produceLatencyHigh from './performance/produce-latency-high.ts';
import requestErrors from './performance/request-errors.ts';
import requestHandlersSaturated from './performance/request-handlers-saturated.ts';
import throughputNearLimit from './performance/throughput-near-limit.ts';
import trafficAnomalous from './performance/traffic-anomalous.ts';
import trafficShaped from './performance/traffic-shaped.ts';
import accessUnauthenticated from './security/access-unauthenticated.ts';
import aclDefaultOpen from './security/acl-default-open.ts';
import brokerLogsOff from './security/broker-logs-off.ts';
import clusterPublic from './security/cluster-public.ts';
import keyAwsManaged from './security/key-aws-managed.ts';
import transitPlaintext from './security/transit-plaintext.ts';
import compactionIneffective from './topic-config/compaction-ineffective.ts';
import retentionOverlong from './topic-config/retention-overlong.ts';
import retentionTooShort from './topic-config/retention-too-short.ts';
import retentionUnbounded from './topic-config/retention-unbounded.ts';
import segmentMismatched from './topic-config/segment-mismatched.ts';
import tieringCandidate from './topic-config/tiering-candidate.ts';
import tieringMisconfigured from './topic-config/tiering-misconfigured.ts';
import timestampsUntrusted from './topic-config/timestamps-untrusted.ts';
import topicConfigDrift from './topic-config/topic-config-drift.ts';

export const CHECKS: readonly AnyCheck[] = [
  offlinePartitions,
  controllerMissing,
  brokerSilent,
  customerActionRequired,
  partitionsUnderMinIsr,
  partitionsUnderReplicated,
  replicationFactorLow,
  minIsrEqualRf,
  internalTopicsFragile,
  replicasSameAz,
  uncleanElectionEnabled,
  minIsrLow,
  recordsLostToRetention,
  retentionRisk,
  consumerStalled,
  consumerStopped,
  lagGrowing,
  timeLagOverTarget,
  transactionHanging,
  catchUpCapacityLow,
  lagConcentrated,
  rebalancesFrequent,
  offsetRewound,
  deadLetterGrowing,
  assignmentUneven,
  assignorEager,
  membersIdle,
  groupInvisible,
  groupAbandoned,
  groupsTooMany,
  diskUsedHigh,
  diskFullForecast,
  retentionUnbounded,
  tieringMisconfigured,
  cpuHigh,
  failureHeadroomLow,
  clientsThrottled,
  throughputNearLimit,
  ebsThroughputNearLimit,
  iamConnectionsNearLimit,
  cpuCreditsLow,
  requestHandlersSaturated,
  flushForced,
  heapAfterGcHigh,
  trafficShaped,
  produceLatencyHigh,
  fetchLatencyHigh,
  latencyRegressed,
  brokerSlow,
  networkThreadsSaturated,
  requestErrors,
  networkErrors,
  messageConversions,
  trafficAnomalous,
  ebsBurstDepleting,
  memoryPressure,
  connectionChurnHigh,
  storageAutoscalingAbsent,
  quotaNear,
  pageCacheShort,
  expressStorageGrowing,
  maintenanceUnready,
  versionUnsupported,
  instanceBurstableInProduction,
  accessUnauthenticated,
  clusterPublic,
  transitPlaintext,
  aclDefaultOpen,
  alarmsMissing,
  monitoringLevelLow,
  brokerLogsOff,
  brokerTrafficSkewed,
  partitionsPerBrokerHigh,
  leadersSkewed,
  leadersNotPreferred,
  partitionHot,
  topicUnderpartitioned,
  topicOverpartitioned,
  partitionOversized,
  reassignmentLingering,
  rebalancingPaused,
  defaultsUnsafe,
  topicsAutoCreated,
  messageSizeChainBroken,
  configNotApplied,
  ioThreadsLow,
  replicaFetchersLow,
  brokerRecompression,
  transactionalIdExpiryLong,
  networkThreadsUnpaired,
  socketBuffersOdd,
  batchesSmall,
  trafficUncompressed,
  acksWeak,
  producersNotIdempotent,
  retentionTooShort,
  timestampsUntrusted,
  retentionOverlong,
  tieringCandidate,
  segmentMismatched,
  compactionIneffective,
  topicConfigDrift,
  metadataZookeeper,
  keyAwsManaged,
  brokersOversized,
  rackSelectorMissing,
  readersCrossAz,
  topicsUnused,
  provisionedThroughputUnused,
  fetchesInefficient,
  clientsOutdated,
  commitsExcessive,
  clusterTypeCostlier,
  codecHeavy,
  ebsOversized,
  gravitonAvailable,
  monitoringOverpaid,
];
