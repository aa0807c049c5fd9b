// Java .properties with the place of each key: https://docs.oracle.com/javase/8/docs/api/java/util/Properties.html#load-java.io.Reader-.
// A line `[section]` begins a section, as configuration files of librdkafka's bindings have them.
import type { Entry } from '../lint-types.ts';

interface LogicalLine {
  text: string;
  line: number;
}

/** Never fails: every text is a properties file of some kind. */
export function parseProperties(text: string): Entry[] {
  const entries: Entry[] = [];
  let section: string[] = [];
  for (const { text: logical, line } of logicalLines(text)) {
    const start = logical.search(/[^ \t\f]/);
    if (start < 0 || '#!'.includes(logical[start]!)) continue;
    const header = /^\s*\[([\w.-]+)\]\s*$/.exec(logical);
    if (header !== null) {
      section = header[1] === 'default' || header[1] === 'global' ? [] : [header[1]!];
      continue;
    }
    const keyEnd = endOfKey(logical, start);
    const value = logical.slice(keyEnd).replace(/^[ \t\f]*[=:]?[ \t\f]*/, '');
    entries.push({
      path: [...section, unescapeText(logical.slice(start, keyEnd))],
      text: unescapeText(value).trimEnd(),
      line,
      column: start + 1,
      endColumn: keyEnd + 1,
    });
  }
  return entries;
}

/** A backslash at the end joins the next line, less its indentation; a comment is never continued. */
function logicalLines(text: string): LogicalLine[] {
  const lines: LogicalLine[] = [];
  let open: LogicalLine | null = null as LogicalLine | null;
  for (const [index, raw] of text
    .replace(/^\ufeff/, '')
    .split(/\r\n|\r|\n/)
    .entries()) {
    const isComment: boolean = open === null && /^[ \t\f]*[#!]/.test(raw);
    const continues: boolean = !isComment && /(?:^|[^\\])(?:\\\\)*\\$/.test(raw);
    const part: string = continues ? raw.slice(0, -1) : raw;
    if (open === null) open = { text: part, line: index + 1 };
    else open.text += part.replace(/^[ \t\f]+/, '');
    if (!continues) {
      lines.push(open);
      open = null;
    }
  }
  return open === null ? lines : [...lines, open];
}

function endOfKey(line: string, start: number): number {
  for (let at = start; at < line.length; at++) {
    if (line[at] === '\\') at++;
    else if ('=: \t\f'.includes(line[at]!)) return at;
  }
  return line.length;
}

const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };

function unescapeText(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_, hex: string | undefined, one: string | undefined) =>
    hex === undefined ? (ESCAPES[one!] ?? one!) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
