// The figures of a cluster in one shape, from a snapshot and from Kafka's own tools, so that the two can be held against each other.
import pMap from 'p-map';
import { WANTED_BROKER_CONFIGS, WANTED_TOPIC_CONFIGS } from '../../../lib/collect/kafka/wanted-configs.ts';
import type { SectionValue, Snapshot } from '../../../lib/snapshot/schema.ts';
import { sectionOf } from './read-plainly.ts';
import {
  byText,
  type Witness,
  type WitnessedConfigs,
  type WitnessedGroup,
  type WitnessedMember,
  type WitnessedOffset,
  type WitnessedPartition,
} from './witness.ts';
import {
  type WitnessedMove,
  type WitnessedReplica,
  witnessMoves,
  witnessQuorum,
  witnessQuotas,
  witnessReplicas,
} from './witness-cluster.ts';

export interface Figures {
  partitions: WitnessedPartition[];
  /** `topic:partition` to offset. Internal topics are left out: live members' own commits move them. */
  starts: Record<string, string>;
  ends: Record<string, string>;
  /** Classic and KIP-848 groups, as the tool knows them. */
  committed: WitnessedOffset[];
  groups: WitnessedGroup[];
  members: WitnessedMember[];
  topicConfigs: Record<string, WitnessedConfigs>;
  brokerConfigs: Record<string, WitnessedConfigs>;
  replicas: WitnessedReplica[];
  moves: WitnessedMove[];
  quorum: { leaderId: number; leaderEpoch: number; voters: number[]; observers: number[] };
  quotas: string[];
}

/** Some tools at a time: each is a JVM of its own. */
const TOOLS_AT_A_TIME = 3;

export async function witnessFigures(witness: Witness): Promise<Figures> {
  const read: { [Name in keyof Figures]: () => Promise<Figures[Name]> } = {
    partitions: () => witness.partitions(),
    starts: async () => withoutInternal(await witness.logOffsets('-2')),
    ends: async () => withoutInternal(await witness.logOffsets('-1')),
    committed: async () => (await witness.groupOffsets()).filter(({ committed }) => committed !== null),
    groups: () => witness.groups(),
    members: () => witness.members(),
    topicConfigs: async () => onlyWanted(await witness.topicConfigs(), WANTED_TOPIC_CONFIGS),
    brokerConfigs: async () => onlyWanted(await witness.brokerConfigs(), WANTED_BROKER_CONFIGS),
    replicas: () => witnessReplicas(witness),
    moves: () => witnessMoves(witness),
    quorum: async () => {
      const { highWatermark: _grows, ...quorum } = await witnessQuorum(witness);
      return quorum;
    },
    quotas: () => witnessQuotas(witness),
  };
  const names = Object.keys(read) as (keyof Figures)[];
  const figures = await pMap(names, async (name) => [name, await read[name]()] as const, {
    concurrency: TOOLS_AT_A_TIME,
  });
  return Object.fromEntries(figures) as unknown as Figures;
}

function withoutInternal(offsets: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(offsets).filter(([key]) => !key.startsWith('__')));
}

function onlyWanted(configs: Record<string, WitnessedConfigs>, wanted: readonly string[]): Figures['topicConfigs'] {
  const pick = (own: WitnessedConfigs) => Object.entries(own).filter(([key]) => wanted.includes(key));
  return Object.fromEntries(Object.entries(configs).map(([name, own]) => [name, Object.fromEntries(pick(own))]));
}

