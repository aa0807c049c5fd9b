// Groups that nobody runs. What waits for them grows to the retention, however long that is: it tells nothing of what readers need.
import { lastFallMs } from '../../analysis/commit-rhythm.ts';
import type { GroupStatus } from '../../analysis/consumer-status.ts';
import { METRICS } from '../../facts/metric-catalogue.ts';
import type { SectionValue } from '../../snapshot/schema.ts';
import type { Inputs, RunContext } from '../check.ts';
import { readGroups, SEC } from './consumers.ts';
import { type GroupTopic, groupTopics, PairSeries } from './group-topics.ts';
import { isThin } from './series.ts';
import { listed } from './wording.ts';

/** Sections that tell which groups are run, beside the offsets and their samples: for `mayUse` and `toleratesPartial`. */
export const LEFT_SECTIONS = ['kafkaGroups', 'metrics'] as const;

export interface LeftGroups {
  /** No members, records wait, and nobody read any: over the window, or for the days after which a group counts as abandoned. */
  left: ReadonlySet<string>;
  /** Those and, beside them, groups that nothing shows at work although they may run at other hours. */
  doubtful: ReadonlySet<string>;
}

/** Without the list of groups every group is doubtful. */
export function leftGroups(
  offsets: SectionValue<'kafkaOffsets'>,
  { kafkaGroups, kafkaSamples, metrics }: Inputs<never, (typeof LEFT_SECTIONS)[number] | 'kafkaSamples'>,
  run: RunContext,
): LeftGroups {
  if (!kafkaGroups.ok) return { left: new Set(), doubtful: new Set(offsets.committed.map(({ groupId }) => groupId)) };
  const series = new PairSeries(metrics, METRICS.sumOffsetLag, run);
  const ages = youngestWaiting(offsets);
  const still = [
    ...Map.groupBy(groupTopics(readGroups(kafkaGroups.value, offsets, kafkaSamples, run)), ({ group }) => group),
  ].filter(([group, pairs]) => isStill(group, pairs, series));
  const left = still.filter(([{ groupId, members }, pairs]) => {
    const isSeen = pairs.every(
      ({ topic }) => !isThin(series.trusted(groupId, topic), run.checks['lag-growing'].minCoveragePercent),
    );
    const isOld = (ages.get(groupId) ?? 0) >= run.checks['group-abandoned'].idleDays * SEC.perDay;
    return members === 0 && (isSeen || isOld);
  });
  const names = (groups: typeof still) => new Set(groups.map(([{ groupId }]) => groupId));
  return { left: names(left), doubtful: names(still) };
}

/** Records wait, nobody is there who would read them, and nothing shows that somebody was. */
function isStill({ members, partitions }: GroupStatus, pairs: readonly GroupTopic[], series: PairSeries): boolean {
  if (members !== null && members > 0) return false;
  return partitions.some(({ status }) => status !== 'OK') && !pairs.some((pair) => isInUse(pair, series));
}

/** Committed in this run or, by its lag, today; or nothing waits where records come in. */
export function isInUse({ group, topic, rows }: GroupTopic, series: PairSeries): boolean {
  return (
    rows.some(({ lastProgressMs }) => lastProgressMs !== null) ||
    lastFallMs(series.trusted(group.groupId, topic)) !== null ||
    rows.some(({ status, produceRatePerSec }) => status === 'OK' && (produceRatePerSec ?? 0) > 0)
  );
}

/** Seconds by group for which what waits has waited at least; of several partitions the shortest. */
function youngestWaiting({ committed, timeLags }: SectionValue<'kafkaOffsets'>): Map<string, number> {
  const ages = new Map<string, number>();
  for (const [position, { groupId }] of committed.entries()) {
    const sec = timeLags?.lowSec[position] ?? 0;
    if (sec > 0) ages.set(groupId, Math.min(sec, ages.get(groupId) ?? sec));
  }
  return ages;
}

/** For the end of a sentence on what groups need; empty when none was left out. */
export function leftOut({ left }: LeftGroups): string {
  return left.size === 0 ? '' : ` (without ${listed([...left])}: no members, and nothing read)`;
}

/** Why topics were not judged: it depends on groups of which nobody knows whether they are run. */
export function doubtfulBecause(topics: readonly string[], { left, doubtful }: LeftGroups): string | null {
  if (topics.length === 0) return null;
  const names = [...doubtful].filter((groupId) => !left.has(groupId));
  return `whether anybody runs ${listed(names)}, on which ${listed(topics)} depends, is not known`;
}
