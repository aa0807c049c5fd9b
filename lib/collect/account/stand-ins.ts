// What stands in for a section that could not be read today: a module of its own, since most days need none.
import { asNote } from '../msk/cluster-reading.ts';
import { type AccountSections, agree, isWhole, WEEK_MS, type WeeklySections, youngerThan } from './collect-account.ts';

/** A section that can no longer be read is shown as it was for four weeks, and is missing from then on. */
const STAND_IN_MS = 4 * WEEK_MS;

/**
 * For each section that could not be read today what an earlier run read of it, with its own time and today's failure beside it. Not
 * where AWS has no such thing for this cluster, nor where the alarms say that it has changed since.
 */
export function standIns(today: AccountSections, earlier: WeeklySections, nowMs: number): WeeklySections {
  const { storageScaling, ...others } = youngerThan(STAND_IN_MS, earlier, nowMs);
  const { alarms } = today;
  const isKnown = storageScaling !== undefined && (!isWhole(alarms) || agree(storageScaling, alarms));
  return Object.fromEntries(
    Object.entries(isKnown ? { storageScaling, ...others } : others).flatMap(([name, before]) => {
      const now = today[name as keyof WeeklySections];
      if (now.ok || !before.ok || ['not-supported', 'not-enabled'].includes(now.reason)) return [];
      const date = new Date(before.asOfMs).toISOString().slice(0, 10);
      return [[name, { ...before, partial: `as read on ${date}; since then: ${asNote(now)}` }]];
    }),
  );
}
