// K10. Share of the time in which any broker held requests back: quotas of Kafka on Standard brokers, the broker's throughput on Express.
import { THROTTLE_TIMES, throttledTime } from '../analysis/throttled-time.ts';
import { METRICS } from '../facts/metric-catalogue.ts';
import { defineKpi } from './kpi.ts';
import { askedBrokers, coverageFactor, expectedBrokers, metricSource, missingFrom, tooThin } from './reading.ts';

const METRIC = METRICS.produceThrottleTime;
const NAME = 'ProduceThrottleTime, FetchThrottleTime and RequestThrottleTime';

export default defineKpi({
  id: 'K10',
  name: 'throttled-time',
  title: 'Time in which clients were throttled',
  category: 'performance',
  weight: 5,
  unit: 'percent',
  mayUse: ['metrics', 'nodes'],
  read(inputs, run) {
    // Silent ones are none: a throttle time appears only once something was throttled.
    for (const [, definition] of THROTTLE_TIMES) {
      const asked = askedBrokers(inputs, definition, run);
      if ('state' in asked) return asked;
    }
    const { metrics } = inputs;
    if (!metrics.ok) return missingFrom(metrics, 'CloudWatch metrics');
    const { percent, brokers, leastSeen } = throttledTime(metrics.value, expectedBrokers(inputs), run.maintenance);
    const coverage = leastSeen?.coverage ?? 0;
    const factor = coverageFactor(coverage);
    if (factor === null || percent === null) return tooThin(METRIC, coverage);
    const [worst] = brokers;
    return {
      state: 'ok',
      value: percent,
      confidence: factor,
      source: `${metricSource(METRIC, coverage, run, NAME)}, share of the time with any above 0 on any broker, outside maintenance`,
      ...(worst === undefined ? {} : { worst: `broker ${worst.brokerId}` }),
    };
  },
});
