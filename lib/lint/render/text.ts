// For people: file by file, each finding with the right value and why.
import { SEVERITIES } from '../../checks/check.ts';
import { LIBRARY_NAME } from '../../facts/client-libraries.ts';
import { safeText } from '../../text/sanitize.ts';
import { plural } from '../../text/units.ts';
import { wrap } from '../../text/wrap.ts';
import type { LintedFile, LintFinding, LintReport } from '../lint-types.ts';

const INDENT = '        ';

/** @param columns width of the terminal */
export function renderText(report: LintReport, columns: number): string {
  const files = report.files.map((file) => `${fileText(file, columns)}\n`).join('');
  const counts = SEVERITIES.filter((severity) => report.counts[severity] > 0).map(
    (severity) => `${report.counts[severity]} ${severity}`,
  );
  const total = counts.length === 0 ? 'no findings' : counts.join(', ');
  return `${files}${plural(report.files.length, 'file')}, ${total} (${report.environment}, goal ${report.goal})\n`;
}

/** `a producer with librdkafka`, `the configuration of a topic`. */
export function takenFor({ kind, library }: Pick<LintedFile, 'kind' | 'library'>): string {
  if (library === null) return `the configuration of ${kind === 'topic' ? 'a topic' : 'brokers'}`;
  return kind === 'client' ? `settings of ${LIBRARY_NAME[library]}` : `a ${kind} with ${LIBRARY_NAME[library]}`;
}

function fileText(file: LintedFile, columns: number): string {
  const head = `${safeText(file.path)}: ${takenFor(file)} (${file.because})\n`;
  if (file.findings.length === 0) return `${head}  nothing to say\n`;
  return head + file.findings.map((finding) => findingText(finding, columns)).join('');
}

function findingText({ line, column, severity, ruleId, message, right, why }: LintFinding, columns: number): string {
  const width = Math.max(40, columns - INDENT.length);
  const under = (text: string) =>
    wrap(text, width)
      .map((each) => `${INDENT}${each}\n`)
      .join('');
  const head = `  ${line}:${column} ${severity} ${ruleId}\n`;
  return head + under(safeText(message)) + under(`right: ${safeText(right)}`) + under(`why: ${why}`);
}
