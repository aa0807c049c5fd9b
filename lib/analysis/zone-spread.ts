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
  const zones = new Map(Array.from(zoneOf, ([id, zone]) => [Number(id), zone]));
  const rows: PartitionZones[] = [];
  for (const { name, partitions } of topics) {
    for (const { partition, replicas } of partitions) {
      const seen: string[] = [];
      let unknown = 0;
      for (const id of replicas) {
        const zone = zones.get(id);
        if (zone === undefined) unknown += 1;
        else if (!seen.includes(zone)) seen.push(zone);
      }
      const covered = seen.length;
      const wanted = Math.min(replicas.length, zoneCount);
      const isSpread = covered >= wanted ? true : covered + unknown >= wanted ? null : false;
      rows.push({ topic: name, partition, replicas, wanted, covered, isSpread });
    }
  }
  return rows;
}

/** Zones a cluster has: as MSK describes it, else those its brokers name; 0 when nobody tells. */
export function zoneCountOf(cluster: SectionValue<'cluster'> | null, zoneOf: ReadonlyMap<string, string>): number {
  const named = new Set(zoneOf.values()).size;
  return cluster === null || cluster.kind === 'serverless' ? named : Math.max(cluster.azCount, named);
}
