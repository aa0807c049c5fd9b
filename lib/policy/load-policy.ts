// Reads a user's policy file. Whatever is wrong is said with line and column, what was found and what is allowed; nothing is ignored.
import * as v from 'valibot';
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { nearest } from '../text/nearest.ts';
import { safeLabel } from '../text/sanitize.ts';
import { type Contradiction, expiredWaivers, findContradictions } from './contradictions.ts';
import { type PolicyOverrides, policySchema } from './schema.ts';

export interface PolicyError {
  /** `msk-checkup.yaml:3:5`, the form that editors and terminals turn into a link. */
  at: string;
  line: number;
  column: number;
  message: string;
}

export type ParsedPolicy = { ok: true; overrides: PolicyOverrides } | { ok: false; errors: readonly PolicyError[] };

type Path = readonly (string | number)[];

/**
 * Parses and checks a policy (YAML, so also JSON). Never throws; `fileName` is only shown.
 *
 * @param nowMs given when a file is checked or deployed: a waiver that has expired is then a mistake. A policy in use stays in use.
 */
export function parsePolicy(text: string, fileName: string, nowMs?: number): ParsedPolicy {
  const lineCounter = new LineCounter();
  const errorAt = (position: number, message: string): PolicyError => {
    const { line, col } = lineCounter.linePos(position);
    // An empty document has no lines at all.
    const [safeLine, column] = [Math.max(1, line), Math.max(1, col)];
    return { at: `${safeLabel(fileName)}:${safeLine}:${column}`, line: safeLine, column, message };
  };

  let document: Document.Parsed;
  let data: unknown;
  try {
    // Tags like !!set make of a map what looks empty, and is then ignored.
    document = parseDocument(text, { lineCounter, prettyErrors: false, resolveKnownTags: false });
    const syntax = syntaxProblems(document).map(({ position, message }) => errorAt(position, message));
    if (syntax.length > 0) return { ok: false, errors: syntax };
    data = document.toJS({ maxAliasCount: 50 });
  } catch {
    return { ok: false, errors: [errorAt(0, 'not valid YAML: too many aliases, or nested too deeply')] };
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    return { ok: false, errors: [errorAt(0, 'a policy is a map of keys; the shortest one is `version: 1`')] };
  }

  const { overrides, malformed } = wellFormed(data);
  const contradictions = [
    ...findContradictions(overrides),
    ...(nowMs === undefined ? [] : expiredWaivers(overrides, nowMs)),
  ];
  const isCertain = ({ restsOn }: Contradiction) =>
    !restsOn.some((key) => malformed.some(({ hides }) => touch(key, hides)));
  const problems = [...malformed, ...contradictions.filter(isCertain)];
  if (problems.length === 0) return { ok: true, overrides };
  const errors = problems.map(({ path, message }) => errorAt(positionOf(document, path), message));
  return { ok: false, errors: errors.sort((a, b) => a.line - b.line || a.column - b.column) };
}

/** What keeps a file from being one map of plain keys. */
function syntaxProblems(document: Document.Parsed): { position: number; message: string }[] {
  // The loader's own messages may run over several lines and quote the file.
  const said = [...document.errors, ...document.warnings].map(({ code, message, pos }) => ({
    position: pos[0],
    message:
      code === 'MULTIPLE_DOCS'
        ? 'a policy is one document: nothing may follow a line of `---`'
        : `not valid YAML: ${safeLabel(message.split('\n', 1)[0] ?? '', 200)}`,
  }));
  const found: typeof said = [];
  const anchors = new Set<string>();
  visit(document, {
    // An anchor stands before its aliases.
    Value(_, { anchor }) {
      if (anchor !== undefined) anchors.add(anchor);
    },
    Alias(_, { source, range }) {
      if (!anchors.has(source))
        found.push({ position: range?.[0] ?? 0, message: `the alias *${safeLabel(source, 60)} has no anchor` });
    },
    Pair(_, { key }) {
      // JavaScript's own names for the parts of an object are skipped by the schema, and a map for a key has no name at all.
      const name = isScalar(key) ? String(key.value) : null;
      if (name !== null && !RESERVED.has(name)) return;
      const position = isNode(key) ? (key.range?.[0] ?? 0) : 0;
      found.push({
        position,
        message: name === null ? 'a key must be a single word or text' : `\`${name}\` cannot be a key`,
      });
    },
  });
  return [...said, ...found];
}

const RESERVED: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

interface Malformed {
  /** The key to point at. */
  path: Path;
  message: string;
  /** The key that is not there as it was meant. */
  hides: Path;
}

/** What of a file can be used as it stands, and what is wrong with the rest: one run names all that somebody has to mend. */
function wellFormed(data: object): { overrides: PolicyOverrides; malformed: readonly Malformed[] } {
  const rest = structuredClone(data);
  const malformed: Malformed[] = findLists(data).map(({ path, message }) => ({ path, message, hides: path }));
  const named = new Set(malformed.map(({ path }) => path.join('\n')));
  for (const { path } of malformed) remove(rest, path);
  for (;;) {
    const parsed = v.safeParse(policySchema, rest, { abortPipeEarly: true });
    if (parsed.success) return { overrides: parsed.output as PolicyOverrides, malformed };
    // A map names one unknown key at a time. What was wrong is missing now, which is no second mistake.
    const issues = parsed.issues.filter((issue) => !named.has(pathOf(issue).join('\n')));
    if (issues.length === 0) return { overrides: rest as PolicyOverrides, malformed };
    for (const issue of issues) {
      malformed.push({ ...describeIssue(issue), hides: hiddenBy(issue) });
      named.add(pathOf(issue).join('\n'));
      remove(rest, pathOf(issue));
    }
  }
}

