// For programs: the whole result.
import type { LintReport } from '../lint-types.ts';

/** @param toolVersion of msk-checkup */
export function renderLintJson(report: LintReport, toolVersion: string): string {
  return `${JSON.stringify({ tool: { name: 'msk-checkup', version: toolVersion }, ...report }, null, 2)}\n`;
}
