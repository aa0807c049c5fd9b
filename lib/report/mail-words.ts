// Text for mail clients, which turn what looks like a link into one and may not know any other character set than ASCII.
import { asciiText } from '../text/sanitize.ts';

/** Names that look like links no longer do: `hxxp://evil[.]example`. */
export function defang(text: string): string {
  return text
    .replace(/http/gi, 'hxxp')
    .replace(/www\./gi, 'www[.]')
    .replaceAll('://', '[:]//')
    .replace(/(mailto|javascript|ftp):/gi, '$1[:]');
}

const TYPOGRAPHY: Readonly<Record<string, string>> = {
  '\u00b1': '+-',
  '\u00b7': '-',
  '\u00d7': 'x',
  '\u2013': '-',
  '\u2014': '-',
  '\u2018': "'",
  '\u2019': "'",
  '\u201c': '"',
  '\u201d': '"',
  '\u2026': '...',
  '\u2192': '->',
  '\u2264': '<=',
  '\u2265': '>=',
};

/** A sentence of ours that may quote a name from outside, in ASCII and without live links. */
export function mailProse(text: string): string {
  return defang(asciiText(text.replace(/[^\x20-\x7e]/gu, (character) => TYPOGRAPHY[character] ?? character)));
}
