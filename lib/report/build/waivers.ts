// What the policy's waivers did today: which findings they cover, which of them have expired, which cover nothing any more.
import type { CheckResult } from '../../checks/check.ts';
import { type Comparison, severityRank } from '../../history/compare.ts';
import { hasExpired, type Waiver } from '../../policy/objectives.ts';
import { safeLabel } from '../../text/sanitize.ts';
import { plural } from '../../text/units.ts';
import type { ReportWaivers, WaiverBrief } from '../report-findings.ts';

/** Statuses in which a check has looked everywhere: only then a waiver without a finding is stale. */
const ANSWERED: readonly CheckResult['status'][] = ['pass', 'warn', 'fail'];

export function waiversOf(
  results: readonly CheckResult[],
  waivers: readonly Waiver[],
  { lives }: Comparison,
  takenAtMs: number,
): ReportWaivers {
  const byName = new Map(waivers.map((waiver) => [waiver.name, waiver]));
  const waived = results
    .flatMap((result) =>
      result.waived.flatMap((finding) => {
        const waiver = byName.get(finding.waiver);
        if (waiver === undefined) return [];
        const { id, checkId, scope, resource, severity, measured, limit, unit } = finding;
        const { name, reason, owner, expires } = waiver;
        return [
          {
            id,
            checkId,
            title: result.title,
            scope,
            resource,
            severity,
            measured,
            limit,
            unit,
            firstSeenMs: lives.get(id)?.firstSeenMs ?? takenAtMs,
            waiver: { name, reason, owner, expires },
          },
        ];
      }),
    )
    .sort((a, b) => severityRank(a.severity) - severityRank(b.severity));
  const used = new Set(waived.map(({ waiver }) => waiver.name));
  const answered = new Set<string>(
    results
      .filter(({ status, partial }) => ANSWERED.includes(status) && partial === null)
      .map(({ checkId }) => checkId),
  );
  const expired = waivers.filter((waiver) => hasExpired(waiver, takenAtMs));
  const stale = waivers.filter(
    (waiver) => !expired.includes(waiver) && !used.has(waiver.name) && answered.has(waiver.check),
  );
  return { waived, expired: expired.map(brief), stale: stale.map(brief) };
}

/** What of it everybody must see, whatever they read the report in. */
export function waiverNotices({ waived, expired, stale }: ReportWaivers): string[] {
  const of = ({ name, check, owner }: WaiverBrief) => `waiver "${safeLabel(name)}" of ${check} (${safeLabel(owner)})`;
  const one = waived.length === 1;
  return [
    ...(waived.length === 0
      ? []
      : [
          `${plural(waived.length, 'finding')} ${one ? 'is' : 'are'} waived by the policy and left out of the verdict; the report lists ${one ? 'it' : 'them'}.`,
        ]),
    ...expired.map((waiver) => `The ${of(waiver)} expired on ${waiver.expires}: its findings count again.`),
    ...stale.map((waiver) => `The ${of(waiver)} covers nothing any more: it can be removed.`),
  ];
}

function brief({ name, check, owner, expires }: Waiver) {
  return { name, check, owner, expires };
}
