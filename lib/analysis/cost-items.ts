// What a cluster is billed for, before it is priced: quantities a month by price key.
import { METRICS, type MetricDefinition } from '../facts/metric-catalogue.ts';
import { kraftBrokerKey } from '../facts/price-keys.ts';
import type { Cluster } from '../snapshot/aws-sections.ts';
import { type CostItem, type CostUsage, HOURS_PER_MONTH, topicsOf } from './cost-item.ts';
import { connectItems, connectivityItems, monitoringItems } from './cost-items-beside.ts';
import { gibKept, gibPerMonth, type Usage, type UsageQuery } from './cost-usage.ts';

/** Everything the cluster is billed for as far as it is known, what is billed beside it (Connect, CloudWatch) included. */
export function costItems(cluster: Cluster, usage: CostUsage): CostItem[] {
  return [
    ...clusterItems(cluster, usage),
    ...connectItems(usage),
    ...connectivityItems(usage),
    ...monitoringItems(cluster, usage),
  ];
}

function clusterItems(cluster: Cluster, usage: CostUsage): CostItem[] {
  switch (cluster.kind) {
    case 'provisioned-standard':
      return [brokerHours(cluster), ...standardStorage(cluster, usage)];
    case 'provisioned-express':
      return [
        brokerHours(cluster),
        used('Data written', 'GiB', 'express/data-in', gibPerMonth(usage.metrics, ofBrokers(cluster, METRICS.bytesIn))),
        // One copy: MSK counts stored data without its replicas.
        used('Stored data', 'GiB-month', 'express/storage', gibKept(usage.metrics, ofCluster(METRICS.storageUsed))),
      ];
    case 'serverless':
      return serverlessItems(usage);
  }
}

type Provisioned = Exclude<Cluster, { kind: 'serverless' }>;

/** The brokers' hours of a month. */
export function brokerHours({
  instanceType,
  brokerCount,
  metadataMode,
}: Pick<Provisioned, 'instanceType' | 'brokerCount' | 'metadataMode'>): CostItem {
  const key = `broker/${instanceType}`;
  // Bills name brokers of KRaft clusters apart (EU-Kafka.kraft.t3.small); where the list does too, that is their price.
  const kraftKey = metadataMode === 'kraft' && instanceType.startsWith('kafka.') ? kraftBrokerKey(instanceType) : null;
  return {
    label: `Brokers: ${brokerCount} × ${instanceType}`,
    quantity: brokerCount * HOURS_PER_MONTH,
    unit: 'hours',
    priceKeys: kraftKey === null ? [key] : [kraftKey, key],
  };
}

function standardStorage(
  cluster: Extract<Cluster, { kind: 'provisioned-standard' }>,
  { metrics }: CostUsage,
): CostItem[] {
  const { brokerCount, volumeGiBPerBroker: volumeGiB, provisionedThroughputMiBPerSec: throughput } = cluster;
  const storage: CostItem[] = [
    {
      label: `Volumes: ${brokerCount} × ${volumeGiB ?? 'unknown'} GiB`,
      quantity: volumeGiB === null ? null : brokerCount * volumeGiB,
      unit: 'GiB-month',
      priceKeys: ['storage/gp2'],
      ...(volumeGiB === null ? { note: 'the volume size was not in the description of the cluster' } : {}),
    },
  ];
  if (throughput !== null) {
    storage.push({
      label: `Provisioned storage throughput: ${brokerCount} × ${throughput} MiB/s`,
      quantity: brokerCount * throughput,
      unit: 'MiBps-month',
      priceKeys: ['throughput/provisioned'],
    });
  }
  if (cluster.storageMode === 'TIERED') {
    const kept = gibKept(metrics, ofBrokers(cluster, METRICS.remoteLogSize));
    const fetched = gibPerMonth(metrics, ofBrokers(cluster, METRICS.remoteFetchBytes));
    storage.push(used('Tiered storage', 'GiB-month', 'storage/tiered', kept));
    storage.push(used('Read from tiered storage', 'GiB', 'storage/tiered-retrieval', fetched));
  }
  return storage;
}

function serverlessItems(usage: CostUsage): CostItem[] {
  const topics = topicsOf(usage);
  const ofTopics = (metric: MetricDefinition): UsageQuery => ({
    metric,
    members: topics?.count ?? null,
    memberName: 'topics',
  });
  const partitions: Usage =
    topics === null || topics.partitions === null
      ? { unknown: 'the partitions were not counted' }
      : { quantity: topics.partitions * HOURS_PER_MONTH, basis: `${topics.partitions} partitions`, isAtLeast: false };
  return [
    { label: 'Serverless cluster', quantity: HOURS_PER_MONTH, unit: 'hours', priceKeys: ['serverless/cluster'] },
    used('Partitions', 'hours', 'serverless/partition', partitions),
    used('Data written', 'GiB', 'serverless/data-in', gibPerMonth(usage.metrics, ofTopics(METRICS.serverlessBytesIn))),
    used('Data read', 'GiB', 'serverless/data-out', gibPerMonth(usage.metrics, ofTopics(METRICS.serverlessBytesOut))),
    used('Stored data', 'GiB-month', 'serverless/storage', {
      unknown: 'MSK publishes no metric of what a Serverless cluster stores: not measured in this report',
    }),
  ];
}

function used(label: string, unit: string, priceKey: string, usage: Usage): CostItem {
  const item = { label, unit, priceKeys: [priceKey] as [string] };
  if ('unknown' in usage) return { ...item, quantity: null, note: usage.unknown };
  const { quantity, basis, isAtLeast } = usage;
  return { ...item, quantity, note: basis, ...(isAtLeast ? { isAtLeast: true as const } : {}) };
}

function ofBrokers({ brokerCount }: Provisioned, metric: MetricDefinition): UsageQuery {
  return { metric, members: brokerCount, memberName: 'brokers' };
}

function ofCluster(metric: MetricDefinition): UsageQuery {
  return { metric, members: 1, memberName: 'clusters' };
}
