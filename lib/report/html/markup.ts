// The `html` template: whatever is interpolated is sanitised and escaped unless it is itself markup. Attributes must be quoted.
import { safeLabel, safeText } from '../../text/sanitize.ts';

const MARKUP = Symbol('markup');

/** Text that is HTML already; only `html` and `trusted` make it, so data from a snapshot can never be mistaken for it. */
export interface Markup {
  readonly [MARKUP]: string;
}

export type Interpolated = string | number | Markup | null | false | readonly Interpolated[];

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return safeText(text).replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
}

function textOf(value: Interpolated): string {
  if (value === null || value === false) return '';
  if (typeof value === 'string') return escapeHtml(value);
  if (typeof value === 'number') return String(value);
  return MARKUP in value ? value[MARKUP] : value.map(textOf).join('');
}

export function html(strings: TemplateStringsArray, ...values: readonly Interpolated[]): Markup {
  let out = strings[0] ?? '';
  for (const [index, value] of values.entries()) out += textOf(value) + (strings[index + 1] ?? '');
  return { [MARKUP]: out };
}

/** Constant text of this product that is HTML or CSS already. Never for anything that came from a cluster. */
export function trusted(text: string): Markup {
  return { [MARKUP]: text };
}

export function markupText(markup: Markup): string {
  return markup[MARKUP];
}

/** A name from outside: shortened, and isolated so that letters written from right to left cannot reorder what stands beside it. */
export function label(name: string): Markup {
  return html`<bdi class="id" dir="ltr">${safeLabel(name)}</bdi>`;
}
