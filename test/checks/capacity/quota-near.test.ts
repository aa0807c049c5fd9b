import { describe } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import { aMonitored } from '../monitored.ts';
import { describeSeverities, describeVerdicts } from '../run.ts';
import { SICK } from '../sick.ts';

const brokers = (brokerCount: number, metadataMode: 'kraft' | 'zookeeper' | 'unknown' = 'kraft') =>
  aMonitored().withCluster({ brokerCount, metadataMode });
const quota = (limits: 'brokers-per-kraft-cluster' | 'brokers-per-account', value: number) => ({
  code: 'L-1',
  name: limits,
  value,
  isAdjustable: true,
  limits,
  source: 'applied' as const,
});
const serverless = (partitions: number, cleanup = 'delete') =>
  aMonitored()
    .withKind('serverless')
    .withSection('kafkaTopics', [])
    .withTopic('t', { partitions, configs: { 'cleanup.policy': cleanup } })
    .withMetric(METRICS.serverlessBytesIn, { Topic: 't' }, 1e6)
    .withMetric(METRICS.serverlessBytesOut, { Topic: 't' }, 1e6);

describe('quota-near', () => {
  describeVerdicts('quota-near', [
    ['passes: a healthy cluster', aMonitored(), 'pass'],
    ['passes: 48 brokers of 60 with KRaft', brokers(48), 'pass'],
    ['warns: 49', brokers(49), 'warn', 'medium orders/brokers'],
    ['passes: 24 brokers of 30 with ZooKeeper', brokers(24, 'zookeeper'), 'pass'],
    ['warns: 25', brokers(25, 'zookeeper'), 'warn', 'medium orders/brokers'],
    ['warns: 25 where nobody knows the mode', brokers(25, 'unknown'), 'warn', 'medium orders/brokers'],
    [
      'passes: the account has a higher quota',
      brokers(49).withSection('quotas', [quota('brokers-per-kraft-cluster', 100)]),
      'pass',
    ],
    [
      'warns: the quota of the account',
      brokers(40).withSection('quotas', [quota('brokers-per-account', 45)]),
      'warn',
      'medium orders/account-brokers',
    ],
    ['passes: a volume of 13,107 GiB', aMonitored().withCluster({ volumeGiBPerBroker: 13_107 }), 'pass'],
    [
      'warns: a volume of 13,108 GiB',
      aMonitored().withCluster({ volumeGiBPerBroker: 13_108 }),
      'warn',
      'medium orders/volume',
    ],
    ['no-data: nobody knows the volume', aMonitored().withCluster({ volumeGiBPerBroker: null }), 'no-data'],
    ['passes: Express', aMonitored().withKind('provisioned-express'), 'pass'],
    ['passes: Serverless with 1,920 partitions', serverless(1920), 'pass'],
    ['warns: Serverless with 1,921', serverless(1921), 'warn', 'medium orders/partitions'],
    [
      'warns: Serverless with 97 compacted ones',
      serverless(97, 'compact'),
      'warn',
      'medium orders/compacted-partitions',
    ],
    ['passes: Serverless with 96', serverless(96, 'compact'), 'pass'],
    [
      'warns: Serverless at 161 MB/s',
      serverless(1).withMetric(METRICS.serverlessBytesIn, { Topic: 't' }, 161e6),
      'warn',
      'medium orders/quota-in',
    ],
    ['no-data: Serverless without its groups', serverless(1).without('kafkaGroups', 'unreachable'), 'no-data'],
    ['no-data: Serverless without its traffic', serverless(1).without('metrics', 'throttled'), 'no-data'],
    ['no-data: Serverless without its topics', serverless(1).without('kafkaTopics', 'unreachable'), 'no-data'],
    ['not applicable: Kafka without AWS', aMonitored().withKind('kafka'), 'not-applicable'],
  ]);

  describeSeverities('quota-near', SICK['quota-near'], { production: 'medium', staging: 'low', development: 'info' });
});
