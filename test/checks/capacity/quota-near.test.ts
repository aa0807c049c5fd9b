import { describe, expect, test } from 'vitest';
import { METRICS } from '../../../lib/facts/metric-catalogue.ts';
import type { SnapshotBuilder } from '../../builders/a-snapshot.ts';
import { during, without } from '../minutes.ts';
import { aMonitored } from '../monitored.ts';
import { describeSeverities, describeVerdicts, runCheck } from '../run.ts';
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
    [
      'no-data: Serverless whose traffic broke off',
      serverless(1).withMetric(METRICS.serverlessBytesIn, { Topic: 't' }, without(during(0, 0, 0, 1e6), 30)),
      'no-data',
    ],
    [
      'passes: Serverless whose traffic is late',
      serverless(1).withMetric(METRICS.serverlessBytesIn, { Topic: 't' }, without(during(0, 0, 0, 1e6), 29)),
      'pass',
    ],
    ['no-data: Serverless without its topics', serverless(1).without('kafkaTopics', 'unreachable'), 'no-data'],
    ['not applicable: Kafka without AWS', aMonitored().withKind('kafka'), 'not-applicable'],
  ]);

  describe('what to do', () => {
    const advice = (source: SnapshotBuilder) => runCheck('quota-near', source).recommendation!;
    const largeVolume = () => aMonitored().withCluster({ volumeGiBPerBroker: 14_000 });

    test('no request raises the largest volume', () => {
      const { action, confirmFirst, risk } = advice(largeVolume());
      expect(action).toMatch(/tiered storage, or add brokers .*16384 GiB is the largest volume/);
      expect(action).not.toContain('Service Quotas');
      expect(confirmFirst).toContain('Ask the owners');
      expect(risk).toContain('deletes records for good');
    });

    test('brokers are asked for in Service Quotas', () => {
      const { action, risk } = advice(brokers(49));
      expect(action).toMatch(/^Ask for a higher quota in Service Quotas/);
      expect(risk).not.toContain('deletes');
    });

    test('both at once', () => {
      const { action } = advice(largeVolume().withCluster({ brokerCount: 49 }));
      expect(action).toMatch(/largest volume of MSK.*For the other quotas: Ask for a higher quota/);
    });

    test('days at the trend by hand: 60 % of 14,000 GiB, growing by 1 % a day, to 117.03 %', () => {
      const rising = Array.from({ length: 28 * 24 }, (_, i) => 60 - (28 * 24 - 1 - i) / 24);
      const daysOf = (source: SnapshotBuilder) =>
        runCheck('quota-near', source).evidence[0]!.rows.find(({ what }) => what === 'GiB of a volume')?.days;
      const B2 = { 'Broker ID': 2 };
      const growing = largeVolume().withHourly(METRICS.diskUsed, B2, rising).withMetric(METRICS.diskUsed, B2, 60);
      expect(daysOf(growing)).toBeCloseTo((100 * 16_384) / 14_000 - 60, 3);
      expect(daysOf(largeVolume())).toBeNull();
    });
  });

  describeSeverities('quota-near', SICK['quota-near'], { production: 'medium', staging: 'low', development: 'info' });
});
