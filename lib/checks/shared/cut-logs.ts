// Logs that end below what a group committed: the topic was deleted and created again, or an unclean election took the log's end. Readers get
// OFFSET_OUT_OF_RANGE and are set elsewhere, or the new log grows past the commit and they skip all before it.
import type { GroupStatus, PartitionStatus } from '../../analysis/consumer-status.ts';
import { optionArgs } from '../../text/command.ts';
import { plural } from '../../text/units.ts';
import type { Evidence, FindingDraft, Recommendation, RunContext } from '../check.ts';
import { describeGroup, kafkaTool } from './commands.ts';
import { isAtWork } from './consumers.ts';
import { milder, severityFor } from './severity.ts';
import { listed, MAX_ROWS } from './wording.ts';

/** A topic whose log ends below what a group committed. */
export interface Cut {
  group: GroupStatus;
  topic: string;
  rows: readonly PartitionStatus[];
  /** Messages, the largest of the partitions. */
  beyond: number;
}

/** Of each topic in which a commit of the group is proven to lie beyond the log end. */
export function cutsOf(group: GroupStatus): Cut[] {
  const its = group.partitions.filter((row) => beyondOf(row) > 0);
  return [...Map.groupBy(its, ({ topic }) => topic)].map(([topic, rows]) => ({
    group,
    topic,
    rows,
    beyond: Math.max(...rows.map(beyondOf)),
  }));
}

/** Messages; 0 also where it is not known. */
export function beyondOf({ beyondEnd }: PartitionStatus): number {
  return beyondEnd ?? 0;
}

/** Milder where nobody reads the topic now: what happens, happens when the group begins again. */
export function cutFinding({ group, topic, rows, beyond }: Cut, run: RunContext): FindingDraft {
  const severity = severityFor(run, ['high', 'medium', 'low']);
  const isIdle = isAtWork(group, topic) === false;
  return {
    scope: 'group',
    resource: `${group.groupId}/${topic}`,
    severity: isIdle ? milder(severity, 1) : severity,
    measured: beyond,
    limit: 0,
    unit: 'messages',
    note: `committed beyond the log end of ${plural(rows.length, 'partition')}${isIdle ? ', read by no member now' : ''}`,
    confidence: 1,
  };
}

/** A commit beyond the end of one look is a race of two reads or a log that went back. Null when no group has one. */
export function unprovenBecause(statuses: readonly GroupStatus[]): string | null {
  const open = statuses.filter(({ partitions }) =>
    partitions.some(({ status, beyondEnd }) => status !== 'INSUFFICIENT' && beyondEnd === null),
  );
  if (open.length === 0) return null;
  return `${listed(open.map(({ groupId }) => groupId))} committed beyond the log end, which takes a later look at that end to judge`;
}

/** Evidence of a few of them, at least one. */
export function cutTable(cuts: readonly Cut[], source: string): Evidence {
  const rows = cuts
    .flatMap(({ group, rows }) => rows.map((row) => ({ group, row })))
    .sort((a, b) => beyondOf(b.row) - beyondOf(a.row));
  return {
    title: 'Partitions whose log ends below the committed offset',
    columns: [
      { key: 'group', label: 'Group', as: 'name' },
      { key: 'topic', label: 'Topic', as: 'name' },
      { key: 'partition', label: 'Partition', as: 'count' },
      { key: 'committed', label: 'Committed', as: 'name' },
      { key: 'start', label: 'Log start', as: 'name' },
      { key: 'end', label: 'Log end', as: 'name' },
      { key: 'beyond', label: 'Beyond at the first look', as: 'messages' },
    ],
    rows: rows.slice(0, MAX_ROWS).map(({ group, row }) => ({
      group: group.groupId,
      topic: row.topic,
      partition: row.partition,
      committed: String(row.committed),
      start: row.start === null ? null : String(row.start),
      end: String(row.end),
      beyond: row.beyondEnd,
    })),
    source,
    reproduce: describeGroup(rows[0]!.group.groupId),
  };
}

/** How to bring the group back into the log. */
export function recommendReset({ group, topic, rows }: Cut): Recommendation {
  const isWhole = group.partitions.filter((row) => row.topic === topic).length === rows.length;
  const where = isWhole ? topic : `${topic}:${rows.map(({ partition }) => partition).join(',')}`;
  const reset = (last: string) => [
    ...optionArgs('--group', group.groupId),
    '--reset-offsets',
    '--to-earliest',
    ...optionArgs('--topic', where),
    last,
  ];
  return {
    action: `Find out whether ${listed([topic])} was deleted and created again or lost its end in an unclean election; then set ${listed([group.groupId])} to where it shall go on, before auto.offset.reset decides`,
    confirmFirst:
      'Rule out offsets that come from another cluster (MirrorMaker, a replicator) or were set by hand. Decide what is to be read: all that the log holds (--to-earliest), or what was written since the event (--to-datetime).',
    commands: [
      describeGroup(group.groupId),
      kafkaTool('kafka-consumer-groups.sh', {
        purpose: 'Show what reading from the start of the log would do, while the group is stopped',
        args: reset('--dry-run'),
      }),
      kafkaTool('kafka-consumer-groups.sh', {
        purpose: 'Set the group to the start of the log; it must be stopped',
        effect: 'change',
        args: reset('--execute'),
      }),
    ],
    risk: 'Records that the group has seen before the event and that the log still holds are processed again.',
    expectedEffect: 'The group goes on inside the log and misses nothing of it.',
    verifyAfter: 'The committed offset is at or below the log end and rises; LAG is not negative.',
    effort: 'setting',
    impact: { kind: 'none' },
  };
}
