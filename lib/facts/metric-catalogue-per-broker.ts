// Metrics that the level PER_BROKER adds, of Standard and Express clusters, without those of tiered storage.
import { check, evidence, kpi, ofPaidBroker, STANDARD } from './metric-rows.ts';

const IDLE = { scale: 'fraction-or-percent' } as const;
const HISTORY = { history: true } as const;
const PER_MINUTE = { periodSec: 60, isSumOfMinute: true } as const;
const CONVERSION = { kinds: STANDARD, condition: 'before-kafka-4' } as const;
const STANDARD_ONLY = { kinds: STANDARD } as const;
const COPY_OF_2026 = 'only in the copy of the page of 2026';

/** Mean milliseconds of one phase of a request. */
function phase(name: string, what: string, more: Parameters<typeof ofPaidBroker>[4] = {}) {
  return ofPaidBroker(name, 'Average', 'Milliseconds', `Mean time of a ${what}`, more);
}

const FETCH_PHASE = { ...kpi('K08', 'fetch-latency-high', 'latency-regressed'), ...HISTORY };
const PRODUCE_PHASE = check('produce-latency-high', 'acks-weak');
const THROTTLED = kpi('K10', 'clients-throttled');

export const PAID_BROKER_METRICS = {
  requestHandlerIdle: ofPaidBroker(
    'RequestHandlerAvgIdlePercent',
    'Average',
    'Percent',
    'Idle share of the request handler threads',
    { ...IDLE, ...kpi('K11', 'request-handlers-saturated', 'io-threads-low'), ...HISTORY },
  ),
  networkProcessorIdle: ofPaidBroker(
    'NetworkProcessorAvgIdlePercent',
    'Average',
    'Percent',
    'Idle share of the network threads',
    { ...IDLE, ...kpi('K12', 'network-threads-saturated') },
  ),
  produceThrottleTime: phase('ProduceThrottleTime', 'produce request in the throttle', THROTTLED),
  fetchThrottleTime: phase('FetchThrottleTime', 'fetch request in the throttle', THROTTLED),
  requestThrottleTime: phase('RequestThrottleTime', 'request in the throttle', THROTTLED),
  connectionCreationRate: ofPaidBroker(
    'ConnectionCreationRate',
    'Sum',
    'Count/Second',
    'New connections a second; one datapoint a network processor and minute',
    { ...PER_MINUTE, ...kpi('K32', 'iam-connections-near-limit', 'connection-churn-high') },
  ),
  fetchConsumerRequestQueueTimeMean: phase(
    'FetchConsumerRequestQueueTimeMsMean',
    'consumer fetch in the request queue',
    FETCH_PHASE,
  ),
  fetchConsumerLocalTimeMean: phase('FetchConsumerLocalTimeMsMean', 'consumer fetch at the leader', FETCH_PHASE),
  fetchConsumerResponseQueueTimeMean: phase(
    'FetchConsumerResponseQueueTimeMsMean',
    'consumer fetch in the response queue',
    FETCH_PHASE,
  ),
  fetchConsumerResponseSendTimeMean: phase(
    'FetchConsumerResponseSendTimeMsMean',
    "consumer fetch's answer on its way",
    FETCH_PHASE,
  ),
  replicationBytesIn: ofPaidBroker(
    'ReplicationBytesInPerSec',
    'Average',
    'Bytes/Second',
    'Bytes a second from brokers',
    {
      ...kpi('K27', 'failure-headroom-low', 'page-cache-short', 'partitions-under-replicated'),
      ...HISTORY,
    },
  ),
  volumeReadBytes: ofPaidBroker('VolumeReadBytes', 'Sum', 'Bytes', 'Bytes read from the volume in the period', {
    ...STANDARD_ONLY,
    ...kpi('K30', 'ebs-throughput-near-limit', 'page-cache-short', 'provisioned-throughput-unused'),
    ...HISTORY,
  }),
  volumeWriteBytes: ofPaidBroker('VolumeWriteBytes', 'Sum', 'Bytes', 'Bytes written to the volume in the period', {
    ...STANDARD_ONLY,
    ...kpi('K30', 'ebs-throughput-near-limit', 'provisioned-throughput-unused'),
    ...HISTORY,
  }),
  iamTooManyConnections: ofPaidBroker(
    'IAMTooManyConnections',
    'Sum',
    'Count',
    'Connections attempted above 100 with IAM authentication',
    { condition: 'iam', ...check('iam-connections-near-limit', 'request-errors') },
  ),
  produceRequestQueueTimeMean: phase(
    'ProduceRequestQueueTimeMsMean',
    'produce request in the request queue',
    PRODUCE_PHASE,
  ),
  produceLocalTimeMean: phase('ProduceLocalTimeMsMean', 'produce request at the leader', PRODUCE_PHASE),
  produceResponseQueueTimeMean: phase(
    'ProduceResponseQueueTimeMsMean',
    'produce answer in the response queue',
    PRODUCE_PHASE,
  ),
  produceResponseSendTimeMean: phase('ProduceResponseSendTimeMsMean', 'produce answer on its way', PRODUCE_PHASE),
  fileDescriptorsUsed: ofPaidBroker(
    'KafkaFileDescriptorsUsagePercent',
    'Maximum',
    'Percent',
    'Open file descriptors of those allowed',
    { ...STANDARD_ONLY, unverified: COPY_OF_2026, ...check('memory-pressure') },
  ),
  memoryMapsUsed: ofPaidBroker(
    'KafkaMemoryMappedFilesUsagePercent',
    'Maximum',
    'Percent',
    'Memory-mapped files of those allowed',
    { ...STANDARD_ONLY, unverified: COPY_OF_2026, ...check('memory-pressure', 'segment-mismatched') },
  ),
  produceConversions: ofPaidBroker(
    'ProduceMessageConversionsPerSec',
    'Average',
    'Count/Second',
    'Messages a second converted from an older format',
    { ...CONVERSION, ...check('message-conversions', 'clients-outdated') },
  ),
  fetchConversions: ofPaidBroker(
    'FetchMessageConversionsPerSec',
    'Average',
    'Count/Second',
    'Messages a second converted to an older format',
    { ...CONVERSION, ...check('message-conversions', 'clients-outdated') },
  ),
  inboundShaped: ofPaidBroker('BwInAllowanceExceeded', 'Sum', 'Count', 'Packets shaped for inbound bandwidth', {
    ...STANDARD_ONLY,
    ...evidence('traffic-shaped'),
  }),
  outboundShaped: ofPaidBroker('BwOutAllowanceExceeded', 'Sum', 'Count', 'Packets shaped for outbound bandwidth', {
    ...STANDARD_ONLY,
    ...evidence('traffic-shaped'),
  }),
  packetsShaped: ofPaidBroker('PpsAllowanceExceeded', 'Sum', 'Count/Second', 'Packets shaped for packets a second', {
    ...STANDARD_ONLY,
    ...evidence('traffic-shaped', 'network-threads-saturated'),
  }),
  connectionsShaped: ofPaidBroker(
    'ConntrackAllowanceExceeded',
    'Sum',
    'Count',
    'Packets shaped for tracked connections',
    { ...STANDARD_ONLY, otherNames: [{ name: 'ConnTrackAllowanceExceeded' }], ...evidence('traffic-shaped') },
  ),
  volumeQueueLength: ofPaidBroker('VolumeQueueLength', 'Average', 'Count', 'Operations waiting for the volume', {
    ...STANDARD_ONLY,
    ...evidence('ebs-throughput-near-limit', 'partitions-under-replicated', 'produce-latency-high'),
  }),
  volumeWriteOps: ofPaidBroker('VolumeWriteOps', 'Sum', 'Count', 'Write operations in the period', {
    ...STANDARD_ONLY,
    ...evidence('flush-forced'),
  }),
  fetchConsumerTotalTimeMean: phase(
    'FetchConsumerTotalTimeMsMean',
    'consumer fetch, its wait for data included',
    evidence('fetches-inefficient'),
  ),
  fetchFollowerRequestQueueTimeMean: phase(
    'FetchFollowerRequestQueueTimeMsMean',
    "follower's fetch in the request queue",
    evidence('replica-fetchers-low'),
  ),
  connectionCloseRate: ofPaidBroker(
    'ConnectionCloseRate',
    'Sum',
    'Count/Second',
    'Connections closed a second; one datapoint a network processor and minute',
    { ...PER_MINUTE, ...evidence('connection-churn-high') },
  ),
  produceThrottleByteRate: ofPaidBroker(
    'ProduceThrottleByteRate',
    'Average',
    'Bytes/Second',
    'Throttled bytes a second of producers',
    evidence('clients-throttled'),
  ),
  fetchThrottleByteRate: ofPaidBroker(
    'FetchThrottleByteRate',
    'Average',
    'Bytes/Second',
    'Throttled bytes a second of consumers',
    evidence('clients-throttled'),
  ),
  produceThrottleQueue: ofPaidBroker(
    'ProduceThrottleQueueSize',
    'Maximum',
    'Count',
    'Produce requests waiting in the throttle',
    evidence('clients-throttled'),
  ),
  fetchThrottleQueue: ofPaidBroker(
    'FetchThrottleQueueSize',
    'Maximum',
    'Count',
    'Fetch requests waiting in the throttle',
    evidence('clients-throttled'),
  ),
  requestThrottleQueue: ofPaidBroker(
    'RequestThrottleQueueSize',
    'Maximum',
    'Count',
    'Requests waiting in the throttle',
    evidence('clients-throttled'),
  ),
  produceConversionsTimeMean: phase('ProduceMessageConversionsTimeMsMean', 'conversion of produced messages', {
    ...CONVERSION,
    ...evidence('message-conversions'),
  }),
} as const;
