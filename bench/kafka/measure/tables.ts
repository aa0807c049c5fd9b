// What each client left, as the same table: one line for each partition with a committed offset, sorted.
import type { KafkaSections } from '../../../lib/collect/kafka/collect-kafka.ts';
import type { Snapshot } from '../../../lib/snapshot/schema.ts';

/** Group, topic, partition, committed offset, end offset and lag, between tabs. */
export type LagTable = readonly string[];

class TableMaker {
  private readonly rows: string[] = [];
  private readonly ends = new Map<string, string>();

  addEnd(topic: string, partition: number, end: string): void {
    this.ends.set(`${topic}\t${partition}`, end);
  }

  /** Once all ends are known. */
  add(groupId: string, topic: string, partition: number, committed: string): void {
    const end = this.ends.get(`${topic}\t${partition}`);
    const lag = end === undefined ? 'unknown' : BigInt(end) - BigInt(committed);
    this.rows.push([groupId, topic, partition, committed, end, lag].join('\t'));
  }

  finish(): LagTable {
    return this.rows.sort();
  }
}

type OffsetsSection = KafkaSections['kafkaOffsets'];

export function readSectionTable(stdout: string): LagTable {
  return sectionTable(JSON.parse(stdout) as OffsetsSection);
}

export function readSnapshotTable(stdout: string): LagTable {
  const { kafkaOffsets } = (JSON.parse(stdout) as Snapshot).sections;
  return kafkaOffsets === undefined ? [] : sectionTable(kafkaOffsets);
}

export function sectionTable(section: OffsetsSection): LagTable {
  const table = new TableMaker();
  if (!section.ok) return table.finish();
  for (const [topic, partitions] of Object.entries(section.value.topics)) {
    for (const { partition, end } of partitions) if (end !== null) table.addEnd(topic, partition, end);
  }
  for (const { groupId, topic, partition, offset } of section.value.committed) {
    if (offset !== null) table.add(groupId, topic, partition, offset);
  }
  return table.finish();
}

interface KafkajsFigures {
  ends: { topic: string; partitions: { partition: number; high: string }[] }[];
  committed: { groupId: string; topics: { topic: string; partitions: { partition: number; offset: string }[] }[] }[];
}

export function readKafkajsTable(stdout: string): LagTable {
  const { ends, committed } = JSON.parse(stdout) as KafkajsFigures;
  const table = new TableMaker();
  for (const { topic, partitions } of ends) {
    for (const { partition, high } of partitions) table.addEnd(topic, partition, high);
  }
  for (const { groupId, topics } of committed) {
    for (const { topic, partitions } of topics) {
      for (const { partition, offset } of partitions) if (offset !== '-1') table.add(groupId, topic, partition, offset);
    }
  }
  return table.finish();
}

interface PlatformaticFigures {
  ends: { name: string; partitions: { partitionIndex: number; offset: string }[] }[];
  committed: {
    groupId: string;
    topics: { name: string; partitions: { partitionIndex: number; committedOffset: string }[] }[];
  }[];
}

export function readPlatformaticTable(stdout: string): LagTable {
  const { ends, committed } = JSON.parse(stdout) as PlatformaticFigures;
  const table = new TableMaker();
  for (const { name, partitions } of ends) {
    for (const { partitionIndex, offset } of partitions) table.addEnd(name, partitionIndex, offset);
  }
  for (const { groupId, topics } of committed) {
    for (const { name, partitions } of topics) {
      for (const { partitionIndex, committedOffset } of partitions) {
        if (committedOffset !== '-1') table.add(groupId, name, partitionIndex, committedOffset);
      }
    }
  }
  return table.finish();
}

const TOOL_COLUMNS = ['GROUP', 'TOPIC', 'PARTITION', 'CURRENT-OFFSET', 'LOG-END-OFFSET', 'LAG'] as const;

/**
 * What kafka-consumer-groups.sh prints: a block for each group, each with a header that names the columns. Partitions that a member
 * has and the group never committed for have no offset, and are left out as everywhere.
 */
export function readToolTable(stdout: string): LagTable {
  const rows: string[] = [];
  let header: string[] = [];
  for (const line of stdout.split('\n')) {
    const cells = line.trim().split(/\s+/);
    if (cells[0] === 'GROUP') header = cells;
    else if (cells.length >= header.length && header.length > 0) {
      const row = TOOL_COLUMNS.map((column) => cells[header.indexOf(column)] ?? '-');
      if (!row.includes('-')) rows.push(row.join('\t'));
    }
  }
  return rows.sort();
}

/** Null when equal; otherwise how many rows differ, and the first of each side. */
export function differenceOf(expected: LagTable, given: LagTable): string | null {
  const [left, right] = [new Set(expected), new Set(given)];
  const missing = expected.filter((row) => !right.has(row));
  const extra = given.filter((row) => !left.has(row));
  if (missing.length === 0 && extra.length === 0 && expected.length === given.length) return null;
  const first = (rows: LagTable) => rows[0]?.replaceAll('\t', ' ') ?? 'none';
  return `${given.length} rows instead of ${expected.length}; ${missing.length} missing (${first(missing)}), ${extra.length} not expected (${first(extra)})`;
}
