// The first screen: verdict and score, what changed, the three things to do.

import { formatQuantity, formatTime, plural } from '../../text/units.ts';
import { clip } from '../../text/wrap.ts';
import { type Report, SEVERITIES } from '../report.ts';
import type { ChangeState, Changes, ReportAction } from '../report-findings.ts';
import { degradedBeside, freshFindings } from '../selections.ts';
import {
  alsoAfterUpdates,
  assessedText,
  capText,
  clusterFacts,
  measuredText,
  resourceText,
  scoreChange,
  scoreText,
  verdictWord,
} from '../words.ts';
import { html, label, type Markup } from './markup.ts';
import {
  adviceTerms,
  card,
  commandBlock,
  pasteLines,
  scoreTone,
  section,
  severityChip,
  type Term,
  terms,
} from './parts.ts';

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
    `${assessedText(confidence)}; ${Math.floor(bounds.lower)} to ${Math.ceil(bounds.upper)}${caps.length > 0 ? ' before the cap,' : ''} if the rest were known`,
    ...caps
      .slice(0, 1)
      .map(
        (cap) =>
          `held at ${cap.max}${uncapped === null ? '' : ` instead of ${scoreText(uncapped)}`}: ${capText(cap.rule)}`,
      ),
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
<div><h2 id="verdict" class="verdict">${verdictWord(report)}</h2>
<p class="headline">${clip(report.headline, 600)}</p>
<div class="chips">${chips.length === 0 ? html`<span class="chip">no findings</span>` : chips}</div></div>
${scoreBlock(report)}
</section>`;
}

export function banners(report: Report): Markup {
  const banner = (lines: readonly string[], tone: string, title: string) =>
    lines.length > 0 &&
    html`<div class="banner ${tone}"><strong>${title}</strong><ul>${lines.map((line) => html`<li>${line}</li>`)}</ul></div>`;
  return html`${banner(degradedBeside(report), '', 'This run was degraded')}${banner(report.notices, 'note', 'Read this first')}`;
}

/** Longer lists of changes are cut: the cards below hold every finding. */
const CHANGES_SHOWN = 6;

function changeList(title: string, count: number, items: readonly Markup[]): Markup | false {
  const rest = count - Math.min(count, CHANGES_SHOWN);
  return (
    count > 0 &&
    html`<div><h3>${title}: ${count}</h3><ul class="plain">${items
      .slice(0, CHANGES_SHOWN)
      .map((item) => html`<li>${item}</li>`)}${rest > 0 && html`<li class="none">and ${rest} more</li>`}</ul></div>`
  );
}

export function changed(report: Report): Markup {
  const { changes } = report;
  if (changes.previous === null) {
    return section(
      'changed',
      'What changed',
      card(
        html`<p class="muted">This is the first run that can be compared: everything below is the baseline.</p>${changes.causes.map((cause) => html`<p class="muted">${cause}</p>`)}`,
      ),
    );
  }
  const fresh = freshFindings(report);
  const now = (state: ChangeState) =>
    fresh
      .filter(({ change }) => change === state)
      .slice(0, CHANGES_SHOWN)
      .map((finding) => {
        const measured = measuredText(finding);
        const what = html`<a href="#${finding.checkId}">${finding.title}</a>: ${label(resourceText(finding))}`;
        return html`${severityChip(finding.severity)} ${what}${measured !== null && html`, ${measured}`}`;
      });
  const gone = (items: Changes['resolved']) =>
    items.slice(0, CHANGES_SHOWN).map((item) => html`${item.title}: ${label(resourceText(item))}`);
  const unseen = changes.notRechecked
    .slice(0, CHANGES_SHOWN)
    .map((item) => html`${severityChip(item.severity)} ${item.title}: ${label(resourceText(item))} (${item.because})`);
  const counted: readonly (readonly [string, number, readonly Markup[], string])[] = [
    ['New', changes.new.length, now('new'), 'Nothing is new.'],
    ['Worse', changes.worse.length, now('worse'), 'Nothing became worse.'],
    ['Not found today, closed by the next clean report', changes.clearing.length, gone(changes.clearing), ''],
    ['Resolved', changes.resolved.length, gone(changes.resolved), 'Nothing was resolved.'],
    ['Not re-checked', changes.notRechecked.length, unseen, ''],
  ];
  const lists = counted
    .map(([title, count, items]) => changeList(title, count, items))
    .filter((list) => list !== false);
  const said = [
    ...counted.flatMap(([, count, , none]) => (count === 0 && none !== '' ? [none] : [])),
    `${plural(changes.persisting.length, 'finding')} as before.`,
    ...changes.causes,
  ];
  return section(
    'changed',
    `What changed since ${formatTime(changes.previous.takenAtMs)}`,
    card(html`${lists.length > 0 && html`<div class="columns">${lists}</div>`}
<p class="muted">${said.join(' ')}</p>`),
  );
}

function actionCard(report: Report, action: ReportAction): Markup {
  const advice = report.checks.find(({ checkId }) => checkId === action.checkId)?.recommendation ?? null;
  const { usdPerMonth: usd } = action;
  const money: Term[] =
    usd === null ? [] : [[usd < 0 ? 'Costs' : 'Saves', formatQuantity(Math.abs(usd), 'usdPerMonth')]];
  return html`<li class="card"><div class="row">${severityChip(action.severity)}<h3>${action.title}: ${label(resourceText(action))}</h3></div>
<p class="do">${action.action}</p>
${action.command !== null && commandBlock(action.command)}
${advice !== null && terms([...adviceTerms(advice), ...money])}
<p class="muted"><a href="#${action.checkId}">Evidence and the other commands</a></p></li>`;
}

export function actions(report: Report): Markup {
  if (report.actions.length === 0) {
    const nothing =
      report.verdict === 'no-data'
        ? 'Nothing can be advised before more can be measured; see what could not be measured.'
        : 'Nothing. Stay as you are.';
    return section('todo', 'What to do', card(html`<p>${nothing}</p>`));
  }
  const title =
    report.actions.length === 1
      ? 'The one thing to do'
      : `The ${['two', 'three'][report.actions.length - 2] ?? ''} things to do`;
  const { setup } = report;
  return section(
    'todo',
    title,
    html`${setup.length > 0 && html`<details class="folded"><summary>Once per shell${alsoAfterUpdates(setup)}: what the commands of this report rest on</summary>${pasteLines(setup)}</details>`}
<ol class="actions">${report.actions.map((action) => actionCard(report, action))}</ol>`,
  );
}
