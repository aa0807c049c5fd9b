// K08. What brokers need to serve a consumer's fetch, p95 over the window of 5-minute means. The published total also holds the wait for
// records (fetch.max.wait.ms), which is no work: the four phases of work are added instead.
import { fetchTimes } from '../analysis/request-times.ts';
import { METRICS } from '../facts/metric-catalogue.ts';
import { defineKpi } from './kpi.ts';
import { metricSource, notApplicable, readBrokerMetrics } from './reading.ts';

const PHASES = [
  METRICS.fetchConsumerRequestQueueTimeMean,
  METRICS.fetchConsumerLocalTimeMean,
  METRICS.fetchConsumerResponseQueueTimeMean,
  METRICS.fetchConsumerResponseSendTimeMean,
];
const NAME = 'FetchConsumer RequestQueue + Local + ResponseQueue + ResponseSend TimeMsMean';

export default defineKpi({
  id: 'K08',
  name: 'fetch-service-latency',
  title: 'Fetch service time, p95 of 5-minute means',
  category: 'performance',
  weight: 4,
  unit: 'durationMs',
  mayUse: ['metrics', 'nodes'],
  read(inputs, run) {
    const read = readBrokerMetrics(inputs, [...PHASES, METRICS.bytesOut], run, { masked: run.maintenance });
    if ('state' in read) return read;
    const { clusterMs, brokers } = fetchTimes(read.of);
    if (clusterMs === null) return notApplicable('nothing was consumed in the window');
    return {
      state: 'ok',
      value: clusterMs,
      confidence: read.factor,
      source: `${metricSource(PHASES[0]!, read.coverage, run, NAME)}, without the wait for records, weighted by each broker's BytesOutPerSec, p95 over the window, outside maintenance`,
      worst: `broker ${brokers[0]!.brokerId}`,
    };
  },
});
