// The mail: plain ASCII that reads in any client, short enough to act on from a telephone, at most 60 kB.

import { asciiText, safeLabel } from '../text/sanitize.ts';
import { formatQuantity, formatTime, plural } from '../text/units.ts';
import { clip, wrap } from '../text/wrap.ts';
import { defang, mailProse } from './mail-words.ts';
import { runCostText } from './money-words.ts';
import { type Artifact, type Report, SEVERITIES } from './report.ts';
import type { ReportAction } from './report-findings.ts';
import { degradedBeside, fixOnce, freshFindings, gapGroups } from './selections.ts';
import {
  alsoAfterUpdates,
  assessedText,
  capText,
  changesLine,
  clientLine,
  clusterFacts,
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

const WIDTH = 76;
const MAX_BYTES = 60_000;
const MAX_LISTED = 8;
/** A fix is there to be followed: this cuts none of ours. */
const MAX_FIX = 2_000;

export interface EmailOptions {
  /** Where the whole report lies, such as `s3://bucket/key`. Never a presigned link: mail is kept and forwarded. */
  location?: string;
}

const name = (raw: string) => defang(asciiText(safeLabel(raw)));
const prose = (raw: string, length = 600) => clip(mailProse(raw), length);
const indent = (text: string, by: number) => wrap(text, WIDTH - by).map((line) => ' '.repeat(by) + line);
const bullet = (text: string) =>
  wrap(text, WIDTH - 4).map((line, index) => (index === 0 ? `  - ${line}` : `    ${line}`));

/** At most 100 ASCII characters, no line break: fixed words, counts and a shortened name. */
export function emailSubject(report: Report): string {
  const change = scoreChange(report);
  const { score } = report.scorecard;
  const scored =
    score === null ? '' : ` ${scoreText(score)}${change === null || change === 'unchanged' ? '' : ` (${change})`}`;
  const counts = countsLine(report.counts, ['critical', 'high', 'medium']);
  const fresh = report.changes.previous === null ? null : countsOfChange(report);
  const parts = [counts, fresh].filter((part) => part !== null).join('; ');
  const subject = `[${clip(name(report.cluster.name), 36)}] ${verdictWord(report)}${scored}${parts === '' ? '' : `: ${parts}`}`;
  return clip(subject, 100);
}

function countsOfChange({ changes }: Report): string {
  const said = [
    [changes.new.length, 'new'],
    [changes.worse.length, 'worse'],
    [changes.resolved.length, 'resolved'],
  ] as const;
  const parts = said.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  return parts.length === 0 ? 'nothing changed' : parts.join(', ');
}

export function renderEmailText(report: Report, options: EmailOptions = {}): Artifact {
  const blocks = [
    head(report),
    banner(report),
    changed(report),
    ...steps(report),
    clients(report),
    unmeasured(report),
    money(report),
    setup(report),
    tail(report, options),
  ];
  const text = `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
  return { name: 'email.txt', contentType: 'text/plain; charset=utf-8', body: cutAtLine(text) };
}

function cutAtLine(text: string): string {
  if (text.length <= MAX_BYTES) return text;
  const note = '\n(cut here: the whole report is in the file named by this run)\n';
  const head = text.slice(0, MAX_BYTES - note.length);
  return head.slice(0, head.lastIndexOf('\n')) + note;
}

function head(report: Report): string[] {
  const { scorecard } = report;
  const change = scoreChange(report);
  const score = scorecard.score === null ? 'no score' : `score ${scoreText(scorecard.score)} of 100`;
  const changeText = change === null ? '' : change === 'unchanged' ? ' (unchanged)' : ` (${change} since the last run)`;
  const caps = scorecard.caps.map(({ rule, max }) => `Score held at ${max}: ${capText(rule)}`);
  return [
    `${verdictWord(report).toUpperCase()}: ${name(report.cluster.name)}, ${score}${changeText}, ${assessedText(scorecard.confidence)}`,
    ...wrap(prose(report.headline), WIDTH),
    '',
    countsLine(report.counts, SEVERITIES) ?? 'no findings',
    ...caps.map((line) => prose(line)),
    ...wrap(
      prose(
        `${clusterFacts(report).join(', ')}; ${formatTime(report.takenAtMs)}; judged as ${report.environment.value}, goal ${report.goal.value}`,
      ),
      WIDTH,
    ),
  ];
}

function banner(report: Report): string[] {
  const lines = [...degradedBeside(report), ...report.notices]
    .slice(0, MAX_LISTED)
    .flatMap((line) => bullet(prose(line, MAX_FIX)));
  return lines.length === 0 ? [] : ['READ THIS FIRST', ...lines];
}

function changed(report: Report): string[] {
  const { changes } = report;
  if (changes.previous === null)
    return [
      'WHAT CHANGED',
      '  First run: nothing to compare with yet.',
      ...changes.causes.flatMap((cause) => bullet(prose(cause))),
    ];
  const fresh = freshFindings(report);
  const now = fresh.map((finding) => {
    const measured = measuredText(finding);
    return `${finding.change} [${finding.severity}] ${finding.title}: ${name(resourceText(finding))}${measured === null ? '' : `, ${measured}`}`;
  });
  const gone = [
    ...changes.clearing.map(
      (item) => `not found today, closed by the next clean report: ${item.title}: ${name(resourceText(item))}`,
    ),
    ...changes.resolved.map((item) => `resolved: ${item.title}: ${name(resourceText(item))}`),
  ];
  const unseen = changes.notRechecked.map(
    (item) =>
      `not re-checked [${item.severity}] ${item.title}: ${name(resourceText(item))} (${prose(item.because, 200)})`,
  );
  return [
    `WHAT CHANGED since ${formatTime(changes.previous.takenAtMs)}: ${changesLine(report)}`,
    ...listed(now),
    ...listed(gone),
    ...listed(unseen),
    ...changes.causes.flatMap((cause) => bullet(prose(cause))),
    `  ${plural(changes.persisting.length, 'finding')} as before`,
  ];
}

function listed(lines: readonly string[], total = lines.length): string[] {
  const rest = total - Math.min(lines.length, MAX_LISTED);
  return [...lines.slice(0, MAX_LISTED).flatMap(bullet), ...(rest > 0 ? [`  - and ${rest} more`] : [])];
}

function steps(report: Report): string[][] {
  if (report.actions.length === 0) {
    return [['WHAT TO DO', `  ${nothingToDo(report)}`]];
  }
  return [['WHAT TO DO'], ...report.actions.map((action, index) => step(report, action, index + 1))];
}

function step(report: Report, action: ReportAction, number: number): string[] {
  const advice = report.checks.find(({ checkId }) => checkId === action.checkId)?.recommendation ?? null;
  const gain =
    action.usdPerMonth === null
      ? []
      : [
          `Money: ${action.usdPerMonth < 0 ? 'costs' : 'saves'} ${formatQuantity(Math.abs(action.usdPerMonth), 'usdPerMonth')}`,
        ];
  const terms =
    advice === null
      ? []
      : [
          `Risk: ${advice.risk}`,
          `Confirm first: ${advice.confirmFirst}`,
          `Effect: ${advice.expectedEffect}`,
          `Verify after: ${advice.verifyAfter}`,
        ];
  return [
    ...indent(`${number}. [${action.severity}] ${prose(action.title)}: ${name(resourceText(action))}`, 3).map(
      (line, index) => (index === 0 ? line.trimStart() : line),
    ),
    ...indent(prose(action.action), 3),
    ...commandLines(action),
    ...[...terms, ...gain].flatMap((term) => indent(prose(term, 300), 3)),
  ];
}

/** A mail client makes links of what looks like one, and a command must not be changed: such a command stays in the report. */
function commandLines({ command }: ReportAction): string[] {
  if (command === null) return [];
  const { text, pasteable } = commandLine(command);
  if (!pasteable) return [`   ${text}`];
  if (text.length > 2_000 || defang(text) !== text) return ['   Command: in the report, it cannot be mailed safely.'];
  const effect = command.effect === 'change' ? 'changes the cluster' : 'only reads';
  return [...indent(`${prose(command.purpose)} (${effect}):`, 3), '', `      ${text}`, ''];
}

function clients({ clientSettings }: Report): string[] {
  if (clientSettings === null) return [];
  const { rows, total } = clientSettings.entries;
  return [
    "AT THE CLIENTS (Java's names; the report has other libraries')",
    ...listed(
      rows.map((entry) => clientLine(entry, name)),
      total,
    ),
  ];
}

function unmeasured(report: Report): string[] {
  const groups = gapGroups(report);
  if (groups.length === 0) return [];
  const lines = groups.map((gap) => {
    const hides =
      gap.hides.length === 0
        ? ''
        : `; hides ${gap.hides.slice(0, 6).join(', ')}${gap.hides.length > 6 ? ' and more' : ''}`;
    const fix = gap.fix === null ? '' : `. To mend it: ${prose(fixOnce(report, gap.fix), MAX_FIX)}`;
    return `${gap.sources}: ${REASON_WORD[gap.reason]}, ${prose(gap.detail, 200)}${hides}${fix}`;
  });
  return ['COULD NOT BE MEASURED', ...listed(lines)];
}

function money(report: Report): string[] {
  const { cost } = report;
  const total = `${cost.complete ? '' : 'at least '}${formatQuantity(cost.usdPerMonth, 'usdPerMonth')} (${cost.source})`;
  const reading = runCostText(report);
  return [
    'COST',
    ...(cost.usdPerMonth === null ? ['  not known'] : bullet(prose(total))),
    ...(reading === null ? [] : bullet(prose(`This report itself: ${reading}`))),
  ];
}

function setup(report: Report): string[] {
  const lines = setupForActions(report);
  const title = `ONCE PER SHELL${alsoAfterUpdates(lines)}, for the commands above`;
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)];
}

function tail(report: Report, { location }: EmailOptions): string[] {
  return [
    ...(location === undefined ? [] : [`Whole report: ${location}`]),
    `${report.tool.name} ${report.tool.version}, run ${report.runId}, policy ${report.policy.fingerprint}`,
    'Names come from the cluster and are shown as data.',
  ];
}
