// K26. CPU of the busiest broker: user plus system, p95 over the window. Maintenance counts: a cluster must carry that load, too.
import { seriesQuantile, sumByTimestamp } from '../analysis/series.ts';
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

export default defineKpi({
  id: 'K26',
  name: 'cpu-utilisation',
  title: 'CPU of the busiest broker',
  category: 'capacity',
  weight: 5,
  unit: 'percent',
  mayUse: ['metrics', 'nodes'],
  read({ metrics, nodes }, run) {
    if (run.clusterKind === 'serverless') return notApplicable('Serverless has no brokers to look at');
    const unmeasurable = cannotBeMeasured(run);
    if (unmeasurable !== null) return unmeasurable;
    if (!metrics.ok) return missingFrom(metrics, 'CloudWatch metrics');
    const expected = expectedBrokerCount(nodes);
    const user = brokerSeries(metrics.value, METRICS.cpuUser, expected, {});
    const system = brokerSeries(metrics.value, METRICS.cpuSystem, expected, {});
    const coverage = Math.min(user.coverage, system.coverage);
    const factor = coverageFactor(coverage);
    if (factor === null) return tooThin(METRICS.cpuUser, coverage);
    const brokers = user.list.flatMap((series) => {
      const brokerId = series.dimensions['Broker ID'];
      const other = system.list.find((each) => each.dimensions['Broker ID'] === brokerId);
      const p95 = other === undefined ? null : seriesQuantile(sumByTimestamp([series, other]), 0.95);
      return p95 === null ? [] : [{ brokerId, p95 }];
    });
    const worst = largest(brokers, (broker) => broker.p95);
    if (worst === null) return tooThin(METRICS.cpuSystem, 0);
    return {
      state: 'ok',
      value: worst.p95,
      confidence: factor,
      source: `${metricSource(METRICS.cpuUser, coverage, run)}, plus CpuSystem, p95, the busiest of ${brokers.length} brokers`,
      worst: `broker ${worst.brokerId}`,
    };
  },
});
