// Which recommendation comes first: harm, certainty and money over effort.
import { AREAS, type Area, type Effort, type Severity } from '../checks/check.ts';
import { RANKING, type RankingWeights } from '../policy/weights.ts';

export interface Ranked {
  severity: Severity;
  /** 0..1 */
  confidence: number;
  /** Saving; 0 when there is none or it is unknown. */
  usdPerMonth: number;
  effort: Effort;
}

/** Severity x confidence x (1 + a quarter for each tenfold of dollars) / effort. Money lifts a finding, but never above a far worse one. */
export function priority(item: Ranked, weights: RankingWeights = RANKING): number {
  const money = 1 + 0.25 * Math.log10(1 + Math.max(0, item.usdPerMonth));
  return (weights.severity[item.severity] * item.confidence * money) / weights.effort[item.effort];
}

/** Sort order of findings: by priority, then by area in the order of `AREAS`, then by id, so that equal runs give equal reports. */
export function byPriority(
  a: { priority: number; area: Area; id: string },
  b: { priority: number; area: Area; id: string },
): number {
  const byArea = AREAS.indexOf(a.area) - AREAS.indexOf(b.area);
  return b.priority - a.priority || byArea || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}
