// Orders of severities and findings, in one place.
import { type FindingDraft, type RunContext, SEVERITIES, type Severity } from '../check.ts';

/** A medium/high/critical ladder in percent. */
export interface PercentLadder {
  mediumPercent: number;
  highPercent: number;
  criticalPercent: number;
}

/** The severity some steps milder, `info` at the least. */
export function milder(severity: Severity, steps: number): Severity {
  return SEVERITIES[Math.min(SEVERITIES.indexOf(severity) + steps, SEVERITIES.length - 1)]!;
}

type Where = Pick<RunContext, 'environment'>;

/** The severity of this environment out of a check's three: production, staging, development. */
export function severityFor({ environment }: Where, [production, staging, development]: readonly Severity[]): Severity {
  return { production, staging, development }[environment]!;
}

/** A severity meant for production, one step milder in staging and two in development. */
export function stepFor(run: Where, severity: Severity): Severity {
  return severityFor(run, [severity, milder(severity, 1), milder(severity, 2)]);
}

export function worstSeverity(findings: readonly { severity: Severity }[]): Severity {
  return SEVERITIES.find((severity) => findings.some((finding) => finding.severity === severity)) ?? 'info';
}

/** Worst first: severity, then the measured value away from its limit, then the name (`t-2` before `t-10`). */
export function worstFirst(
  findings: readonly FindingDraft[],
  worse: 'higher' | 'lower' = 'higher',
): [FindingDraft, ...FindingDraft[]] | null {
  const size = (finding: FindingDraft) => (finding.measured ?? 0) * (worse === 'higher' ? -1 : 1);
  const ordered = [...findings].sort(
    (a, b) =>
      SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
      size(a) - size(b) ||
      compareNames(a.resource, b.resource),
  );
  return nonEmpty(ordered);
}

/** For findings that are ordered already; null when there are none. */
export function nonEmpty(findings: readonly FindingDraft[]): [FindingDraft, ...FindingDraft[]] | null {
  const [first, ...others] = findings;
  return first === undefined ? null : [first, ...others];
}

/** Code units with numbers compared as numbers: the same on every machine, whatever its locale. */
export function compareNames(a: string, b: string): number {
  const [left, right] = [parts(a), parts(b)];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const [x, y] = [left[i]!, right[i]!];
    const bothNumbers = /^\d/.test(x) && /^\d/.test(y);
    const order = bothNumbers ? Number(x) - Number(y) : 0;
    if (order !== 0) return order;
    if (x !== y) return x < y ? -1 : 1;
  }
  return left.length - right.length;
}

function parts(name: string): string[] {
  return name.match(/\d+|\D+/g) ?? [];
}
