// Metrics of the free level, by cluster and by broker, of Standard and Express clusters.
import { check, EXPRESS, evidence, kpi, MET_E, ofBroker, ofCluster, SKILL, STANDARD } from './metric-rows.ts';

const INTELLIGENT_REBALANCING = 'https://docs.aws.amazon.com/msk/latest/developerguide/intelligent-rebalancing.html';
const PRESUMED_CLUSTER = 'the dimensions are not printed; presumed to be the cluster alone';
/** Listed by AWS's retired MCP server alone. */
const NOT_IN_TABLES = 'not in the metric tables of the developer guide; named by the catalogue of a retired AWS tool';
const MINUTE = { periodSec: 60 } as const;
const HISTORY = { history: true } as const;
const ZOOKEEPER = { kinds: STANDARD, condition: 'zookeeper' } as const;

export const CLUSTER_METRICS = {
  activeController: ofCluster('ActiveControllerCount', 'Count', 'Active controllers: exactly one is right', {
    ...MINUTE,
    ...kpi('K01', 'controller-missing'),
  }),
  offlinePartitions: ofCluster(
    'OfflinePartitionsCount',
    'Count',
    'Partitions without a leader, as the controller sees them',
    { ...MINUTE, kinds: STANDARD, ...kpi('K01', 'K02', 'offline-partitions') },
  ),
  globalPartitions: ofCluster('GlobalPartitionCount', 'Count', 'Partitions of all topics, replicas excluded', {
    ...evidence('quota-near'),
  }),
  globalTopics: ofCluster('GlobalTopicCount', 'Count', 'Topics of the cluster', { ...evidence('quota-near') }),
  clusterDiskUsed: ofCluster('KafkaDataLogsDiskUsed', 'Percent', 'Share of the data volumes in use, at cluster level', {
    kinds: STANDARD,
  }),
  preferredReplicaImbalance: ofCluster(
    'PreferredReplicaImbalanceCount',
    'Count',
    'Partitions whose leader is not the first replica',
    { source: SKILL, unverified: `named only by AWS's skill for agents; ${PRESUMED_CLUSTER}` },
  ),
  storageUsed: ofCluster('StorageUsed', 'Bytes', 'Bytes of all partitions, replicas excluded', {
    kinds: EXPRESS,
    source: MET_E,
    unverified: "AWS's table excludes replicas; an alarm text of AWS reckons with three copies",
    ...check('express-storage-growing'),
    ...HISTORY,
  }),
  rebalanceInProgress: ofCluster('RebalanceInProgress', 'Count', '1 while intelligent rebalancing moves partitions', {
    kinds: EXPRESS,
    condition: 'intelligent-rebalancing',
    source: INTELLIGENT_REBALANCING,
    unverified: PRESUMED_CLUSTER,
    ...check('rebalancing-paused'),
  }),
  underProvisioned: ofCluster('UnderProvisioned', 'Count', '1 when the cluster is too small to be rebalanced', {
    kinds: EXPRESS,
    condition: 'intelligent-rebalancing',
    source: INTELLIGENT_REBALANCING,
    unverified: PRESUMED_CLUSTER,
    ...check('rebalancing-paused'),
  }),
} as const;

