// The clusters whose whole output is kept in test/golden. All are composed by the builder; none was recorded.
import { METRICS } from '../../lib/facts/metric-catalogue.ts';
import { missing } from '../../lib/snapshot/collected.ts';
import type { SectionValue, Snapshot } from '../../lib/snapshot/schema.ts';
import { aSnapshot, CLUSTER_ARN } from '../builders/a-snapshot.ts';
import { HEALTHY } from '../fixtures/clusters/healthy.ts';
import { HOSTILE_NAMES } from './a-hostile-report.ts';

export interface GoldenCluster {
  about: string;
  snapshot: () => Snapshot;
  /** Judged first; its run is the one before. */
  yesterday?: () => Snapshot;
}

const DURABLE = { 'min.insync.replicas': '2', 'unclean.leader.election.enable': 'false' };

function withTraffic() {
  return aSnapshot()
    .withTopic('orders', { partitions: 12, configs: DURABLE, end: 90_000 })
    .withTopic('payments', { partitions: 6, configs: DURABLE, end: 40_000 })
    .withGroup('billing', { commits: { payments: [40_000, 40_000, 40_000, 40_000, 40_000, 40_000] }, members: 2 });
}

const KAFKA_SECTIONS = [
  'kafkaBrokers',
  'kafkaTopics',
  'kafkaTopicConfigs',
  'kafkaGroups',
  'kafkaOffsets',
  'kafkaSamples',
] as const;

const PRICES: SectionValue<'prices'> = {
  source: 'price-list-api',
  asOfDate: '2026-11-18',
  region: 'eu-west-1',
  currency: 'USD',
  items: {
    'broker/express.m7g.large': { usd: 0.4, unit: 'hours', source: 'https://prices.example.test/a/long/path: EUW1' },
    'express/data-in': { usd: 0.01, unit: 'GiB', source: 'AWS Price List: EUW1-Express' },
  },
  unpriced: { 'express/storage': 'the Price List has 2 prices for it' },
};

const BILL: SectionValue<'bill'> = {
  startDate: '2026-10-20',
  endDate: '2026-11-19',
  currency: 'USD',
  metric: 'UnblendedCost',
  isEstimated: true,
  items: [{ usageType: 'EUW1-Express.m7g.large', amount: 1440, quantity: 3600, unit: 'Hours' }],
  adjustments: [{ recordType: 'Tax', amount: 288 }],
  cost: { calls: 1, usd: 0.01 },
};

const lacks = (action: string, resource: string) => `Allow ${action} on ${resource} for the caller`;
const refusal = (action: string) => `${action} in eu-west-1: the caller may not do this (AccessDeniedException)`;
const refused = (action: string, resource = '*') => missing('not-permitted', refusal(action), lacks(action, resource));

function thinRole(): Snapshot {
  const builder = withTraffic()
    .withKind('provisioned-express')
    .withSection('prices', PRICES)
    .withSection('bill', BILL)
    .withSection(
      'versions',
      { status: 'ACTIVE', upgradeTargets: null },
      `${refusal('kafka:GetCompatibleKafkaVersions')}. ${lacks('kafka:GetCompatibleKafkaVersions', '*')}`,
    );
  const snapshot = builder.build();
  const { sections } = snapshot;
  sections.operations = refused('kafka:ListClusterOperationsV2', CLUSTER_ARN);
  sections.tags = refused('kafka:ListTagsForResource', CLUSTER_ARN);
  sections.alarms = refused('cloudwatch:DescribeAlarms');
  sections.quotas = refused('servicequotas:ListServiceQuotas');
  sections.connectors = refused('kafkaconnect:ListConnectors');
  sections.storageScaling = missing('not-supported', 'only brokers of type Standard have volumes that can be scaled');
  if (sections.metrics?.ok) sections.metrics.value = { ...sections.metrics.value, ...ASKED };
  return snapshot;
}

