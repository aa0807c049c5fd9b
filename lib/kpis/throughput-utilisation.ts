// K09. The busiest five minutes (p99) of the busiest broker against what its size sustains, in or out, whichever is nearer: Equation 1 of
// AWS's right-sizing advice on Standard brokers, the sustained quota on Express, the cluster's quota on Serverless.
import { findSeries } from '../analysis/series.ts';
import { throughputUse } from '../analysis/throughput-limits.ts';
import { usualReplication } from '../analysis/usual-replication.ts';
import type { Inputs, RunContext } from '../checks/check.ts';
import { METRICS } from '../facts/metric-catalogue.ts';
import { formatQuantity } from '../text/units.ts';
import { defineKpi, type KpiReading } from './kpi.ts';
import {
  cannotBeMeasured,
  coverageFactor,
  metricSource,
  missingFrom,
  noData,
  notPublished,
  readBrokerMetrics,
  THIN,
  tooThin,
} from './reading.ts';

const NAME = 'BytesInPerSec and BytesOutPerSec';
const SECTIONS = ['metrics', 'nodes', 'cluster', 'kafkaTopics', 'configuration', 'kafkaBrokerConfigs'] as const;
type Sections = Inputs<never, (typeof SECTIONS)[number]>;

export default defineKpi({
  id: 'K09',
  name: 'throughput-utilisation',
  title: 'Throughput against what brokers sustain',
  category: 'performance',
  weight: 4,
  unit: 'percent',
  mayUse: SECTIONS,
  read(inputs, run) {
    if (run.clusterKind === 'serverless') return ofServerless(inputs, run);
    const read = readBrokerMetrics(inputs, [METRICS.bytesIn, METRICS.bytesOut], run);
    if ('state' in read) return read;
    const { cluster, metrics, kafkaTopics } = inputs;
    if (!cluster.ok) return missingFrom(cluster, 'the cluster');
    const replication = usualReplication(kafkaTopics, inputs);
    if (replication === null) return noData('the replication factor of the topics is not known');
    const uses = metrics.ok ? throughputUse(metrics.value, cluster.value, { rf: replication.rf }) : null;
    if (uses === null) return noData('what brokers of this size and volume sustain is not known');
    const [worst] = uses;
    if (worst === undefined) return tooThin(METRICS.bytesIn, 0);
    return {
      state: 'ok',
      value: 100 * worst.share,
      confidence: read.factor,
      source: `${metricSource(METRICS.bytesIn, read.coverage, run, NAME)}, p99, the nearest to its limit (${worst.dimension}, ${formatQuantity(worst.limitBytesPerSec, 'bytesPerSec')}); replication factor ${replication.rf}, ${replication.source}`,
      worst: `broker ${worst.brokerId}`,
    };
  },
});

/** Topics publish, the cluster does not: those beyond the list that is asked for leave the sum a part. */
function ofServerless({ metrics, cluster, kafkaTopics }: Sections, run: RunContext): KpiReading {
  const unmeasurable = cannotBeMeasured(run);
  if (unmeasurable !== null) return unmeasurable;
  if (!metrics.ok) return missingFrom(metrics, 'CloudWatch metrics');
  if (!cluster.ok) return missingFrom(cluster, 'the cluster');
  const uses = throughputUse(metrics.value, cluster.value, { rf: 1 }) ?? [];
  const [topicsIn, topicsOut] = [METRICS.serverlessBytesIn, METRICS.serverlessBytesOut].map(
    (definition) => findSeries(metrics.value, definition).length,
  ) as [number, number];
  if (topicsIn === 0) return notPublished(metrics.value, METRICS.serverlessBytesIn);
  if (topicsOut === 0) return notPublished(metrics.value, METRICS.serverlessBytesOut);
  const coverage = Math.min(...uses.map((use) => use.coverage));
  const factor = uses.length < 2 ? null : coverageFactor(coverage);
  if (factor === null) return tooThin(METRICS.serverlessBytesIn, uses.length < 2 ? 0 : coverage);
  const all = kafkaTopics.ok ? kafkaTopics.value.filter(({ internal }) => !internal).length : null;
  const isPart = all === null || Math.min(topicsIn, topicsOut) < all;
  const worst = uses[0]!;
  return {
    state: 'ok',
    value: 100 * worst.share,
    confidence: isPart ? factor * THIN : factor,
    source: `${metricSource(METRICS.serverlessBytesIn, coverage, run, NAME)}, p99 of the sum over ${isPart ? `the busiest ${topicsIn}` : 'all'} topics, against the quota on bytes ${worst.dimension === 'quota-in' ? 'in' : 'out'}`,
  };
}
