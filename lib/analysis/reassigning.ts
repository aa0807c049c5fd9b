// Replicas that are on their way: Kafka does not count them as missing until the move is done (ongoing reassignments keep the original
// replication factor, https://github.com/apache/kafka/pull/7361).
import type { Collected } from '../snapshot/collected.ts';
import type { SectionValue } from '../snapshot/schema.ts';

interface Replicas {
  topic: string;
  partition: number;
  replicas: readonly number[];
  isr: readonly number[];
}

const NONE: readonly number[] = [];

/** Replicas out of sync that no reassignment is still adding. Where reassignments were not read, all that are out of sync. */
export function missingReplicas(
  reassignments: Collected<SectionValue<'kafkaReassignments'>>,
): (partition: Replicas) => readonly number[] {
  const adding = new Map(
    reassignments.ok ? reassignments.value.map((each) => [`${each.partition} ${each.topic}`, each.adding]) : [],
  );
  return ({ topic, partition, replicas, isr }) => {
    if (replicas.every((id) => isr.includes(id))) return NONE;
    const arriving = adding.get(`${partition} ${topic}`) ?? [];
    return replicas.filter((id) => !isr.includes(id) && !arriving.includes(id));
  };
}
