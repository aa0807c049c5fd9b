// The end of the page: what could not be measured and how to mend it, what passed, and how the report was made.
import type { CheckStatus, Report } from '../report.ts';
import { gapGroups } from '../selections.ts';
import { REASON_WORD, STATUS_WORD } from '../words.ts';
import { html, type Markup } from './markup.ts';
import { table } from './parts.ts';

export function gapsSection(report: Report): Markup | null {
  const unanswered = report.checks.filter(({ status }) => status === 'no-data' || status === 'error');
  if (report.gaps.length === 0 && unanswered.length === 0) return null;
  const gaps = table(
    'Sources that were not read',
    [{ label: 'Source' }, { label: 'Why' }, { label: 'How to mend it' }, { label: 'Hides' }],
    gapGroups(report).map((gap) => [
      gap.sources,
      html`<div class="wide">${REASON_WORD[gap.reason]}: ${gap.detail}</div>`,
      html`<div class="wide">${gap.fix ?? ''}</div>`,
      gap.hides.length === 0
        ? html`<span class="none">nothing in this report</span>`
        : html`<div class="wide">${gap.hides.join(', ')}</div>`,
    ]),
  );
  return html`<section aria-labelledby="gaps"><h2 id="gaps">What could not be measured</h2><div class="card">${report.gaps.length > 0 && gaps}
${unanswered.length > 0 && checkTable('Checks without an answer', unanswered)}</div></section>`;
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
