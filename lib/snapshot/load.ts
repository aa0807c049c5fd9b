// Reads a snapshot from text: strict, with one clear line for whatever is wrong. Older versions would be migrated here, newer ones are refused.
import * as v from 'valibot';
import { SNAPSHOT_SCHEMA_VERSION, type Snapshot, snapshotSchema } from './schema.ts';

export type LoadedSnapshot = { ok: true; snapshot: Snapshot } | { ok: false; message: string };

/** Parses and checks a whole snapshot; `message` is one line without the file's name. */
export function loadSnapshot(text: string): LoadedSnapshot {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return refused('the snapshot is no complete JSON document (truncated or edited by hand?)');
  }
  const version = versionOf(data);
  if (version === null) return refused('this is no snapshot: it has no schemaVersion');
  if (version > SNAPSHOT_SCHEMA_VERSION) {
    return refused(
      `the snapshot has schema version ${version}, this msk-checkup reads up to ${SNAPSHOT_SCHEMA_VERSION}: use a newer msk-checkup`,
    );
  }
  if (version < SNAPSHOT_SCHEMA_VERSION) return refused(`schema version ${version} was never published`);
  const parsed = v.safeParse(snapshotSchema, data);
  if (!parsed.success) return refused(issueLine(parsed.issues));
  const contradiction = findContradiction(parsed.output);
  return contradiction === null ? { ok: true, snapshot: parsed.output } : refused(contradiction);
}

function refused(message: string): LoadedSnapshot {
  return { ok: false, message };
}

function versionOf(data: unknown): number | null {
  if (typeof data !== 'object' || data === null || !('schemaVersion' in data)) return null;
  return Number.isSafeInteger(data.schemaVersion) ? (data.schemaVersion as number) : null;
}

/** The first issue with its path; values stay out, they may be anything. */
function issueLine(issues: readonly v.BaseIssue<unknown>[]): string {
  const issue = issues[0];
  const path = issue ? (v.getDotPath(issue) ?? '(root)') : '(root)';
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  const expected = issue?.expected ? `expected ${issue.expected}` : (issue?.message ?? 'invalid');
  return `the snapshot does not match its schema at ${path}: ${expected}${more}`;
}

/** References between sections that the schema alone cannot hold. */
function findContradiction(snapshot: Snapshot): string | null {
  const { kafkaTopics, kafkaTopicConfigs, kafkaOffsets, kafkaSamples } = snapshot.sections;
  if (!kafkaTopics?.ok) return null;
  const partitionsOf = new Map(kafkaTopics.value.map((t) => [t.name, new Set(t.partitions.map((p) => p.partition))]));
  if (partitionsOf.size !== kafkaTopics.value.length) return 'kafkaTopics names a topic twice';
  const offsetTopics = kafkaOffsets?.ok ? Object.entries(kafkaOffsets.value.topics) : [];
  for (const [topic, partitions] of offsetTopics) {
    const known = partitionsOf.get(topic);
    if (!known) return unknownTopic('kafkaOffsets.topics', topic);
    const stray = partitions.find((p) => !known.has(p.partition));
    if (stray) return `kafkaOffsets.topics has partition ${stray.partition} of a topic with ${known.size} partitions`;
  }
  for (const topic of kafkaTopicConfigs?.ok ? Object.keys(kafkaTopicConfigs.value) : []) {
    if (!partitionsOf.has(topic)) return unknownTopic('kafkaTopicConfigs', topic);
  }
  if (!kafkaOffsets?.ok) return null;
  const { committed, timeLags } = kafkaOffsets.value;
  for (const [name, list] of timeLags
    ? ([
        ['lowSec', timeLags.lowSec],
        ['highSec', timeLags.highSec],
      ] as const)
    : []) {
    if (list.length !== committed.length) {
      return `kafkaOffsets.timeLags.${name} has ${list.length} entries, kafkaOffsets.committed ${committed.length}`;
    }
  }
  if (!kafkaSamples?.ok) return null;
  return sampleContradiction(kafkaOffsets.value, kafkaSamples.value);
}

function sampleContradiction(
  offsets: { topics: Record<string, readonly unknown[]>; committed: readonly unknown[] },
  samples: readonly { end: Record<string, readonly unknown[]>; committed: readonly unknown[] }[],
): string | null {
  for (const [i, sample] of samples.entries()) {
    if (sample.committed.length !== offsets.committed.length) {
      return `kafkaSamples[${i}].committed has ${sample.committed.length} entries, kafkaOffsets.committed ${offsets.committed.length}`;
    }
    for (const [topic, ends] of Object.entries(sample.end)) {
      const known = Object.hasOwn(offsets.topics, topic) ? offsets.topics[topic] : undefined;
      if (!known) return unknownTopic(`kafkaSamples[${i}].end`, topic);
      if (known.length !== ends.length)
        return `kafkaSamples[${i}].end has another number of partitions than kafkaOffsets`;
    }
  }
  return null;
}

function unknownTopic(where: string, topic: string): string {
  return `${where} names the unknown topic ${JSON.stringify(topic.slice(0, 80))}`;
}
