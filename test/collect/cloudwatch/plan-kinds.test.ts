// What is asked of each kind of cluster at each monitoring level: lists written by hand from AWS's tables (Standard, Express and
// Serverless pages, read 2026-11-20) and from what the KPIs and checks read. `/topic` marks a series by topic.
import { describe, expect, test } from 'vitest';
import { planMetrics } from '../../../lib/collect/cloudwatch/plan.ts';
import type { MetricPlan } from '../../../lib/collect/cloudwatch/plan-batches.ts';
import type { ClusterFeatures } from '../../../lib/collect/cloudwatch/plan-rows.ts';
import type { MonitoringLevel } from '../../../lib/facts/metric-catalogue.ts';
import { askedNames, features, marked, queriesOf, request } from './plan-requests.ts';

const names = (...tables: string[]): string[] => tables.flatMap((table) => table.trim().split(/\s+/)).sort();

const BOTH_DEFAULT = `
  ActiveControllerCount BytesInPerSec BytesInPerSec/topic BytesOutPerSec ClientConnectionCount CpuIdle CpuSystem CpuUser
  GlobalPartitionCount GlobalTopicCount LeaderCount MaxOffsetLag MemoryBuffered MemoryCached MemoryFree MemoryUsed MessagesInPerSec
  NetworkRxDropped NetworkRxErrors NetworkRxPackets NetworkTxDropped NetworkTxErrors NetworkTxPackets PartitionCount
  ProduceTotalTimeMsMean RequestBytesMean RollingEstimatedTimeLagMax SumOffsetLag`;
const STANDARD_DEFAULT = `
  BurstBalance CpuIoWait HeapMemoryAfterGC KafkaDataLogsDiskUsed OfflinePartitionsCount SwapUsed TrafficShaping
  UnderMinIsrPartitionCount UnderReplicatedPartitions`;
const BOTH_PER_BROKER = `
  ConnectionCloseRate ConnectionCreationRate FetchConsumerLocalTimeMsMean FetchConsumerRequestQueueTimeMsMean
  FetchConsumerResponseQueueTimeMsMean FetchConsumerResponseSendTimeMsMean FetchConsumerTotalTimeMsMean
  FetchFollowerRequestQueueTimeMsMean FetchThrottleByteRate FetchThrottleQueueSize FetchThrottleTime IAMTooManyConnections
  NetworkProcessorAvgIdlePercent ProduceLocalTimeMsMean ProduceRequestQueueTimeMsMean ProduceResponseQueueTimeMsMean
  ProduceResponseSendTimeMsMean ProduceThrottleByteRate ProduceThrottleQueueSize ProduceThrottleTime ReplicationBytesInPerSec
  RequestHandlerAvgIdlePercent RequestThrottleQueueSize RequestThrottleTime`;
const STANDARD_PER_BROKER = `
  BwInAllowanceExceeded BwOutAllowanceExceeded ConntrackAllowanceExceeded ConnTrackAllowanceExceeded
  KafkaFileDescriptorsUsagePercent KafkaMemoryMappedFilesUsagePercent PpsAllowanceExceeded VolumeQueueLength VolumeReadBytes
  VolumeWriteBytes VolumeWriteOps`;
const CONVERSIONS = 'FetchMessageConversionsPerSec ProduceMessageConversionsPerSec ProduceMessageConversionsTimeMsMean';
const TIERED = `
  RemoteCopyErrorsPerSec RemoteCopyLagBytes RemoteFetchBytesPerSec RemoteFetchErrorsPerSec RemoteLogSizeBytes`;
const TIERED_BEFORE_3_6 =
  'RemoteWriteErrorPerSec TotalTierBytesLag RemoteBytesInPerSec RemoteReadErrorPerSec RemoteLogSizeBytes';
const EXPRESS_DEFAULT = 'RebalanceInProgress StorageUsed UnderProvisioned';
const SERVERLESS = `
  BytesInPerSec/topic BytesOutPerSec/topic EstimatedMaxTimeLag MaxEstimatedTimeLag MaxOffsetLag MessagesInPerSec/topic SumOffsetLag`;
const BY_TOPIC = 'MessagesInPerSec/topic';

interface Kind {
  kind: 'provisioned-standard' | 'provisioned-express' | 'serverless';
  features?: Partial<ClusterFeatures>;
  byDefault: string[];
  perBroker: string[];
  byTopic: string[];
}

