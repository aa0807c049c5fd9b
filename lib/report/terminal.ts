// One terminal screen: verdict and score, what is new, the three things to do, what could not be measured.

import { safeLabel, safeText } from '../text/sanitize.ts';
import { formatQuantity, formatTime, plural } from '../text/units.ts';
import { clip, wrap } from '../text/wrap.ts';
import { billText, runCostText } from './money-words.ts';
import { type Report, SEVERITIES, type Severity, type Verdict } from './report.ts';
import type { ReportAction } from './report-findings.ts';
import { degradedBeside, fixOnce, freshFindings, gapGroups } from './selections.ts';
import {
  alsoAfterUpdates,
  assessedText,
  changesLine,
  clientLine,
  commandLine,
  countsLine,
  measuredText,
  nothingToDo,
  REASON_WORD,
  resourceText,
  scoreChange,
  scoreText,
  setupForActions,
  verdictWord,
} from './words.ts';

export interface TerminalOptions {
  /** False when NO_COLOR is set or the output is no terminal. */
  color: boolean;
  columns: number;
}

type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan';

const CODES: Readonly<Record<Style, number>> = { bold: 1, dim: 2, red: 31, yellow: 33, green: 32, cyan: 36 };
const VERDICT_STYLE: Readonly<Record<Verdict, Style>> = {
  fail: 'red',
  warn: 'yellow',
  pass: 'green',
  'no-data': 'cyan',
};
const SEVERITY_STYLE: Readonly<Record<Severity, Style>> = {
  critical: 'red',
  high: 'red',
  medium: 'yellow',
  low: 'cyan',
  info: 'dim',
};

const MAX_CHANGED = 4;
const MAX_GAPS = 3;
const MAX_CLIENT_LINES = 3;
const MAX_NOTICES = 3;

interface Screen {
  paint: (text: string, ...styles: Style[]) => string;
  columns: number;
}

