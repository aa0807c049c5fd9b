// What a cluster's monitoring level leaves out, for tests of KPIs.
import type { MetricDefinition } from '../../lib/facts/metric-catalogue.ts';
import type { SnapshotBuilder } from '../builders/a-snapshot.ts';

/** These metrics are not published at the cluster's level; what the builder has of them goes. */
export function notEnabled(cluster: SnapshotBuilder, ...definitions: MetricDefinition[]): SnapshotBuilder {
  for (const definition of definitions) cluster.withoutMetric(definition);
  const { metrics } = cluster.build().sections;
  if (!metrics?.ok) throw new Error('no metrics in this snapshot');
  const unavailable = definitions.map(({ name, dimensions, level }) => ({
    metric: name,
    dimensions: [...dimensions],
    reason: 'not-enabled' as const,
    level,
  }));
  return cluster.withSection('metrics', { ...metrics.value, unavailable });
}
