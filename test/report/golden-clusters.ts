// The clusters whose whole output is kept in test/golden. All are composed by the builder; none was recorded.
import { METRICS } from '../../lib/facts/metric-catalogue.ts';
import { missing } from '../../lib/snapshot/collected.ts';
import type { Snapshot } from '../../lib/snapshot/schema.ts';
import { aSnapshot } from '../builders/a-snapshot.ts';
import { HOSTILE_NAMES } from './a-report.ts';

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

export const GOLDEN_CLUSTERS: Readonly<Record<string, GoldenCluster>> = {
  healthy: { about: 'Three brokers, nothing to do.', snapshot: () => withTraffic().build() },
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
      const kafka = [
        'kafkaBrokers',
        'kafkaTopics',
        'kafkaTopicConfigs',
        'kafkaGroups',
        'kafkaOffsets',
        'kafkaSamples',
      ] as const;
      const snapshot = builder.build();
      for (const name of kafka) {
        const fix = 'let the collector into the security group of the brokers on port 9098';
        snapshot.sections[name] = missing('unreachable', 'no broker answered within 10 s', fix);
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
