// What groups committed, in columns: a million (group, topic, partition) are an ordinary cluster, so none of them has an
// object or a string of its own before somebody asks for it.
import { Int64Column } from './int64-column.ts';
import type { Reader } from './reader.ts';

export interface CommittedGroup {
  groupId: string;
  errorCode: number;
  /** The group's topics are the runs from `firstRun` up to, not including, `endRun`. */
  firstRun: number;
  endRun: number;
}

/** The partitions of one topic that one group committed for: the positions `from` up to, not including, `to`. */
export interface TopicRun {
  topic: string;
  from: number;
  to: number;
}

interface Columns {
  /** Partition number by position. */
  partitions: Int32Array;
  offsets: Int64Column;
  /** Kafka's error code by position, where there is one. */
  errors: ReadonlyMap<number, number>;
  runTopics: readonly string[];
  /** Run i covers the positions from `runStarts[i]` up to `runStarts[i + 1]`. */
  runStarts: Int32Array;
}

/** One position for each group, topic and partition, in the order of the answer. */
export class CommittedOffsets {
  readonly groups: readonly CommittedGroup[];
  private readonly columns: Columns;

  constructor(groups: readonly CommittedGroup[], columns: Columns) {
    this.groups = groups;
    this.columns = columns;
  }

  /** How many positions there are. */
  get size(): number {
    return this.columns.partitions.length;
  }

  topicsOf({ firstRun, endRun }: CommittedGroup): TopicRun[] {
    const { runTopics, runStarts } = this.columns;
    return runTopics.slice(firstRun, endRun).map((topic, index) => {
      const run = firstRun + index;
      return { topic, from: runStarts[run] ?? 0, to: runStarts[run + 1] ?? 0 };
    });
  }

  partitionAt(position: number): number {
    return this.columns.partitions[position] ?? -1;
  }

  /** Kafka's error code for the partition; 0 for none. */
  errorAt(position: number): number {
    return this.columns.errors.get(position) ?? 0;
  }

  /** A decimal string; null where the group never committed (Kafka says -1) or Kafka answered with an error. */
  offsetAt(position: number): string | null {
    const { offsets, errors } = this.columns;
    return offsets.isNegative(position) || errors.has(position) ? null : offsets.textAt(position);
  }

  /** The answer about one group, which does not name it, with its name. */
  named(groupId: string): CommittedOffsets {
    return new CommittedOffsets(
      this.groups.map((group) => ({ ...group, groupId })),
      this.columns,
    );
  }
}

/** Empty metadata, no error, no tags: so nearly every partition ends in a flexible version. */
const USUAL_END = 0x01_00_00_00;

/** The columns while an answer is being read. */
export class CommittedReading {
  private size = 0;
  private readonly partitions: Int32Array;
  private readonly offsets: Int64Column;
  private readonly errors = new Map<number, number>();
  private readonly runTopics: string[] = [];
  private readonly runStarts: number[] = [];
  private readonly groups: CommittedGroup[] = [];
  /** Groups share topics: each name is kept once. */
  private readonly names = new Map<string, string>();
  private readonly reader: Reader;
  private readonly hasLeaderEpoch: boolean;

  constructor(reader: Reader, hasLeaderEpoch: boolean) {
    this.reader = reader;
    this.hasLeaderEpoch = hasLeaderEpoch;
    // Room for all that the rest of the answer can hold; what is not needed is given back in the end.
    const capacity = Math.floor(reader.remaining / this.minPartitionBytes);
    this.partitions = new Int32Array(capacity);
    this.offsets = Int64Column.ofSize(capacity);
  }

  private get minPartitionBytes(): number {
    if (this.reader.flexible) return 20;
    return this.hasLeaderEpoch ? 20 : 16;
  }

  /** Reads one group: its topics, then its error; its name is read before. */
  readGroup(groupId: string): void {
    const firstRun = this.runTopics.length;
    const topics = this.reader.nullableCount(this.reader.flexible ? 3 : 6);
    for (let topic = 0; topic < topics; topic++) this.readTopic();
    this.groups.push({ groupId, errorCode: this.reader.int16(), firstRun, endRun: this.runTopics.length });
  }

  private readTopic(): void {
    const { reader } = this;
    this.runTopics.push(this.shared(reader.string()));
    this.runStarts.push(this.size);
    const partitions = reader.nullableCount(this.minPartitionBytes);
    for (let i = 0; i < partitions; i++) this.readPartition();
    reader.tags();
  }

  /** One block instead of three fields: this runs a million times in a large cluster. */
  private readPartition(): void {
    const { reader } = this;
    const position = this.size++;
    const at = reader.take(this.hasLeaderEpoch ? 16 : 12); // partition_index, committed_offset, committed_leader_epoch
    this.partitions[position] = reader.view.getInt32(at);
    this.offsets.set(position, reader.view.getInt32(at + 4), reader.view.getInt32(at + 8));
    if (reader.flexible && reader.takeIf(USUAL_END)) return;
    reader.skipString(); // metadata
    const errorCode = reader.int16();
    if (errorCode !== 0) this.errors.set(position, errorCode);
    reader.tags();
  }

  private shared(name: string): string {
    const known = this.names.get(name);
    if (known === undefined) this.names.set(name, name);
    return known ?? name;
  }

  finish(): CommittedOffsets {
    return new CommittedOffsets(this.groups, {
      partitions: this.partitions.slice(0, this.size),
      offsets: this.offsets.first(this.size),
      errors: this.errors,
      runTopics: this.runTopics,
      runStarts: Int32Array.from([...this.runStarts, this.size]),
    });
  }
}
