// K10. Share of the time in which any broker held requests back: quotas of Kafka on Standard brokers, the broker's throughput on Express.
import { THROTTLE_TIMES, throttledTime } from '../analysis/throttled-time.ts';
import { METRICS } from '../facts/metric-catalogue.ts';
import { defineKpi } from './kpi.ts';
import { coverageFactor, expectedBrokers, metricSource, readBrokerMetrics, readBrokers, tooThin } from './reading.ts';

const METRIC = METRICS.produceThrottleTime;

export default defineKpi({
  id: 'K10',
  name: 'throttled-time',
  title: 'Time in which clients were throttled',
  category: 'performance',
  weight: 5,
  unit: 'percent',
  mayUse: ['metrics', 'nodes'],
  read(inputs, run) {
    // That brokers publish shows in their traffic: a throttle time appears only once something was throttled.
    const published = readBrokers(inputs, METRICS.bytesIn, run, { masked: run.maintenance });
    if ('state' in published) return published;
    const { metrics } = inputs;
    for (const [, definition] of THROTTLE_TIMES) {
      const read = readBrokerMetrics(inputs, [definition], run);
      if ('state' in read && (read.state !== 'no-data' || !isAsked(inputs, definition.name))) return read;
    }
    const { percent, brokers, leastSeen } = throttledTime(
      metrics.ok ? metrics.value : NO_METRICS,
      expectedBrokers(inputs),
      run.maintenance,
    );
    const coverage = leastSeen?.coverage ?? 0;
    const factor = coverageFactor(coverage);
    if (factor === null || percent === null) return tooThin(METRIC, coverage);
    const [worst] = brokers;
    return {
      state: 'ok',
      value: percent,
      confidence: factor,
      source: `${metricSource(METRIC, coverage, run, 'ProduceThrottleTime, FetchThrottleTime and RequestThrottleTime')}, share of the time with any above 0 on any broker, outside maintenance`,
      ...(worst === undefined ? {} : { worst: `broker ${worst.brokerId}` }),
    };
  },
});
