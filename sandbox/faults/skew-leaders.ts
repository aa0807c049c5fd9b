import { type Fault, orUndo, requireAllBrokers } from './fault.ts';
import { describeReplicas, type PartitionReplicas, reorderReplicas } from './reassignment.ts';

const CROWDED = 1;
/** The leader balance is judged only when each broker leads at least twenty. */
const LEFT_TO_EACH_OTHER_BROKER = 24;

export const skewLeaders: Fault = {
  name: 'skew-leaders',
  summary: `broker ${CROWDED} becomes the preferred and actual leader of most partitions; the others keep ${LEFT_TO_EACH_OTHER_BROKER}`,
  trips: ['leaders-skewed'],
  persistence: [{ metrics: ['LeaderCount'], minutes: 90 }],
  inject: async (target) => {
    const { cluster, log } = target;
    requireAllBrokers(target);
    const before = await describeReplicas(cluster);
    const moved = partitionsToMove(before);
    log(`moving the lead of ${moved.length} partitions to broker ${CROWDED}`);
    const crowded = moved.map((partition) => ({ ...partition, replicas: leadBy(CROWDED, partition.replicas) }));
    return orUndo(
      () => reorderReplicas(cluster, moved),
      () => reorderReplicas(cluster, crowded),
    );
  },
};

export function partitionsToMove(partitions: PartitionReplicas[]): PartitionReplicas[] {
  const kept = new Map<number, number>();
  return partitions.filter(({ leader, replicas }) => {
    if (leader === CROWDED || !replicas.includes(CROWDED)) return false;
    const keptByLeader = kept.get(leader) ?? 0;
    if (keptByLeader >= LEFT_TO_EACH_OTHER_BROKER) return true;
    kept.set(leader, keptByLeader + 1);
    return false;
  });
}

function leadBy(broker: number, replicas: number[]): number[] {
  return [broker, ...replicas.filter((replica) => replica !== broker)];
}
