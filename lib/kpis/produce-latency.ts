// K07. Broker-side produce time: p95 over the window of 5-minute means. It includes the wait for acks=all; client linger and
// network are not in it, and a mean hides single slow requests: CloudWatch has no percentiles.
import { produceTimes } from '../analysis/request-times.ts';
import { METRICS } from '../facts/metric-catalogue.ts';
import { defineKpi } from './kpi.ts';
import { metricSource, notApplicable, readBrokerMetrics } from './reading.ts';

const METRIC = METRICS.produceTotalTimeMean;

export default defineKpi({
  id: 'K07',
  name: 'produce-latency',
  title: 'Produce latency, p95 of 5-minute means',
  category: 'performance',
  weight: 5,
  unit: 'durationMs',
  mayUse: ['metrics', 'nodes'],
  read(inputs, run) {
    const read = readBrokerMetrics(inputs, [METRIC, METRICS.bytesIn], run, { masked: run.maintenance });
    if ('state' in read) return read;
    const { clusterMs, brokers } = produceTimes(read.of);
    if (clusterMs === null) return notApplicable('nothing was produced in the window');
    return {
      state: 'ok',
      value: clusterMs,
      confidence: read.factor,
      source: `${metricSource(METRIC, read.coverage, run)}, weighted by each broker's BytesInPerSec, p95 over the window, outside maintenance`,
      worst: `broker ${brokers[0]!.brokerId}`,
    };
  },
});