function remove(data: object, path: Path): void {
  const own = (map: unknown, key: string | number): unknown =>
    typeof map === 'object' && map !== null && Object.hasOwn(map, key) ? map[key as keyof typeof map] : undefined;
  const parent = path.slice(0, -1).reduce(own, data);
  if (typeof parent === 'object' && parent !== null) delete parent[path.at(-1) as keyof typeof parent];
}

function pathOf({ path }: v.BaseIssue<unknown>): Path {
  return path?.map(({ key }) => key as string | number) ?? [];
}

/** An unknown key may stand for any of its neighbours; a single value at the top for none that others rest on. */
function hiddenBy(issue: v.BaseIssue<unknown>): Path {
  const path = pathOf(issue);
  const isUnknown = issue.type === 'strict_object' && issue.expected === 'never';
  return isUnknown && (path.length > 1 || typeof issue.path?.at(-1)?.value === 'object') ? path.slice(0, -1) : path;
}

/** Whether one of the keys holds the other, or is it. */
function touch(a: Path, b: Path): boolean {
  return a.slice(0, b.length).every((key, i) => key === b[i]);
}

/** A policy has no lists, and an empty one would pass for an empty map. */
function findLists(data: object, path: Path = []): { path: Path; message: string }[] {
  return Object.entries(data).flatMap(([key, value]: [string, unknown]) => {
    const here = [...path, key];
    if (Array.isArray(value)) {
      return [
        {
          path: here,
          message: `\`${safeLabel(here.join('.'), 120)}\` is a list; a policy has maps and single values only`,
        },
      ];
    }
    return typeof value === 'object' && value !== null ? findLists(value, here) : [];
  });
}

function describeIssue(issue: v.BaseIssue<unknown>): { path: Path; message: string } {
  const items = issue.path ?? [];
  const path = items.map((item) => item.key as string | number);
  const name = safeLabel(path.join('.'), 120);
  const last = items.at(-1);
  if (issue.type === 'strict_object' && last !== undefined) {
    const parent = last.input as Record<string, unknown>;
    if (issue.expected === 'never') {
      return { path, message: `unknown key \`${name}\`; ${instead(String(last.key), allowedKeys(path.slice(0, -1)))}` };
    }
    if (!Object.hasOwn(parent, last.key as string)) {
      const add = name === 'version' ? 'add `version: 1`' : 'nothing of this kind may be without it';
      return { path: path.slice(0, -1), message: `the key \`${name}\` is missing; ${add}` };
    }
  }
  if (issue.expected === 'Object') {
    return {
      path,
      message: `\`${name}\` is ${found(issue.input)}; allowed is a map with ${allowedKeys(path).join(', ') || 'no keys'}`,
    };
  }
  return { path, message: `\`${name}\` is ${found(issue.input)}; ${issue.message}` };
}

function found(input: unknown): string {
  if (input === null) return 'empty';
  if (typeof input === 'object') return 'a map';
  return typeof input === 'string'
    ? `"${safeLabel(input, 40)}"`
    : safeLabel(typeof input === 'number' ? String(input) : (JSON.stringify(input) ?? 'nothing'), 40);
}

/** More keys than these are no answer to a slip: 117 checks. */
const MOST_LISTED = 40;

function instead(key: string, allowed: readonly string[]): string {
  if (allowed.length === 0) return 'no key is allowed here';
  if (allowed.length <= MOST_LISTED) return `allowed: ${allowed.join(', ')}`;
  const close = nearest(key, allowed);
  return `${close === null ? '' : `did you mean \`${close}\`? `}\`msk-checkup checks\` lists the ${allowed.length} that there are`;
}

function allowedKeys(path: Path): string[] {
  let schema: unknown = policySchema;
  for (const key of path) {
    const map = unwrap(schema) as { entries?: Record<string, unknown>; value?: unknown };
    schema = unwrap(map.entries === undefined ? map.value : map.entries[key]);
  }
  const entries = (unwrap(schema) as { entries?: Record<string, unknown> } | undefined)?.entries ?? {};
  return Object.keys(entries);
}

function unwrap(schema: unknown): unknown {
  return typeof schema === 'object' && schema !== null && 'wrapped' in schema ? schema.wrapped : schema;
}

/** Offset of the key that a path ends in, or of the deepest part of the path that the file has. */
function positionOf(document: Document, path: Path): number {
  let node: unknown = document.contents;
  let position = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const key of path) {
    if (!isMap(node)) break;
    const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
    if (pair === undefined) break;
    if (isNode(pair.key)) position = pair.key.range?.[0] ?? position;
    node = pair.value;
  }
  return position;
}
