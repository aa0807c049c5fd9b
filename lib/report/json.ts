// report.json: the whole model for programs. Names are raw here, and only here; JSON quotes them.
import { UNPRINTABLE_ALL } from '../text/sanitize.ts';
import type { Artifact, Report } from './report.ts';

/** Every unit of a character that a terminal or an editor would act on or hide, as JSON writes it: the parsed value stays the same. */
function escaped(character: string): string {
  if (character === ' ' || character === '\n') return character;
  return character.replace(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** JSON text that is safe to print as it is: unprintable characters inside strings are escaped. */
export function safeJson(value: unknown, indent = 0): string {
  return JSON.stringify(value, null, indent).replace(UNPRINTABLE_ALL, escaped);
}

/** Keys in the order of the model, which the builder keeps: the same report gives the same bytes. */
export function renderJson(report: Report): Artifact {
  return { name: 'report.json', contentType: 'application/json', body: `${safeJson(report, 2)}\n` };
}