const standard = (own: Partial<ClusterFeatures>, byDefault: string[], perBroker: string[]): Kind => ({
  kind: 'provisioned-standard',
  features: own,
  byDefault: [BOTH_DEFAULT, STANDARD_DEFAULT, ...byDefault],
  perBroker: [BOTH_PER_BROKER, STANDARD_PER_BROKER, ...perBroker],
  byTopic: [BY_TOPIC],
});

const KINDS: Record<string, Kind> = {
  'Standard with ZooKeeper': standard(
    { zookeeper: true, kafkaVersion: '3.6.0' },
    ['ZooKeeperSessionState'],
    [CONVERSIONS],
  ),
  'Standard with KRaft': standard({}, [], [CONVERSIONS]),
  'Standard with KRaft, Kafka 4.0': standard({ kafkaVersion: '4.0.x.kraft' }, [], []),
  'Standard, burstable': standard(
    { burstable: true, zookeeper: true },
    ['ZooKeeperSessionState', 'CPUCreditBalance'],
    [CONVERSIONS],
  ),
  'Standard, tiered': standard({ tiered: true }, [], [CONVERSIONS, TIERED]),
  'Standard, tiered before Kafka 3.6': standard(
    { tiered: true, zookeeper: true, kafkaVersion: '2.8.2.tiered' },
    ['ZooKeeperSessionState'],
    [CONVERSIONS, TIERED_BEFORE_3_6],
  ),
  // Provisioned storage throughput changes what the volume can do, not what is published.
  'Standard, provisioned throughput': standard({}, [], [CONVERSIONS]),
  Express: {
    kind: 'provisioned-express',
    byDefault: [BOTH_DEFAULT, EXPRESS_DEFAULT],
    perBroker: [BOTH_PER_BROKER],
    byTopic: [BY_TOPIC],
  },
  'Express without intelligent rebalancing': {
    kind: 'provisioned-express',
    features: { intelligentRebalancing: false },
    byDefault: [BOTH_DEFAULT, 'StorageUsed'],
    perBroker: [BOTH_PER_BROKER],
    byTopic: [BY_TOPIC],
  },
  // One fixed level, whatever is said about levels.
  Serverless: { kind: 'serverless', byDefault: [SERVERLESS], perBroker: [], byTopic: [] },
};

const LEVELS: Record<MonitoringLevel, (kind: Kind) => string[]> = {
  DEFAULT: ({ byDefault }) => byDefault,
  PER_BROKER: ({ byDefault, perBroker }) => [...byDefault, ...perBroker],
  PER_TOPIC_PER_BROKER: ({ byDefault, perBroker, byTopic }) => [...byDefault, ...perBroker, ...byTopic],
  // Lag by partition is what Kafka itself tells: nobody needs it from CloudWatch.
  PER_TOPIC_PER_PARTITION: ({ byDefault, perBroker, byTopic }) => [...byDefault, ...perBroker, ...byTopic],
};

const CASES = Object.keys(KINDS).flatMap((kind) =>
  (Object.keys(LEVELS) as MonitoringLevel[]).map((level) => ({ kind, level })),
);

function planOf(kind: Kind, level: MonitoringLevel | 'unknown'): MetricPlan {
  return planMetrics(
    request({
      kind: kind.kind,
      enhancedMonitoring: level,
      features: features(kind.features),
      ...(kind.kind === 'serverless' ? { brokerIds: [] } : {}),
    }),
  );
}

const notEnabled = (plan: MetricPlan, level: MonitoringLevel) =>
  plan.unavailable
    .filter((each) => each.reason === 'not-enabled' && each.level === level)
    .map((each) => marked(each.metric, each.dimensions))
    .sort();

const notSupported = (plan: MetricPlan) =>
  plan.unavailable.filter((each) => each.reason === 'not-supported').map((each) => each.metric);

describe.each(CASES)('$kind at $level', ({ kind: name, level }) => {
  const kind = KINDS[name]!;
  const plan = planOf(kind, level);

  test('asks for exactly what the tables hold and somebody reads', () => {
    expect(askedNames(plan)).toEqual(names(...LEVELS[level](kind)));
    expect(plan.dropped).toEqual([]);
  });

  test('says which level would give the rest', () => {
    const isMissing = (...levels: MonitoringLevel[]) => levels.includes(level) && kind.kind !== 'serverless';
    const alternatives = new Set(
      names(TIERED_BEFORE_3_6.replace('RemoteLogSizeBytes', ''), 'ConnTrackAllowanceExceeded'),
    );
    const isTiered = kind.features?.tiered === true;
    const perBroker = names(...kind.perBroker.map((each) => (each === TIERED_BEFORE_3_6 && isTiered ? TIERED : each)));
    expect(notEnabled(plan, 'PER_BROKER')).toEqual(
      isMissing('DEFAULT') ? perBroker.filter((metric) => !alternatives.has(metric)) : [],
    );
    expect(notEnabled(plan, 'PER_TOPIC_PER_BROKER')).toEqual(isMissing('DEFAULT', 'PER_BROKER') ? [BY_TOPIC] : []);
    expect(plan.unavailable.filter((each) => each.reason === 'not-requested')).toEqual([]);
  });
});

