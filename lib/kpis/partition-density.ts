// K25. Partition replicas of the fullest broker against the number that AWS recommends for its size.

import { topologyName } from '../analysis/msk-topology.ts';
import { replicasByBroker } from '../analysis/topology.ts';
import { brokerSizeOf } from '../facts/broker-sizes.ts';
import { METRICS } from '../facts/metric-catalogue.ts';
import { defineKpi } from './kpi.ts';
import { largest, metricSource, missingFrom, noData, ONE_LOOK, readBrokers, whole } from './reading.ts';

const METRIC = METRICS.partitionCount;

export default defineKpi({
  id: 'K25',
  name: 'partition-density',
  title: 'Partitions of the fullest broker against the recommended number',
  category: 'balance',
  weight: 3,
  unit: 'percent',
  mayUse: ['metrics', 'nodes', 'cluster', 'kafkaTopics'],
  read(inputs, run) {
    const { cluster, metrics } = inputs;
    const series = readBrokers(inputs, METRIC, run, { dropLast: 0 });
    if ('state' in series && series.state === 'not-applicable') return series;
    if (!cluster.ok) return missingFrom(cluster, 'the cluster');
    const size = cluster.value.kind === 'serverless' ? null : brokerSizeOf(cluster.value.instanceType);
    if (size === null) return noData('no number is recommended for brokers of this size');
    const topics = whole(inputs.kafkaTopics);
    // Metadata stands in only where CloudWatch was not read at all.
    if ('state' in series && (metrics.ok || topics === null)) return series;
    const seen = topics === null ? new Map<number, number>() : replicasByBroker(topics);
    const counts = new Map([...seen].map(([id, count]) => [String(id), count]));
    if (!('state' in series))
      for (const [id, { latest }] of series.byId) counts.set(id, Math.max(latest?.value ?? 0, counts.get(id) ?? 0));
    const fullest = largest([...counts], ([, count]) => count);
    if (fullest === null) return noData('no broker has a partition');
    const source =
      'state' in series
        ? `${topologyName(run.topology)}, one look`
        : `${metricSource(METRIC, series.coverage, run)}, latest`;
    return {
      state: 'ok',
      value: (100 * fullest[1]) / size.recommendedPartitionCount,
      confidence: 'state' in series ? ONE_LOOK : series.factor,
      source: `${source}, replicas of the fullest of ${counts.size} brokers over ${size.recommendedPartitionCount}, recommended by ${size.source}`,
      worst: `broker ${fullest[0]}`,
    };
  },
});
