// Metrics of the level PER_BROKER that no KPI and no check reads: known, and not asked for.
import { ofPaidBroker, STANDARD } from './metric-rows.ts';

const DYNATRACE =
  'https://docs.dynatrace.com/managed/ingest-from/amazon-web-services/integrate-with-aws/aws-all-services/aws-service-msk-kafka';
const STANDARD_ONLY = { kinds: STANDARD } as const;

function fetchFollowerPhase(name: string, what: string) {
  return ofPaidBroker(name, 'Average', 'Milliseconds', `Mean time of a follower's fetch ${what}`);
}

export const SPARE_BROKER_METRICS = {
  cpuCreditUsage: ofPaidBroker('CpuCreditUsage', 'Sum', 'Count', 'CPU credits spent', {
    ...STANDARD_ONLY,
    condition: 'burstable',
    otherNames: [{ name: 'CPUCreditUsage' }],
  }),
  iamConnectionRequests: ofPaidBroker(
    'IAMNumberOfConnectionRequests',
    'Sum',
    'Count/Second',
    'Requests for authentication by IAM',
    { condition: 'iam' },
  ),
  fetchFollowerLocalTimeMean: fetchFollowerPhase('FetchFollowerLocalTimeMsMean', 'at the leader'),
  fetchFollowerResponseQueueTimeMean: fetchFollowerPhase(
    'FetchFollowerResponseQueueTimeMsMean',
    'in the response queue',
  ),
  fetchFollowerResponseSendTimeMean: fetchFollowerPhase('FetchFollowerResponseSendTimeMsMean', 'on its way back'),
  fetchFollowerTotalTimeMean: fetchFollowerPhase('FetchFollowerTotalTimeMsMean', 'as a whole'),
  fetchConversionsTimeMean: ofPaidBroker(
    'FetchMessageConversionsTimeMsMean',
    'Average',
    'Milliseconds',
    'Mean time of a conversion of fetched messages',
    { ...STANDARD_ONLY, condition: 'before-kafka-4', source: DYNATRACE, unverified: "only in Dynatrace's list" },
  ),
  replicationBytesOut: ofPaidBroker(
    'ReplicationBytesOutPerSec',
    'Average',
    'Bytes/Second',
    'Bytes a second to other brokers',
  ),
  requestExemptFromThrottleTime: ofPaidBroker(
    'RequestExemptFromThrottleTime',
    'Average',
    'Milliseconds',
    'Mean thread time of requests that no throttle holds',
  ),
  tcpConnections: ofPaidBroker('TcpConnections', 'Sum', 'Count', 'TCP segments with SYN, in and out; no connections'),
  trafficBytes: ofPaidBroker('TrafficBytes', 'Sum', 'Bytes', 'Bytes between clients and the broker'),
  volumeReadOps: ofPaidBroker('VolumeReadOps', 'Sum', 'Count', 'Read operations in the period', STANDARD_ONLY),
  volumeTotalReadTime: ofPaidBroker(
    'VolumeTotalReadTime',
    'Sum',
    'Seconds',
    'Seconds spent on reads that ended in the period',
    STANDARD_ONLY,
  ),
  volumeTotalWriteTime: ofPaidBroker(
    'VolumeTotalWriteTime',
    'Sum',
    'Seconds',
    'Seconds spent on writes that ended in the period',
    STANDARD_ONLY,
  ),
} as const;