const DIMENSIONS = ['Cluster Name', 'Broker ID'];
const ASKED: Pick<SectionValue<'metrics'>, 'cost' | 'unavailable' | 'messages'> = {
  cost: {
    metricsRequested: 250,
    calls: 4,
    usd: 0.0025,
    day: { metricsRequested: 152, calls: 3, points: 60_000, usd: 0.00152 },
    history: { metricsRequested: 98, calls: 1, points: 65_000, usd: 0.00098 },
  },
  unavailable: [
    { metric: 'RequestHandlerAvgIdlePercent', dimensions: DIMENSIONS, reason: 'not-enabled', level: 'PER_BROKER' },
    { metric: 'ConnectionCreationRate', dimensions: DIMENSIONS, reason: 'not-enabled', level: 'PER_BROKER' },
    { metric: 'BurstBalance', dimensions: DIMENSIONS, reason: 'not-supported', level: null },
    { metric: 'NetworkRxDropped', dimensions: DIMENSIONS, reason: 'not-requested', level: null },
  ],
  messages: [
    {
      code: 'ClockSkew',
      value:
        "the clock of the collecting machine is 10 min ahead of CloudWatch's; the metrics end at CloudWatch's time",
    },
    {
      code: 'History',
      value: 'A file of stored hours was not used: it is damaged. The hours were asked for again.',
    },
  ],
};

export const GOLDEN_CLUSTERS: Readonly<Record<string, GoldenCluster>> = {
  healthy: {
    about: 'Six brokers of which everything was read, and nothing to do.',
    snapshot: () => structuredClone(HEALTHY.full!.snapshot()),
  },
  troubled: {
    about:
      'A dead broker, a disk near its end, a stalled group, and a topic that will not survive maintenance; yesterday was calmer.',
    yesterday: () =>
      withTraffic()
        .withTopic('ledger', { configs: { ...DURABLE, 'min.insync.replicas': '3' } })
        .build(),
    snapshot: () =>
      withTraffic()
        .withTopic('ledger', { configs: { ...DURABLE, 'min.insync.replicas': '3' } })
        .withTopic('single', { partitions: 2, replicationFactor: 1 })
        .withTopic('clicks', { partitions: 3, configs: DURABLE })
        .withOffsets(
          'clicks',
          [
            [0, 50_000],
            [0, 60_000],
            [0, 70_000],
          ],
          600,
        )
        .withGroup('indexer', { commits: { clicks: [1_000, 2_000, 3_000] }, members: 3 })
        .withMetric(METRICS.diskUsed, { 'Broker ID': 2 }, 93.4)
        .withMetric(METRICS.cpuUser, { 'Broker ID': 1 }, 68)
        .withDeadBroker(3)
        .build(),
  },
  'mostly-denied': {
    about: 'Only the control plane answered: CloudWatch refused, brokers unreachable.',
    snapshot: () => {
      const builder = aSnapshot().without('metrics', 'not-permitted');
      const snapshot = builder.build();
      for (const name of KAFKA_SECTIONS) {
        const fix = 'let the collector into the security group of the brokers on port 9098';
        snapshot.sections[name] = missing('unreachable', 'no broker answered within 10 s', fix);
      }
      return snapshot;
    },
  },
  'thin-role': {
    about:
      'Express brokers, a role that lacks six permissions, a bill that the model does not meet, and metrics that the level lacks.',
    snapshot: thinRole,
  },
  'being-created': {
    about: 'A cluster that is being created: nothing is wrong, and there is nothing to read yet.',
    snapshot: () => {
      const because = 'the cluster is being created: it has no brokers yet';
      const snapshot = aSnapshot().withCluster({ state: 'CREATING' }).build();
      for (const name of ['nodes', 'bootstrap', 'versions', 'metrics'] as const) {
        snapshot.sections[name] = missing('not-supported', because);
      }
      for (const name of KAFKA_SECTIONS) {
        snapshot.sections[name] = missing('not-supported', `no broker addresses: ${because}`);
      }
      return snapshot;
    },
  },
  'plain-kafka': {
    about: 'A Kafka cluster without AWS.',
    snapshot: () =>
      withTraffic().withTopic('single', { partitions: 1, replicationFactor: 1 }).withKind('kafka').build(),
  },
  'hostile-names': {
    about: 'Groups named by an attacker who may join one; every one of them has stopped.',
    snapshot: () => {
      const builder = aSnapshot().withTopic('orders', { partitions: 1, configs: DURABLE, end: 90_000 });
      for (const name of HOSTILE_NAMES)
        builder.withGroup(name, { commits: { orders: [1_000] }, members: 0, state: 'Empty' });
      return builder.build();
    },
  },
};
