// What a cluster's exporters tell, for tests of KPIs.
import type { OpenMonitoring } from '../../lib/snapshot/open-monitoring-section.ts';
import type { SnapshotBuilder } from '../builders/a-snapshot.ts';

/** The figures of brokers 1..n, all of whose exporters answered. */
export function monitored(cluster: SnapshotBuilder, figures: readonly OpenMonitoring['brokers'][number]['figures'][]) {
  const exporter = { spanSec: 60, problem: null };
  return cluster.withSection('openMonitoring', {
    spanSec: 60,
    brokers: figures.map((own, i) => ({
      brokerId: i + 1,
      jmx: exporter,
      node: exporter,
      figures: own,
      errors: null,
      gaps: [],
    })),
  });
}
