// The first screen: verdict and score, what changed, the three things to do.
import { SEVERITIES } from '../../checks/check.ts';
import { formatQuantity, formatTime, plural } from '../../text/units.ts';
import { clip } from '../../text/wrap.ts';
import type { Changes, Report, ReportAction } from '../report.ts';
import {
  assessedText,
  clusterFacts,
  measuredText,
  resourceText,
  scoreChange,
  scoreText,
  VERDICT_WORD,
} from '../words.ts';
import { html, label, type Markup } from './markup.ts';
import { commandBlock, scoreTone, severityChip } from './parts.ts';

const CIRCUMFERENCE = 2 * Math.PI * 48;

function ring(score: number | null): Markup {
  const arc =
    score !== null &&
    html`<circle class="arc ${scoreTone(score)}" cx="56" cy="56" r="48" transform="rotate(-90 56 56)" stroke-dasharray="${
      Math.round((score / 100) * CIRCUMFERENCE * 10) / 10
    } ${Math.ceil(CIRCUMFERENCE)}"/>`;
  const text =
    score === null
      ? html`<text class="none" x="56" y="62" text-anchor="middle">no score</text>`
      : html`<text x="56" y="68" text-anchor="middle">${scoreText(score)}</text>`;
  return html`<svg width="112" height="112" viewBox="0 0 112 112" aria-hidden="true" focusable="false"><circle class="ring" cx="56" cy="56" r="48"/>${arc}${text}</svg>`;
}

function scoreBlock(report: Report): Markup {
  const { score, confidence, bounds, caps, uncapped } = report.scorecard;
  const change = scoreChange(report);
  const said = score === null ? 'No score: too little was measured' : `Score ${scoreText(score)} of 100`;
  const lines = [
    change === null ? said : `${said}, ${change === 'unchanged' ? 'unchanged' : `${change} since the last run`}`,
    `${assessedText(confidence)}; between ${Math.floor(bounds.lower)} and ${Math.ceil(bounds.upper)} if the rest were known`,
    ...caps
      .slice(0, 1)
      .map((cap) => `held at ${cap.max}${uncapped === null ? '' : ` instead of ${scoreText(uncapped)}`}: ${cap.rule}`),
  ];
  return html`<div class="score">${ring(score)}<div>${lines.map((line) => html`<p>${line}</p>`)}</div></div>`;
}

export function header(report: Report): Markup {
  const { environment, goal, window } = report;
  return html`<header>
<p class="brand">MSK Checkup</p>
<h1>${label(report.cluster.name)}</h1>
<p class="facts">${clusterFacts(report).join(' · ')}</p>
<p class="facts">${formatTime(report.takenAtMs)} · window of ${formatQuantity(window.endMs - window.startMs, 'durationMs')} · judged as ${
    environment.value
  } (${environment.because}), goal ${goal.value} (${goal.because})${
    report.cluster.owner !== null && html` · owner ${label(report.cluster.owner)}`
  }</p>
</header>`;
}

export function hero(report: Report): Markup {
  const chips = SEVERITIES.filter((severity) => report.counts[severity] > 0).map(
    (severity) => html`<span class="chip ${severity}">${report.counts[severity]} ${severity}</span>`,
  );
  return html`<section class="card hero ${report.verdict}" aria-labelledby="verdict">
<div><h2 id="verdict" class="verdict">${VERDICT_WORD[report.verdict]}</h2>
<p class="headline">${clip(report.headline, 600)}</p>
<div class="chips">${chips.length === 0 ? html`<span class="chip">no findings</span>` : chips}</div></div>
${scoreBlock(report)}
</section>`;
}

export function banners(report: Report): Markup {
  const banner = (lines: readonly string[], tone: string, title: string) =>
    lines.length > 0 &&
    html`<div class="banner ${tone}"><strong>${title}</strong><ul>${lines.map((line) => html`<li>${line}</li>`)}</ul></div>`;
  return html`${banner(report.degraded, '', 'This run was degraded')}${banner(report.notices, 'note', 'Read this first')}`;
}

/** Longer lists of changes are cut: the cards below hold every finding. */
const CHANGES_SHOWN = 6;

