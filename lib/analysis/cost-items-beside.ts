// What is billed beside the cluster itself: MSK Connect, private connectivity, and the paid monitoring level in CloudWatch.
import { type MetricCounts, PAID_METRICS } from '../facts/paid-metrics.ts';
import type { Cluster } from '../snapshot/aws-sections.ts';
import { type CostItem, type CostUsage, HOURS_PER_MONTH, product, sumOf, topicsOf } from './cost-item.ts';

const CONNECT_STATES = ['RUNNING', 'UPDATING'];

/** Workers of MSK Connect: those that always run, with what autoscaling may add said. */
export function connectItems({ connectors }: CostUsage): CostItem[] {
  if (connectors === undefined) return [];
  const line = { unit: 'hours', priceKeys: ['connect/mcu'] as const };
  if (!connectors.ok) {
    return [{ ...line, label: 'MSK Connect workers', quantity: null, note: `not read: ${connectors.detail}` }];
  }
  const running = connectors.value.filter(({ state }) => state === null || CONNECT_STATES.includes(state));
  if (running.length === 0) return [];
  const least = running.map(({ mcusPerWorker, minWorkers }) => product(mcusPerWorker, minWorkers));
  const most = running.map(({ mcusPerWorker, maxWorkers }) => product(mcusPerWorker, maxWorkers));
  const label = `MSK Connect: ${running.length} ${running.length === 1 ? 'connector' : 'connectors'}`;
  const mcus = sumOf(least);
  if (mcus === null) return [{ ...line, label, quantity: null, note: 'the capacity of a connector was not told' }];
  const note = { label: `${label}, ${mcus} MCU`, quantity: mcus * HOURS_PER_MONTH };
  const maximum = sumOf(most);
  if (maximum === mcus) return [{ ...line, ...note }];
  return [
    { ...line, ...note, note: `autoscaling may run up to ${maximum ?? 'an unknown number of'} MCU`, isAtLeast: true },
  ];
}

/** Multi-VPC private connectivity: by the hour for each way of authentication, and by what passes. */
export function connectivityItems({ security }: CostUsage): CostItem[] {
  if (security === undefined) return [];
  const line = { unit: 'hours', priceKeys: ['private-connectivity/hour'] as const };
  if (!security.ok)
    return [{ ...line, label: 'Private connectivity', quantity: null, note: `not read: ${security.detail}` }];
  const schemes = Object.values(security.value.vpcConnectivity).filter((isOn) => isOn === true).length;
  if (schemes === 0) return [];
  return [
    { ...line, label: `Private connectivity: ${schemes} × authentication`, quantity: schemes * HOURS_PER_MONTH },
    {
      label: 'Data over private connectivity',
      quantity: null,
      unit: 'GiB',
      priceKeys: ['private-connectivity/data'],
      note: 'no metric tells it apart from other traffic',
    },
  ];
}

/** What CloudWatch bills for a monitoring level above DEFAULT; levels include those below them. */
export function monitoringItems(cluster: Cluster, usage: CostUsage): CostItem[] {
  if (cluster.kind === 'serverless') return [];
  const { enhancedMonitoring: level, brokerCount } = cluster;
  if (level === 'DEFAULT' || level === 'unknown') return [];
  const counts = PAID_METRICS[cluster.kind];
  const topics = level === 'PER_BROKER' ? 0 : (topicsOf(usage)?.count ?? null);
  const committed = usage.kafkaOffsets?.ok === true ? usage.kafkaOffsets.value.committed.length : null;
  const quantity = sumOf([
    brokerCount * published(cluster, counts.PER_BROKER),
    product(topics, brokerCount * published(cluster, counts.PER_TOPIC_PER_BROKER)),
    product(level === 'PER_TOPIC_PER_PARTITION' ? committed : 0, published(cluster, counts.PER_TOPIC_PER_PARTITION)),
  ]);
  return [
    {
      label: `Monitoring level ${level}: metrics in CloudWatch`,
      quantity,
      unit: 'metric-month',
      priceKeys: ['cloudwatch/metric'],
      note:
        quantity === null
          ? 'topics or committed offsets were not read'
          : 'the most that the level publishes for its brokers, topics and committed offsets',
    },
  ];
}

type Provisioned = Exclude<Cluster, { kind: 'serverless' }>;

/** The most of these metrics that such a cluster has. */
function published(cluster: Provisioned, counts: MetricCounts): number {
  const absent = [
    cluster.kind === 'provisioned-standard' && cluster.storageMode === 'TIERED' ? null : 'tiered',
    cluster.instanceType.startsWith('kafka.t3.') ? null : 'burstable',
    Number.parseInt(cluster.kafkaVersion ?? '', 10) >= 4 ? 'before-kafka-4' : null,
  ];
  return Object.entries(counts)
    .filter(([condition]) => !absent.includes(condition))
    .reduce((total, [, count]) => total + count, 0);
}
