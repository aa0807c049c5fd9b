// JSON and YAML, flattened to entries with the place of each key.
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  type ParsedNode,
  parseAllDocuments,
} from 'yaml';
import { type Entry, LintInputError } from '../lint-types.ts';
import { jsonErrorAt } from './json-error.ts';

const MAX_ENTRIES = 10_000;
const MAX_DEPTH = 20;

type Node = ParsedNode | null | undefined;

/** @throws LintInputError with line and column; the parser's own words quote the file and with it what may be secret */
export function parseDocument(given: string, syntax: 'json' | 'yaml', path: string): Entry[] {
  const text = given.replace(/^\ufeff/, '');
  if (syntax === 'json') assertJson(text, path);
  const lines = new LineCounter();
  const documents = [...parseAllDocuments(text, { lineCounter: lines, prettyErrors: false })] as Document.Parsed[];
  const entries: Entry[] = [];
  for (const [index, document] of documents.entries()) {
    const error = document.errors[0];
    if (error !== undefined) {
      const { line, col } = lines.linePos(error.pos[0]);
      throw new LintInputError(
        `${path}:${line}:${col}: not valid ${syntax.toUpperCase()} (${error.code.toLowerCase().replaceAll('_', ' ')})`,
      );
    }
    const root = documents.length > 1 ? [String(index + 1)] : [];
    collect(document.contents, root, { document, lines, entries, path, depth: 0, key: null, resolved: new Map() });
  }
  return entries;
}

interface Walk {
  document: Document.Parsed;
  lines: LineCounter;
  entries: Entry[];
  path: string;
  depth: number;
  /** The key whose place an entry has. */
  key: Node;
  /** An alias is met as often as what holds it, and finding its anchor takes a walk through the whole document. */
  resolved: Map<Alias, Node>;
}

function resolve(alias: Alias, { resolved, document }: Walk): Node {
  if (!resolved.has(alias)) resolved.set(alias, alias.resolve(document) as Node);
  return resolved.get(alias);
}

function collect(given: Node, path: readonly string[], walk: Walk): void {
  const node: Node = isAlias(given) ? resolve(given, walk) : given;
  if (walk.depth > MAX_DEPTH) throw new LintInputError(`${walk.path}: nested deeper than ${MAX_DEPTH} levels`);
  const inner = { ...walk, depth: walk.depth + 1 };
  if (isMap(node)) collectMap(node.items as Pair<Node, Node>[], path, inner);
  else if (isSeq(node)) collectList(node.items as Node[], path, inner);
  else if (path.length > 0) add(node, path, walk);
}

function collectMap(pairs: readonly Pair<Node, Node>[], path: readonly string[], walk: Walk): void {
  const nameOf = ({ key }: Pair<Node, Node>) => (isScalar(key) ? String(key.value) : '');
  const first = walk.entries.length;
  for (const pair of pairs) {
    if (nameOf(pair) !== '<<') collect(pair.value, [...path, nameOf(pair)], { ...walk, key: pair.key });
  }
  const own = new Set(walk.entries.slice(first).map((entry) => entry.path.join('\n')));
  for (const pair of pairs) {
    if (nameOf(pair) !== '<<') continue;
    // YAML's merge key: the map behind it stands here, and what stands here itself counts before it.
    const merged: Entry[] = [];
    collect(pair.value, path, { ...walk, entries: merged, key: pair.key });
    walk.entries.push(...merged.filter((entry) => !own.has(entry.path.join('\n'))));
  }
}

/** A list of plain values is one value; one of `{name, value}` is a map, as the topic APIs write it; others are counted. */
function collectList(items: readonly Node[], path: readonly string[], walk: Walk): void {
  if (items.length > 0 && items.every((item) => isScalar(item))) {
    addText(items.map((item) => scalarText(item)).join(','), path, walk);
    return;
  }
  for (const [index, item] of items.entries()) {
    const named = isMap(item) ? namedValue(item.items as Pair<Node, Node>[]) : null;
    if (named === null) collect(item, [...path, String(index + 1)], walk);
    else collect(named.value, [...path, named.name], { ...walk, key: named.key });
  }
}

function namedValue(pairs: readonly Pair<Node, Node>[]): { name: string; value: Node; key: Node } | null {
  const of = (...names: string[]) =>
    pairs.find(({ key }) => isScalar(key) && names.includes(String(key.value).toLowerCase()))?.value;
  const [key, value] = [of('name', 'key', 'configname'), of('value', 'configvalue')];
  return pairs.length === 2 && isScalar(key) && value !== undefined ? { name: String(key.value), value, key } : null;
}

function add(node: Node, path: readonly string[], walk: Walk): void {
  addText(scalarText(node), path, walk);
}

function addText(text: string, path: readonly string[], walk: Walk): void {
  if (walk.entries.length >= MAX_ENTRIES) throw new LintInputError(`${walk.path}: more than ${MAX_ENTRIES} settings`);
  const range = isPair(walk.key) ? undefined : walk.key?.range;
  const { line, col } = walk.lines.linePos(range?.[0] ?? 0);
  const length = range === undefined || range === null ? 1 : range[1] - range[0];
  walk.entries.push({ path, text, line, column: col, endColumn: col + length });
}

/** A whole number as it was written: 2^63 - 1 is a common one and no number of JavaScript's. */
function scalarText(node: Node): string {
  if (!isScalar(node) || node.value === null) return '';
  if (typeof node.value !== 'number') return String(node.value as string | boolean | bigint | Date);
  return typeof node.source === 'string' && /^-?\d+$/.test(node.source) ? node.source : String(node.value);
}

function assertJson(text: string, path: string): void {
  try {
    JSON.parse(text);
  } catch {
    const before = text.slice(0, jsonErrorAt(text)).split('\n');
    const comment = /^\s*\/[/*]/m.test(text) ? ' (JSON knows no comments)' : '';
    throw new LintInputError(`${path}:${before.length}:${before.at(-1)!.length + 1}: not valid JSON${comment}`);
  }
}
