// Reads server.properties as Java does (java.util.Properties.load) and keeps only the keys that can hold no secret.
import { CONFIGURATION_KEYS } from '../../snapshot/configuration-keys.ts';
import { plural } from '../../text/units.ts';

export interface ServerProperties {
  properties: Record<string, string>;
  /** What is wrong with the file, or null. With a problem a key that is absent may still be set. */
  problem: string | null;
}

/** Numbers, switches and names of classes, codecs and policies: what an allow-listed key holds. */
const PLAIN_VALUE = /^[\w.,+-]{0,200}$/;

/** The allow-listed keys of a configuration revision's bytes, trimmed as Kafka trims them. */
export function readServerProperties(bytes: Uint8Array): ServerProperties {
  const all = parseProperties(new TextDecoder('utf-8').decode(bytes));
  const known = (CONFIGURATION_KEYS as readonly string[])
    .filter((key) => all.has(key))
    .map((key) => [key, all.get(key)!.trim()] as const);
  // The value of a broken file holds whatever followed it, secrets too.
  const kept = known.filter(([, value]) => PLAIN_VALUE.test(value));
  return { properties: Object.fromEntries(kept), problem: problemOf(all, known.length - kept.length) };
}

/** A file uploaded with the two characters `\n` instead of line breaks is one property whose value holds all the others. */
function problemOf(all: ReadonlyMap<string, string>, odd: number): string | null {
  const isBroken = [...all.values()].some((value) => /\n\s*[A-Za-z][\w.-]*\s*[=:]/.test(value));
  if (isBroken) return 'server.properties holds the text "\\n" instead of line breaks: only its first property counts';
  return odd === 0 ? null : `${plural(odd, 'value')} of server.properties could not be read`;
}

/** Keys and values of a .properties text; a repeated key keeps its last value. */
export function parseProperties(text: string): Map<string, string> {
  const result = new Map<string, string>();
  for (const line of logicalLines(text)) {
    const [key, value] = splitKey(line);
    result.set(unescaped(key), unescaped(value));
  }
  return result;
}

/** Natural lines joined over a trailing odd backslash, without blank lines and comments. */
function logicalLines(text: string): string[] {
  const lines: string[] = [];
  let open: string | null = null;
  for (const natural of text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)) {
    const trimmed = natural.replace(/^[ \t\f]+/, '');
    // A comment inside a continued line is part of the value.
    if (open === null && (trimmed === '' || trimmed.startsWith('#') || trimmed.startsWith('!'))) continue;
    const continues = /(?<!\\)(?:\\\\)*\\$/.test(trimmed);
    const joined: string = (open ?? '') + (continues ? trimmed.slice(0, -1) : trimmed);
    if (!continues) lines.push(joined);
    open = continues ? joined : null;
  }
  if (open !== null && open !== '') lines.push(open);
  return lines;
}

function splitKey(line: string): [string, string] {
  const match = /^((?:\\[\s\S]|[^\\=: \t\f])*)[ \t\f]*[=:]?[ \t\f]*([\s\S]*)$/.exec(line);
  return match === null ? [line, ''] : [match[1]!, match[2]!];
}

const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };

function unescaped(text: string): string {
  return text.replace(/\\(?:u([0-9A-Fa-f]{4})|([\s\S]))/g, (_, hex: string | undefined, char: string | undefined) =>
    hex === undefined ? (ESCAPES[char!] ?? char!) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
