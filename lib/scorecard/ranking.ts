// Which recommendation comes first: harm, certainty and money over effort.
import { type CheckResult, type Effort, type Finding, SEVERITIES, type Severity } from '../checks/check.ts';
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

interface Rank {
  priority: number;
  /** Of its check in the registry, which is in the order of what is at risk. */
  place: number;
  id: string;
}

/** Sort order of findings: by priority, then by place, then by id, so that equal runs give equal reports. */
export function byPriority(a: Rank, b: Rank): number {
  return b.priority - a.priority || a.place - b.place || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

export interface RankedFinding extends Rank {
  finding: Finding;
  result: CheckResult;
}

/** A finding that comes after others stands so little below the last of them. */
const JUST_BELOW = 0.99;

/**
 * The findings of a run, highest priority first. Only a saving lifts a finding: what costs money is no reason to do it earlier. Effort
 * does not push down what mends a loss of service that runs on; what only sums up others, or is what they cause, comes after them; what
 * is a cheaper way to the same end comes right before the dearer one.
 * @param results in the order of the registry
 */
export function rankedFindings(results: readonly CheckResult[]): RankedFinding[] {
  const ranked = results.flatMap(rankedOf);
  const byCheck = Map.groupBy(ranked, ({ finding }): string => finding.checkId);
  const bestOf = (checkId: string, isMeant: (severity: Severity) => boolean) =>
    (byCheck.get(checkId) ?? []).reduce(
      (best, { finding, priority: own }) => (isMeant(finding.severity) ? Math.max(best, own) : best),
      0,
    );
  for (const [, list] of byCheck) {
    const { sumsUp = [], causedBy = [] } = list[0]!.result.recommendation ?? {};
    for (const [severity, alike] of Map.groupBy(list, ({ finding }) => finding.severity)) {
      const isAsGrave = (other: Severity) => SEVERITIES.indexOf(other) <= SEVERITIES.indexOf(severity);
      const before = [
        ...sumsUp.map((checkId) => bestOf(checkId, () => true)),
        ...causedBy.map((checkId) => bestOf(checkId, isAsGrave)),
      ].filter((best) => best > 0);
      for (const each of alike) each.priority = Math.min(each.priority, ...before.map((best) => JUST_BELOW * best));
    }
  }
  for (const [, list] of byCheck) {
    const most = Math.max(...list.map(({ priority: own }) => own));
    for (const checkId of list[0]!.result.recommendation?.cheaperFirst ?? []) {
      const best = (byCheck.get(checkId) ?? [])
        .filter(({ finding }) => isWorthTheWay(finding.severity))
        .toSorted((a, b) => b.priority - a.priority)[0];
      if (best !== undefined) best.priority = Math.max(best.priority, most / JUST_BELOW);
    }
  }
  // Findings of one check that weigh the same stay as the check ordered them: worst first.
  return ranked.sort((a, b) => (a.result === b.result ? b.priority - a.priority : byPriority(a, b)));
}

/** Of a cheaper way: what is milder than this is no reason to wait with the dearer one. */
export function isWorthTheWay(severity: Severity): boolean {
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf('medium');
}

function rankedOf(result: CheckResult, place: number): RankedFinding[] {
  const { effort = 'setting', impact, harmRunsOn } = result.recommendation ?? {};
  const usdPerMonth = impact?.kind === 'saving' ? impact.usdPerMonth : 0;
  return result.findings.map((finding) => ({
    id: finding.id,
    place,
    finding,
    result,
    priority: priority({
      severity: finding.severity,
      confidence: finding.confidence,
      usdPerMonth,
      effort: harmRunsOn ? 'setting' : effort,
    }),
  }));
}
