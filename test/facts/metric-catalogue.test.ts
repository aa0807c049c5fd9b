// The catalogue against AWS's tables, copied out by hand: Standard, Express and Serverless pages as read on 2026-11-20.
import { expect, test } from 'vitest';
import type { MetricDefinition } from '../../lib/facts/metric-catalogue.ts';
import { ALL_METRICS } from '../../lib/facts/metric-catalogue-all.ts';

const ROWS = Object.values(ALL_METRICS) as MetricDefinition[];

/** Words of a table of names, one or more a line. */
const names = (table: string): string[] => table.trim().split(/\s+/).sort();

const DEFAULT_BOTH = names(`
  ActiveControllerCount BytesInPerSec BytesOutPerSec ClientConnectionCount ConnectionCount CpuIdle CpuSystem CpuUser
  EstimatedMaxTimeLag GlobalPartitionCount GlobalTopicCount LeaderCount MaxOffsetLag MemoryBuffered MemoryCached MemoryFree MemoryUsed
  MessagesInPerSec NetworkRxDropped NetworkRxErrors NetworkRxPackets NetworkTxDropped NetworkTxErrors NetworkTxPackets PartitionCount
  ProduceTotalTimeMsMean RequestBytesMean RequestTime RollingEstimatedTimeLagMax SumOffsetLag UserPartitionExists`);
const DEFAULT_STANDARD = names(`
  BurstBalance CPUCreditBalance CpuIoWait HeapMemoryAfterGC KafkaAppLogsDiskUsed KafkaDataLogsDiskUsed OfflinePartitionsCount
  RootDiskUsed SwapFree SwapUsed TrafficShaping UnderMinIsrPartitionCount UnderReplicatedPartitions ZooKeeperRequestLatencyMsMean
  ZooKeeperSessionState`);
const DEFAULT_EXPRESS = names('StorageUsed RebalanceInProgress UnderProvisioned');
/** Named outside the two tables of the developer guide. */
const DEFAULT_UNVERIFIED = names('NetworkRxThroughput NetworkTxThroughput PreferredReplicaImbalanceCount');

const PER_BROKER_BOTH = names(`
  ConnectionCloseRate ConnectionCreationRate FetchConsumerLocalTimeMsMean FetchConsumerRequestQueueTimeMsMean
  FetchConsumerResponseQueueTimeMsMean FetchConsumerResponseSendTimeMsMean FetchConsumerTotalTimeMsMean FetchFollowerLocalTimeMsMean
  FetchFollowerRequestQueueTimeMsMean FetchFollowerResponseQueueTimeMsMean FetchFollowerResponseSendTimeMsMean
  FetchFollowerTotalTimeMsMean FetchThrottleByteRate FetchThrottleQueueSize FetchThrottleTime IAMNumberOfConnectionRequests
  IAMTooManyConnections NetworkProcessorAvgIdlePercent ProduceLocalTimeMsMean ProduceRequestQueueTimeMsMean
  ProduceResponseQueueTimeMsMean ProduceResponseSendTimeMsMean ProduceThrottleByteRate ProduceThrottleQueueSize ProduceThrottleTime
  ReplicationBytesInPerSec ReplicationBytesOutPerSec RequestExemptFromThrottleTime RequestHandlerAvgIdlePercent
  RequestThrottleQueueSize RequestThrottleTime TcpConnections TrafficBytes`);
const PER_BROKER_STANDARD = names(`
  BwInAllowanceExceeded BwOutAllowanceExceeded ConntrackAllowanceExceeded CpuCreditUsage FetchMessageConversionsPerSec
  FetchMessageConversionsTimeMsMean KafkaFileDescriptorsUsagePercent KafkaMemoryMappedFilesUsagePercent PpsAllowanceExceeded
  ProduceMessageConversionsPerSec ProduceMessageConversionsTimeMsMean RemoteCopyBytesPerSec RemoteCopyErrorsPerSec RemoteCopyLagBytes
  RemoteFetchBytesPerSec RemoteFetchErrorsPerSec RemoteFetchRequestsPerSec RemoteLogManagerTasksAvgIdlePercent
  RemoteLogReaderAvgIdlePercent RemoteLogReaderTaskQueueSize RemoteLogSizeBytes VolumeQueueLength VolumeReadBytes VolumeReadOps
  VolumeTotalReadTime VolumeTotalWriteTime VolumeWriteBytes VolumeWriteOps`);
