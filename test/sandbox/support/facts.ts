// A reading taken apart into single facts, so that a reading under a fault can be held against a healthy one.
import type { KafkaSectionName, KafkaSections } from '../../../lib/collect/kafka/plan.ts';

/** Who has to be asked: the broker that leads, coordinates, or holds it; null where any broker can tell. */
export interface Fact {
  section: KafkaSectionName;
  kind:
    | 'partition'
    | 'topic-config'
    | 'broker-config'
    | 'group'
    | 'start'
    | 'end'
    | 'committed'
    | 'sample'
    | 'log'
    | 'state';
  key: string;
  value: string;
  brokerId: number | null;
}

/** Internal topics are left out: what others do moves them. So are leaders and ISR, which faults are meant to change. */
export function factsOf(sections: KafkaSections): Map<string, Fact> {
  const facts = new Map<string, Fact>();
  const add = (fact: Fact): void => void facts.set(`${fact.kind} ${fact.key}`, fact);
  const leaders = leadersOf(sections);
  const coordinators = new Map(readOf(sections.kafkaGroups)?.map((group) => [group.groupId, group.coordinatorId]));
  addTopics(sections, add);
  for (const { groupId, type, members, error } of readOf(sections.kafkaGroups) ?? []) {
    if (members === null || error !== null) continue;
    const value = `${type}, ${members.length}`;
    add({ section: 'kafkaGroups', kind: 'group', key: groupId, value, brokerId: coordinators.get(groupId) ?? null });
  }
  const offsets = readOf(sections.kafkaOffsets);
  for (const [topic, partitions] of Object.entries(offsets?.topics ?? {}).filter(([name]) => !name.startsWith('__'))) {
    for (const { partition, start, end } of partitions) {
      const at = {
        section: 'kafkaOffsets',
        key: `${topic}/${partition}`,
        brokerId: leaders.get(`${topic}/${partition}`) ?? null,
      } as const;
      if (start !== null) add({ ...at, kind: 'start', value: start });
      if (end !== null) add({ ...at, kind: 'end', value: end });
    }
  }
  const samples = readOf(sections.kafkaSamples);
  for (const [index, { groupId, topic, partition, offset }] of (offsets?.committed ?? []).entries()) {
    const at = { key: `${groupId}/${topic}/${partition}`, brokerId: coordinators.get(groupId) ?? null };
    if (offset !== null) add({ ...at, section: 'kafkaOffsets', kind: 'committed', value: offset });
    const sampled = samples?.at(-1)?.committed[index] ?? null;
    if (sampled !== null)
      add({ ...at, section: 'kafkaSamples', kind: 'sample', value: `${samples!.length}: ${sampled}` });
  }
  addExtras(sections, add);
  return facts;
}

function addTopics(sections: KafkaSections, add: (fact: Fact) => void): void {
  for (const { name, partitions } of readOf(sections.kafkaTopics) ?? []) {
    for (const { partition, replicas } of partitions) {
      const value = replicas.join(',');
      add({ section: 'kafkaTopics', kind: 'partition', key: `${name}/${partition}`, value, brokerId: null });
    }
  }
  for (const [name, entries] of Object.entries(readOf(sections.kafkaTopicConfigs) ?? {})) {
    const value = JSON.stringify(entries);
    add({ section: 'kafkaTopicConfigs', kind: 'topic-config', key: name, value, brokerId: null });
  }
  for (const [id, entries] of Object.entries(readOf(sections.kafkaBrokerConfigs) ?? {})) {
    const value = JSON.stringify(entries);
    add({ section: 'kafkaBrokerConfigs', kind: 'broker-config', key: id, value, brokerId: Number(id) });
  }
}

function addExtras(sections: KafkaSections, add: (fact: Fact) => void): void {
  for (const { brokerId, topics } of readOf(sections.kafkaLogDirs) ?? []) {
    for (const [topic, replicas] of Object.entries(topics).filter(([name]) => !name.startsWith('__'))) {
      for (const { partition, sizeBytes } of replicas) {
        const key = `${brokerId}/${topic}/${partition}`;
        add({ section: 'kafkaLogDirs', kind: 'log', key, value: String(sizeBytes), brokerId });
      }
    }
  }
  for (const name of ['kafkaReassignments', 'kafkaQuorum', 'kafkaQuotas'] as const) {
    if (sections[name]?.ok) add({ section: name, kind: 'state', key: name, value: 'read', brokerId: null });
  }
}

function leadersOf(sections: KafkaSections): Map<string, number> {
  const rows = (readOf(sections.kafkaTopics) ?? []).flatMap(({ name, partitions }) =>
    partitions.map(({ partition, leader }) => [`${name}/${partition}`, leader] as const),
  );
  return new Map(rows);
}

function readOf<T>(section: { ok: true; value: T } | { ok: false } | undefined): T | undefined {
  return section?.ok === true ? section.value : undefined;
}

/** Facts of the healthy reading that the other one lacks or tells otherwise. */
export function lostFacts(healthy: KafkaSections, seen: KafkaSections): Fact[] {
  const found = factsOf(seen);
  return [...factsOf(healthy)].flatMap(([key, fact]) => (found.get(key)?.value === fact.value ? [] : fact));
}

/** Sections that lack facts and do not say so. */
export function silentGaps(lost: readonly Fact[], seen: KafkaSections): string[] {
  const concerned = new Set(lost.map(({ section }) => section));
  return [...concerned].filter((name) => {
    const section = seen[name];
    return section?.ok === true && section.partial === undefined;
  });
}

/** `12 end of broker 1, one is orders/2`, for the message of a failing test. */
export function summary(facts: readonly Fact[]): string[] {
  const kinds = Map.groupBy(
    facts,
    ({ kind, brokerId }) => `${kind} of ${brokerId === null ? 'any broker' : `broker ${brokerId}`}`,
  );
  return [...kinds].map(([kind, alike]) => `${alike.length} ${kind}, one is ${alike[0]!.key}`);
}
