// K23. Leaders of the broker with the most over the mean of all, as it has been for the last hour: leaders move for minutes at every restart.
import { isMasked } from '../analysis/maintenance.ts';
import { maxByTimestamp, type TrustedSeries } from '../analysis/series.ts';
import { skewMeasures } from '../analysis/skew.ts';
import { overMean } from '../analysis/skew-over-time.ts';
import { sum } from '../analysis/statistics.ts';
import { leadersByBroker, replicasByBroker } from '../analysis/topology.ts';
import type { Inputs, RunContext } from '../checks/check.ts';
import { goneBrokers } from '../checks/shared/partition-evidence.ts';
import { brokers } from '../checks/shared/wording.ts';
import { METRICS } from '../facts/metric-catalogue.ts';
import type { SectionValue } from '../snapshot/schema.ts';
import { formatQuantity } from '../text/units.ts';
import { checkDefaults } from './check-defaults.ts';
import { defineKpi, type KpiReading } from './kpi.ts';
import {
  largest,
  metricSource,
  missingFrom,
  noData,
  notApplicable,
  ONE_LOOK,
  type ReadBrokers,
  readBrokers,
} from './reading.ts';

const METRIC = METRICS.leaderCount;

export default defineKpi({
  id: 'K23',
  name: 'leader-skew',
  title: 'Leaders of the busiest broker over the mean',
  category: 'balance',
  weight: 2,
  unit: 'ratio',
  mayUse: ['metrics', 'nodes', 'kafkaTopics', 'kafkaBrokers'],
  read(inputs, run) {
    const { kafkaTopics, kafkaBrokers, metrics } = inputs;
    if (run.clusterKind === 'serverless') return notApplicable('AWS places the partitions of MSK Serverless');
    const gone = kafkaTopics.ok ? awayBrokers(kafkaTopics.value, kafkaBrokers) : [];
    if (gone.length > 0) return noData(`leaders are on the other brokers until ${brokers(gone)} come back`);
    // One look of the brokers' own stands in only where CloudWatch was not read at all.
    if (run.clusterKind === 'kafka' || !metrics.ok) return fromMetadata(inputs, run);
    const read = readBrokers(inputs, METRIC, run, { masked: run.maintenance });
    return 'state' in read ? read : fromSeries(read, run);
  },
});

/** Not in the cluster by its list of brokers, or, where that was not read, in no ISR. */
function awayBrokers(
  topics: SectionValue<'kafkaTopics'>,
  kafkaBrokers: Inputs<never, 'kafkaBrokers'>['kafkaBrokers'],
): number[] {
  const replicas = [...replicasByBroker(topics).keys()];
  if (kafkaBrokers.ok) return goneBrokers([{ replicas }], kafkaBrokers);
  const inSync = new Set(topics.flatMap(({ partitions }) => partitions.flatMap(({ isr }) => isr)));
  return replicas.filter((id) => !inSync.has(id));
}

function fromSeries(read: ReadBrokers, run: RunContext): KpiReading {
  const tooFew = tooFewLeaders(
    [...read.byId].map(([, { latest }]) => latest?.value ?? 0),
    run,
  );
  const { minMinutes } = checkDefaults('leaders-skewed', run);
  if (tooFew !== null) return tooFew;
  const skews = overMean(read.byId);
  const lastHour = latestValues(maxByTimestamp([...skews.values()]), minMinutes);
  if (lastHour === null) return noData(`not every broker had a ${METRIC.name} in the last hour, or an operation ran`);
  const most = largest([...skews], ([, { latest }]) => latest?.value ?? 0)!;
  return {
    state: 'ok',
    value: Math.min(...lastHour),
    confidence: read.factor,
    source: `${metricSource(METRIC, read.coverage, run)}, largest over mean of ${read.byId.size} brokers, the least of the last ${minMinutes} min`,
    worst: `broker ${most[0]}`,
  };
}

/** What was measured in the last minutes of the series; null when most of them were not. */
function latestValues(series: TrustedSeries, minutes: number): Float64Array | null {
  const periods = (minutes * 60) / series.periodSec;
  const values = series.values.slice(-periods).filter((value) => !Number.isNaN(value));
  return values.length * 2 < periods ? null : values;
}

function tooFewLeaders(leaders: readonly number[], run: RunContext): KpiReading | null {
  if (leaders.length < 2) return notApplicable('the cluster has one broker');
  const each = sum(leaders) / leaders.length;
  const { minLeadersPerBroker: floor } = checkDefaults('leaders-skewed', run);
  if (each >= floor) return null;
  return notApplicable(
    `with ${formatQuantity(each, 'ratio')} leaders a broker one more or less is already skew (judged from ${floor})`,
  );
}

function fromMetadata(
  { kafkaTopics, kafkaBrokers, metrics }: Inputs<never, 'kafkaTopics' | 'kafkaBrokers' | 'metrics'>,
  run: RunContext,
): KpiReading {
  if (!kafkaTopics.ok || !kafkaBrokers.ok) {
    const section = kafkaTopics.ok ? kafkaBrokers : kafkaTopics;
    const first = run.clusterKind === 'kafka' || metrics.ok ? section : metrics;
    return first.ok ? noData('who leads is not known') : missingFrom(first, 'leaders');
  }
  if (kafkaTopics.partial !== undefined) return noData('only a part of the partitions was read');
  if (isMasked(run.maintenance, run.takenAtMs)) return noData('a cluster operation is running');
  const leaders = leadersByBroker(
    kafkaTopics.value,
    kafkaBrokers.value.brokers.map(({ id }) => id),
  );
  const tooFew = tooFewLeaders([...leaders.values()], run);
  if (tooFew !== null) return tooFew;
  const most = largest([...leaders], ([, count]) => count)!;
  return {
    state: 'ok',
    value: skewMeasures([...leaders.values()])!.maxOverMean,
    confidence: ONE_LOOK,
    source: `Kafka metadata, largest over mean of ${leaders.size} brokers, one look`,
    worst: `broker ${most[0]}`,
  };
}
