// Small pieces that several sections of the page use.

import type { Command } from '../../text/command.ts';
import { formatQuantity } from '../../text/units.ts';
import type { Severity } from '../report.ts';
import type { ReportCheck } from '../report-findings.ts';
import { commandLine } from '../words.ts';
import { html, type Interpolated, type Markup } from './markup.ts';

export type Column = string | { label: string; numeric: boolean };

/** A part of the page that its heading names. */
export function section(id: string, title: Interpolated, body: Interpolated): Markup {
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${body}</section>`;
}

export function card(body: Interpolated): Markup {
  return html`<div class="card">${body}</div>`;
}

export type Term = readonly [name: string, text: string];

/** Short facts side by side, each under its name. */
export function terms(pairs: readonly Term[]): Markup {
  return html`<dl class="terms">${pairs.map(([name, text]) => html`<div><dt>${name}</dt><dd>${text}</dd></div>`)}</dl>`;
}

/** What to weigh before following an advice. */
export function adviceTerms(advice: NonNullable<ReportCheck['recommendation']>): Term[] {
  return [
    ['Risk', advice.risk],
    ['Confirm first', advice.confirmFirst],
    ['Expected effect', advice.expectedEffect],
  ];
}

/** What a reader unfolds who wants it. */
export function folded(summary: Interpolated, body: Interpolated): Markup {
  return html`<details><summary>${summary}</summary>${body}</details>`;
}

/** Several lines, each to be pasted as it is. */
export function pasteLines(lines: readonly string[]): Markup[] {
  return lines.map((line) => html`<pre tabindex="0"><code>${line}</code></pre>`);
}

/** A cell of prose: no narrower than can be read. */
export function wide(text: Interpolated): Markup {
  return html`<div class="wide">${text}</div>`;
}

/** Said in the background. */
export function quiet(text: Interpolated): Markup {
  return html`<span class="none">${text}</span>`;
}

export function severityChip(severity: Severity): Markup {
  return html`<span class="chip ${severity}">${severity}</span>`;
}

const isNumeric = (column?: Column) => typeof column === 'object' && column.numeric;

/** A table in its own scrolling frame: wide tables never widen the page. The first cell of each row is its header. */
export function table(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly (string | Markup)[])[],
): Markup {
  const cell = (value: string | Markup, index: number) => {
    if (index === 0) return html`<th scope="row">${value}</th>`;
    return isNumeric(columns[index]) ? html`<td class="n">${value}</td>` : html`<td>${value}</td>`;
  };
  return html`<div class="scroll" role="group" aria-label="${caption}" tabindex="0"><table>
<caption>${caption}</caption>
<thead><tr>${columns.map((column) => html`<th scope="col"${isNumeric(column) && html` class="n"`}>${typeof column === 'string' ? column : column.label}</th>`)}</tr></thead>
<tbody>${rows.map((cells) => html`<tr>${cells.map(cell)}</tr>\n`)}</tbody>
</table></div>
`;
}

/** One click selects the whole line; nothing on the page runs a script. */
export function commandBlock(command: Command): Markup {
  const { text, pasteable } = commandLine(command);
  if (!pasteable) return html`<p class="muted">${command.purpose}: ${text}.</p>`;
  return html`<figure class="command"><figcaption>${command.purpose} <span class="effect ${command.effect}">${
    command.effect === 'read' ? 'only reads' : 'changes the cluster'
  }</span></figcaption><pre tabindex="0"><code>${text}</code></pre></figure>`;
}

/** A bar from 0 to 100 beside its number; the number is the text, the bar is decoration. */
export function bar(share: number, tone: 'plain' | 'good' | 'ok' | 'bad' = 'plain'): Markup {
  const width = Math.round(Math.max(0, Math.min(100, share)) * 10) / 10;
  return html`<svg class="bar ${tone}" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="track" width="100" height="6" rx="3"/><rect class="fill" width="${width}" height="6" rx="3"/></svg>`;
}

export function scoreTone(score: number): 'good' | 'ok' | 'bad' {
  return score >= 90 ? 'good' : score >= 50 ? 'ok' : 'bad';
}

/** `and 12 more, in report.json`; nothing when all are shown. */
export function leftOut(shown: number, total: number): Markup {
  return shown >= total
    ? html``
    : html`<p class="muted">${formatQuantity(shown, 'count')} of ${formatQuantity(total, 'count')} shown, worst first; report.json holds the rest that was kept.</p>`;
}
