// K03. Share of partition-minutes with an incomplete ISR, outside maintenance.
import { isMasked } from '../analysis/maintenance.ts';
import { topologyName } from '../analysis/msk-topology.ts';
import { sumByTimestamp, type TrustedSeries } from '../analysis/series.ts';
import { mean } from '../analysis/statistics.ts';
import { partitionHealth } from '../analysis/topology.ts';
import type { Inputs, RunContext } from '../checks/check.ts';
import { METRICS } from '../facts/metric-catalogue.ts';
import type { SectionValue } from '../snapshot/schema.ts';
import { defineKpi, type KpiReading } from './kpi.ts';
import {
  askedBrokers,
  coverageFactor,
  metricSource,
  missingFrom,
  noData,
  notApplicable,
  ONE_LOOK,
  REPLICAS_NOT_SHOWN,
  shouldTell,
  whole,
} from './reading.ts';

const METRIC = METRICS.underReplicated;

/** A broker that is down publishes nothing, exactly when the others' counts matter. */
const SILENT_AFTER_SEC = 300;

export default defineKpi({
  id: 'K03',
  name: 'under-replicated',
  title: 'Under-replicated partition time',
  category: 'availability',
  weight: 4,
  unit: 'percent',
  mayUse: ['metrics', 'nodes', 'kafkaTopics'],
  read(inputs, run) {
    if (run.clusterKind === 'serverless') return notApplicable(REPLICAS_NOT_SHOWN);
    return (shouldTell(inputs.metrics, METRIC, run) ? fromSeries(inputs, run) : null) ?? fromMetadata(inputs, run);
  },
});

/** Null when the series are too thin. */
function fromSeries(inputs: Inputs<never, 'metrics' | 'nodes' | 'kafkaTopics'>, run: RunContext): KpiReading | null {
  const options = { masked: run.maintenance };
  const under = askedBrokers(inputs, METRIC, run, options);
  // What should be there and is not might have shown some: one look does not stand for the day.
  if ('state' in under) return under;
  const leaders = askedBrokers(inputs, METRICS.leaderCount, run, options);
  if ('state' in leaders) return leaders;
  const factor = coverageFactor(under.coverage);
  if (factor === null) return null;
  const partitions = meanOfSum(leaders.list) ?? partitionCount(whole(inputs.kafkaTopics));
  const underReplicated = meanOfSum(under.list);
  if (partitions === null || underReplicated === null) return null;
  if (partitions === 0) return notApplicable('the cluster has no partitions');
  return {
    state: 'ok',
    value: Math.min(100, (100 * underReplicated) / partitions),
    confidence: factor,
    source: `${metricSource(METRIC, under.coverage, run)}, summed over brokers, over LeaderCount, outside maintenance`,
  };
}

function fromMetadata({ kafkaTopics, metrics }: Inputs<never, 'kafkaTopics' | 'metrics'>, run: RunContext): KpiReading {
  if (!kafkaTopics.ok) return missingFrom(metrics.ok ? kafkaTopics : metrics, 'under-replicated partitions');
  if (isMasked(run.maintenance, run.takenAtMs)) return noData('a cluster operation is running');
  const partitions = partitionHealth(kafkaTopics.value, null);
  const under = partitions.filter((partition) => partition.isUnderReplicated).length;
  if (under === 0 && whole(kafkaTopics) === null) return noData('only a part of the partitions was read');
  if (partitions.length === 0) return notApplicable('the cluster has no partitions');
  return {
    state: 'ok',
    value: (100 * under) / partitions.length,
    confidence: ONE_LOOK,
    source: `${topologyName(run.topology)} (ISR smaller than the replica list), one look`,
  };
}

function meanOfSum(list: readonly TrustedSeries[]): number | null {
  return mean(sumByTimestamp(list, { silentAfterSec: SILENT_AFTER_SEC }).measured);
}

function partitionCount(topics: SectionValue<'kafkaTopics'> | null): number | null {
  return topics === null ? null : topics.reduce((total, topic) => total + topic.partitions.length, 0);
}
