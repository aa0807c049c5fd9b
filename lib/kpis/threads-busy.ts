// K11 and K12 share how busy share of a pool of threads is read: 100 less the idle share, p95 of five-minute means, the busiest broker.
// Source: kafka.apache.org/documentation/#monitoring, which asks for an idle share above 0.3.
import { busyPercents } from '../analysis/handlers-busy.ts';
import type { RunContext } from '../checks/check.ts';
import type { MetricDefinition } from '../facts/metric-catalogue.ts';
import type { KpiReading } from './kpi.ts';
import { type BrokerInputs, brokerOf, metricSource, readBrokers, tooThin, worstBroker } from './reading.ts';

export function threadsBusy(inputs: BrokerInputs, metric: MetricDefinition, run: RunContext): KpiReading {
  const read = readBrokers(inputs, metric, run);
  if ('state' in read) return read;
  const busy = new Map(busyPercents(read.list).map((series) => [brokerOf(series), series]));
  const worst = worstBroker(busy, 0.95);
  if (worst === null) return tooThin(metric, 0);
  return {
    state: 'ok',
    value: worst.value,
    confidence: read.factor,
    source: `100 % less ${metricSource(metric, read.coverage, run)}, p95, the busiest of ${busy.size} brokers`,
    worst: `broker ${worst.brokerId}`,
  };
}