function changeList(title: string, count: number, items: readonly Markup[], none: string): Markup {
  const rest = count - Math.min(count, CHANGES_SHOWN);
  return html`<div><h3>${count === 0 ? title : `${title}: ${count}`}</h3><ul class="plain">${
    count === 0
      ? html`<li class="none">${none}</li>`
      : items.slice(0, CHANGES_SHOWN).map((item) => html`<li>${item}</li>`)
  }${rest > 0 && html`<li class="none">and ${rest} more</li>`}</ul></div>`;
}

export function changed(report: Report): Markup {
  const { changes } = report;
  if (changes.previous === null) {
    return html`<section aria-labelledby="changed"><h2 id="changed">What changed</h2><div class="card"><p class="muted">This is the first run that can be compared: everything below is the baseline.</p>${changes.causes.map(
      (cause) => html`<p class="muted">${cause}</p>`,
    )}</div></section>`;
  }
  const byId = new Map(report.findings.map((finding) => [finding.id, finding]));
  const now = (ids: readonly string[]) =>
    ids.slice(0, CHANGES_SHOWN).flatMap((id) => {
      const finding = byId.get(id);
      if (finding === undefined) return [];
      const measured = measuredText(finding);
      return [
        html`${severityChip(finding.severity)} <a href="#${finding.checkId}">${finding.title}</a>: ${label(resourceText(finding))}${
          measured !== null && html`, ${measured}`
        }`,
      ];
    });
  const gone = (items: Changes['resolved']) =>
    items.slice(0, CHANGES_SHOWN).map((item) => html`${item.title}: ${label(resourceText(item))}`);
  const unseen = changes.notRechecked
    .slice(0, CHANGES_SHOWN)
    .map((item) => html`${severityChip(item.severity)} ${item.title}: ${label(resourceText(item))} (${item.because})`);
  return html`<section aria-labelledby="changed"><h2 id="changed">What changed since ${formatTime(changes.previous.takenAtMs)}</h2>
<div class="card"><div class="columns">
${changeList('New', changes.new.length, now(changes.new), 'nothing new')}
${changeList('Worse', changes.worse.length, now(changes.worse), 'nothing became worse')}
${changeList('Resolved', changes.resolved.length, gone(changes.resolved), 'nothing was resolved')}
${changes.notRechecked.length > 0 && changeList('Not re-checked', changes.notRechecked.length, unseen, '')}
</div>
<p class="muted">${plural(changes.persisting.length, 'finding')} as before. ${changes.causes.join(' ')}</p></div></section>`;
}

function actionCard(report: Report, action: ReportAction): Markup {
  const advice = report.checks.find(({ checkId }) => checkId === action.checkId)?.recommendation ?? null;
  return html`<li class="card"><div class="row">${severityChip(action.severity)}<h3>${action.title}: ${label(resourceText(action))}</h3></div>
<p class="do">${action.action}</p>
${action.command !== null && commandBlock(action.command)}
${
  advice !== null &&
  html`<dl class="terms"><div><dt>Risk</dt><dd>${advice.risk}</dd></div><div><dt>Confirm first</dt><dd>${
    advice.confirmFirst
  }</dd></div><div><dt>Expected effect</dt><dd>${advice.expectedEffect}</dd></div>${
    action.usdPerMonth !== null &&
    html`<div><dt>${action.usdPerMonth < 0 ? 'Costs' : 'Saves'}</dt><dd>${formatQuantity(Math.abs(action.usdPerMonth), 'usdPerMonth')}</dd></div>`
  }</dl>`
}
<p class="muted"><a href="#${action.checkId}">Evidence and the other commands</a></p></li>`;
}

export function actions(report: Report): Markup {
  if (report.actions.length === 0) {
    return html`<section aria-labelledby="todo"><h2 id="todo">What to do</h2><div class="card"><p>${
      report.verdict === 'no-data'
        ? 'Nothing can be advised before more can be measured; see what could not be measured.'
        : 'Nothing. Stay as you are.'
    }</p></div></section>`;
  }
  const title =
    report.actions.length === 1
      ? 'The one thing to do'
      : `The ${['two', 'three'][report.actions.length - 2] ?? ''} things to do`;
  const { setup } = report;
  return html`<section aria-labelledby="todo"><h2 id="todo">${title}</h2>
${setup.length > 0 && html`<details class="folded"><summary>Once per shell: what the commands of this report rest on</summary>${setup.map((line) => html`<pre tabindex="0"><code>${line}</code></pre>`)}</details>`}
<ol class="actions">${report.actions.map((action) => actionCard(report, action))}</ol></section>`;
}