test('what a kind never publishes is told as such, at every level', () => {
  const standardOnly = names(STANDARD_DEFAULT, STANDARD_PER_BROKER, CONVERSIONS, TIERED).filter(
    (metric) => metric !== 'ConnTrackAllowanceExceeded',
  );
  for (const level of Object.keys(LEVELS) as MonitoringLevel[]) {
    expect(notSupported(planOf(KINDS.Express!, level)).sort()).toEqual(
      names(...standardOnly, 'CPUCreditBalance', 'ZooKeeperSessionState'),
    );
    expect(notSupported(planOf(KINDS['Standard with KRaft']!, level)).sort()).toEqual(
      names(EXPRESS_DEFAULT, TIERED, 'CPUCreditBalance', 'ZooKeeperSessionState'),
    );
    expect(notSupported(planOf(KINDS['Standard with KRaft, Kafka 4.0']!, level))).toContain(
      'FetchMessageConversionsPerSec',
    );
  }
  const serverless = notSupported(planOf(KINDS.Serverless!, 'DEFAULT'));
  // It converts messages too, though nobody reads that of it.
  const ofServerless = names(SERVERLESS, 'FetchMessageConversionsPerSec ProduceMessageConversionsPerSec');
  const own = new Set(ofServerless.map((metric) => metric.replace('/topic', '')));
  const all = names(
    BOTH_DEFAULT,
    BOTH_PER_BROKER,
    EXPRESS_DEFAULT,
    ...standardOnly,
    'CPUCreditBalance ZooKeeperSessionState',
  );
  expect(serverless.sort()).toEqual(all.filter((metric) => !metric.includes('/') && !own.has(metric)));
});

test('at an unknown level only the free metrics are asked for, and nobody says that the others are off', () => {
  const plan = planOf(KINDS.Express!, 'unknown');
  expect(askedNames(plan)).toEqual(names(BOTH_DEFAULT, EXPRESS_DEFAULT));
  const others = plan.unavailable.filter((each) => each.level === 'PER_BROKER');
  expect(others.map((each) => each.metric).sort()).toEqual(names(BOTH_PER_BROKER));
  expect(new Set(others.map((each) => each.reason))).toEqual(new Set(['not-requested']));
});

test('what is not known about a cluster is asked for: a missing answer costs more than a missing series', () => {
  const { features: _features, ...unknown } = request({ enhancedMonitoring: 'PER_BROKER' });
  expect(askedNames(planMetrics(unknown))).toEqual(
    names(
      BOTH_DEFAULT,
      STANDARD_DEFAULT,
      'CPUCreditBalance ZooKeeperSessionState',
      BOTH_PER_BROKER,
      STANDARD_PER_BROKER,
      CONVERSIONS,
      TIERED,
    ).filter((name) => !planMetrics(unknown).dropped.some(({ what }) => name.toLowerCase() === what.toLowerCase())),
  );
});

test('connections are asked for by each way of authentication that is on, in the words of CloudWatch', () => {
  const values = (authentication: ClusterFeatures['authentication']) => {
    const plan = planMetrics(request({ brokerIds: [1], features: features({ authentication }) }));
    return queriesOf(plan).flatMap(({ dimensions }) => dimensions['Client Authentication'] ?? []);
  };
  const none = { iam: false, scram: false, tls: false, unauthenticated: false };
  expect(values({ ...none, iam: true })).toEqual(['IAM']);
  expect(values({ ...none, scram: true, tls: true })).toEqual(['SASL_SCRAM', 'SSL']);
  expect(values({ ...none, unauthenticated: true })).toEqual(['Unauthenticated']);
  expect(values({ ...none, iam: true, scram: null })).toEqual(['IAM', 'SASL_SCRAM']);
});

test('without IAM nobody is turned away by its limit', () => {
  const authentication = { iam: false, scram: true, tls: false, unauthenticated: false };
  const plan = planMetrics(request({ enhancedMonitoring: 'PER_BROKER', features: features({ authentication }) }));
  expect(askedNames(plan)).not.toContain('IAMTooManyConnections');
  expect(notSupported(plan)).toContain('IAMTooManyConnections');
});
