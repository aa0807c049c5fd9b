// Whether the replicas of each partition lie in as many availability zones as they could (K06).
import type { SectionValue } from '../snapshot/schema.ts';

export interface PartitionZones {
  topic: string;
  partition: number;
  replicas: readonly number[];
  /** min(replicas, zones of the cluster). */
  wanted: number;
  /** Zones of the replicas whose zone is known. */
  covered: number;
  /** Null: replicas of unknown zone decide. */
  isSpread: boolean | null;
}

/**
 * One row a partition, in the order of the metadata.
 * @param zoneOf zone by broker id; brokers of which nobody says it are left out
 * @param zoneCount of the cluster
 */
export function zoneSpread(
  topics: SectionValue<'kafkaTopics'>,
  zoneOf: ReadonlyMap<string, string>,
  zoneCount: number,
): PartitionZones[] {
  return topics.flatMap(({ name, partitions }) =>
    partitions.map(({ partition, replicas }): PartitionZones => {
      const zones = replicas.map((id) => zoneOf.get(String(id)));
      const covered = new Set(zones.filter((zone) => zone !== undefined)).size;
      const wanted = Math.min(replicas.length, zoneCount);
      const atMost = covered + zones.filter((zone) => zone === undefined).length;
      const isSpread = covered >= wanted ? true : atMost >= wanted ? null : false;
      return { topic: name, partition, replicas, wanted, covered, isSpread };
    }),
  );
}

/** Zones a cluster has: as MSK describes it, else those its brokers name; 0 when nobody tells. */
export function zoneCountOf(cluster: SectionValue<'cluster'> | null, zoneOf: ReadonlyMap<string, string>): number {
  const named = new Set(zoneOf.values()).size;
  return cluster === null || cluster.kind === 'serverless' ? named : Math.max(cluster.azCount, named);
}
