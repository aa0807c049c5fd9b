// K26. CPU of the busiest broker: user plus system, p95 over the window. Maintenance counts: a cluster must carry that load, too.

import { bothOf } from '../checks/shared/both-of.ts';
import { METRICS } from '../facts/metric-catalogue.ts';
import { defineKpi } from './kpi.ts';
import { metricSource, readBrokerMetrics, tooThin, worstBroker } from './reading.ts';

const METRIC = METRICS.cpuUser;

export default defineKpi({
  id: 'K26',
  name: 'cpu-utilisation',
  title: 'CPU of the busiest broker',
  category: 'capacity',
  weight: 5,
  unit: 'percent',
  mayUse: ['metrics', 'nodes'],
  read(inputs, run) {
    const read = readBrokerMetrics(inputs, [METRIC, METRICS.cpuSystem], run);
    if ('state' in read) return read;
    const both = bothOf(read.of(METRIC), read.of(METRICS.cpuSystem));
    const worst = worstBroker(both, 0.95);
    if (worst === null) return tooThin(METRICS.cpuSystem, 0);
    return {
      state: 'ok',
      value: worst.value,
      confidence: read.factor,
      source: `${metricSource(METRIC, read.coverage, run)}, plus CpuSystem, p95, the busiest of ${both.size} brokers`,
      worst: `broker ${worst.brokerId}`,
    };
  },
});
