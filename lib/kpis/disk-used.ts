// K28. Use of the fullest broker's data volume now. Maintenance counts: a full volume stops its partitions at any time.
import { latestPoint } from '../analysis/series.ts';
import { METRICS } from '../facts/metric-catalogue.ts';
import { defineKpi } from './kpi.ts';
import { largest, metricSource, notApplicable, readBrokers, STORAGE_GROWS, tooThin } from './reading.ts';

const METRIC = METRICS.diskUsed;

export default defineKpi({
  id: 'K28',
  name: 'disk-used',
  title: 'Disk use of the fullest broker',
  category: 'capacity',
  weight: 4,
  unit: 'percent',
  mayUse: ['metrics', 'nodes'],
  read(inputs, run) {
    if (run.clusterKind === 'provisioned-express') return notApplicable(STORAGE_GROWS);
    // The latest hour counts although it is unfinished: its maximum can only rise.
    const read = readBrokers(inputs, METRIC, run, { dropLast: 0 });
    if ('state' in read) return read;
    // The latest, not the highest: an expansion of the volume within the window must show.
    const brokers = [...read.byId].flatMap(([brokerId, series]) => {
      const latest = latestPoint(series);
      return latest === null ? [] : [{ brokerId, percent: latest.value }];
    });
    const worst = largest(brokers, ({ percent }) => percent);
    if (worst === null) return tooThin(METRIC, 0);
    return {
      state: 'ok',
      value: worst.percent,
      confidence: read.factor,
      source: `${metricSource(METRIC, read.coverage, run)}, latest, the fullest of ${brokers.length} brokers`,
      worst: `broker ${worst.brokerId}`,
    };
  },
});
