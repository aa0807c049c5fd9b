// What several renderers pick out of the report in the same way.
import { severityRank } from '../history/compare.ts';
import type { MissingReason } from '../snapshot/collected.ts';
import type { Report, ReportFinding } from './report.ts';
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

/** Gaps that one fix closes, or that have the same detail, are one line for a reader: eight unreachable sections have one cause. */
export function gapGroups(report: Report): GapGroup[] {
  const groups = Map.groupBy(report.gaps, ({ reason, fix, detail }) =>
    JSON.stringify([reason, fix, fix === null ? detail : null]),
  );
  return [...groups.values()].flatMap((gaps) => {
    const [first] = gaps;
    if (first === undefined) return [];
    return [
      {
        sources: namedSources(gaps.map(({ section }) => sectionText(section))),
        reason: first.reason,
        detail: first.detail,
        fix: first.fix,
        hides: [...new Set(gaps.flatMap(({ hides }) => hides))],
      },
    ];
  });
}
