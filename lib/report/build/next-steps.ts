// The three things to do, and the one sentence at the top.
import type { Recommendation, Severity } from '../../checks/check.ts';
import { listed } from '../../checks/shared/wording.ts';
import { severityRank } from '../../history/compare.ts';
import { isWorthTheWay } from '../../scorecard/ranking.ts';
import { plural } from '../../text/units.ts';
import type { Gap, Verdict } from '../report.ts';
import type { ReportAction, ReportCheck, ReportFinding } from '../report-findings.ts';
import { openChecks } from '../words.ts';

const MAX_ACTIONS = 3;

function toAction(check: ReportCheck, finding: ReportFinding): ReportAction {
  const impact = check.recommendation?.impact;
  const money = impact?.kind === 'saving' || impact?.kind === 'added-cost' ? impact.usdPerMonth : null;
  return {
    checkId: check.checkId,
    findingId: finding.id,
    severity: finding.severity,
    title: check.title,
    scope: finding.scope,
    resource: finding.resource,
    action: check.recommendation?.action ?? '',
    command: check.recommendation?.commands[0] ?? null,
    usdPerMonth: money === null ? null : impact?.kind === 'saving' ? money : -money,
  };
}

/** A file that the reader writes first: what it says is no part of the command. */
const FILE = /(?<!client)\.(json|properties)$/;

/** What its commands change; null where it has none that change anything, or none that tell what. */
function deedOf({ recommendation }: ReportCheck): string | null {
  const changes = recommendation?.commands.flatMap(({ effect, argv }) => (effect === 'change' ? [argv] : [])) ?? [];
  const isOpen = changes.flat().some((arg) => typeof arg === 'string' && FILE.test(arg));
  return changes.length === 0 || isOpen ? null : JSON.stringify(changes);
}

/** One action a deed: who has run the commands of the first has run those of the second, which is named beside it. */
function oneADeed(actions: readonly ReportAction[], checks: readonly ReportCheck[]): ReportAction[] {
  const checkOf = ({ checkId }: ReportAction) => checks.find((check) => check.checkId === checkId)!;
  const deeds = Map.groupBy(actions, (action) => deedOf(checkOf(action)) ?? action.checkId);
  return [...deeds.values()].map((alike) => {
    const first = alike[0]!;
    const { toldBy } = checkOf(first).recommendation!;
    const speaker = alike.find(({ checkId, severity }) => checkId === toldBy && severity === first.severity) ?? first;
    const others = alike.filter((each) => each !== speaker).map(({ title }) => `“${title}”`);
    if (others.length === 0) return speaker;
    return { ...speaker, action: `${speaker.action}; the same commands mend ${listed(others)}` };
  });
}

/**
 * One action a check, and one a deed: the gravest first, equally grave ones by the ranking of their best finding. Ease weighs in that
 * ranking, and is no reason to read of a trifle before what is about to break.
 */
export function actionsOf(checks: readonly ReportCheck[], findings: readonly ReportFinding[]): ReportAction[] {
  const ranked: ReportAction[] = [];
  for (const finding of findings) {
    if (finding.severity === 'info' || ranked.some(({ checkId }) => checkId === finding.checkId)) continue;
    const check = checks.find(({ checkId }) => checkId === finding.checkId);
    if (check !== undefined && check.recommendation !== null) ranked.push(toAction(check, finding));
  }
  const adviceOf = (checkId: string) => checks.find((each) => each.checkId === checkId)?.recommendation;
  const gravity = ({ checkId, severity }: ReportAction): number => {
    const own = severityRank(severity);
    const sumsUp: readonly string[] = adviceOf(checkId)?.sumsUp ?? [];
    // What sums up others comes after all of them.
    const parts = ranked.filter((other) => sumsUp.includes(other.checkId));
    // A cheaper way to the same end is as urgent as the dearer one.
    const dearer = ranked.filter((other) => isCheaperWay(adviceOf(other.checkId), checkId, severity));
    const asUrgent = Math.min(own, ...dearer.map((other) => severityRank(other.severity)));
    return Math.max(asUrgent, ...parts.map((part) => severityRank(part.severity)));
  };
  const gravestFirst = ranked.toSorted((a, b) => gravity(a) - gravity(b));
  return oneADeed(gravestFirst, checks).slice(0, MAX_ACTIONS);
}

function isCheaperWay(dearer: Recommendation | null | undefined, checkId: string, severity: Severity): boolean {
  const cheaper: readonly string[] = dearer?.cheaperFirst ?? [];
  return cheaper.includes(checkId) && isWorthTheWay(severity);
}

export interface HeadlineInputs {
  verdict: Verdict;
  counts: Readonly<Record<Severity, number>>;
  checks: readonly ReportCheck[];
  findings: readonly ReportFinding[];
  gaps: readonly Gap[];
  /** Why there is nothing to read of a cluster in this state; null when there is. */
  state: string | null;
}

/** Is anything about to break, in one sentence: the worst by severity speaks, not the easiest to mend. */
export function headlineOf({ verdict, counts, checks, findings, gaps, state }: HeadlineInputs): string {
  const open = openChecks(checks);
  const unanswered = open === 0 ? '' : ` ${plural(open, 'check')} could not be answered.`;
  const worst = findings.toSorted((a, b) => severityRank(a.severity) - severityRank(b.severity))[0];
  if (worst !== undefined && worst.severity !== 'info') {
    const others = counts.critical + counts.high + counts.medium + counts.low - 1;
    const check = checks.find(({ checkId }) => checkId === worst.checkId);
    const isUrgent = worst.severity === 'critical' || worst.severity === 'high';
    const urgent = isUrgent || open > 0 ? '' : 'Nothing is about to break. ';
    const more = others === 0 ? '' : ` ${plural(others, 'more finding')}.`;
    return `${urgent}${check?.summary ?? worst.title}${more}${unanswered}`;
  }
  if (verdict === 'no-data') {
    if (state !== null) return state;
    const faults = gaps.filter(({ isFault }) => isFault).length;
    const sources = faults === 0 ? '' : `: ${plural(faults, 'source')} could not be read`;
    return `Too little was measured to say whether anything is about to break${sources}.${unanswered}`;
  }
  const passed = checks.filter(({ status }) => status === 'pass').length;
  // Silence is not health: what was not looked at may be about to break.
  if (open > 0) return `Nothing was found in what could be measured: ${plural(passed, 'check')} passed.${unanswered}`;
  return `Nothing is about to break: ${plural(passed, 'check')} passed, none found anything.`;
}
