// How many replicas a topic of this cluster should have: as many as its zones can use. Zones may be known within bounds only.
import { replicasByBroker } from '../../analysis/topology.ts';
import type { Collected } from '../../snapshot/collected.ts';
import type { SectionValue } from '../../snapshot/schema.ts';

export interface ReplicasWanted {
  brokerCount: number;
  /** A broker that is down tells no zone: what it would make of the number of zones is open. */
  wanted: { atLeast: number; atMost: number };
  /** Brokers with replicas that are not in the cluster. */
  gone: number[];
}

/**
 * The cluster as it is meant to be: brokers that are down count, else a failure would lower the demand. Two replicas are wanted even
 * within one zone: brokers restart one by one.
 * @param most never more than this
 */
export function replicasWanted(
  topics: SectionValue<'kafkaTopics'>,
  kafkaBrokers: Collected<SectionValue<'kafkaBrokers'>>,
  cluster: Collected<SectionValue<'cluster'>>,
  most: number,
): ReplicasWanted {
  const live = kafkaBrokers.ok ? kafkaBrokers.value.brokers : [];
  const ids = new Set([...live.map((broker) => broker.id), ...replicasByBroker(topics).keys()]);
  const gone = kafkaBrokers.ok
    ? [...ids].filter((id) => !live.some((broker) => broker.id === id)).sort((a, b) => a - b)
    : [];
  const described = cluster.ok && cluster.value.kind !== 'serverless' ? cluster.value : null;
  const brokerCount = Math.max(ids.size, described?.brokerCount ?? 0);
  const wantedIn = (zones: number) => Math.min(most, brokerCount, Math.max(2, zones));
  const [atLeast, atMost] = zoneBounds(live, described?.azCount ?? null, brokerCount, gone.length);
  return { brokerCount, wanted: { atLeast: wantedIn(atLeast), atMost: wantedIn(atMost) }, gone };
}

function zoneBounds(
  live: SectionValue<'kafkaBrokers'>['brokers'],
  azCount: number | null,
  brokerCount: number,
  goneCount: number,
): [atLeast: number, atMost: number] {
  if (azCount !== null) return [azCount, azCount];
  const racks = new Set(live.flatMap((broker) => broker.rack ?? []));
  // Brokers without racks: nothing says that two of them share a zone.
  return racks.size === 0 ? [brokerCount, brokerCount] : [racks.size, racks.size + goneCount];
}