/** @param topicsNamed whether the witness names topics in assignments, which it does from 4.x on */
export function figuresOf(snapshot: Snapshot, topicsNamed: boolean): Figures {
  const groups = sectionOf(snapshot, 'kafkaGroups').filter(({ type }) => type === 'classic' || type === 'consumer');
  return {
    partitions: sectionOf(snapshot, 'kafkaTopics').flatMap(({ name, partitions }) =>
      partitions.map(({ partition, leader, replicas, isr }) => ({
        topic: name,
        partition,
        leader,
        replicas,
        isr: isr.toSorted((a, b) => a - b),
      })),
    ),
    starts: offsetsByKey(snapshot, 'start'),
    ends: offsetsByKey(snapshot, 'end'),
    committed: committedOf(snapshot, new Set(groups.map(({ groupId }) => groupId))),
    groups: groups
      .map(({ groupId, coordinatorId, state, assignor, members }) => ({
        group: groupId,
        coordinator: coordinatorId,
        state,
        assignor,
        members: members?.length ?? -1,
      }))
      .sort(byText),
    members: groups.flatMap((group) => membersOf(group, topicsNamed)).sort(byText),
    topicConfigs: sectionOf(snapshot, 'kafkaTopicConfigs'),
    brokerConfigs: sectionOf(snapshot, 'kafkaBrokerConfigs'),
    replicas: replicasOf(sectionOf(snapshot, 'kafkaLogDirs')),
    moves: sectionOf(snapshot, 'kafkaReassignments').toSorted(byText),
    quorum: quorumOf(sectionOf(snapshot, 'kafkaQuorum')),
    quotas: quotasOf(sectionOf(snapshot, 'kafkaQuotas')),
  };
}

function offsetsByKey(snapshot: Snapshot, which: 'start' | 'end'): Record<string, string> {
  const rows = Object.entries(sectionOf(snapshot, 'kafkaOffsets').topics).flatMap(([topic, partitions]) =>
    partitions.map((read) => [`${topic}:${read.partition}`, read[which] ?? `none: ${read.error}`] as const),
  );
  return withoutInternal(Object.fromEntries(rows));
}

/** With the lag that follows, as the tool works it out: from the log end, whatever the sign. */
export function committedOf(snapshot: Snapshot, groups: ReadonlySet<string>): WitnessedOffset[] {
  const { committed, topics } = sectionOf(snapshot, 'kafkaOffsets');
  const rows = committed.filter(({ groupId, offset }) => groups.has(groupId) && offset !== null);
  return rows
    .map(({ groupId, topic, partition, offset }) => {
      const end = topics[topic]?.find((each) => each.partition === partition)?.end ?? '-';
      const lag = end === '-' ? '-' : String(BigInt(end) - BigInt(offset!));
      return { group: groupId, topic, partition, committed: offset, end, lag };
    })
    .sort(byText);
}

export function membersOf(group: SectionValue<'kafkaGroups'>[number], topicsNamed: boolean): WitnessedMember[] {
  return (group.members ?? []).map(({ memberId, instanceId, host, clientId, assignment }) => ({
    group: group.groupId,
    memberId,
    instanceId,
    host,
    clientId,
    assignment: assignment.map((each) => `${topicsNamed ? each.topic : ''}:${each.partitions.join(',')}`).sort(),
  }));
}

function replicasOf(logDirs: SectionValue<'kafkaLogDirs'>): WitnessedReplica[] {
  const rows = logDirs.flatMap(({ brokerId, topics }) =>
    Object.entries(topics).flatMap(([topic, replicas]) =>
      replicas.map(({ partition, sizeBytes, offsetLag, isFuture }) => ({
        broker: brokerId,
        topic,
        partition,
        sizeBytes,
        offsetLag,
        isFuture,
      })),
    ),
  );
  return rows.filter(({ topic }) => !topic.startsWith('__')).sort(byText);
}

function quorumOf({ leaderId, leaderEpoch, voters, observers }: SectionValue<'kafkaQuorum'>): Figures['quorum'] {
  const ids = (replicas: readonly { id: number }[]): number[] => replicas.map(({ id }) => id).sort((a, b) => a - b);
  return { leaderId, leaderEpoch, voters: ids(voters), observers: ids(observers) };
}

function quotasOf(quotas: SectionValue<'kafkaQuotas'>): string[] {
  const lines = quotas.flatMap(({ entity, quotas: values }) => {
    // As the tool orders them.
    const parts = entity.toSorted((a, b) => (a.type > b.type ? -1 : 1));
    const name = parts.map((part) => `${part.type}=${part.name ?? '<default>'}`).join(' ');
    return Object.entries(values).map(([key, value]) => `${name} ${key}=${value}`);
  });
  return lines.sort();
}
