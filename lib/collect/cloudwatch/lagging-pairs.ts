// Which (group, topic) pairs are worth asking CloudWatch about: the most lagging ones, by what Kafka itself says.
import type { SectionValue } from '../../snapshot/schema.ts';

export interface GroupTopic {
  groupId: string;
  topic: string;
}

/** The `limit` pairs with the largest lag summed over partitions, largest first; ties by name. Pairs without a known lag are left out. */
export function mostLaggingPairs(offsets: SectionValue<'kafkaOffsets'>, limit: number): GroupTopic[] {
  const ends = endOffsets(offsets);
  const lagByPair = new Map<string, { pair: GroupTopic; lag: bigint }>();
  for (const row of offsets.committed) {
    const end = ends.get(row.topic)?.get(row.partition);
    if (end === undefined || row.offset === null) continue;
    const key = JSON.stringify([row.groupId, row.topic]);
    const entry = lagByPair.get(key) ?? { pair: { groupId: row.groupId, topic: row.topic }, lag: 0n };
    const lag = end - BigInt(row.offset);
    // Both offsets are read a moment apart: a commit may be ahead of an end offset read earlier.
    if (lag > 0n) entry.lag += lag;
    lagByPair.set(key, entry);
  }
  return [...lagByPair.values()]
    .sort(
      (a, b) => compare(b.lag, a.lag) || compare(a.pair.groupId, b.pair.groupId) || compare(a.pair.topic, b.pair.topic),
    )
    .slice(0, limit)
    .map((entry) => entry.pair);
}

function endOffsets(offsets: SectionValue<'kafkaOffsets'>): Map<string, Map<number, bigint>> {
  return new Map(
    Object.entries(offsets.topics).map(([topic, partitions]) => [
      topic,
      new Map(partitions.flatMap((each) => (each.end === null ? [] : [[each.partition, BigInt(each.end)] as const]))),
    ]),
  );
}

function compare<T extends bigint | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
