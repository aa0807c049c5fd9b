// K28. Use of the fullest broker's data volume now. Maintenance counts: a full volume stops its partitions at any time.
import { latestPoint } from '../analysis/series.ts';
import { METRICS } from '../facts/metric-catalogue.ts';
import { defineKpi } from './kpi.ts';
import {
  brokerSeries,
  cannotBeMeasured,
  coverageFactor,
  expectedBrokerCount,
  largest,
  metricSource,
  missingFrom,
  notApplicable,
  tooThin,
} from './reading.ts';

const METRIC = METRICS.diskUsed;

export default defineKpi({
  id: 'K28',
  name: 'disk-used',
  title: 'Disk use of the fullest broker',
  category: 'capacity',
  weight: 4,
  unit: 'percent',
  mayUse: ['metrics', 'nodes'],
  read({ metrics, nodes }, run) {
    if (run.clusterKind === 'serverless' || run.clusterKind === 'provisioned-express') {
      return notApplicable('storage grows by itself on this kind of cluster');
    }
    const unmeasurable = cannotBeMeasured(run);
    if (unmeasurable !== null) return unmeasurable;
    if (!metrics.ok) return missingFrom(metrics, 'CloudWatch metrics');
    // The latest hour counts although it is unfinished: its maximum can only rise.
    const { list, coverage } = brokerSeries(metrics.value, METRIC, expectedBrokerCount(nodes), { dropLast: 0 });
    const factor = coverageFactor(coverage);
    if (factor === null) return tooThin(METRIC, coverage);
    // The latest, not the highest: an expansion of the volume within the window must show.
    const brokers = list.flatMap((series) => {
      const latest = latestPoint(series);
      return latest === null ? [] : [{ brokerId: series.dimensions['Broker ID'], percent: latest.value }];
    });
    const worst = largest(brokers, (broker) => broker.percent);
    if (worst === null) return tooThin(METRIC, 0);
    return {
      state: 'ok',
      value: worst.percent,
      confidence: factor,
      source: `${metricSource(METRIC, coverage, run)}, latest, the fullest of ${brokers.length} brokers`,
      worst: `broker ${worst.brokerId}`,
    };
  },
});
