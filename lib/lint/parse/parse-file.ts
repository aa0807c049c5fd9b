// A file's syntax, by its name and its text, and its entries.
import { type Entry, type LintInput, LintInputError, type Syntax } from '../lint-types.ts';
import { parseDocument } from './document.ts';
import { parseProperties } from './properties.ts';
import { withoutSpring } from './spring.ts';

const MAX_CHARACTERS = 1_048_576;
const EXTENSIONS: Readonly<Record<string, Syntax>> = {
  json: 'json',
  yaml: 'yaml',
  yml: 'yaml',
  properties: 'properties',
};

/** @throws LintInputError for what is no text, too large, or does not parse */
export function parseFile({ path, text }: LintInput): { syntax: Syntax; entries: Entry[] } {
  if (text.length > MAX_CHARACTERS) throw new LintInputError(`${path}: larger than ${MAX_CHARACTERS} characters`);
  if (text.includes('\0')) throw new LintInputError(`${path}: not a text file`);
  const syntax = syntaxOf(path, text);
  const read = syntax === 'properties' ? parseProperties(text) : parseDocument(text, syntax, path);
  const entries = [...withoutSpring(read)];
  if (entries.length === 0) throw new LintInputError(`${path}: holds no settings`);
  return { syntax, entries };
}

/** A name that says nothing (`server.conf`, `-`) leaves it to the first line that is no comment. */
function syntaxOf(path: string, text: string): Syntax {
  const extension = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? '';
  if (Object.hasOwn(EXTENSIONS, extension)) return EXTENSIONS[extension]!;
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  const first = lines.find((line) => line.trim() !== '' && !/^\s*[#!]/.test(line))?.trim() ?? '';
  // `[consumer]` is a section of properties, `[{` and `["` begin JSON.
  if (/^\{|^\[\s*(?:[[{"\]]|$)/.test(first)) return 'json';
  // YAML has a blank or the end of the line behind the colon, and the Java form `key: value` is read alike by both.
  return /^(?:---|- )|^[\w".-]+:(?: |$)/.test(first) ? 'yaml' : 'properties';
}