export const BROKER_METRICS = {
  underReplicated: ofBroker(
    'UnderReplicatedPartitions',
    'Average',
    'Count',
    'Partitions led by the broker whose ISR is smaller than their replica list',
    { ...MINUTE, kinds: STANDARD, ...kpi('K03', 'partitions-under-replicated') },
  ),
  underMinIsr: ofBroker(
    'UnderMinIsrPartitionCount',
    'Maximum',
    'Count',
    'Partitions led by the broker with fewer in-sync replicas than min.insync.replicas',
    { ...MINUTE, kinds: STANDARD, ...kpi('K04', 'partitions-under-min-isr') },
  ),
  cpuIdle: ofBroker('CpuIdle', 'Average', 'Percent', 'Idle CPU time; its gaps show a silent broker', {
    ...MINUTE,
    ...kpi('K01', 'broker-silent'),
  }),
  clientConnections: ofBroker(
    'ClientConnectionCount',
    'Sum',
    'Count',
    'Authenticated client connections by way of authentication; one datapoint a network processor and minute',
    {
      ...MINUTE,
      dimensions: ['Cluster Name', 'Broker ID', 'Client Authentication'],
      isSumOfMinute: true,
      ...kpi('K32', 'iam-connections-near-limit', 'connection-churn-high'),
      ...HISTORY,
    },
  ),
  leaderCount: ofBroker('LeaderCount', 'Average', 'Count', 'Partition leaders on the broker', {
    ...kpi('K03', 'K23', 'leaders-skewed', 'broker-silent'),
  }),
  partitionCount: ofBroker(
    'PartitionCount',
    'Maximum',
    'Count',
    'Partition replicas on the broker, leaders and followers',
    { ...kpi('K25', 'partitions-per-broker-high', 'brokers-oversized'), ...HISTORY },
  ),
  cpuUser: ofBroker('CpuUser', 'Average', 'Percent', 'CPU time in user space', {
    ...kpi('K22', 'K26', 'K27', 'cpu-high', 'brokers-oversized'),
    ...HISTORY,
  }),
  cpuSystem: ofBroker('CpuSystem', 'Average', 'Percent', 'CPU time in kernel space', {
    ...kpi('K22', 'K26', 'K27', 'cpu-high', 'brokers-oversized'),
    ...HISTORY,
  }),
  heapAfterGc: ofBroker('HeapMemoryAfterGC', 'Average', 'Percent', 'Heap in use after garbage collection', {
    kinds: STANDARD,
    ...kpi('K31', 'heap-after-gc-high', 'transactional-id-expiry-long'),
  }),
  diskUsed: ofBroker('KafkaDataLogsDiskUsed', 'Maximum', 'Percent', 'Share of the data volume in use', {
    periodSec: 3600,
    kinds: STANDARD,
    ...kpi('K28', 'K29', 'disk-used-high', 'disk-full-forecast', 'ebs-oversized', 'storage-autoscaling-absent'),
    ...HISTORY,
  }),
  produceTotalTimeMean: ofBroker(
    'ProduceTotalTimeMsMean',
    'Average',
    'Milliseconds',
    'Mean time from receiving a produce request to sending its answer',
    { ...kpi('K07', 'produce-latency-high', 'latency-regressed', 'broker-slow'), ...HISTORY },
  ),
  bytesIn: ofBroker('BytesInPerSec', 'Average', 'Bytes/Second', 'Bytes a second from clients', {
    ...kpi('K07', 'K09', 'K22', 'throughput-near-limit', 'traffic-anomalous', 'brokers-oversized'),
    ...HISTORY,
  }),
  bytesOut: ofBroker('BytesOutPerSec', 'Average', 'Bytes/Second', 'Bytes a second to clients', {
    ...kpi('K09', 'K22', 'throughput-near-limit', 'brokers-oversized'),
    ...HISTORY,
  }),
  messagesIn: ofBroker('MessagesInPerSec', 'Average', 'Count/Second', 'Messages a second from clients', {
    ...check('batches-small', 'message-conversions', 'commits-excessive'),
    ...HISTORY,
  }),
  cpuIoWait: ofBroker('CpuIoWait', 'Average', 'Percent', 'Idle CPU time while waiting for the disk', {
    kinds: STANDARD,
    ...check('ebs-throughput-near-limit', 'cpu-high'),
  }),
  cpuCreditBalance: ofBroker('CPUCreditBalance', 'Average', 'Count', 'CPU credits left; the baseline is 20 %', {
    kinds: STANDARD,
    condition: 'burstable',
    ...check('cpu-credits-low', 'instance-burstable-in-production'),
  }),
  trafficShaping: ofBroker('TrafficShaping', 'Sum', 'Count', 'Packets dropped or queued above a network allowance', {
    kinds: STANDARD,
    ...check('traffic-shaped'),
  }),
  burstBalance: ofBroker(
    'BurstBalance',
    'Minimum',
    'Percent',
    'Burst credit left of the data volume; absent where the baseline is above the burst',
    { kinds: STANDARD, ...check('ebs-burst-depleting') },
  ),
  memoryUsed: ofBroker('MemoryUsed', 'Average', 'Bytes', 'Used memory', { ...check('memory-pressure') }),
  memoryFree: ofBroker('MemoryFree', 'Average', 'Bytes', 'Free memory', { ...check('memory-pressure') }),
  memoryBuffered: ofBroker('MemoryBuffered', 'Average', 'Bytes', 'Buffered memory', { ...check('memory-pressure') }),
  memoryCached: ofBroker('MemoryCached', 'Average', 'Bytes', 'Page cache', {
    ...check('page-cache-short', 'memory-pressure'),
  }),
  swapUsed: ofBroker('SwapUsed', 'Maximum', 'Bytes', 'Used swap', { kinds: STANDARD, ...check('memory-pressure') }),
  receiveDropped: ofBroker('NetworkRxDropped', 'Sum', 'Count', 'Dropped receive packets', {
    ...check('K15', 'network-errors'),
  }),
  receiveErrors: ofBroker('NetworkRxErrors', 'Sum', 'Count', 'Receive errors', { ...check('K15', 'network-errors') }),
  transmitDropped: ofBroker('NetworkTxDropped', 'Sum', 'Count', 'Dropped transmit packets', {
    ...check('K15', 'network-errors'),
  }),
  transmitErrors: ofBroker('NetworkTxErrors', 'Sum', 'Count', 'Transmit errors', { ...check('K15', 'network-errors') }),
  // One statistic is enough: the Minimum is not 1.0 as soon as any minute was not connected, and of a session that is closed or refused
  // through a whole period it is the 5.0 or 10.0 itself. What it hides is a closed session of less than five minutes; a missing controller
  // is judged by ten. A Maximum besides would cost a metric a broker.
  zooKeeperSession: ofBroker(
    'ZooKeeperSessionState',
    'Minimum',
    'Count',
    '1.0 connected; 0.0 to 0.8 not or not yet, 5.0 closed, 10.0 authentication failed',
    { ...ZOOKEEPER, ...check('controller-missing') },
  ),
  receivePackets: ofBroker('NetworkRxPackets', 'Sum', 'Count', 'Packets received', { ...evidence('network-errors') }),
  transmitPackets: ofBroker('NetworkTxPackets', 'Sum', 'Count', 'Packets sent', { ...evidence('network-errors') }),
  requestBytesMean: ofBroker('RequestBytesMean', 'Average', 'Bytes', 'Mean size of a request', {
    ...evidence('cpu-high'),
  }),
  connections: ofBroker(
    'ConnectionCount',
    'Average',
    'Count',
    'All connections: authenticated, unauthenticated and between brokers',
  ),
  appLogsDiskUsed: ofBroker('KafkaAppLogsDiskUsed', 'Maximum', 'Percent', 'Disk used for application logs', {
    kinds: STANDARD,
  }),
  rootDiskUsed: ofBroker('RootDiskUsed', 'Maximum', 'Percent', 'Root disk in use', { kinds: STANDARD }),
  swapFree: ofBroker('SwapFree', 'Average', 'Bytes', 'Free swap', { kinds: STANDARD }),
  requestTime: ofBroker(
    'RequestTime',
    'Average',
    'Milliseconds',
    'Mean time of a request in network and I/O threads; only once requests were throttled',
  ),
  receiveThroughput: ofBroker('NetworkRxThroughput', 'Average', 'Bytes/Second', 'Bytes a second received', {
    unverified: NOT_IN_TABLES,
  }),
  transmitThroughput: ofBroker('NetworkTxThroughput', 'Average', 'Bytes/Second', 'Bytes a second sent', {
    unverified: NOT_IN_TABLES,
  }),
  userPartitionExists: ofBroker(
    'UserPartitionExists',
    'Maximum',
    'Count',
    '1 when the broker holds a partition of a user; 0 when it may be removed',
  ),
  zooKeeperLatencyMean: ofBroker(
    'ZooKeeperRequestLatencyMsMean',
    'Average',
    'Milliseconds',
    'Mean latency of requests to ZooKeeper',
    ZOOKEEPER,
  ),
} as const;
