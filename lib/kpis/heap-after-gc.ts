// K31. Heap still in use after garbage collection: what brokers hold on to. p95 over the window of five-minute means, worst broker.
import { METRICS } from '../facts/metric-catalogue.ts';
import { defineKpi } from './kpi.ts';
import { metricSource, notApplicable, readBrokers, tooThin, worstBroker } from './reading.ts';

const METRIC = METRICS.heapAfterGc;

export default defineKpi({
  id: 'K31',
  name: 'heap-after-gc',
  title: 'Heap after garbage collection',
  category: 'capacity',
  weight: 3,
  unit: 'percent',
  mayUse: ['metrics', 'nodes'],
  read(inputs, run) {
    if (run.clusterKind === 'provisioned-express') return notApplicable('Express brokers do not publish their heap');
    const read = readBrokers(inputs, METRIC, run);
    if ('state' in read) return read;
    const worst = worstBroker(read.byId, 0.95);
    if (worst === null) return tooThin(METRIC, 0);
    return {
      state: 'ok',
      value: worst.value,
      confidence: read.factor,
      source: `${metricSource(METRIC, read.coverage, run)}, p95, the fullest of ${read.byId.size} brokers`,
      worst: `broker ${worst.brokerId}`,
    };
  },
});
