// K22. Load of the busiest broker over the mean of all: bytes in and out, or CPU, whichever is less even. p95 over the window each.
import { seriesQuantile, type TrustedSeries } from '../analysis/series.ts';
import { skewMeasures } from '../analysis/skew.ts';
import { bothOf } from '../checks/shared/both-of.ts';
import { METRICS } from '../facts/metric-catalogue.ts';
import { formatQuantity } from '../text/units.ts';
import { checkDefaults } from './check-defaults.ts';
import { defineKpi } from './kpi.ts';
import { largest, metricSource, noData, notApplicable, readBrokerMetrics } from './reading.ts';

const NAME = 'BytesInPerSec + BytesOutPerSec, CpuUser + CpuSystem';
/** A broker that was away for long left its load to the others by necessity: that is no skew. */
const LEAST_COVERAGE = 0.5;

export default defineKpi({
  id: 'K22',
  name: 'broker-load-skew',
  title: 'Load of the busiest broker over the mean',
  category: 'balance',
  weight: 3,
  unit: 'ratio',
  mayUse: ['metrics', 'nodes'],
  read(inputs, run) {
    const { bytesIn, bytesOut, cpuUser, cpuSystem } = METRICS;
    const read = readBrokerMetrics(inputs, [bytesIn, bytesOut, cpuUser, cpuSystem], run, { masked: run.maintenance });
    if ('state' in read) return read;
    const traffic = levels(bothOf(read.of(bytesIn), read.of(bytesOut)));
    const cpu = levels(bothOf(read.of(cpuUser), read.of(cpuSystem)));
    if (traffic === null || cpu === null) return noData('a broker was silent for half of the window');
    if (traffic.length < 2) return notApplicable('the cluster has one broker');
    const { minBytesPerSecPerBroker, minCpuPercent } = checkDefaults('broker-traffic-skewed', run);
    const skew = skewMeasures(traffic.map(({ p95 }) => p95));
    if (skew === null || skew.mean < minBytesPerSecPerBroker) {
      const [now, floor] = [skew?.mean ?? 0, minBytesPerSecPerBroker].map((value) =>
        formatQuantity(value, 'bytesPerSec'),
      );
      return notApplicable(`brokers carry ${now} on the mean (judged from ${floor})`);
    }
    const isBusy = cpu.some(({ p95 }) => p95 >= minCpuPercent);
    const ofCpu = (isBusy ? skewMeasures(cpu.map(({ p95 }) => p95))?.maxOverMean : null) ?? 0;
    const busiest = largest(ofCpu > skew.maxOverMean ? cpu : traffic, ({ p95 }) => p95)!;
    return {
      state: 'ok',
      value: Math.max(skew.maxOverMean, ofCpu),
      confidence: read.factor,
      source: `${metricSource(bytesIn, read.coverage, run, NAME)}, p95, largest over mean of ${traffic.length} brokers, by ${ofCpu > skew.maxOverMean ? 'CPU' : 'bytes'}, outside maintenance`,
      worst: `broker ${busiest.brokerId}`,
    };
  },
});

/** Null when one of them was hardly seen. */
function levels(byId: ReadonlyMap<string, TrustedSeries>): { brokerId: string; p95: number }[] | null {
  const all = [...byId].flatMap(([brokerId, series]) => {
    const p95 = series.coverage < LEAST_COVERAGE ? null : seriesQuantile(series, 0.95);
    return p95 === null ? [] : [{ brokerId, p95 }];
  });
  return all.length < byId.size ? null : all;
}
