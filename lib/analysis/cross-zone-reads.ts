// How much of what consumer groups read crosses availability zones, member by member: by the rack that each names, the zones of the
// brokers, and what its partitions take in. A group reads each byte once. Who names no zone is taken to be in any of them.
import type { SectionValue } from '../snapshot/schema.ts';
import { evenCrossShare } from './savings.ts';
import { sum } from './statistics.ts';
import type { TopicLoad } from './topic-load.ts';

export interface GroupReads {
  groupId: string;
  members: number;
  /** Members whose rack is no zone of the brokers, or that name none. */
  withoutZone: number;
  /** 0..1 of what all groups read. */
  share: number;
  /** 0..1 of what it reads. */
  crossing: number;
}

export interface CrossZoneReads {
  /** Largest crossing part first; only groups whose members hold partitions. */
  groups: readonly GroupReads[];
  /** 0..1 of all reads; null where no member holds a partition. */
  crossing: number | null;
  members: number;
  withoutZone: number;
  /** Racks that members name and no broker has: zone names for zone ids. */
  foreignRacks: readonly string[];
  /** Groups whose members could not be described. */
  unseen: readonly string[];
}

export function crossZoneReads({
  groups,
  topics,
  loads,
  zones,
  azs,
  isRackAware,
}: {
  groups: SectionValue<'kafkaGroups'>;
  topics: SectionValue<'kafkaTopics'>;
  loads: readonly TopicLoad[];
  /** Zone by broker id. */
  zones: ReadonlyMap<string, string>;
  azs: number;
  /** Whether brokers let consumers read from the replica in their own zone. */
  isRackAware: boolean;
}): CrossZoneReads {
  const known = new Set(zones.values());
  const zoneOf = new Map(Array.from(zones, ([id, zone]) => [Number(id), zone]));
  const placed = new Map(
    topics.map((topic) => [topic.name, new Map(topic.partitions.map((each) => [each.partition, each]))]),
  );
  const bytes = bytesByPartition(loads);
  const crossOf = (zone: string | null, topic: string, partition: number): number => {
    const found = placed.get(topic)?.get(partition);
    if (zone === null || found === undefined) return evenCrossShare(azs);
    const isThere = (broker: number) => zoneOf.get(broker) === zone;
    return (isRackAware ? found.isr.some(isThere) : isThere(found.leader)) ? 0 : 1;
  };
  const foreign = new Set<string>();
  const read = groups.flatMap(({ groupId, members }) => {
    const holding = (members ?? []).filter(({ assignment }) => assignment.length > 0);
    let [rows, weight, crossing] = [0, 0, 0];
    for (const { rack, assignment } of holding) {
      const zone = rack !== null && known.has(rack) ? rack : null;
      if (rack !== null && zone === null) foreign.add(rack);
      for (const { topic, partitions } of assignment) {
        for (const partition of partitions) {
          const read = bytes(topic, partition);
          rows += 1;
          weight += read;
          crossing += read * crossOf(zone, topic, partition);
        }
      }
    }
    if (rows === 0) return [];
    const withoutZone = holding.filter(({ rack }) => rack === null || !known.has(rack)).length;
    return [{ groupId, members: holding.length, withoutZone, weight, crossing }];
  });
  const all = sum(read.map(({ weight }) => weight));
  const crossing = sum(read.map((group) => group.crossing));
  return {
    groups: read
      .sort((a, b) => b.crossing - a.crossing)
      .map(({ weight, ...group }) => ({
        ...group,
        share: all > 0 ? weight / all : 0,
        crossing: weight > 0 ? group.crossing / weight : 0,
      })),
    crossing: all > 0 ? crossing / all : null,
    members: sum(read.map(({ members }) => members)),
    withoutZone: sum(read.map(({ withoutZone }) => withoutZone)),
    foreignRacks: [...foreign],
    unseen: groups.filter(({ members }) => members === null).map(({ groupId }) => groupId),
  };
}

/** Bytes a second of a partition; where no size is known by its messages, where no rate is known all alike. */
function bytesByPartition(loads: readonly TopicLoad[]): (topic: string, partition: number) => number {
  const sized = loads.filter(({ bytesPerSec, messagesPerSec }) => bytesPerSec !== null && (messagesPerSec ?? 0) > 0);
  const messages = sum(sized.map(({ messagesPerSec }) => messagesPerSec ?? 0));
  const meanBytes = messages > 0 ? sum(sized.map(({ bytesPerSec }) => bytesPerSec ?? 0)) / messages : 1;
  const hasRates = loads.some(({ messagesPerSec }) => (messagesPerSec ?? 0) > 0);
  const byTopic = new Map(
    loads.map(({ topic, partitions }) => [topic, new Map(partitions.map((row) => [row.partition, row]))]),
  );
  return (topic, partition) => {
    const row = byTopic.get(topic)?.get(partition);
    if (!hasRates) return 1;
    return row?.bytesPerSec ?? (row?.messagesPerSec ?? 0) * meanBytes;
  };
}
