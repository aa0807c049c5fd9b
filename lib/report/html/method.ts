// The end of the page: what could not be measured and how to mend it, what passed, and how the report was made.
import { plural } from '../../text/units.ts';
import type { CheckStatus, LevelGap, Report } from '../report.ts';
import { allowStatements, gapGroups } from '../selections.ts';
import { measuredText, REASON_WORD, resourceText, STATUS_WORD, sectionText } from '../words.ts';
import { html, type Markup } from './markup.ts';
import { commandBlock, severityChip, table } from './parts.ts';

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
  return html`<section aria-labelledby="gaps"><h2 id="gaps">What could not be measured</h2><div class="card">${parts}</div></section>`;
}

function gaps(report: Report): Markup | false {
  const rows = gapGroups(report).map((gap) => [
    gap.sources,
    html`<div class="wide">${REASON_WORD[gap.reason]}: ${gap.detail}</div>`,
    html`<div class="wide">${gap.fix ?? ''}</div>`,
    gap.hides.length === 0
      ? html`<span class="none">nothing in this report</span>`
      : html`<div class="wide">${gap.hides.join(', ')}</div>`,
  ]);
  const columns = [{ label: 'Source' }, { label: 'Why' }, { label: 'How to mend it' }, { label: 'Hides' }];
  return rows.length > 0 && table('Sources that were not read', columns, rows);
}

/** Several permissions are pasted at once. */
function statements(report: Report): Markup | false {
  const all = allowStatements(report).map(({ actions, resource }) =>
    JSON.stringify({ Effect: 'Allow', Action: actions, Resource: resource }),
  );
  return (
    report.missingPermissions.length > 1 &&
    html`<details><summary>The missing permissions as statements of an IAM policy</summary>${all.map((line) => html`<pre tabindex="0"><code>${line}</code></pre>`)}</details>`
  );
}

function levelGap({ level, metrics, command }: LevelGap): Markup {
  return html`<details><summary>${plural(metrics.length, 'metric')} would need the monitoring level ${level}</summary>
<p class="muted">${metrics.join(', ')}. CloudWatch charges for every metric that the level adds.</p>${command !== null && commandBlock(command)}</details>`;
}

/** The headline counts them; a long list is folded. */
const UNFOLDED = 5;

function unansweredChecks(checks: Report['checks']): Markup | false {
  if (checks.length === 0) return false;
  const rows = checkTable('Checks without an answer', checks);
  return checks.length <= UNFOLDED
    ? rows
    : html`<details><summary>Checks without an answer: ${checks.length}</summary>${rows}</details>`;
}

function checkTable(caption: string, checks: Report['checks']): Markup {
  return table(
    caption,
    [{ label: 'Check' }, { label: 'Status' }, { label: 'Answer' }],
    checks.map((check) => [
      check.title,
      html`<span class="chip ${check.status}">${STATUS_WORD[check.status]}</span>`,
      html`<div class="wide">${check.summary}</div>`,
    ]),
  );
}

/** Accepted by somebody, with a reason and an end: shown, so that nobody forgets it. */
export function waivedSection({ waivers: { waived } }: Report): Markup | null {
  if (waived.length === 0) return null;
  const columns = [
    { label: 'Finding' },
    { label: 'Severity' },
    { label: 'Measured' },
    { label: 'Waived because' },
    { label: 'By' },
    { label: 'Until' },
  ];
  const rows = waived.map((finding) => [
    html`<div class="wide">${resourceText(finding)}: ${finding.title}</div>`,
    severityChip(finding.severity),
    measuredText(finding) ?? '',
    html`<div class="wide">${finding.waiver.reason}</div>`,
    finding.waiver.owner,
    finding.waiver.expires,
  ]);
  return html`<section aria-labelledby="waived"><h2 id="waived">Waived by the policy</h2><div class="card">${table('Findings that are left out of the verdict', columns, rows)}</div></section>`;
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
  return html`<section aria-labelledby="passed"><h2 id="passed">The other checks</h2>${fold('pass', 'Passed')}${fold('not-applicable', 'Not applicable')}</section>`;
}

export function footer(report: Report): Markup {
  const { overrides, fingerprint } = report.policy;
  return html`<footer>
<p>${report.tool.name} ${report.tool.version} · run ${report.runId} · policy ${fingerprint}${overrides.length === 0 && ' (defaults)'} · ${
    report.cluster.arn ?? report.cluster.identity
  }</p>
${overrides.length > 0 && html`<details><summary>Policy values that differ from the defaults: ${overrides.length}</summary><ul>${overrides.map((line) => html`<li>${line}</li>`)}</ul></details>`}
<p>Names in this report come from the cluster and are shown as data. Commands that change something say so.</p>
</footer>`;
}
