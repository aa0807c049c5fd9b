// What a policy says of single topics and groups: objectives, who owns them, what is exempt, what is planned.

export interface TopicObjective {
  /** Copies are not worth their cost: the data can be made again. */
  ephemeral?: boolean;
  owner?: string;
}

export interface GroupObjective {
  /** In place of the goal's. */
  maxTimeLagSec?: number;
  /** Runs only so often: an empty group with lag is then no stopped one. */
  batchEveryHours?: number;
  owner?: string;
}

export interface Objectives {
  /** By pattern; no name fits two of them. */
  topics: Readonly<Record<string, TopicObjective>>;
  groups: Readonly<Record<string, GroupObjective>>;
}

export interface Waiver {
  name: string;
  check: string;
  /** Pattern of the finding's resource. */
  resource: string;
  reason: string;
  owner: string;
  /** The last day on which it holds, UTC. */
  expires: string;
}

export const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;

/** Planned work: once, or every week or day. */
export type PlannedWork =
  | { name: string; because: string; fromMs: number; toMs: number }
  | { name: string; because: string; every: (typeof WEEKDAYS)[number] | 'day'; startMinuteUtc: number; hours: number };

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** A waiver holds until its last day has ended everywhere it is read: UTC. */
export function hasExpired({ expires }: Pick<Waiver, 'expires'>, atMs: number): boolean {
  return atMs >= Date.parse(`${expires}T00:00:00Z`) + DAY_MS;
}

/** When planned work touched a span of time, oldest first. */
export function plannedIntervals(
  planned: readonly PlannedWork[],
  { startMs, endMs }: { startMs: number; endMs: number },
): { startMs: number; endMs: number; because: string }[] {
  const all = planned.flatMap((work) => {
    const because = `planned work "${work.name}": ${work.because}`;
    if ('fromMs' in work) return [{ startMs: work.fromMs, endMs: work.toMs, because }];
    const lengthMs = work.hours * 60 * MINUTE_MS;
    const firstDay = Math.floor((startMs - lengthMs) / DAY_MS);
    const days = Array.from({ length: Math.ceil(endMs / DAY_MS) - firstDay + 1 }, (_, i) => (firstDay + i) * DAY_MS);
    return days
      .filter((dayMs) => work.every === 'day' || WEEKDAYS[new Date(dayMs).getUTCDay()] === work.every)
      .map((dayMs) => dayMs + work.startMinuteUtc * MINUTE_MS)
      .map((fromMs) => ({ startMs: fromMs, endMs: fromMs + lengthMs, because }));
  });
  return all.filter((each) => each.endMs > startMs && each.startMs < endMs).sort((a, b) => a.startMs - b.startMs);
}
