// The one sanitising door. Group ids, client ids, tags and configuration values are whatever any client chose to send:
// text from outside passes here before a person or a terminal sees it. Escaping for HTML, mail or Slack comes after, in each renderer.
import { shortHash } from './hash.ts';

/**
 * What a reader cannot see or what moves the text around it: controls, format characters (bidi, zero width), lone surrogates, private
 * use, unassigned, line separators, other spaces than the plain one, and all that Unicode calls ignorable.
 */
const UNPRINTABLE = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/u;
export const UNPRINTABLE_ALL = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/gu;
/** More than three marks on one letter are drawn over the neighbouring lines. */
const STACKED_MARKS = /(\p{M}{3})\p{M}+/gu;
const EMOJI_STYLE = /[\ufe0e\ufe0f]/g;

function visible(character: string): string {
  if (character === ' ') return ' ';
  if (character === '\n') return '\\n';
  if (character === '\r') return '\\r';
  if (character === '\t') return '\\t';
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length <= 4 ? `\\u${code.padStart(4, '0')}` : `\\u{${code}}`;
}

/**
 * Text of any length with everything unprintable made visible as `\n` or `\u202e`: names that differ keep differing, and nothing
 * reorders, hides or breaks the line.
 */
export function safeText(raw: string): string {
  const text = raw.normalize('NFC').replace(EMOJI_STYLE, '').replace(STACKED_MARKS, '$1');
  return UNPRINTABLE.test(text) ? text.replace(UNPRINTABLE_ALL, visible) : text;
}

/** A name from outside, safe to show, at most `maxLength` UTF-16 units; a longer one ends in `..#` and a hash of the whole. */
export function safeLabel(raw: string, maxLength = 128): string {
  const text = safeText(raw);
  if (text === '') return '(empty)';
  if (text.length <= maxLength) return text;
  const tail = `..#${shortHash(raw, 6)}`;
  let head = text.slice(0, Math.max(0, maxLength - tail.length));
  // A cut between the halves of a pair would leave a lone surrogate behind.
  if (/[\ud800-\udbff]$/.test(head)) head = head.slice(0, -1);
  return head + tail;
}

/** True when a reader sees exactly the name as it is: nothing hidden, nothing that moves the text. */
export function isPrintable(raw: string): boolean {
  return raw === safeText(raw);
}

/** The text in ASCII alone, for mail and terminals: other characters become `\u00e9`. */
export function asciiText(raw: string): string {
  return safeText(raw).replace(/[^\x20-\x7e]/gu, visible);
}
