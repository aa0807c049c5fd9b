// K12. How busy the network threads, which read requests and send answers, are on the busiest broker.
import { METRICS } from '../facts/metric-catalogue.ts';
import { defineKpi } from './kpi.ts';
import { threadsBusy } from './threads-busy.ts';

export default defineKpi({
  id: 'K12',
  name: 'network-processor-busy',
  title: 'Network threads busy',
  category: 'performance',
  weight: 2,
  unit: 'percent',
  mayUse: ['metrics', 'nodes'],
  read: (inputs, run) => threadsBusy(inputs, METRICS.networkProcessorIdle, run),
});
