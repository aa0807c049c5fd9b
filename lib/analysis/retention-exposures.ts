// How near consumer groups are to losing unread records: by offsets where retention has begun to delete from a log, by the age of the next
// record where it has not.
import type { GroupStatus, PartitionStatus } from './consumer-status.ts';
import { type GroupTimeLag, type GroupTimeLagInput, groupTimeLags } from './group-time-lag.ts';
import { deletesByRetention, type RetentionHeadroom, retentionHeadroom } from './retention.ts';
import { configNumber } from './topology.ts';

export interface RetentionExposure extends RetentionHeadroom {
  groupId: string;
  topic: string;
  partition: number;
  /**
   * Of a log that still starts at 0, where `retentionConsumed` is their quotient and `secondsToLoss` what is left of it; null of one
   * from which retention deletes.
   */
  byAge: { ageSec: number; retentionSec: number } | null;
}

/** Partitions of which the age of the next record, or the retention, is not known; the age at the least is among the known, too. */
export type UnknownExposure = Pick<RetentionExposure, 'groupId' | 'topic' | 'partition' | 'lag'>;

export interface RetentionExposures {
  known: readonly RetentionExposure[];
  unknown: readonly UnknownExposure[];
}

/** The last answer by groups: a check, a KPI and a table ask. Sections do not change. */
const answered = new WeakMap<readonly GroupStatus[], { input: GroupTimeLagInput; exposures: RetentionExposures }>();

/**
 * How near each group is to losing unread records, one row a group and partition. Left out: partitions whose group is well
 * (a few messages of lag may be most of a nearly empty log), topics without deletion by retention, and logs limited by size alone that
 * still start at offset 0.
 */
export function retentionExposures(groups: readonly GroupStatus[], input: GroupTimeLagInput): RetentionExposures {
  const last = answered.get(groups);
  if (last?.input.offsets === input.offsets && last.input.ends === input.ends && last.input.configs === input.configs)
    return last.exposures;
  const exposures = readExposures(groups, input);
  answered.set(groups, { input, exposures });
  return exposures;
}

function readExposures(groups: readonly GroupStatus[], input: GroupTimeLagInput): RetentionExposures {
  const known: RetentionExposure[] = [];
  const unknown: UnknownExposure[] = [];
  for (const group of groups) {
    for (const row of group.partitions) {
      if (row.status === 'OK' || deletesByRetention(input.configs, row.topic) === false) continue;
      const headroom = headroomOf(row);
      if (headroom === null) continue;
      const at = { groupId: group.groupId, topic: row.topic, partition: row.partition };
      if (row.start !== 0) {
        known.push({ ...at, ...headroom, byAge: null });
        continue;
      }
      const retentionMs = input.configs === null ? null : configNumber(input.configs, row.topic, 'retention.ms');
      if (retentionMs !== null && retentionMs < 0) continue;
      const age = ageOf(group, row, input);
      if (retentionMs === null || age === null || age.source === 'at-least') unknown.push({ ...at, lag: headroom.lag });
      if (retentionMs === null || age === null) continue;
      known.push({ ...at, ...headroom, ...headroomByAge(row, age.lagSec, retentionMs / 1000) });
    }
  }
  return { known, unknown };
}

function headroomOf({ start, end, committed, status, ...rates }: PartitionStatus): RetentionHeadroom | null {
  if (start === null || end === null || committed === null) return null;
  return retentionHeadroom({
    start,
    end,
    committed,
    // In steady retention the log start moves as fast as the log end.
    startAdvancePerSec: rates.produceRatePerSec,
    // A group that was just reset does not run backwards: its speed is not known yet.
    consumePerSec: status === 'REWIND' ? null : rates.consumeRatePerSec,
  });
}

/** Of the next record; null where it was not looked up and rests on a rate at best. */
function ageOf(group: GroupStatus, row: PartitionStatus, input: GroupTimeLagInput): GroupTimeLag | null {
  const [age = null] = groupTimeLags([{ ...group, partitions: [row] }], input);
  return age?.source === 'extrapolated' ? null : age;
}

/**
 * The next record ages by a second in a second, less what the group makes good of it. A segment is deleted no sooner than its newest
 * record is that old, so that the loss comes a little later at most.
 */
function headroomByAge(
  { status, produceRatePerSec, consumeRatePerSec }: PartitionStatus,
  ageSec: number,
  retentionSec: number,
) {
  const left = Math.max(0, retentionSec - ageSec);
  const made =
    status === 'REWIND' || consumeRatePerSec === null
      ? null
      : consumeRatePerSec === 0
        ? 0
        : produceRatePerSec === null
          ? null
          : consumeRatePerSec / produceRatePerSec;
  return {
    // Nothing is kept: every record is due.
    retentionConsumed: retentionSec > 0 ? ageSec / retentionSec : 1,
    secondsToLoss: made === null || made >= 1 ? null : left / (1 - made),
    byAge: { ageSec, retentionSec },
  };
}