const PER_TOPIC_STANDARD = names(`
  FetchMessageConversionsPerSec ProduceMessageConversionsPerSec RemoteCopyBytesPerSec RemoteCopyErrorsPerSec RemoteFetchBytesPerSec
  RemoteFetchErrorsPerSec RemoteFetchRequestsPerSec RemoteLogSizeBytes`);
const SERVERLESS = names(`
  BytesInPerSec BytesOutPerSec EstimatedMaxTimeLag FetchMessageConversionsPerSec MaxOffsetLag MessagesInPerSec
  ProduceMessageConversionsPerSec SumOffsetLag`);

const sorted = (rows: readonly MetricDefinition[]) => [...new Set(rows.map((row) => row.name))].sort();
const of = (kind: string, level: string) =>
  sorted(ROWS.filter((row) => (row.kinds as readonly string[]).includes(kind) && row.level === level));

test.each([
  ['provisioned-standard', 'DEFAULT', [...DEFAULT_BOTH, ...DEFAULT_STANDARD, ...DEFAULT_UNVERIFIED]],
  ['provisioned-standard', 'PER_BROKER', [...PER_BROKER_BOTH, ...PER_BROKER_STANDARD]],
  ['provisioned-standard', 'PER_TOPIC_PER_BROKER', ['MessagesInPerSec', ...PER_TOPIC_STANDARD]],
  ['provisioned-standard', 'PER_TOPIC_PER_PARTITION', ['EstimatedTimeLag', 'OffsetLag', 'RollingEstimatedTimeLag']],
  ['provisioned-express', 'DEFAULT', [...DEFAULT_BOTH, ...DEFAULT_EXPRESS, ...DEFAULT_UNVERIFIED]],
  ['provisioned-express', 'PER_BROKER', PER_BROKER_BOTH],
  ['provisioned-express', 'PER_TOPIC_PER_BROKER', ['MessagesInPerSec']],
  ['provisioned-express', 'PER_TOPIC_PER_PARTITION', ['EstimatedTimeLag', 'OffsetLag', 'RollingEstimatedTimeLag']],
  ['serverless', 'DEFAULT', SERVERLESS],
  ['serverless', 'PER_BROKER', []],
] as const)('every metric of %s at %s is in the catalogue, and nothing else', (kind, level, expected) => {
  expect(of(kind, level)).toEqual([...expected].sort());
});

test('a row whose existence, dimensions or unit AWS does not print says so', () => {
  const doubtful = sorted(ROWS.filter((row) => row.unverified !== undefined));
  expect(doubtful).toEqual(
    names(`
      BytesInPerSec BytesOutPerSec EstimatedTimeLag FetchMessageConversionsTimeMsMean KafkaFileDescriptorsUsagePercent
      KafkaMemoryMappedFilesUsagePercent NetworkRxThroughput NetworkTxThroughput OffsetLag PreferredReplicaImbalanceCount
      RebalanceInProgress RollingEstimatedTimeLag RollingEstimatedTimeLagMax StorageUsed UnderProvisioned`),
  );
});

test('other spellings are known, and which of them are of an older Kafka', () => {
  const spellings = ROWS.filter((row) => row.otherNames !== undefined && row.dimensions.length < 4).map(
    (row) => [row.name, ...row.otherNames!.map(({ name, before }) => (before ? `${name} < ${before}` : name))] as const,
  );
  expect(Object.fromEntries(spellings)).toEqual({
    ConntrackAllowanceExceeded: 'ConnTrackAllowanceExceeded',
    CpuCreditUsage: 'CPUCreditUsage',
    EstimatedMaxTimeLag: 'MaxEstimatedTimeLag',
    RemoteCopyBytesPerSec: 'RemoteBytesOutPerSec < 3.6',
    RemoteCopyErrorsPerSec: 'RemoteWriteErrorPerSec < 3.6',
    RemoteCopyLagBytes: 'TotalTierBytesLag < 3.6',
    RemoteFetchBytesPerSec: 'RemoteBytesInPerSec < 3.6',
    RemoteFetchErrorsPerSec: 'RemoteReadErrorPerSec < 3.6',
    RemoteFetchRequestsPerSec: 'RemoteReadRequestsPerSec < 3.6',
  });
});