/** A screen for people, no file: its width and colours depend on who looks. */
export function renderTerminal(report: Report, options: TerminalOptions): string {
  const screen: Screen = {
    paint: (text, ...styles) =>
      options.color ? `\u001b[${styles.map((style) => CODES[style]).join(';')}m${text}\u001b[0m` : text,
    columns: Math.max(40, Math.min(120, options.columns)),
  };
  const blocks = [
    head(report, screen),
    changed(report, screen),
    ...report.actions.map((action, index) => actionBlock(action, index + 1, screen)),
    report.actions.length === 0 && report.verdict !== 'no-data' ? [nothingToDo(report)] : [],
    setup(report, screen),
    clients(report, screen),
    unmeasured(report, screen),
    closing(report, screen),
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}

function head(report: Report, { paint, columns }: Screen): string[] {
  const { scorecard, verdict } = report;
  const change = scoreChange(report);
  const score =
    scorecard.score === null
      ? 'no score'
      : `score ${scoreText(scorecard.score)}/100${change === null ? '' : change === 'unchanged' ? ' (unchanged)' : ` (${change})`}`;
  const counts = countsLine(report.counts, SEVERITIES) ?? 'no findings';
  return [
    `${paint(`MSK Checkup  ${safeLabel(report.cluster.name, 40)}`, 'bold')}  ${paint(formatTime(report.takenAtMs), 'dim')}`,
    `${paint(verdictWord(report).toUpperCase(), 'bold', VERDICT_STYLE[verdict])}  ${score}, ${assessedText(scorecard.confidence)}  ${counts}`,
    ...wrap(clip(safeText(report.headline), 3 * columns - 20), columns),
    // A line on what was lost ends in its fix, which is never cut.
    ...degradedBeside(report)
      .slice(0, MAX_NOTICES)
      .flatMap((line) => wrap(`Degraded: ${safeText(line)}`, columns)),
    ...report.notices
      .slice(0, MAX_NOTICES)
      .flatMap((notice) => wrap(`Note: ${clip(safeText(notice), 2 * columns - 20)}`, columns)),
  ];
}

function changed(report: Report, { paint, columns }: Screen): string[] {
  const { changes } = report;
  if (changes.previous === null) return [paint('First run: nothing to compare with yet.', 'dim')];
  const fresh = freshFindings(report);
  const lines = fresh.slice(0, MAX_CHANGED).map((finding) => {
    const measured = measuredText(finding);
    const where = `${safeLabel(resourceText(finding), 48)}${measured === null ? '' : `, ${measured}`}: ${finding.title}`;
    const lead = `${(finding.change ?? '').padEnd(5)}  ${finding.severity.padEnd(8)}`;
    return `  ${paint(lead, SEVERITY_STYLE[finding.severity])}  ${clip(where, columns - 19)}`;
  });
  const rest = fresh.length - lines.length;
  return [
    `${paint(`Since ${formatTime(changes.previous.takenAtMs)}:`, 'bold')} ${changesLine(report)}`,
    ...lines,
    ...(rest > 0 ? [`  and ${rest} more`] : []),
  ];
}

function actionBlock(action: ReportAction, number: number, screen: Screen): string[] {
  const { paint, columns } = screen;
  const money =
    action.usdPerMonth === null
      ? ''
      : ` (${action.usdPerMonth < 0 ? 'costs' : 'saves'} ${formatQuantity(Math.abs(action.usdPerMonth), 'usdPerMonth')})`;
  const title = `${safeLabel(resourceText(action), 48)}: ${action.title}`;
  return [
    `${paint(`${number}. ${action.severity}`, 'bold', SEVERITY_STYLE[action.severity])}  ${clip(title, columns - 13)}`,
    ...wrap(clip(safeText(action.action), 2 * columns - 30) + money, columns - 3).map((line) => `   ${line}`),
    ...command(action, screen),
  ];
}

/** The command is never wrapped or cut: it is there to be copied. What it does stands before it, for it may be a later step than the action's first. */
function command({ command: first }: ReportAction, { paint, columns }: Screen): string[] {
  if (first === null) return [];
  const { text, pasteable } = commandLine(first);
  if (!pasteable) return [`   ${paint(text, 'dim')}`];
  const [effect, style] =
    first.effect === 'change' ? ['changes the cluster', 'yellow' as const] : ['only reads', 'dim' as const];
  const does = wrap(`${safeText(first.purpose)} (${effect}):`, columns - 3);
  return [...does.map((line) => `   ${paint(line, style)}`), `   ${text}`];
}

function setup(report: Report, { paint }: Screen): string[] {
  const lines = setupForActions(report);
  return lines.length === 0
    ? []
    : [paint(`Once per shell${alsoAfterUpdates(lines)}:`, 'bold'), ...lines.map((line) => `   ${line}`)];
}

function clients({ clientSettings }: Report, { paint, columns }: Screen): string[] {
  if (clientSettings === null) return [];
  const { rows, total } = clientSettings.entries;
  // A setting is there to be copied: what does not fit is left to the report, and never cut.
  const wrapped = rows.map((entry) => wrap(clientLine(entry, safeLabel), columns - 2).map((line) => `  ${line}`));
  const shown = wrapped.filter((_, i) => i === 0 || wrapped.slice(0, i + 1).flat().length <= MAX_CLIENT_LINES);
  const more = total > shown.length ? ` ${shown.length} of ${total}, the others in the report` : '';
  return [`${paint('To set at the clients:', 'bold')}${more}`, ...shown.flat()];
}

function unmeasured(report: Report, { paint, columns }: Screen): string[] {
  const groups = gapGroups(report);
  if (groups.length === 0) return [];
  const lines = groups.slice(0, MAX_GAPS).flatMap((gap) => {
    const said = `${gap.sources}: ${REASON_WORD[gap.reason]}${gap.hides.length === 0 ? '' : ` (hides ${plural(gap.hides.length, 'answer')})`}`;
    // A fix is there to be followed: it is never cut.
    const more =
      gap.fix === null
        ? clip(safeText(gap.detail), 2 * columns - 40)
        : `to mend it: ${safeText(fixOnce(report, gap.fix))}`;
    return wrap(`${said}; ${more}`, columns - 2).map((line) => `  ${line}`);
  });
  const rest = groups.length - MAX_GAPS;
  return [paint('Could not be measured:', 'bold'), ...lines, ...(rest > 0 ? [`  and ${rest} more`] : [])];
}

function closing(report: Report, { paint, columns }: Screen): string[] {
  const { cost, bill } = report;
  const since = cost.asOfDate === null ? '' : `, prices of ${cost.asOfDate}`;
  const part = cost.complete ? '' : 'at least ';
  const reading = runCostText(report);
  const lines = [
    ...(cost.usdPerMonth === null
      ? []
      : [`Cost: ${part}${formatQuantity(cost.usdPerMonth, 'usdPerMonth')} at list price${since}`]),
    ...(bill === null ? [] : [`Bill: ${billText(bill)}`]),
    ...(reading === null ? [] : [`This run cost ${reading}`]),
  ];
  return lines.flatMap((line) => wrap(safeText(line), columns)).map((line) => paint(line, 'dim'));
}
