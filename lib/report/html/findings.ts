// One card per check with findings: what is wrong where, why it matters, what to do, and the proof.

import { formatDate, formatDecimal, formatPrice, formatQuantity, plural, type Unit } from '../../text/units.ts';
import { clip } from '../../text/wrap.ts';
import { AREAS, type Evidence, type Report } from '../report.ts';
import type { ReportCheck, ReportFinding } from '../report-findings.ts';
import { AREA_WORD, resourceText } from '../words.ts';
import { html, label, type Markup } from './markup.ts';
import {
  adviceTerms,
  type Column,
  card,
  commandBlock,
  leftOut,
  quiet,
  section,
  severityChip,
  type Term,
  table,
  terms,
  wide,
} from './parts.ts';

/** A name may be 32 kB long; no sentence of ours comes near this. */
const MAX_TEXT = 800;

const CHANGE_WORD = { new: 'new', worse: 'worse', persisting: 'as before' } as const;

function cell(value: string | number | null | undefined, unit: Unit): string | Markup {
  if (value === null || value === undefined) return quiet('not measured');
  if (typeof value === 'number')
    return unit === 'messages' ? formatQuantity(value, 'count') : formatQuantity(value, unit);
  return unit === 'name' ? label(value) : formatDecimal(value);
}

function evidenceBlock(evidence: Evidence, maxRows: number): Markup {
  const columns: Column[] = evidence.columns.map((column) => ({
    label: column.as === 'messages' ? `${column.label} (messages)` : column.label,
    numeric: column.as !== 'name',
  }));
  const rows = evidence.rows.slice(0, maxRows).map((row) => evidence.columns.map(({ key, as }) => cell(row[key], as)));
  return html`${table(evidence.title, columns, rows)}${leftOut(rows.length, evidence.rows.length)}
<p class="muted">Source: ${evidence.source}</p>${evidence.reproduce !== undefined && commandBlock(evidence.reproduce)}`;
}

function findingsTable(findings: readonly ReportFinding[], maxRows: number): Markup {
  const shown = findings.slice(0, maxRows);
  const hasLimit = shown.some(({ limit }) => limit !== null);
  const hasNote = shown.some(({ note }) => note !== null);
  const columns: Column[] = [
    'Where',
    'Severity',
    { label: 'Measured', numeric: true },
    ...(hasLimit ? [{ label: 'Limit', numeric: true }] : []),
    'Since',
    ...(hasNote ? ['Note'] : []),
  ];
  const rows = shown.map((finding) => [
    label(resourceText(finding)),
    severityChip(finding.severity),
    cell(finding.measured, finding.unit),
    ...(hasLimit ? [finding.limit === null ? '' : cell(finding.limit, finding.unit)] : []),
    html`${formatDate(finding.firstSeenMs)}${finding.change !== null && html` <span class="none">${CHANGE_WORD[finding.change]}</span>`}`,
    ...(hasNote ? [wide(clip(finding.note ?? '', MAX_TEXT))] : []),
  ]);
  return html`${table(plural(findings.length, 'finding'), columns, rows)}${leftOut(shown.length, findings.length)}`;
}

function money(impact: NonNullable<ReportCheck['recommendation']>['impact']): Term[] {
  if (impact.kind === 'none') return [];
  if (impact.kind === 'unknown') return [['Money', `not known: ${impact.because}`]];
  const lines = impact.lines.map(
    (line) =>
      `${line.label}: ${formatQuantity(line.quantity, 'count')} ${line.unit} at ${formatPrice(line.usdPerUnit)}`,
  );
  const usd = `${formatQuantity(impact.usdPerMonth, 'usdPerMonth')} (${lines.join('; ')})`;
  return [[impact.kind === 'saving' ? 'Saves' : 'Adds', usd]];
}

function advice(check: ReportCheck, maxRows: number): Markup | null {
  const { recommendation } = check;
  if (recommendation === null) return null;
  return html`<h4>What to do</h4><p class="do">${clip(recommendation.action, MAX_TEXT)}</p>
${recommendation.commands.slice(0, maxRows).map(commandBlock)}
${terms([...adviceTerms(recommendation), ['Verify after', recommendation.verifyAfter], ...money(recommendation.impact)])}`;
}

/** Only https pages are linked: a reference is text of this product, but a link is a door all the same. */
function references(check: ReportCheck): Markup | null {
  const links = check.references.filter((url) => /^https:\/\/[a-z0-9.-]+\//.test(url));
  if (links.length === 0) return null;
  return html`<p class="muted">Read more: ${links.map(
    (url, index) => html`${index > 0 && ', '}<a href="${url}" rel="noreferrer">${url.slice('https://'.length)}</a>`,
  )}</p>`;
}

function checkCard(check: ReportCheck, findings: readonly ReportFinding[], maxRows: number): Markup {
  const worst = findings[0];
  return html`<article class="card" id="${check.checkId}"><div class="row">${worst !== undefined && severityChip(worst.severity)}<h3>${check.title}</h3></div>
<p class="do">${clip(check.summary, MAX_TEXT)}</p>
<p class="muted">${check.why}</p>
${check.partial !== null && html`<p class="muted">Only partly answered: ${check.partial}</p>`}
${findings.length > 0 && findingsTable(findings, maxRows)}
<details><summary>What to do, evidence and sources</summary>${advice(check, maxRows)}
${check.evidence.length > 0 && html`<h4>Evidence</h4>`}${check.evidence.map((each) => evidenceBlock(each, maxRows))}${references(check)}</details></article>
`;
}

/** The findings by area, each check once; within an area in the report's own order. */
export function findingsSection(report: Report, maxRows: number): Markup {
  const found = report.checks.filter(({ findingIds }) => findingIds.length > 0);
  if (found.length === 0) return section('findings', 'Findings', card(html`<p>None.</p>`));
  const byCheck = Map.groupBy(report.findings, ({ checkId }) => checkId);
  // Areas follow the first finding each has, so that the page keeps the order of the ranking.
  const order = [...new Set([...found.map(({ area }) => area), ...AREAS])];
  const groups = order.map((area) => {
    const checks = found.filter((check) => check.area === area);
    return (
      checks.length > 0 &&
      html`<section aria-label="${AREA_WORD[area]}"><h2>${AREA_WORD[area]}</h2>${checks.map((check) =>
        checkCard(check, byCheck.get(check.checkId) ?? [], maxRows),
      )}</section>`
    );
  });
  return html`${groups}`;
}
