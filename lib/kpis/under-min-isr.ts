// K04. Minutes in which some partition refused producers with acks=all, outside maintenance.
import { isMasked } from '../analysis/maintenance.ts';
import { topologyName } from '../analysis/msk-topology.ts';
import { maxByTimestamp, minutesWhere } from '../analysis/series.ts';
import { boundsMinIsr, type PartitionHealth, partitionHealth } from '../analysis/topology.ts';
import type { Inputs, RunContext } from '../checks/check.ts';
import { METRICS } from '../facts/metric-catalogue.ts';
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

const METRIC = METRICS.underMinIsr;

export default defineKpi({
  id: 'K04',
  name: 'under-min-isr',
  title: 'Time under min.insync.replicas',
  category: 'availability',
  weight: 6,
  unit: 'minutes',
  mayUse: ['cluster', 'metrics', 'nodes', 'kafkaTopics', 'kafkaTopicConfigs'],
  read(inputs, run) {
    if (run.clusterKind === 'serverless') return notApplicable(REPLICAS_NOT_SHOWN);
    if (shouldTell(inputs.metrics, METRIC, run)) {
      // An unfinished minute cannot lower a maximum, so the latest points count.
      const read = askedBrokers(inputs, METRIC, run, { masked: run.maintenance, dropLast: 0 });
      // What should be there and is not might have shown some: one look does not stand for the day.
      if ('state' in read) return read;
      const factor = coverageFactor(read.coverage);
      if (factor !== null) {
        const value = minutesWhere(maxByTimestamp(read.list), (count) => count >= 1);
        const source = `${metricSource(METRIC, read.coverage, run)}, minutes with any on any broker, outside maintenance`;
        return { state: 'ok', value, confidence: factor, source };
      }
    }
    return fromMetadata(inputs, run);
  },
});

function fromMetadata(
  {
    cluster,
    kafkaTopics,
    kafkaTopicConfigs,
    metrics,
  }: Inputs<never, 'cluster' | 'kafkaTopics' | 'kafkaTopicConfigs' | 'metrics'>,
  run: RunContext,
): KpiReading {
  if (!kafkaTopics.ok) return missingFrom(metrics.ok ? kafkaTopics : metrics, 'partitions under min.insync.replicas');
  if (isMasked(run.maintenance, run.takenAtMs)) return noData('a cluster operation is running');
  const partitions = partitionHealth(
    kafkaTopics.value,
    kafkaTopicConfigs.ok ? kafkaTopicConfigs.value : null,
    boundsMinIsr(cluster),
  );
  const isSome = partitions.some((partition) => partition.isUnderMinIsr);
  const unknown = partitions.filter((partition) => partition.isUnderMinIsr === null).length;
  if (!isSome && (unknown > 0 || whole(kafkaTopics) === null)) {
    return noData(`min.insync.replicas or the ISR is unknown for some partitions`);
  }
  if (!isSome && run.topology.from === 'msk-topics' && !isSure(partitions, kafkaTopicConfigs)) {
    return noData('what topics inherit for min.insync.replicas is not proven, and some ISR is not complete');
  }
  if (partitions.length === 0) return notApplicable('the cluster has no partitions');
  return {
    state: 'ok',
    // One look cannot see a duration: at least this minute.
    value: isSome ? 1 : 0,
    confidence: ONE_LOOK,
    source: `${topologyName(run.topology)} (ISR against min.insync.replicas), one look: at least the present minute`,
  };
}

/** With every ISR complete no inherited minimum matters. */
function isSure(
  partitions: readonly PartitionHealth[],
  configs: Inputs<never, 'kafkaTopicConfigs'>['kafkaTopicConfigs'],
): boolean {
  return whole(configs) !== null || partitions.every(({ isUnderReplicated }) => !isUnderReplicated);
}
