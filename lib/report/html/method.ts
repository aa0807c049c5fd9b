// The end of the page: what could not be measured and how to mend it, what passed, and how the report was made.
import { plural } from '../../text/units.ts';
import type { CheckStatus, LevelGap, Report } from '../report.ts';
import { allowStatements, gapGroups } from '../selections.ts';
import { measuredText, REASON_WORD, resourceText, STATUS_WORD, sectionText } from '../words.ts';
import { html, type Markup } from './markup.ts';
import { card, commandBlock, folded, pasteLines, quiet, section, severityChip, table, wide } from './parts.ts';

export function gapsSection(report: Report): Markup | null {
  const unanswered = report.checks.filter(({ status }) => status === 'no-data' || status === 'error');
  const parts = [
    gaps(report),
    statements(report),
    report.partlyRead.length > 0 &&
      html`<p class="muted">Read in part: ${report.partlyRead.map(({ section, detail }) => `${sectionText(section)} (${detail})`).join('; ')}.</p>`,
    ...report.levelGaps.map(levelGap),
    unansweredChecks(unanswered),
  ].filter((part) => part !== false);
  if (parts.length === 0) return null;
  return section('gaps', 'What could not be measured', card(parts));
}

function gaps(report: Report): Markup | false {
  const rows = gapGroups(report).map((gap) => [
    gap.sources,
    wide(`${REASON_WORD[gap.reason]}: ${gap.detail}`),
    wide(gap.fix ?? ''),
    gap.hides.length === 0 ? quiet('nothing in this report') : wide(gap.hides.join(', ')),
  ]);
  const columns = ['Source', 'Why', 'How to mend it', 'Hides'];
  return rows.length > 0 && table('Sources that were not read', columns, rows);
}

/** Several permissions are pasted at once. */
function statements(report: Report): Markup | false {
  const all = allowStatements(report).map(({ actions, resource }) =>
    JSON.stringify({ Effect: 'Allow', Action: actions, Resource: resource }),
  );
  return (
    report.missingPermissions.length > 1 &&
    folded('The missing permissions as statements of an IAM policy', pasteLines(all))
  );
}

function levelGap({ level, metrics, command }: LevelGap): Markup {
  return folded(
    `${plural(metrics.length, 'metric')} would need the monitoring level ${level}`,
    html`<p class="muted">${metrics.join(', ')}. CloudWatch charges for every metric that the level adds.</p>${command !== null && commandBlock(command)}`,
  );
}

/** The headline counts them; a long list is folded. */
const UNFOLDED = 5;

function unansweredChecks(checks: Report['checks']): Markup | false {
  if (checks.length === 0) return false;
  const rows = checkTable('Checks without an answer', checks);
  return checks.length <= UNFOLDED ? rows : folded(`Checks without an answer: ${checks.length}`, rows);
}

function checkTable(caption: string, checks: Report['checks']): Markup {
  return table(
    caption,
    ['Check', 'Status', 'Answer'],
    checks.map((check) => [
      check.title,
      html`<span class="chip ${check.status}">${STATUS_WORD[check.status]}</span>`,
      wide(check.summary),
    ]),
  );
}

/** Accepted by somebody, with a reason and an end: shown, so that nobody forgets it. */
export function waivedSection({ waivers: { waived } }: Report): Markup | null {
  if (waived.length === 0) return null;
  const columns = ['Finding', 'Severity', 'Measured', 'Waived because', 'By', 'Until'];
  const rows = waived.map((finding) => [
    wide(`${resourceText(finding)}: ${finding.title}`),
    severityChip(finding.severity),
    measuredText(finding) ?? '',
    wide(finding.waiver.reason),
    finding.waiver.owner,
    finding.waiver.expires,
  ]);
  return section(
    'waived',
    'Waived by the policy',
    card(table('Findings that are left out of the verdict', columns, rows)),
  );
}

export function passedSection(report: Report): Markup {
  const fold = (status: CheckStatus, title: string) => {
    // An informational finding leaves its check a pass, and has its card above.
    const checks = report.checks.filter((check) => check.status === status && check.findingIds.length === 0);
    return (
      checks.length > 0 &&
      html`<details class="folded"><summary>${title}: ${checks.length}</summary>${checkTable(title, checks)}</details>`
    );
  };
  return section('passed', 'The other checks', [fold('pass', 'Passed'), fold('not-applicable', 'Not applicable')]);
}

export function footer(report: Report): Markup {
  const { overrides, fingerprint } = report.policy;
  return html`<footer>
<p>${report.tool.name} ${report.tool.version} · run ${report.runId} · policy ${fingerprint}${overrides.length === 0 && ' (defaults)'} · ${
    report.cluster.arn ?? report.cluster.identity
  }</p>
${overrides.length > 0 && folded(`Policy values that differ from the defaults: ${overrides.length}`, html`<ul>${overrides.map((line) => html`<li>${line}</li>`)}</ul>`)}
<p>Names in this report come from the cluster and are shown as data. Commands that change something say so.</p>
</footer>`;
}