test('what counts minutes, or adds up the datapoints of one, is asked for by the minute', () => {
  expect(sorted(ROWS.filter((row) => row.periodSec === 60))).toEqual(
    names(`
      ActiveControllerCount BytesInPerSec BytesOutPerSec ClientConnectionCount ConnectionCloseRate ConnectionCreationRate CpuIdle
      FetchMessageConversionsPerSec MaxOffsetLag MessagesInPerSec OfflinePartitionsCount ProduceMessageConversionsPerSec SumOffsetLag
      UnderMinIsrPartitionCount UnderReplicatedPartitions`),
  );
  expect(sorted(ROWS.filter((row) => row.isSumOfMinute === true))).toEqual(
    names(`
      BytesInPerSec BytesOutPerSec ClientConnectionCount ConnectionCloseRate ConnectionCreationRate FetchMessageConversionsPerSec
      MessagesInPerSec ProduceMessageConversionsPerSec`),
  );
  for (const row of ROWS.filter((each) => each.isSumOfMinute === true)) expect(row.statistic).toBe('Sum');
});

test('on Serverless a rate is a Sum by topic, on brokers an Average', () => {
  const bytesIn = ROWS.filter((row) => row.name === 'BytesInPerSec');
  expect(bytesIn.map((row) => [row.kinds.join('+'), row.statistic, row.dimensions.join('+')])).toEqual([
    ['provisioned-standard+provisioned-express', 'Average', 'Cluster Name+Broker ID'],
    ['provisioned-standard+provisioned-express', 'Average', 'Cluster Name+Broker ID+Topic'],
    ['serverless', 'Sum', 'Cluster Name+Topic'],
  ]);
});

test('each metric that is asked for comes by the statistic that tells the truth about it', () => {
  const asked = ROWS.filter((row) => row.need !== undefined && !row.kinds.includes('serverless' as never));
  const by = (statistic: string) => sorted(asked.filter((row) => row.statistic === statistic));
  // Only the controller knows a count of the whole cluster, every other broker says 0; peaks count where a limit is near.
  expect(by('Maximum')).toEqual(
    names(`
      ActiveControllerCount FetchThrottleQueueSize GlobalPartitionCount GlobalTopicCount KafkaDataLogsDiskUsed
      KafkaFileDescriptorsUsagePercent KafkaMemoryMappedFilesUsagePercent OfflinePartitionsCount PartitionCount
      ProduceThrottleQueueSize RebalanceInProgress RemoteCopyLagBytes RemoteLogSizeBytes RequestThrottleQueueSize
      RollingEstimatedTimeLagMax StorageUsed SwapUsed UnderMinIsrPartitionCount UnderProvisioned`),
  );
  expect(by('Sum')).toEqual(
    names(`
      BwInAllowanceExceeded BwOutAllowanceExceeded ClientConnectionCount ConnectionCloseRate ConnectionCreationRate
      ConntrackAllowanceExceeded IAMTooManyConnections NetworkRxDropped NetworkRxErrors NetworkRxPackets NetworkTxDropped
      NetworkTxErrors NetworkTxPackets PpsAllowanceExceeded TrafficShaping VolumeReadBytes VolumeWriteBytes VolumeWriteOps`),
  );
  expect(by('Minimum')).toEqual(['BurstBalance', 'ZooKeeperSessionState']);
  const lag = ROWS.filter((row) => row.dimensions.includes('Consumer Group'));
  expect(new Set(lag.map((row) => row.statistic))).toEqual(new Set(['Maximum']));
});

test('idle shares may be fractions', () => {
  expect(sorted(ROWS.filter((row) => row.scale === 'fraction-or-percent'))).toEqual(
    names(`
      NetworkProcessorAvgIdlePercent RemoteLogManagerTasksAvgIdlePercent RemoteLogReaderAvgIdlePercent
      RequestHandlerAvgIdlePercent`),
  );
});

test('whatever is asked for is read by somebody, and nothing else is kept for weeks', () => {
  for (const row of ROWS) {
    expect([row.name, (row.readBy ?? []).length > 0]).toEqual([row.name, row.need !== undefined]);
    if (row.history === true) expect([row.name, row.need]).not.toEqual([row.name, undefined]);
  }
});

test('each row is published with the cluster by name and comes from a page', () => {
  for (const row of ROWS) {
    expect(row.dimensions[0]).toBe('Cluster Name');
    expect(row.source).toMatch(/^https:\/\//);
  }
});

test('no two rows of a kind are the same series', () => {
  const keys = ROWS.flatMap((row) => row.kinds.map((kind) => `${kind} ${row.name} ${row.dimensions.join('+')}`));
  expect(new Set(keys).size).toBe(keys.length);
});
