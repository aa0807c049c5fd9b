// Metrics by topic and by consumer group, and all that a Serverless cluster publishes.
import {
  BROKER_TOPIC,
  check,
  EVERY_KIND,
  GROUP_PARTITION,
  GROUP_TOPIC,
  kpi,
  LAG,
  MET_SL,
  ofBroker,
  SERVERLESS,
  STANDARD,
  TOPIC,
} from './metric-rows.ts';

const CONFLICT = "AWS's table has it at the free level; AWS's skill for agents at PER_TOPIC_PER_BROKER";
const SECONDS = 'seconds in AWS’s pages; Dynatrace labels it milliseconds';
const CLUSTER_DIMENSION = 'the cluster is not printed among its dimensions; expected as for the other lag metrics';
const MINUTE = { periodSec: 60 } as const;
const PER_TOPIC = { dimensions: BROKER_TOPIC, level: 'PER_TOPIC_PER_BROKER' } as const;
const OF_GROUP = { dimensions: GROUP_TOPIC, source: LAG } as const;
const OF_PARTITION = { dimensions: GROUP_PARTITION, level: 'PER_TOPIC_PER_PARTITION', source: LAG } as const;
/** One datapoint a partition and minute: only Sum shows the topic, and over 60 s it is the rate a second. */
const OF_SERVERLESS = { ...MINUTE, dimensions: TOPIC, kinds: SERVERLESS, isSumOfMinute: true, source: MET_SL } as const;

export const TOPIC_METRICS = {
  topicBytesIn: ofBroker('BytesInPerSec', 'Average', 'Bytes/Second', 'Bytes a second from clients, by topic', {
    dimensions: BROKER_TOPIC,
    unverified: CONFLICT,
    ...check('traffic-anomalous'),
    history: true,
  }),
  topicBytesOut: ofBroker('BytesOutPerSec', 'Average', 'Bytes/Second', 'Bytes a second to clients, by topic', {
    dimensions: BROKER_TOPIC,
    unverified: CONFLICT,
  }),
  topicMessagesIn: ofBroker('MessagesInPerSec', 'Average', 'Count/Second', 'Messages a second, by topic', {
    ...PER_TOPIC,
    ...check('commits-excessive'),
  }),
  topicProduceConversions: ofBroker(
    'ProduceMessageConversionsPerSec',
    'Average',
    'Count/Second',
    'Messages a second converted from an older format, by topic',
    { ...PER_TOPIC, kinds: STANDARD, condition: 'before-kafka-4' },
  ),
  topicFetchConversions: ofBroker(
    'FetchMessageConversionsPerSec',
    'Average',
    'Count/Second',
    'Messages a second converted to an older format, by topic',
    { ...PER_TOPIC, kinds: STANDARD, condition: 'before-kafka-4' },
  ),
} as const;

export const GROUP_METRICS = {
  maxOffsetLag: ofBroker('MaxOffsetLag', 'Maximum', 'Count', 'Largest lag over the partitions of a topic for a group', {
    ...MINUTE,
    ...OF_GROUP,
    kinds: EVERY_KIND,
    ...kpi('K17', 'time-lag-over-target'),
  }),
  sumOffsetLag: ofBroker(
    'SumOffsetLag',
    'Maximum',
    'Count',
    'Lag summed over the partitions of a topic for a group; absent unless the group is Stable or Empty',
    { ...MINUTE, ...OF_GROUP, kinds: EVERY_KIND, ...kpi('K18', 'K19', 'lag-growing', 'rebalances-frequent') },
  ),
  rollingTimeLag: ofBroker(
    'RollingEstimatedTimeLagMax',
    'Maximum',
    'Seconds',
    'Rolling estimate of the worst time lag over the partitions of a topic for a group',
    { ...OF_GROUP, unverified: SECONDS, ...kpi('K16', 'time-lag-over-target') },
  ),
  estimatedTimeLag: ofBroker(
    'EstimatedMaxTimeLag',
    'Maximum',
    'Seconds',
    'Estimated time to drain MaxOffsetLag, which is not the age of the next record',
    OF_GROUP,
  ),
  partitionOffsetLag: ofBroker('OffsetLag', 'Maximum', 'Count', 'Lag of a group on a partition', {
    ...OF_PARTITION,
    unverified: CLUSTER_DIMENSION,
  }),
  partitionEstimatedTimeLag: ofBroker(
    'EstimatedTimeLag',
    'Maximum',
    'Seconds',
    'Estimated time to drain the lag of a group on a partition',
    { ...OF_PARTITION, unverified: CLUSTER_DIMENSION },
  ),
  partitionRollingTimeLag: ofBroker(
    'RollingEstimatedTimeLag',
    'Maximum',
    'Seconds',
    'Rolling estimate of the time lag of a group on a partition',
    { ...OF_PARTITION, unverified: `${CLUSTER_DIMENSION}; ${SECONDS}` },
  ),
} as const;

export const SERVERLESS_METRICS = {
  serverlessBytesIn: ofBroker('BytesInPerSec', 'Sum', 'Bytes/Second', 'Bytes a second from clients, by topic', {
    ...OF_SERVERLESS,
    ...kpi('K09', 'throughput-near-limit', 'traffic-anomalous'),
    history: true,
  }),
  serverlessBytesOut: ofBroker('BytesOutPerSec', 'Sum', 'Bytes/Second', 'Bytes a second to clients, by topic', {
    ...OF_SERVERLESS,
    ...kpi('K09', 'throughput-near-limit'),
    history: true,
  }),
  serverlessMessagesIn: ofBroker('MessagesInPerSec', 'Sum', 'Count/Second', 'Messages a second, by topic', {
    ...OF_SERVERLESS,
    ...check('batches-small', 'commits-excessive'),
  }),
  serverlessProduceConversions: ofBroker(
    'ProduceMessageConversionsPerSec',
    'Sum',
    'Count/Second',
    'Messages a second converted from an older format, by topic',
    OF_SERVERLESS,
  ),
  serverlessFetchConversions: ofBroker(
    'FetchMessageConversionsPerSec',
    'Sum',
    'Count/Second',
    'Messages a second converted to an older format, by topic',
    OF_SERVERLESS,
  ),
  serverlessTimeLag: ofBroker(
    'EstimatedMaxTimeLag',
    'Maximum',
    'Seconds',
    'Estimated time to drain MaxOffsetLag, which is not the age of the next record',
    {
      dimensions: GROUP_TOPIC,
      kinds: SERVERLESS,
      source: MET_SL,
      otherNames: [{ name: 'MaxEstimatedTimeLag' }],
      ...kpi('K16', 'time-lag-over-target'),
    },
  ),
} as const;
