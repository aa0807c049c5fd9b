// What several renderers pick out of the report in the same way.
import { severityRank } from '../history/compare.ts';
import type { MissingReason } from '../snapshot/collected.ts';
import { plural } from '../text/units.ts';
import type { Gap, Report } from './report.ts';
import type { ReportFinding } from './report-findings.ts';
import { sectionText } from './words.ts';

/** New and worse findings, the gravest first: ease of mending, which ranks the actions, says nothing about news. */
export function freshFindings(report: Report): ReportFinding[] {
  return report.findings
    .filter(({ change }) => change === 'new' || change === 'worse')
    .toSorted((a, b) => severityRank(a.severity) - severityRank(b.severity));
}

function namedSources(names: readonly string[]): string {
  return names.length <= 3 ? names.join(', ') : `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`;
}

export interface GapGroup {
  sources: string;
  reason: MissingReason;
  detail: string;
  fix: string | null;
  hides: readonly string[];
}

/**
 * Gaps that one fix closes, or that have the same detail, are one line for a reader: eight unreachable sections have one cause. So are
 * all refused permissions, those of sections that were read in part included. What hides nothing comes last.
 */
export function gapGroups(report: Report): GapGroup[] {
  const refused = new Set(report.missingPermissions.flatMap(({ sections }) => sections));
  const isRefused = (gap: Gap) => gap.reason === 'not-permitted' && refused.has(gap.section);
  const faults = report.gaps.filter(({ isFault }) => isFault);
  const groups = Map.groupBy(
    faults.filter((gap) => !isRefused(gap)),
    ({ reason, fix, detail }) => JSON.stringify([reason, fix, fix === null ? detail : null]),
  );
  const shown = [...permissionGroup(report, faults.filter(isRefused)), ...[...groups.values()].flatMap(groupOf)];
  return shown.sort((a, b) => Number(b.hides.length > 0) - Number(a.hides.length > 0));
}

function groupOf(gaps: readonly Gap[]): GapGroup[] {
  const [first] = gaps;
  if (first === undefined) return [];
  const { reason, detail, fix } = first;
  return [
    {
      sources: namedSources(gaps.map(({ section }) => sectionText(section))),
      reason,
      detail,
      fix,
      hides: hiddenBy(gaps),
    },
  ];
}

function permissionGroup(report: Report, gaps: readonly Gap[]): GapGroup[] {
  const { missingPermissions } = report;
  const [first] = gaps;
  if (missingPermissions.length === 0) return [];
  const sections = [...new Set(missingPermissions.flatMap((permission) => permission.sections))];
  const isOne = missingPermissions.length === 1 && first !== undefined;
  return [
    {
      sources: namedSources(sections.map(sectionText)),
      reason: 'not-permitted',
      detail: isOne ? first.detail : `the caller lacks ${plural(missingPermissions.length, 'permission')}`,
      fix: `${allowStatements(report)
        .map(({ actions, resource }) => `Allow ${actions.join(', ')} on ${resource}`)
        .join('; ')} for the caller`,
      hides: hiddenBy(gaps),
    },
  ];
}

function hiddenBy(gaps: readonly Gap[]): string[] {
  return [...new Set(gaps.flatMap(({ hides }) => hides))];
}

/** The missing permissions by the resource that they are wanted on. */
export function allowStatements({ missingPermissions }: Report): { resource: string; actions: string[] }[] {
  const byResource = Map.groupBy(missingPermissions, ({ resource }) => resource);
  return [...byResource].map(([resource, all]) => ({ resource, actions: all.map(({ action }) => action) }));
}

/** What was degraded, without the line that is the headline already. */
export function degradedBeside({ degraded, headline }: Report): string[] {
  return degraded.filter((line) => line !== headline);
}

/** The fix of a gap, or where it stands already: the same line at the top and in the list is one too many. */
export function fixOnce({ degraded }: Report, fix: string): string {
  return degraded.some((line) => line.includes(fix)) ? 'see the top' : fix;
}
