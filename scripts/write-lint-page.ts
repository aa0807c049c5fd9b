// Writes the table of rules and the advice into docs/lint.md, from the registry and the facts that the lint judges with.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientAdvice, sourceOf } from '../lib/facts/client-advice.ts';
import { CLIENT_LIBRARIES, LIBRARY_NAME } from '../lib/facts/client-libraries.ts';
import { CODECS } from '../lib/facts/codecs.ts';
import { LINT_RULES } from '../lib/lint/rules/registry.ts';
import { GOALS } from '../lib/policy/environment.ts';

const PAGE = join(import.meta.dirname, '../docs/lint.md');

/** Generated parts of the page by the name in their markers; a contract test holds the page to them. */
export function lintPageParts(): Record<string, string> {
  return { rules: rulesTable(), advice: adviceTables(), codecs: codecTable() };
}

/** The page with its generated parts renewed. */
export function lintPage(page: string): string {
  return Object.entries(lintPageParts()).reduce((text, [name, part]) => {
    const [begin, end] = [`<!-- generated: ${name} -->`, `<!-- end: ${name} -->`];
    const [from, to] = [text.indexOf(begin), text.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`docs/lint.md has no part ${name}`);
    return `${text.slice(0, from + begin.length)}\n${part}\n${text.slice(to)}`;
  }, page);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function rulesTable(): string {
  const rows = LINT_RULES.map(({ id, kinds, severity, what, why, right, reference }) => [
    `\`${id}\``,
    [...kinds].join(', '),
    `${severity.production} / ${severity.staging} / ${severity.development}`,
    `${what}: ${why}`,
    `${right} ([source](${reference}))`,
  ]);
  return table(['rule', 'files', 'production / staging / development', 'what and why', 'right'], rows);
}

function adviceTables(): string {
  const parts = CLIENT_LIBRARIES.flatMap((library) =>
    (['producer', 'consumer'] as const).map((role) => {
      const byGoal = GOALS.map((goal) => clientAdvice(library, role, goal).settings);
      const rows = byGoal[0]!.map(({ name, key, reason }, index) => [
        `\`${key}\``,
        ...byGoal.map((settings) => `\`${settings[index]!.value}\``),
        `${reason} ([source](${sourceOf(library, name)}))`,
      ]);
      const notes = clientAdvice(library, role, 'balanced').notes.map((note) => `- ${note}`);
      const tables = `### A ${role} of ${LIBRARY_NAME[library]}\n\n${table(['setting', ...GOALS, 'why'], rows)}`;
      return notes.length === 0 ? tables : `${tables}\n\n${notes.join('\n')}`;
    }),
  );
  return `\n${parts.join('\n\n')}\n`;
}

function codecTable(): string {
  return table(
    ['codec', 'speed', 'ratio', 'CPU', 'use'],
    CODECS.map(({ codec, speed, ratio, cpu, use }) => [codec, speed, ratio, cpu, use]),
  );
}

if (process.argv[1] === import.meta.filename) writeFileSync(PAGE, lintPage(readFileSync(PAGE, 'utf8')));
