const MINUTE = 60;
const DAY = 86_400;

/** CloudWatch keeps points ever more coarsely: the finest period it still has for a start time of this age, in seconds. */
export function finestPeriodSec(startSec: number, nowSec: number): number {
  const age = nowSec - startSec;
  if (age <= 15 * DAY) return MINUTE;
  if (age <= 63 * DAY) return 5 * MINUTE;
  return 60 * MINUTE;
}

/** A start time is rounded down to a whole unit of what is kept for its age. */
export function roundedStartSec(startSec: number, nowSec: number): number {
  const unit = finestPeriodSec(startSec, nowSec);
  return Math.floor(startSec / unit) * unit;
}

/**
 * Starts of the periods that a query is answered with: whole multiples of the period from the rounded start time up to, and
 * without, the end. None when the period is finer than what is kept. A period that began before the start is not answered in part.
 */
export function periodStarts(startSec: number, endSec: number, periodSec: number, nowSec: number): number[] {
  const finest = finestPeriodSec(startSec, nowSec);
  if (periodSec < MINUTE || periodSec % finest !== 0) return [];
  const starts: number[] = [];
  const first = Math.ceil(roundedStartSec(startSec, nowSec) / periodSec) * periodSec;
  for (let start = first; start < Math.min(endSec, nowSec); start += periodSec) starts.push(start);
  return starts;
}
