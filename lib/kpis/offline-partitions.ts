// K02. Partitions without a leader: most at once in the window, by the controller's count and by this run's own look.
import { isMasked } from '../analysis/maintenance.ts';
import { topologyName } from '../analysis/msk-topology.ts';
import { findSeries, trustedPoints } from '../analysis/series.ts';
import { partitionHealth } from '../analysis/topology.ts';
import { METRICS } from '../facts/metric-catalogue.ts';
import { defineKpi } from './kpi.ts';
import {
  coverageFactor,
  metricSource,
  missingFrom,
  noData,
  notApplicable,
  notPublished,
  ONE_LOOK,
  shouldTell,
  tooThin,
  whole,
} from './reading.ts';

const METRIC = METRICS.offlinePartitions;

export default defineKpi({
  id: 'K02',
  name: 'offline-partitions',
  title: 'Partitions without a leader',
  category: 'availability',
  weight: 6,
  unit: 'count',
  mayUse: ['metrics', 'kafkaTopics'],
  read({ metrics, kafkaTopics }, run) {
    const masked = isMasked(run.maintenance, run.takenAtMs);
    const partitions = kafkaTopics.ok && !masked ? partitionHealth(kafkaTopics.value, null) : null;
    const now = partitions?.filter((partition) => partition.isOffline).length ?? 0;
    const found = metrics.ok ? findSeries(metrics.value, METRIC)[0] : undefined;
    const mayStandIn = found !== undefined || !shouldTell(metrics, METRIC, run);
    // An unfinished minute cannot lower a maximum, so the latest points count.
    const series = found && trustedPoints(found, { masked: run.maintenance, dropLast: 0 });
    // Of a series that ends early the look tells the rest.
    const lookFactor = partitions === null ? null : ONE_LOOK;
    const factor = series?.endsEarly ? lookFactor : coverageFactor(series?.coverage ?? 0);
    if (series !== undefined && factor !== null) {
      const most = series.highest ?? 0;
      const look = partitions === null ? '' : `; ${topologyName(run.topology)}, one look`;
      const source = `${metricSource(METRIC, series.coverage, run)}, most at once outside maintenance${look}`;
      return { state: 'ok', value: Math.max(most, now), confidence: factor, source };
    }
    if (partitions !== null && (now > 0 || (mayStandIn && whole(kafkaTopics) !== null))) {
      if (partitions.length === 0) return notApplicable('the cluster has no partitions');
      return { state: 'ok', value: now, confidence: ONE_LOOK, source: `${topologyName(run.topology)}, one look` };
    }
    if (!metrics.ok && !kafkaTopics.ok)
      return missingFrom(run.clusterKind === 'kafka' ? kafkaTopics : metrics, 'partition states');
    if (series !== undefined) return tooThin(METRIC, series.endsEarly ? 0 : series.coverage);
    if (metrics.ok && !mayStandIn) return notPublished(metrics.value, METRIC);
    return noData(masked ? 'a cluster operation is running' : 'no whole look at the partitions');
  },
});
