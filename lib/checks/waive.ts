// What the policy's owners decided to live with: the finding is taken out of verdict, score and advice, and stays in the report by name.
import type { Waiver } from '../policy/objectives.ts';
import { matchesPattern } from '../policy/pattern.ts';
import { safeLabel } from '../text/sanitize.ts';
import { plural } from '../text/units.ts';
import type { AnyCheck, CheckResult, Finding, WaivedFinding } from './check.ts';

/** The finding's waiver among those that hold; a policy has no two that fit. */
function waiverOf(finding: Finding, waivers: readonly Waiver[]): Waiver | undefined {
  return waivers.find(({ check, resource }) => check === finding.checkId && matchesPattern(resource, finding.resource));
}

/**
 * A result without its waived findings. What is left speaks for itself; where nothing is left there is nothing to act on.
 *
 * @param waivers those that have not expired
 * @param statusOf status of the findings that remain
 */
export function waive(
  result: CheckResult,
  { title }: Pick<AnyCheck, 'title'>,
  waivers: readonly Waiver[],
  statusOf: (findings: readonly Finding[]) => CheckResult['status'],
): CheckResult {
  const waived = result.findings.flatMap((finding): WaivedFinding[] => {
    const waiver = waiverOf(finding, waivers);
    return waiver === undefined ? [] : [{ ...finding, waiver: waiver.name }];
  });
  if (waived.length === 0) return result;
  const ids = new Set(waived.map(({ id }) => id));
  const findings = result.findings.filter(({ id }) => !ids.has(id));
  const status = statusOf(findings);
  const by = `${plural(waived.length, 'finding is', 'findings are')} waived by the policy`;
  const [worst] = findings;
  // The check's own sentence tells of its worst finding, which may be waived: nothing of it is repeated.
  const summary =
    worst === undefined
      ? `Found, and accepted: ${by}.`
      : `${plural(findings.length, 'finding')}, the worst of ${worst.scope} ${safeLabel(worst.resource)}; ${by}.`;
  const recommendation = worst === undefined ? null : result.recommendation;
  return { ...result, status, title: title.fail, summary, findings, recommendation, waived };
}
