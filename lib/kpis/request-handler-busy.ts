// K11. How busy the request handlers, which do the work of a broker, are on the busiest broker.
import { METRICS } from '../facts/metric-catalogue.ts';
import { defineKpi } from './kpi.ts';
import { threadsBusy } from './threads-busy.ts';

export default defineKpi({
  id: 'K11',
  name: 'request-handler-busy',
  title: 'Request handlers busy',
  category: 'performance',
  weight: 3,
  unit: 'percent',
  mayUse: ['metrics', 'nodes'],
  read: (inputs, run) => threadsBusy(inputs, METRICS.requestHandlerIdle, run),
});
